import { afterAll, beforeAll, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  const keyOwner = "agentic.admin@brightwell.example";
  const members = [{ login: keyOwner, scopeRoleMapping: { AGENTIC: "GUEST", ENDPOINT: "ADMIN" } }];
  sandbox = await startSandbox({ aktoConfigured: true, seed: { akto: { keyOwner, members } } });
});
afterAll(() => sandbox.close());

it("finds the product that the key's owner is an Admin of, says so once and keeps it in the profile", async () => {
  const folder = temporaryFolder();
  const env = environment(folder, sandbox);
  const told = "has access to Akto's product ENDPOINT, not to API: requests name ENDPOINT from now on";
  // Nothing is kept without a profile for this Akto.
  const list = await run(["mapping", "list", "--json"], env);
  expect(list).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`${told} (AKTO_PRODUCT=ENDPOINT saves`) });
  expect(JSON.parse(list.stdout)).toEqual({ source: "akto", mapping: [] });

  const setup = await run(["sso", "setup", "--no-input"], env);
  expect(setup, setup.stderr).toMatchObject({ exitCode: 0 });
  expect(setup.stderr.split("requests name ENDPOINT").length).toBe(2);
  const again = await run(["mapping", "add", "Akto Admins", "admin"], env);
  expect(again).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("product") });
});

it("goes by the product that is named, and says what to do when that is out of reach", async () => {
  const env = environment(temporaryFolder(), sandbox);
  expect(await run(["mapping", "list"], { ...env, AKTO_PRODUCT: "endpoint" })).toMatchObject({
    exitCode: 0,
    stderr: expect.not.stringContaining("product"),
  });
  expect(await run(["mapping", "list", "--akto-product", "API"], env)).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/You do not have access to this product.*\n.*--akto-product or AKTO_PRODUCT/),
  });
  expect(await run(["mapping", "list", "--akto-product", "a/b"], env)).toMatchObject({ exitCode: 2 });
});
