/** Standard output that takes nothing, which `/dev/full` is on Linux. */
import { closeSync, existsSync, openSync } from "node:fs";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { environment, executable, run, temporaryFolder } from "../program.ts";

const full = "/dev/full";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ aktoConfigured: true });
});
afterAll(() => sandbox.close());

/** Runs a command whose standard output, or standard error, is full. */
async function runIntoFull(args: readonly string[], stream: "stdout" | "stderr") {
  const descriptor = openSync(full, "w");
  onTestFinished(() => closeSync(descriptor));
  const { stdout, stderr, exitCode } = await execa(process.execPath, [executable, ...args], {
    env: environment(temporaryFolder(), sandbox),
    extendEnv: false,
    reject: false,
    timeout: 250_000,
    stdin: "ignore",
    [stream]: descriptor,
  });
  return { stdout, stderr, exitCode };
}

describe.skipIf(!existsSync(full))("output that can't be written", () => {
  it.each([
    ["a list", ["groups", "list"]],
    ["a list that comes in pages", ["groups", "list", "--output", "jsonl"]],
    ["a report", ["sso", "status"]],
    ["a command's help", ["login", "test", "--help"]],
    ["the program's help", ["--help"]],
    ["a completion script", ["completion", "bash"]],
    ["a sandbox", ["sandbox"]],
  ])("is said to be so, by %s", async (_, args) => {
    const { stderr, exitCode } = await runIntoFull(args, "stdout");
    expect(stderr).toContain("✗ The output could not be written: the disk is full.");
    expect(stderr).not.toContain("bug");
    expect(exitCode).toBe(2);
  });

  it("is said of a file that was named, too, and what was found out is printed all the same", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const reported = await run(["login", "explain", "--group", "Finance", "--report", full], env);
    expect(reported.stdout).toContain("A user in these groups gets the role");
    const exported = await run(["sso", "export", "-o", full], env);
    for (const { stderr, exitCode } of [reported, exported]) {
      expect(stderr).toContain(
        "✗ “/dev/full” can't be written: the disk is full.\n  Make room, or name another place.",
      );
      expect(exitCode).toBe(2);
    }
  });

  it("has a code for scripts", async () => {
    const { stderr, exitCode } = await runIntoFull(["mapping", "list", "--json"], "stdout");
    expect(exitCode).toBe(2);
    expect(JSON.parse(String(stderr).split("\n").at(-1) ?? "").error.code).toBe("output.unwritten");
  });

  it("changes no exit code where it was messages alone", async () => {
    expect(await runIntoFull(["mapping", "list"], "stderr")).toMatchObject({ exitCode: 0 });
    expect(await runIntoFull(["login", "explain", "--user", "nobody@brightwell.example"], "stderr")).toMatchObject({
      exitCode: 2,
    });
  });
});
