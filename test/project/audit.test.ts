import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { temporaryFolder } from "../program.ts";

const script = resolve("scripts/audit.js");
const inBundle = "node_modules/bundled";
const forTests = "node_modules/for-tests";

/** Runs the audit of a project of three packages, where npm says this. */
async function audit(npm: { stdout?: string; stderr?: string; missing?: true }, deprecated?: string) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "dist"));
  const dev = { version: "1.0.0", dev: true };
  const packages = {
    "": {},
    [inBundle]: { ...dev, ...(deprecated !== undefined && { deprecated }) },
    [forTests]: { ...dev, deprecated: "Nobody cares: it is for tests alone" },
    "node_modules/beside": { version: "1.0.0" },
  };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
  writeFileSync(join(folder, "dist/bundled.json"), JSON.stringify({ [inBundle]: "1.0.0" }));
  writeFileSync(join(folder, "stdout"), npm.stdout ?? "");
  writeFileSync(join(folder, "stderr"), npm.stderr ?? "");
  if (!npm.missing) {
    writeFileSync(
      join(folder, "npm"),
      `#!/bin/sh\n/bin/cat "${folder}/stdout"; /bin/cat "${folder}/stderr" >&2; exit 1\n`,
    );
    chmodSync(join(folder, "npm"), 0o755);
  }
  const options = { cwd: folder, env: { PATH: folder }, extendEnv: false, reject: false } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [script], options);
  expect(stderr).toBe("");
  return { exitCode, lines: stdout.split("\n") };
}

const vulnerable = (place: string) =>
  JSON.stringify({
    vulnerabilities: {
      it: {
        name: "it",
        severity: "high",
        nodes: [place],
        via: ["other", { title: "Breaks", url: "https://example.test" }],
      },
    },
  });

test.skipIf(process.platform === "win32")(
  "an audit names what is known of a package that is shipped, and passes over the others",
  async () => {
    expect(await audit({ stdout: '{"vulnerabilities":{}}' })).toEqual({
      exitCode: 0,
      lines: ["2 packages looked at, 0 findings."],
    });
    expect(await audit({ stdout: vulnerable(forTests) })).toMatchObject({ exitCode: 0 });
    expect(await audit({ stdout: vulnerable(inBundle) }, "given up")).toEqual({
      exitCode: 1,
      lines: [
        `${inBundle} 1.0.0 is deprecated: given up`,
        `${inBundle} (it), high: through other; Breaks https://example.test`,
        "2 packages looked at, 2 findings.",
      ],
    });
  },
);

test.skipIf(process.platform === "win32")(
  "an audit that could not ask says so and why, and passes nothing",
  async () => {
    const unheard = "npm's advisories could not be had, so none of the 2 packages was held against them: ";
    for (const [npm, why] of [
      [{ stdout: '{"message":"405 Method Not Allowed"}' }, "405 Method Not Allowed"],
      [{ stdout: '{"error":{"code":"ENOTFOUND","summary":"no network"}}' }, "no network"],
      [{ stdout: "{}" }, "npm's answer has none"],
      [{ stdout: "<html>", stderr: "x" }, "npm's answer is no JSON: <html>"],
      [{ stderr: "npm error Cannot read" }, "npm's answer is no JSON: npm error Cannot read"],
      [{}, "npm's answer is no JSON: it is empty"],
      [{ missing: true }, "npm can't be run (ENOENT)"],
    ] as const) {
      expect(await audit(npm)).toEqual({ exitCode: 2, lines: [unheard + why] });
    }
    const given = await audit({ stdout: "{}" }, "given up");
    expect(given).toMatchObject({ exitCode: 2, lines: [expect.stringContaining("given up"), expect.anything()] });
  },
);
