/**
 * Deletes a profile with its secrets: the secrets first, so that if the run is cut off, the profile is still there to be
 * deleted.
 */
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, isFailure } from "../core/failure.ts";
import type { SecretName } from "../core/model/secret.ts";
import { storeFailure } from "./failures.ts";
import { configFolder, defaultProfile, draftSuffix, profilePath } from "./folder.ts";
import { chooseInstead } from "./profile-in-use.ts";
import { profileFile } from "./profiles.ts";
import { removeSecretFile } from "./secret-file.ts";
import { clearSecrets } from "./secrets.ts";
import { isThere } from "./usable.ts";

/**
 * @param name of a profile, or of one that left secrets behind
 * @returns the secrets that were deleted
 * @throws Failure what a store throws; `store.keychain_refused` before anything is deleted
 */
export async function deleteProfile(env: NodeJS.ProcessEnv, name: string): Promise<SecretName[]> {
  const path = profilePath(env, name);
  // A profile that must not be used is not deleted either, and that is said before its secrets are gone.
  isThere({ path, secret: false });
  const secrets = new Set<SecretName>();
  for (const suffix of ["", draftSuffix]) {
    const options = { env, profile: name + suffix };
    for (const cleared of await clearWhatever(options)) secrets.add(cleared);
    await removeSecretFile(env, name + suffix);
    await removeSetAside(join(configFolder(env), "secrets"), name + suffix);
  }
  await removeSetAside(dirname(path), name);
  await profileFile(path).remove();
  await chooseInstead(env, name, defaultProfile);
  return [...secrets];
}

/** Reading a corrupt file of secrets sets it aside, so a second look finds none. */
async function clearWhatever(options: Parameters<typeof clearSecrets>[0]): Promise<SecretName[]> {
  try {
    return await clearSecrets(options);
  } catch (error) {
    if (!isFailure(error, "store.corrupt")) throw error;
    return clearSecrets(options);
  }
}

/** What was set aside as corrupt, see `JsonFile`. */
async function removeSetAside(folder: string, name: string): Promise<void> {
  const aside = `${name}.corrupt-`;
  try {
    for (const file of await readdir(folder)) {
      if (file.startsWith(aside) && /^[\d-]+T[\d-]+Z$/.test(file.slice(aside.length))) await rm(join(folder, file));
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw storeFailure(error, folder);
  }
}
