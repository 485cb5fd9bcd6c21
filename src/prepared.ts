/**
 * What the program says the same on every machine, made when it is built: its help, and the completion scripts that shells
 * ask for as they start. Where the texts are not, as in a single executable, they are made when they are asked for.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param helpWidth how wide help is laid out
 * @returns what the program would print for these arguments, if it is known
 */
export async function preparedText(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  helpWidth: () => number,
): Promise<string | undefined> {
  const [first = "", second = ""] = argv;
  if (argv.length === 1 && (first === "--version" || first === "-V")) return `${__VERSION__}\n`;
  if (argv.length === 0 || (argv.length === 1 && ["--help", "-h", "help"].includes(first))) {
    // Made for a pipe and for a wide terminal.
    const width = helpWidth();
    return naming(await nameInUse(env), read(`help-${width}`), width);
  }
  return argv.length === 2 && first === "completion" && /^[a-z]+$/.test(second)
    ? read(`completion-${second}`)
    : undefined;
}

/** What can be completed, as JSON, see `commands/completion-tree.ts`. */
export function preparedTree(): string | undefined {
  return read("completion-tree");
}

/** The name of the profile in use, of which most have the default alone: then nothing is loaded that could look at another. */
async function nameInUse(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.AKTO_OKTA_PROFILE) return env.AKTO_OKTA_PROFILE;
  const { choseNone, defaultProfile } = await import("./store/place.ts");
  if (choseNone(env)) return defaultProfile;
  const { profileInUse } = await import("./store/profile-in-use.ts");
  return profileInUse(env).name;
}

/** The help with the profile that is in use; where that makes a line too long, the program has to lay it out. */
async function naming(profile: string, text: string | undefined, width: number): Promise<string | undefined> {
  const { defaultProfile } = await import("./store/place.ts");
  if (text === undefined || profile === defaultProfile) return text;
  const { isProfileName } = await import("./store/folder.ts");
  const line = /^ +--profile .*\(default: "default"\)$/m.exec(text)?.[0] ?? "";
  const named = line.replace(`"${defaultProfile}"`, `"${profile}"`);
  return isProfileName(profile) && line !== "" && named.length <= width ? text.replace(line, named) : undefined;
}

function read(name: string): string | undefined {
  try {
    return readFileSync(join(import.meta.dirname, "texts", `${name}.txt`), "utf8");
  } catch {
    return undefined;
  }
}
