/** Where everything is kept, and whether a profile was chosen there: all that the help needs to know. */
import { lstatSync } from "node:fs";
import { join, resolve } from "node:path";
import envPaths from "env-paths";
import { nowhere } from "./home.ts";

/** The profile that is used where none is named. */
export const defaultProfile = "default";

/**
 * The folder that holds profiles and secrets: `AKTO_OKTA_CONFIG_DIR`, else the user's config folder as `conf` has it.
 *
 * @returns `undefined` for a user who has no home folder
 */
export function placeOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.AKTO_OKTA_CONFIG_DIR) return resolve(env.AKTO_OKTA_CONFIG_DIR);
  return env.HOME === nowhere ? undefined : envPaths("akto-okta", { suffix: "" }).config;
}

/** The file in it that says which profile to use. No profile's name begins with a dot. */
export const choiceIn = (folder: string): string => join(folder, ".in-use.json");

/** Whether it is clear that no profile was chosen. Anything else is for `profileInUse` to look at. */
export function choseNone(env: NodeJS.ProcessEnv): boolean {
  try {
    const folder = placeOf(env);
    return folder === undefined || lstatSync(choiceIn(folder), { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
