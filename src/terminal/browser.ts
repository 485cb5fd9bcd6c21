import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { childEnvironment, withChildEnvironment } from "../core/child-env.ts";
import { writeLeadingPage } from "./leading-page.ts";

/**
 * Opens an address in `$BROWSER` if it is set, else in the system's browser. Neither the address nor a secret is to be seen
 * in the list of processes: the browser is given a page of this user's that leads on, and nothing of this program's
 * environment.
 *
 * @param url an address made by this program
 * @returns whether a browser could be started
 */
export async function openBrowser(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const page = await writeLeadingPage(url);
  // $BROWSER may hold several commands (colon-separated), each with `%s` for the address or without it.
  const commands = (env.BROWSER ?? "")
    .split(process.platform === "win32" ? ";" : ":")
    .filter((command) => command.trim() !== "");
  const address = pathToFileURL(page).href;
  for (const command of commands) {
    const [program = "", ...words] = command.trim().split(/\s+/);
    const takesUrl = words.some((word) => word.includes("%s"));
    const args = takesUrl ? words.map((word) => word.replaceAll("%s", address)) : [...words, address];
    if (await started(program, args, env)) return true;
  }
  if (commands.length > 0) return false;
  return withChildEnvironment(process.env, () => openBySystem(page));
}

/** @param page a path: on WSL it is another one for Windows, which the library sees to */
async function openBySystem(page: string): Promise<boolean> {
  const { default: open, apps } = await import("open");
  // A Mac opens a page in what is registered for its type, which may be an editor.
  const ways = process.platform === "darwin" ? [{ app: { name: apps.browser } }, {}] : [{}];
  for (const way of ways) {
    try {
      const child = await open(page, way);
      // Told by the library once it was started; what it has to say later is nobody's business.
      child.on("error", () => {});
      return true;
    } catch {
      // The next way.
    }
  }
  return false;
}

function started(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true, env: childEnvironment(env) });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
