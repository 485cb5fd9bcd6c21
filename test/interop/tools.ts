/** What a peer is made of: tools that may be missing, packages from the ordinary clients, servers that end with the run. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { clean } from "../../src/core/text.ts";

/** Why a peer can't be tried on this machine, and what a tool said of it, which may hold this machine's own addresses. */
export class Missing extends Error {
  readonly said: string;

  constructor(message: string, said = "") {
    super(message);
    this.said = said;
  }
}

const cache = new URL("../../node_modules/.cache/interop/", import.meta.url).pathname;

/** How long a tool may take, a package client above all, in milliseconds. */
const longest = 9 * 60_000;

/** How long a server may take to answer, in milliseconds: Keycloak needs 20 seconds on a machine that does nothing else. */
const longestStart = 5 * 60_000;

interface Where {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a tool of this machine, or a package client, to its end.
 *
 * @returns what it printed on both streams
 * @throws Missing with the tool's own last word when it isn't there or fails
 */
export async function tool(command: string, args: readonly string[], where: Where = {}): Promise<string> {
  const { all, exitCode, code } = await run(command, args, where);
  if (exitCode === 0) return all;
  if (code === "ENOENT") throw new Missing(`${command} is not installed`);
  throw new Missing(`\`${command} ${args[0] ?? ""}\` failed`, lastWord(all));
}

/** Runs what is itself tried: that it fails is no reason to skip. @returns what it printed on both streams */
export async function attempt(command: string, args: readonly string[], where: Where = {}): Promise<string> {
  const { all, exitCode } = await run(command, args, where);
  if (exitCode !== 0) throw new Error(`\`${command} ${args.join(" ")}\` failed:\n${all}`);
  return all;
}

function run(command: string, args: readonly string[], { cwd, env }: Where) {
  return execa(command, args, {
    all: true,
    reject: false,
    timeout: longest,
    stdin: "ignore",
    ...(cwd !== undefined && { cwd }),
    ...(env && { env }),
  });
}

/** What a failed tool says of why, most of the time: from the first line on that speaks of a fault. */
function lastWord(output: string): string {
  const lines = output
    .replace(/[╷│╵]/g, "")
    .split("\n")
    .map((line) => line.trim());
  const start = lines.findIndex((line) => /error|not found|forbidden|fail|unavailable|could not/i.test(line));
  const words = lines.slice(Math.max(0, start)).join(" ").replace(/\s+/g, " ").trim();
  return clean(words === "" ? "it said nothing" : words, 400);
}

/**
 * Refuses a tool that is too old.
 *
 * @param version what the tool prints of itself
 * @param pattern its first group is the major version
 */
export function atLeast(wanted: number, name: string, version: string, pattern: RegExp): void {
  const major = Number(pattern.exec(version)?.[1]);
  if (!(major >= wanted)) throw new Missing(`${name} ${wanted} or newer is needed`);
}

/**
 * A folder that is made once and kept for the next run. The name must hold the version of what is in it.
 *
 * @param fill puts what belongs there into an empty folder; what it leaves half done is not kept
 */
export async function kept(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await fill(unfinished);
  await rename(unfinished, folder);
  return folder;
}

/** A process that runs until it is stopped. */
export interface Server {
  stop(): Promise<void>;
}

/**
 * Starts a server and waits until it answers.
 *
 * @param ready an address that answers 200 once the server is there
 * @throws Error with its last output when it ends first, or does not answer in time
 */
export async function serve(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly ready: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Server> {
  const child = execa(command, args, {
    cwd: options.cwd,
    env: options.env ?? {},
    all: true,
    buffer: false,
    reject: false,
    stdin: "ignore",
    forceKillAfterDelay: 5_000,
  });
  let said = "";
  child.all.on("data", (data: Buffer) => {
    said = `${said}${data}`.slice(-4_000);
  });
  let ended = false;
  const end = child.then(() => {
    ended = true;
  });
  const stop = async () => {
    child.kill();
    await end;
  };
  const deadline = Date.now() + longestStart;
  while (!(await answers(options.ready))) {
    if (ended || Date.now() > deadline) {
      const what = ended ? "ended at its start" : "did not answer in time";
      await stop();
      throw new Error(`${command} ${what}:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return { stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
