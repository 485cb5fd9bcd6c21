/** Runs the built program as a process, with nothing of this machine's own settings. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import type { Sandbox } from "../src/sandbox/types.ts";
import { Visitor } from "../src/sandbox/visitor.ts";

export const executable = new URL("../bin/akto-okta.js", import.meta.url).pathname;

/** What Node compiled is the same for all runs. */
const compiled = new URL("../node_modules/.cache/akto-okta", import.meta.url).pathname;

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The variables of a run: a config folder of its own, and what connects it to a sandbox. */
export function environment(folder: string, sandbox?: Sandbox): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    NO_COLOR: "1",
    AKTO_OKTA_CONFIG_DIR: join(folder, "config"),
    AKTO_OKTA_SECRETS: "file",
    NODE_COMPILE_CACHE: compiled,
    ...sandbox?.variables,
  };
}

/** How a run ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

const optionsFor = (env: Record<string, string>) => ({
  env,
  extendEnv: false,
  reject: false as const,
  timeout: 250_000,
  cwd: env.HOME ?? tmpdir(),
});

/** Runs a command to its end. */
export async function run(args: readonly string[], env: Record<string, string>, input: string = ""): Promise<Outcome> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [executable, ...args], {
    ...optionsFor(env),
    input,
  });
  return { stdout, stderr, exitCode };
}

/**
 * Runs `login test` to its end, while `visit` plays the browser.
 *
 * @param visit is given the authorize URL; it signs a user of the sandbox in when it is a login
 */
export async function runLoginTest(
  args: readonly string[],
  env: Record<string, string>,
  visit: string | ((url: string) => Promise<unknown>),
): Promise<Outcome> {
  // Tests run side by side, and the program's own port is one for the whole machine.
  const own = ["--no-browser", "--yes", "--port", String(await freePort())];
  const child = execa(process.execPath, [executable, "login", "test", ...own, ...args], {
    ...optionsFor(env),
    stdin: "ignore",
  });
  let said = "";
  const visited = new Promise<unknown>((resolve, reject) => {
    child.stderr.on("data", (data: Buffer) => {
      if (/^(http:\S+\/v1\/authorize\?\S+)\n/m.test(said)) return;
      said += data;
      const url = /^(http:\S+\/v1\/authorize\?\S+)\n/m.exec(said)?.[1];
      if (url === undefined) return;
      resolve(typeof visit === "string" ? new Visitor().signIn(url, visit) : visit(url));
    });
    child.once("close", () => reject(new Error(`No sign-in began:\n${said}`)));
  });
  await visited;
  const { stdout, stderr, exitCode } = await child;
  return { stdout, stderr, exitCode };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
