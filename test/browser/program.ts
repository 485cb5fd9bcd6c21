/** `akto-okta login test` as a process, up to the address that it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { LoginReport } from "../../src/core/login/report.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { freePort } from "../program.ts";

export interface LoginTestProcess {
  readonly child: ChildProcess;
  /** The authorize URL. */
  readonly address: string;
  readonly ended: Promise<{
    readonly exitCode: number | null;
    readonly report: LoginReport | null;
    readonly stderr: string;
  }>;
}

/**
 * Runs the built program against the sandbox, with `--json` and without a browser of its own.
 *
 * @param folder for its profile
 */
export async function startLoginTest(
  { variables }: Sandbox,
  folder: string,
  args: readonly string[],
): Promise<LoginTestProcess> {
  const child = spawn(
    process.execPath,
    [
      "bin/akto-okta.js",
      "login",
      "test",
      "--no-browser",
      "--yes",
      "--json",
      "--port",
      String(await freePort()),
      ...args,
    ],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AKTO_OKTA_CONFIG_DIR: join(folder, "config"),
        AKTO_OKTA_SECRETS: "file",
        ...variables,
      },
    },
  );
  const stdout = text(child.stdout);
  let stderr = "";
  const exited = once(child, "exit");
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (data: Buffer) => {
      stderr += data;
      const url = /^(http:\S+\/v1\/authorize\?\S+)\n/m.exec(stderr)?.[1];
      if (url) resolve(url);
    });
    child.once("exit", () => reject(new Error(stderr)));
  });
  const ended = exited.then(async ([exitCode]) => ({ exitCode, report: JSON.parse((await stdout) || "null"), stderr }));
  return { child, address, ended };
}
