import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
beforeAll(async () => {
  sandbox = await startSandbox({ aktoConfigured: true });
});
afterAll(() => sandbox.close());

test("the org's groups are there", async () => {
  const response = await fetch(`${sandbox.okta.url}/api/v1/groups?q=Akto`, {
    headers: { authorization: `SSWS ${sandbox.okta.token}` },
  });
  expect(await response.json()).toContainEqual(
    expect.objectContaining({ profile: expect.objectContaining({ name: "Akto Admins" }) }),
  );
});

test("a client waits when Okta asks it to", async () => {
  sandbox.faults.set(["429,times=1"]);
  const response = await fetch(`${sandbox.okta.url}/api/v1/groups`);
  expect(response.headers.get("x-rate-limit-remaining")).toBe("0");
});
