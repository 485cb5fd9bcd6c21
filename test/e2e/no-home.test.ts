import { chownSync } from "node:fs";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { executable, temporaryFolder } from "../program.ts";

// A user who is in no list, as containers run programs. Only root may become one.
const nobody = 54_321;
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)(`a user without a home folder${isRoot ? "" : " (skipped: needs root)"}`, () => {
  const run = (folder: string, env: Record<string, string>) =>
    execa(process.execPath, [executable, "mapping", "add", "Eng", "guest", "--offline"], {
      env: { PATH: process.env.PATH, AKTO_OKTA_SECRETS: "file", ...env },
      extendEnv: false,
      reject: false,
      uid: nobody,
      gid: nobody,
      cwd: folder,
    });

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
        "  Set AKTO_OKTA_CONFIG_DIR to a folder that this user may write, or set HOME.",
    );
  });
});
