/** The values that are looked up while somebody types: profiles, roles, groups. Nothing is written but the cache of groups. */
import type { Wanted, Word } from "../../core/completion/tree.ts";
import type { Profile } from "../../core/model/profile.ts";
import { offeredRoles } from "../../core/roles/roles.ts";
import { defaultProfile, isProfileName } from "../../store/folder.ts";
import { readKept } from "../../store/kept-profiles.ts";
import { profileNames } from "../../store/names.ts";
import { profileInUse } from "../../store/profile-in-use.ts";

/**
 * The words that a value may be.
 *
 * @param signal ends what takes too long
 */
export async function valuesFor(wanted: Wanted, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<readonly Word[]> {
  const { kind, given, typed } = wanted;
  if (kind === "profiles") return profileWords(env);
  if (kind === "other" || kind === "files") return wanted.words;
  const name = given.get("--profile") ?? nameInUse(env);
  if (name === undefined || !isProfileName(name)) return [];
  const profile = await profileOf(env, name);
  if (kind === "roles") return roleWords(profile, typed);
  const mapped = (profile.mapping ?? []).map(([group]) => group);
  if (kind === "mapped" && mapped.length > 0) return mapped.map((word) => ({ word, description: "" }));
  const { groupNames } = await import("./groups.ts");
  const groups = await groupNames({ env, name, profile, domain: given.get("--domain"), start: typed, signal });
  return groups.map((word) => ({ word, description: "" }));
}

function nameInUse(env: NodeJS.ProcessEnv): string | undefined {
  const { name, problem } = profileInUse(env);
  return problem ? undefined : name;
}

async function profileOf(env: NodeJS.ProcessEnv, name: string): Promise<Profile> {
  const kept = await readKept(env, name);
  return kept?.kind === "profile" ? kept.profile : {};
}

async function profileWords(env: NodeJS.ProcessEnv): Promise<Word[]> {
  const names = profileNames(env);
  const all = names.includes(defaultProfile) ? names : [...names, defaultProfile];
  return Promise.all(
    all.map(async (word) => {
      const kept = await readKept(env, word);
      return { word, description: kept?.kind === "profile" ? (kept.profile.domain ?? "") : "" };
    }),
  );
}

/** Built-in roles by their slugs, or as they are typed: by id or label. Custom ones by name. */
function roleWords({ customRoles = [] }: Profile, typed: string): Word[] {
  const roles = offeredRoles(customRoles);
  const slugs = roles.map(({ id, label }) => ({
    word: id === label ? id : label.toLowerCase().replaceAll(" ", "-"),
    description: id === label ? "custom role" : label,
  }));
  if (typed === "" || slugs.some(({ word }) => word.startsWith(typed))) return slugs;
  return roles.flatMap(({ id, label }) => [
    { word: id, description: label },
    { word: label, description: id },
  ]);
}
