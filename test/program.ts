/** Runs the built program as a process, with nothing of this machine's own settings. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import type { Sandbox } from "../src/sandbox/types.ts";

export const executable = new URL("../bin/akto-okta.js", import.meta.url).pathname;

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
    ...(sandbox && {
      OKTA_CLIENT_ORGURL: sandbox.okta.url,
      OKTA_CLIENT_TOKEN: sandbox.okta.token,
      AKTO_OKTA_AUTH_SERVER_ID: sandbox.okta.authServerId,
      AKTO_OKTA_CLIENT_ID: sandbox.okta.clientId,
      AKTO_OKTA_CLIENT_SECRET: sandbox.okta.clientSecret,
      AKTO_URL: sandbox.akto.url,
      AKTO_ACCOUNT_ID: String(sandbox.akto.accountId),
      AKTO_API_KEY: sandbox.akto.apiKey,
    }),
  };
}

/** How a run ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** Runs a command to its end. */
export async function run(args: readonly string[], env: Record<string, string>, input: string = ""): Promise<Outcome> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [executable, ...args], {
    env,
    extendEnv: false,
    input,
    reject: false,
    timeout: 25_000,
    cwd: env.HOME ?? tmpdir(),
  });
  return { stdout, stderr, exitCode };
}
