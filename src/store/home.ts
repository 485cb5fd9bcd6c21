/** The home folder, which a user without an entry in the system's list has none of: containers run so. */
import { homedir } from "node:os";
import { resolve } from "node:path";

/** Stands for the home folder where there is none, as in the list of users of many systems. Nothing is ever kept there. */
export const nowhere = "/nonexistent";

/**
 * Sees to it that there is one before any library looks for it, which some do as they are loaded. Where everything is kept
 * in a folder that was named, that one stands for it.
 *
 * @param env the process's own: libraries read it
 */
export function provideHome(env: NodeJS.ProcessEnv): void {
  // An empty one would make every path in it one of the working folder.
  if (env.HOME === "") delete env.HOME;
  try {
    homedir();
  } catch {
    env.HOME = env.AKTO_OKTA_CONFIG_DIR ? resolve(env.AKTO_OKTA_CONFIG_DIR) : nowhere;
  }
}
