import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { childEnvironment, withChildEnvironment } from "../core/child-env.ts";
import { splitCommands } from "../core/shell-words.ts";
import { writeLeadingPage } from "./leading-page.ts";

/**
 * Opens an address in `$BROWSER` if it is set, else in the system's browser. The list of processes shows neither the address
 * nor a secret: the browser gets a page of this user's that leads on, and nothing of this program's environment.
 *
 * @param url an address made by this program
 * @param onFailure is told when what was started ends with an error after all, as an opener that finds no browser does
 * @returns whether something could be started
 */
export async function openBrowser(
  url: string,
  env: NodeJS.ProcessEnv,
  onFailure: (how: string) => void,
): Promise<boolean> {
  const page = await writeLeadingPage(url);
  // $BROWSER may hold several commands (colon-separated), each with `%s` for the address or without it.
  const isWindows = process.platform === "win32";
  const commands = splitCommands(env.BROWSER ?? "", isWindows ? ";" : ":", !isWindows);
  const address = pathToFileURL(page).href;
  for (const [program = "", ...words] of commands) {
    const takesUrl = words.some((word) => word.includes("%s"));
    const args = takesUrl ? words.map((word) => word.replaceAll("%s", address)) : [...words, address];
    if (await started(program, args, env, onFailure)) return true;
  }
  if (commands.length > 0) return false;
  return withChildEnvironment(process.env, () => openBySystem(page, onFailure));
}

/** @param page a path: on WSL it is another one for Windows, which the library sees to */
async function openBySystem(page: string, onFailure: (how: string) => void): Promise<boolean> {
  const { default: open, apps } = await import("open");
  // A Mac opens a page in whatever is registered for its type, which may be an editor.
  const ways = process.platform === "darwin" ? [{ app: { name: apps.browser } }, {}] : [{}];
  for (const way of ways) {
    try {
      const child = await open(page, way);
      // The library says so once it was started; what it says later is of no interest.
      child.on("error", () => {});
      watch(child, child.spawnfile, onFailure);
      return true;
    } catch {
      // The next way.
    }
  }
  return false;
}

/**
 * Reports an exit with an error. An exit without one says nothing, since a browser that is already running takes the page over.
 */
function watch(child: ChildProcess, program: string, onFailure: (how: string) => void): void {
  child.once("exit", (code, signal) => {
    if (code !== 0) onFailure(`${basename(program)} ended with ${code ?? signal}`);
  });
}

function started(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onFailure: (how: string) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true, env: childEnvironment(env) });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      watch(child, program, onFailure);
      resolve(true);
    });
  });
}
