/** The names of what is kept here. Every run that needs a profile looks at them, so they are read without any library. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { errorCode } from "../core/failure.ts";
import { storeFailure } from "./failures.ts";
import { configFolder, draftSuffix, isProfileName } from "./folder.ts";

/**
 * The names of the profiles that are kept here, sorted.
 *
 * @throws Failure why the config folder can't be read, `store.no_home`
 */
export function profileNames(env: NodeJS.ProcessEnv): string[] {
  return namesIn(configFolder(env));
}

/** The names that have a file of secrets: of profiles, and of some that no longer exist. Sorted. */
export function secretFileNames(env: NodeJS.ProcessEnv): string[] {
  const stems = namesIn(join(configFolder(env), "secrets"), draftSuffix);
  return [...new Set(stems)];
}

function namesIn(folder: string, suffix: string = ""): string[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw storeFailure(error, folder);
  }
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .map((stem) => (suffix !== "" && stem.endsWith(suffix) ? stem.slice(0, -suffix.length) : stem))
    .filter((stem) => isProfileName(stem) && !stem.endsWith(draftSuffix))
    .sort();
}
