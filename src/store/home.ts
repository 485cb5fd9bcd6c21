/** The home folder, which a user without an entry in the system's list has none of: containers run so. */
import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";

/** Stands for the home folder where there is none, as in the list of users of many systems. Nothing is ever kept there. */
export const nowhere = "/nonexistent";

/**
 * Sees to it that there is one before any library looks for it, which some do as they are loaded. Where everything is kept
 * in a folder that was named, that one stands for it.
 *
 * @param env the process's own: libraries read it
 */
export function provideHome(env: NodeJS.ProcessEnv): void {
  // Of an empty or a relative one every path would be one below the working folder, which may be anybody's repository (XDG
  // Base Directory Specification: a relative path is to be ignored).
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
