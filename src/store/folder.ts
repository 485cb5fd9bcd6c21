/** Where everything is kept, and what a profile may be called. */
import { join } from "node:path";
import { Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";
import { placeOf } from "./place.ts";

export { defaultProfile } from "./place.ts";

/**
 * The folder that holds profiles and secrets, see {@link placeOf}.
 *
 * @throws Failure `store.no_home`
 */
export function configFolder(env: NodeJS.ProcessEnv): string {
  const folder = placeOf(env);
  if (folder !== undefined) return folder;
  throw new Failure("usage", "store.no_home", "This user has no home folder in which to keep the profile.", {
    hint: "Set AKTO_OKTA_CONFIG_DIR to a folder that this user can write to, or set HOME.",
  });
}

/** Whether a profile, or the secrets of one, may have the name: it becomes a file's name. */
export function isProfileName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/.test(name);
}

/**
 * The profile's name.
 *
 * @throws Failure `store.profile_name`
 */
export function checkedProfileName(name: string): string {
  if (isProfileName(name)) return name;
  throw new Failure("usage", "store.profile_name", `${quoted(name)} can't be a profile's name.`, {
    hint: "Use 1 to 64 letters, digits, dots, hyphens, and underscores, beginning and ending with a letter or digit.",
  });
}

/** How the name ends under which the secrets of a profile's unfinished setup are kept. */
export const draftSuffix = ".setup";

/**
 * The file that holds a profile.
 *
 * @throws Failure `store.profile_name`, `store.no_home`
 */
export function profilePath(env: NodeJS.ProcessEnv, name: string): string {
  if (name.endsWith(draftSuffix)) {
    throw new Failure("usage", "store.profile_name", `${quoted(name)} can't be a profile's name.`, {
      hint: "Names that end in .setup are kept for unfinished setups.",
    });
  }
  return join(configFolder(env), `${checkedProfileName(name)}.json`);
}
