/** The profiles that are kept here, whatever state they are in. Looking changes nothing. */
import { stat } from "node:fs/promises";
import { canGoOn, errorCode, Failure } from "../core/failure.ts";
import { withPlaces } from "../core/model/place.ts";
import type { Profile } from "../core/model/profile.ts";
import { suggestNames } from "../core/similar.ts";
import { listed, quoted } from "../core/text.ts";
import { profilePath } from "./folder.ts";
import { profileNames } from "./names.ts";
import { profileFile, unknownFields } from "./profiles.ts";

/** One profile as it was found. */
export type KeptProfile = { readonly name: string; readonly path: string } & (
  | {
      readonly kind: "profile";
      readonly profile: Profile;
      readonly changedAt: Date;
      /** Fields that a newer version wrote. */
      readonly unknown: readonly string[];
    }
  | { readonly kind: "corrupt"; readonly changedAt: Date }
  /** It must not be used, and why. */
  | { readonly kind: "refused"; readonly failure: Failure }
);

/**
 * Reads a profile that is among the {@link profileNames}.
 *
 * @returns `undefined` for a JSON file that somebody else put there
 */
export async function readKept(env: NodeJS.ProcessEnv, name: string): Promise<KeptProfile | undefined> {
  const path = profilePath(env, name);
  try {
    const profile = await profileFile(path).peek();
    const changedAt = (await stat(path)).mtime;
    if (!profile) return { name, path, kind: "corrupt", changedAt };
    const unknown = unknownFields(profile);
    if (unknown.length > 0 && unknown.length === Object.keys(profile).length) return undefined;
    return { name, path, kind: "profile", profile: withPlaces(profile), changedAt, unknown };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    if (canGoOn(error)) return { name, path, kind: "refused", failure: error };
    throw error;
  }
}

/** Every profile that is kept here, by name. */
export async function keptProfiles(env: NodeJS.ProcessEnv): Promise<KeptProfile[]> {
  const kept: KeptProfile[] = [];
  for (const name of profileNames(env)) {
    const found = await readKept(env, name);
    if (found) kept.push(found);
  }
  return kept;
}

/**
 * A failure for a profile that isn't there, with the names of those that may be meant.
 *
 * @param names the profiles that there are
 */
export function unknownProfile(name: string, names: readonly string[]): Failure {
  const meant = suggestNames(name, names).map((suggestion) => suggestion.name);
  return new Failure("usage", "profile.unknown", `There is no profile ${quoted(name)}.`, {
    hint:
      meant.length > 0
        ? `Did you mean ${listed(meant.map(quoted), "or")}?`
        : `\`akto-okta profile list\` lists them; \`akto-okta sso setup --profile NAME\` creates one.`,
  });
}
