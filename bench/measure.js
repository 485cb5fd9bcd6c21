/** Runs programs one after the other, and compares what they take. */
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
export const executable = here("../bin/akto-okta.js");

/** A folder for everything that is written while it is measured. */
export const folder = mkdtempSync(join(tmpdir(), "akto-okta-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The variables of a run: nothing of this machine's own settings, and what connects it to a sandbox. */
export function environment(sandbox) {
  return {
    PATH: process.env.PATH,
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

/**
 * Runs Node to its end.
 *
 * @returns milliseconds until it ended (`time`) and until it wrote something (`first`), of the processor (`cpu`), MB (`memory`)
 */
export async function run(args, env) {
  const told = join(folder, "told");
  const descriptor = openSync(told, "w");
  const start = performance.now();
  const child = spawn(process.execPath, ["--require", here("told.cjs"), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe", descriptor],
  });
  closeSync(descriptor);
  let first;
  let stderr = "";
  child.stdout.on("data", () => {
    first ??= performance.now() - start;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  const time = performance.now() - start;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
  return { time, first, stderr, ...JSON.parse(readFileSync(told, "utf8")) };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Runs both in turns, the base first. @returns the medians of the program's runs, and of each pair's ratios */
export async function pairs(base, program, env, times) {
  await run(program, env);
  const found = [];
  for (let pair = 0; pair < times; pair++) found.push([await run(base, env), await run(program, env)]);
  const ratio = (what) => median(found.map(([a, b]) => b[what] / a[what]));
  const of = (what) => median(found.map(([, b]) => b[what]));
  return { time: of("time"), first: of("first"), memory: of("memory"), ratio };
}
