import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { environment, run, temporaryFolder } from "../program.ts";

/** A config folder with secrets in files. */
function keeping(files: Readonly<Record<string, object>>) {
  const env = environment(temporaryFolder());
  const folder = join(env.AKTO_OKTA_CONFIG_DIR ?? "", "secrets");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, secrets] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(secrets), { mode: 0o600 });
  return { env, folder };
}

it("secrets list shows what is kept where, an unfinished setup's too, and no more of it than its end; clear takes all", async () => {
  const { env, folder } = keeping({
    "default.json": { oktaToken: "00planted-okta-token", clientSecret: "short" },
    "default.setup.json": { aktoKey: "planted-akto-key" },
  });
  const { stdout } = await run(["secrets", "list", "--json"], env);
  expect(JSON.parse(stdout).secrets).toEqual([
    { name: "clientSecret", unfinished: false, places: ["file"], tail: "…" },
    { name: "oktaToken", unfinished: false, places: ["file"], tail: "…oken" },
    { name: "aktoKey", unfinished: true, places: ["file"], tail: "…-key" },
  ]);
  const jsonl = (await run(["secrets", "list", "--output", "jsonl"], env)).stdout.split("\n");
  expect(jsonl.map((line) => JSON.parse(line).unfinished)).toEqual([false, false, true]);
  expect((await run(["secrets", "list"], env)).stdout).toContain("Akto API key (unfinished setup)\tfile\t…-key");
  expect(await run(["secrets", "clear"], env)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--yes") });
  expect((await run(["secrets", "clear", "--yes"], env)).stdout).toBe("Deleted 3 secrets.");
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), "utf8")).not.toContain("planted");
});

it.skipIf(process.platform === "win32")(
  "a secrets file that others may read is not used, and the way to mend it works",
  async () => {
    const { env, folder } = keeping({ "default.json": { oktaToken: "00planted-okta-token" } });
    const file = join(folder, "default.json");
    chmodSync(file, 0o640);
    const refused = await run(["secrets", "list"], env);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain(`Run \`chmod 600 '${file}'\``);
    expect(refused.stderr).not.toContain("planted");
    chmodSync(file, 0o600);
    expect(await run(["secrets", "list"], env)).toMatchObject({ exitCode: 0, stdout: "Okta API token\tfile\t…oken" });
  },
);
