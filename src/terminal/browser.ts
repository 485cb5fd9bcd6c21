import { spawn } from "node:child_process";

/**
 * Opens a page in `$BROWSER` if it is set, else in the system's browser.
 *
 * @param url an address made by this program; it is passed as one argument, never through a shell
 * @returns whether a browser could be started
 */
export async function openBrowser(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  // $BROWSER may hold several commands (colon-separated), each with `%s` for the address or without it.
  const commands = (env.BROWSER ?? "")
    .split(process.platform === "win32" ? ";" : ":")
    .filter((command) => command.trim() !== "");
  for (const command of commands) {
    const [program = "", ...words] = command.trim().split(/\s+/);
    const takesUrl = words.some((word) => word.includes("%s"));
    const args = takesUrl ? words.map((word) => word.replaceAll("%s", url)) : [...words, url];
    if (await started(program, args)) return true;
  }
  if (commands.length > 0) return false;
  try {
    const { default: open } = await import("open");
    const child = await open(url);
    return await new Promise((resolve) => {
      child.once("error", () => resolve(false));
      child.once("spawn", () => resolve(true));
      if (child.pid !== undefined) resolve(true);
    });
  } catch {
    return false;
  }
}

function started(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
