import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { environment, executable, temporaryFolder } from "../program.ts";

// A user who is in no list, as containers run programs. Only root may become one.
const nobody = 54_321;
const isRoot = process.getuid?.() === 0;

const runAsNobody = (args: readonly string[], folder: string, env: Record<string, string>) =>
  execa(process.execPath, [executable, ...args], {
    env: { PATH: process.env.PATH, AKTO_OKTA_SECRETS: "file", ...env },
    extendEnv: false,
    reject: false,
    uid: nobody,
    gid: nobody,
    cwd: folder,
  });
const unlessRoot = isRoot ? "" : " (skipped: needs root)";

describe.skipIf(!isRoot)(`a user without a home folder${unlessRoot}`, () => {
  const run = (folder: string, env: Record<string, string>) =>
    runAsNobody(["mapping", "add", "Eng", "guest", "--offline"], folder, env);

  it.each<Record<string, string>>([{}, { HOME: "" }])(
    "works in the folder that AKTO_OKTA_CONFIG_DIR names (%j)",
    async (home) => {
      const folder = temporaryFolder();
      chownSync(folder, nobody, nobody);
      const outcome = await run(folder, { ...home, AKTO_OKTA_CONFIG_DIR: folder });
      expect(outcome).toMatchObject({ exitCode: 0, stdout: "“Eng” gets Guest." });
    },
  );

  it("is told what to set without it", async () => {
    const outcome = await run("/", {});
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toBe(
      "✗ This user has no home folder in which to keep the profile.\n" +
        "  Set AKTO_OKTA_CONFIG_DIR to a folder that this user can write to, or set HOME.",
    );
  });
});

describe.skipIf(!isRoot)(`a config folder that may not be written${unlessRoot}`, () => {
  it("ends a setup before anything is sent to Akto", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const { AKTO_OKTA_CONFIG_DIR: _, ...env } = environment(folder, sandbox);
    const outcome = await runAsNobody(["sso", "setup", "--no-input"], folder, { ...env, AKTO_OKTA_CONFIG_DIR: folder });
    expect(outcome.exitCode).toBe(2);
    // The folder is another user's, which is refused before anything is written to it.
    expect(outcome.stderr).toMatch(/akto-okta-test-\w+ belongs to /);
    expect(outcome.stderr).not.toContain("activate the SSO in Akto");
  });
});

describe("a home or a config folder that is named relative to the working folder", () => {
  it("is none: a repository would tell there to whom a token goes", async () => {
    const repository = temporaryFolder();
    const orgUrl = "http://127.0.0.1:9";
    mkdirSync(join(repository, ".okta"));
    writeFileSync(join(repository, ".okta", "okta.yaml"), `okta: { client: { orgUrl: "${orgUrl}" } }`);
    mkdirSync(join(repository, "akto-okta"), { mode: 0o700 });
    writeFileSync(join(repository, "akto-okta", "default.json"), JSON.stringify({ domain: "127.0.0.1:9" }), {
      mode: 0o600,
    });
    const { HOME: _, AKTO_OKTA_CONFIG_DIR: __, ...env } = environment(temporaryFolder());
    for (const named of [{ HOME: "." }, { HOME: temporaryFolder(), XDG_CONFIG_HOME: "." }]) {
      const { exitCode, stderr } = await execa(process.execPath, [executable, "groups", "list"], {
        env: { ...env, ...named, OKTA_CLIENT_TOKEN: "00token" },
        extendEnv: false,
        reject: false,
        cwd: repository,
      });
      expect(stderr).toContain("Missing: the Okta domain.");
      expect(exitCode).toBe(2);
    }
  });
});
