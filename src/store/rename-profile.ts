/**
 * Renames a profile, with its secrets. At every moment one of the two names has everything: the secrets are written under the
 * new name and read back, then the profile's file is renamed in one step, then the old secrets are deleted. If a run is cut
 * off, the same command again finishes it.
 */
import { lstatSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure } from "../core/failure.ts";
import type { SecretName } from "../core/model/secret.ts";
import { quoted } from "../core/text.ts";
import { storeFailure } from "./failures.ts";
import { draftSuffix, profilePath } from "./folder.ts";
import { syncFolder, withFileLock } from "./json-file.ts";
import { unknownProfile } from "./kept-profiles.ts";
import type { Lock } from "./lock.ts";
import { profileNames, secretFileNames } from "./names.ts";
import { chooseInstead, isChosen } from "./profile-in-use.ts";
import { refuseUnsafeName } from "./safe-name.ts";
import { removeSecretFile } from "./secret-file.ts";
import { clearSecrets, copySecrets, keptSecrets, sameSecrets } from "./secrets.ts";
import { isThere } from "./usable.ts";

/** What came of it. */
export interface Renamed {
  /** The secrets that went along. */
  readonly secrets: readonly SecretName[];
  /** Whether a rename that had been cut off was finished. */
  readonly finished: boolean;
}

/** Of a profile, and of its unfinished setup. */
const suffixes = ["", draftSuffix];

/**
 * Looks whether the rename can be made, and changes nothing.
 *
 * @returns whether one is to be finished that had been cut off
 * @throws Failure `profile.unknown`, `profile.exists`, and what a store throws
 */
export async function checkRename(env: NodeJS.ProcessEnv, from: string, to: string): Promise<{ half: boolean }> {
  const path = profilePath(env, from);
  profilePath(env, to);
  const names = profileNames(env);
  if (!names.includes(from)) {
    if (names.includes(to) && from !== to && (await isHalfRenamed(env, from, to))) return { half: true };
    throw unknownProfile(from, names);
  }
  isThere({ path, secret: false });
  const twin = names.find((name) => name.toLowerCase() === to.toLowerCase());
  if (twin !== undefined) throw exists(from, to, twin);
  refuseUnsafeName(env, to);
  return { half: false };
}

/**
 * @throws Failure what {@link checkRename} throws, `profile.secrets_exist`, and what a store throws
 */
export async function renameProfile(env: NodeJS.ProcessEnv, from: string, to: string): Promise<Renamed> {
  const { half } = await checkRename(env, from, to);
  // Always in the same order, so that two who rename at once don't wait for each other.
  const [first = "", second = ""] = [profilePath(env, from), profilePath(env, to)].sort();
  try {
    return await withFileLock(first, (one) =>
      withFileLock(second, (other) => (half ? finish(env, from, to) : move(env, from, to, [one, other]))),
    );
  } catch (error) {
    throw storeFailure(error, first);
  }
}

async function move(env: NodeJS.ProcessEnv, from: string, to: string, locks: readonly Lock[]): Promise<Renamed> {
  const paths = { from: profilePath(env, from), to: profilePath(env, to) };
  // Looked at again under the locks.
  if (!isThere({ path: paths.from, secret: false })) throw unknownProfile(from, profileNames(env));
  if (lstatSync(paths.to, { throwIfNoEntry: false })) throw exists(from, to, to);
  const secrets = new Set<SecretName>();
  for (const suffix of suffixes) {
    const target = { env, profile: to + suffix };
    const source = { env, profile: from + suffix };
    if (!(await sameSecrets(target, source))) {
      throw new Failure(
        "rule",
        "profile.secrets_exist",
        `Other secrets are stored under the name ${quoted(to)}, for a profile that no longer exists.`,
        { hint: `\`akto-okta profile delete ${to}\` deletes them.` },
      );
    }
    for (const name of await copySecrets(source, target)) secrets.add(name);
  }
  for (const lock of locks) await lock.confirm();
  await rename(paths.from, paths.to);
  await syncFolder(dirname(paths.to));
  await leave(env, from, to);
  return { secrets: [...secrets], finished: false };
}

/** Whether all that is left under the old name is under the new one as well. */
async function isHalfRenamed(env: NodeJS.ProcessEnv, from: string, to: string): Promise<boolean> {
  let left = isChosen(env, from) || secretFileNames(env).includes(from);
  for (const suffix of suffixes) {
    const source = { env, profile: from + suffix };
    if (!(await sameSecrets(source, { env, profile: to + suffix }))) return false;
    left ||= (await keptSecrets(source)).length > 0;
  }
  return left;
}

async function finish(env: NodeJS.ProcessEnv, from: string, to: string): Promise<Renamed> {
  const secrets = new Set<SecretName>();
  for (const suffix of suffixes) {
    for (const { name } of await keptSecrets({ env, profile: to + suffix })) secrets.add(name);
  }
  await leave(env, from, to);
  return { secrets: [...secrets], finished: true };
}

/** Takes away what is left under the old name. */
async function leave(env: NodeJS.ProcessEnv, from: string, to: string): Promise<void> {
  await chooseInstead(env, from, to);
  for (const suffix of suffixes) {
    await clearSecrets({ env, profile: from + suffix });
    await removeSecretFile(env, from + suffix);
  }
}

function exists(from: string, to: string, twin: string): Failure {
  if (twin === to) {
    return new Failure("rule", "profile.exists", `There is a profile ${quoted(to)} already.`, {
      hint: "Choose another name, or delete that profile first.",
    });
  }
  return new Failure(
    "rule",
    "profile.exists",
    `A profile ${quoted(twin)} already exists, and many systems don't tell the two names apart.`,
    { hint: twin === from ? "Use another name in between." : "Take another name." },
  );
}
