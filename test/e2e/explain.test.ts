import { afterAll, beforeAll, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

it("explains groups, a user and a captured token, and takes exactly one of them", async () => {
  const env = environment(temporaryFolder(), sandbox);
  await run(["sso", "setup", "--no-input"], env);
  expect((await run(["mapping", "add", "Akto Developers", "developer"], env)).exitCode).toBe(0);
  const explain = (args: string[], input = "") => run(["login", "explain", "--json", ...args], env, input);

  const group = await explain(["--group", "Finance", "Akto Developers", "--expect-role", "developer"]);
  expect(group.exitCode).toBe(0);
  expect(JSON.parse(group.stdout)).toMatchObject({ user: null, role: { id: "DEVELOPER", group: "Akto Developers" } });
  expect((await explain(["--group", "Finance", "--expect-role", "developer"])).exitCode).toBe(6);

  const developer = await explain(["--user", "priya.raman@brightwell.example"]);
  expect(developer).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(developer.stdout)).toMatchObject({
    role: { id: "DEVELOPER", decidedBy: "mapping" },
    groups: { source: "access_token" },
  });
  expect((await explain(["--user", "nobody@nowhere.example"])).exitCode).toBe(2);

  const payload = Buffer.from(JSON.stringify({ groups: ["Akto Developers"], iss: "https://x.example", exp: 1 }));
  const token = `e30.${payload.toString("base64url")}.c2ln`;
  const captured = await explain(["--token", "-"], token);
  expect(captured).toMatchObject({ exitCode: 0 });
  expect(captured.stdout + captured.stderr).not.toContain(token);
  const { role, checks } = JSON.parse(captured.stdout);
  expect(role.id).toBe("DEVELOPER");
  expect(checks).toContainEqual(expect.objectContaining({ id: "token.signature", status: "warn" }));
  expect(checks).toContainEqual(expect.objectContaining({ id: "token.expiry", status: "warn" }));

  expect((await explain([])).exitCode).toBe(2);
  expect((await explain(["--user", "a@b.example", "--group", "x"])).exitCode).toBe(2);
}, 60_000);
