/**
 * What the program says the same on every machine, made when it is built: its help, and the completion scripts that shells
 * ask for as they start. Where the texts are not, as in a single executable, they are made when they are asked for.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param columns the terminal's width; a pipe has none
 * @returns what the program would print for these arguments, if it is known
 */
export function preparedText(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  columns: number | undefined,
): string | undefined {
  const [first = "", second = ""] = argv;
  if (argv.length === 1 && (first === "--version" || first === "-V")) return `${__VERSION__}\n`;
  if (argv.length === 0 || (argv.length === 1 && ["--help", "-h", "help"].includes(first))) {
    // Made for a pipe and for a wide terminal. It names the profile that is in use.
    return env.AKTO_OKTA_PROFILE ? undefined : read(`help-${Math.min(columns || 100, 110)}`);
  }
  return argv.length === 2 && first === "completion" && /^[a-z]+$/.test(second)
    ? read(`completion-${second}`)
    : undefined;
}

function read(name: string): string | undefined {
  try {
    return readFileSync(join(import.meta.dirname, "texts", `${name}.txt`), "utf8");
  } catch {
    return undefined;
  }
}
