import { afterAll, beforeAll, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());

it("explains and previews as a program: results on standard output, the answer as the exit code", async () => {
  const env = environment(temporaryFolder(), sandbox);
  const explained = await run(["login", "explain", "--json", "--user", logins.developer], env);
  expect(explained).toMatchObject({ exitCode: 0, stderr: "" });
  expect(JSON.parse(explained.stdout)).toMatchObject({
    user: { email: logins.developer },
    groups: { source: "access_token", names: ["Akto Developers"] },
    role: { id: "DEVELOPER", label: "Developer", decidedBy: "mapping", group: "Akto Developers" },
    admitted: true,
  });

  const token = `e30.${Buffer.from('{"groups":["AppSec Contractors"],"uid":"00u1"}').toString("base64url")}.c2ln`;
  const captured = await run(["login", "explain", "--token", "-", "--expect-role", "admin"], env, token);
  expect(captured.exitCode).toBe(6);
  expect(captured.stdout).toContain("gets the role Guest");
  expect(captured.stdout).not.toContain("what-if");
  expect(captured.stdout + captured.stderr).not.toContain(token);

  const whatIf = await run(["login", "explain", "--group", "Akto Admins"], env);
  // Three checks are skipped for want of a user.
  expect(whatIf.stdout.split("No user was named.")).toHaveLength(2);
  expect(whatIf.stdout).toContain("Groups    1 group, as they were given\n");
  expect(whatIf.stdout).toContain("✓ Okta has “Akto Admins”, named exactly so.");
  expect(whatIf.stdout).toContain("This is a what-if.");
  expect(whatIf.stdout).not.toMatch(/access token's|claim “groups”/);
  const misnamed = await run(["login", "explain", "--group", "akto admins", "--json"], env);
  expect(JSON.parse(misnamed.stdout)).toMatchObject({
    groups: { names: ["akto admins"], basis: "given" },
    checks: expect.arrayContaining([
      expect.objectContaining({
        id: "groups.in_okta",
        status: "warn",
        message: expect.stringContaining("“Akto Admins”"),
      }),
    ]),
  });

  const turnedAway = await run(["login", "explain", "--user", "hanna.lind@brightwell.example"], env);
  expect(turnedAway.exitCode).toBe(6);
  expect(turnedAway.stdout).toContain("would be turned away by Okta");

  const previewed = await run(["login", "preview"], env);
  expect(previewed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(previewed.stdout.split("\n")).toHaveLength(8);
});
