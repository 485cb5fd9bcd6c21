/** The home folder. A user without an entry in the system's list has none, as in containers. */
import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";

/** Stands in for the home folder where there is none, as in many systems' own list of users. Nothing is ever kept there. */
export const nowhere = "/nonexistent";

/**
 * Makes sure that there is one before a library looks for it, which some do as they are loaded. Where everything is kept in a
 * folder that was named, that folder stands in for it.
 *
 * @param env the process's own: libraries read it
 */
export function provideHome(env: NodeJS.ProcessEnv): void {
  // With an empty or a relative one, every path would be below the working folder, which may be anyone's repository (XDG Base
  // Directory Specification: a relative path is to be ignored).
  for (const name of ["HOME", "XDG_CONFIG_HOME"]) {
    const folder = env[name];
    if (folder !== undefined && !isAbsolute(folder)) delete env[name];
  }
  try {
    homedir();
  } catch {
    env.HOME = env.AKTO_OKTA_CONFIG_DIR ? resolve(env.AKTO_OKTA_CONFIG_DIR) : nowhere;
  }
}
