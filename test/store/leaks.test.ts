import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { environment, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Every file below a folder, but for the secrets' own. */
function writtenFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith(join("config", "secrets")))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}

const commands = [
  ["sso", "setup", "--no-input"],
  ["sso", "status"],
  ["sso", "export"],
  ["groups", "list", "--limit", "2"],
  ["mapping", "add", "Akto Admins", "admin"],
  ["mapping", "export"],
  ["secrets", "list"],
];

test("no secret is in anything that the program writes, when all is well and when each secret is wrong", async () => {
  const { token, clientSecret } = sandbox.okta;
  const right = [token, clientSecret, sandbox.akto.apiKey];
  const wrong = ["00planted-wrong-okta-token", "planted-wrong-client-secret", "planted-wrong-akto-key"];
  const groupList = ["groups", "list", "--limit", "2"];
  const rounds = [
    { secrets: right, runs: commands },
    {
      secrets: wrong,
      runs: [
        ["sso", "setup", "--no-input"],
        ["mapping", "list"],
        [...groupList, "--offline"],
      ],
    },
    { secrets: right, runs: [[...groupList, "--offline"]], faults: ["500,times=1000"] },
  ];
  let said = "";
  for (const { secrets, runs, faults = [] } of rounds) {
    sandbox.faults.set(faults);
    const folder = temporaryFolder();
    const [OKTA_CLIENT_TOKEN = "", AKTO_OKTA_CLIENT_SECRET = "", AKTO_API_KEY = ""] = secrets;
    const env = { ...environment(folder, sandbox), OKTA_CLIENT_TOKEN, AKTO_OKTA_CLIENT_SECRET, AKTO_API_KEY };
    for (const command of runs) {
      const { stdout, stderr } = await run([...command, "--debug", "--json"], env);
      said += `${stdout}\n${stderr}\n`;
    }
    for (const path of writtenFiles(folder)) said += readFileSync(path, "utf8");
  }
  // It did speak: of requests, of failures, of what it found.
  expect(said).toContain("→ POST");
  expect(said).toContain("okta.token_invalid");
  expect(said).toContain("akto.key_invalid");
  for (const secret of [...right, ...wrong]) {
    expect(said).not.toContain(secret);
    expect(said).not.toContain(encodeURIComponent(secret).slice(0, -4));
    expect(said).not.toContain(Buffer.from(secret).toString("base64").slice(0, 16));
  }
}, 60_000);
