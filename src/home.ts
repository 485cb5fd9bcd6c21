/** The home folder, which a user without an entry in the system's list has none of: containers run so. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import { Failure } from "./core/failure.ts";

/**
 * Sees to it that there is one before any library looks for it. Where everything is kept in a folder that was named,
 * that one stands for it.
 *
 * @param env the process's own: libraries read it
 */
export function provideHome(env: NodeJS.ProcessEnv): void {
  // An empty one would make every path in it one of the working folder.
  if (env.HOME === "") delete env.HOME;
  try {
    homedir();
  } catch {
    if (env.AKTO_OKTA_CONFIG_DIR) env.HOME = resolve(env.AKTO_OKTA_CONFIG_DIR);
  }
}

/** The failure behind an error of Node's that says that there is no home folder. */
export function homeMissing(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || error.syscall !== "uv_os_homedir") return undefined;
  return new Failure("usage", "store.no_home", "This user has no home folder in which to keep the profile.", {
    hint: "Set AKTO_OKTA_CONFIG_DIR to a folder that this user may write, or set HOME.",
    cause: error,
  });
}
