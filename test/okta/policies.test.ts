import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { policyIdIn, readSignInRule, readSimulation } from "../../src/okta/policies.ts";
import type { OktaOrg } from "../../src/okta/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";

const http = createHttpClient({ sleep: async () => {} });
let sandbox: Sandbox;
let org: OktaOrg;
beforeAll(async () => {
  sandbox = await startSandbox({
    scenario: "sign-on-policy-denies",
    seed: { okta: { policySimulation: true } },
  });
  org = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http });
});
afterAll(() => sandbox.close());

describe("an app's authentication policy", () => {
  test("is found by the app's link, its rules in order, the catch-all last", async () => {
    const app = await org.apps.byClientId(sandbox.okta.clientId);
    const policy = await org.signInPolicies.byId(app?.signInPolicyId ?? "");
    const [developers] = await org.groupsNamed("Akto Developers");
    expect(policy).toMatchObject({ name: "Akto", active: true });
    expect(policy?.rules.map(({ name, access, groups, others }) => ({ name, access, groups, others }))).toEqual([
      { name: "No developers", access: "deny", groups: { include: [developers?.id], exclude: [] }, others: [] },
      { name: "Catch-all Rule", access: "allow", groups: { include: [], exclude: [] }, others: [] },
    ]);
    expect(await org.signInPolicies.byId("rstnone")).toBeNull();
  });

  test("is simulated by Okta where the org offers it, and not where it doesn't", async () => {
    const app = await org.apps.byClientId(sandbox.okta.clientId);
    const user = await org.user(logins.developer);
    expect(await org.signInPolicies.simulate(app?.id ?? "", user?.id ?? "")).toEqual({
      matched: [{ id: expect.stringMatching(/^rul/), name: "No developers" }],
      open: [],
    });
    const without = await startSandbox();
    try {
      const { signInPolicies } = createOktaOrg({ origin: without.okta.url, token: without.okta.token, http });
      expect(await signInPolicies.simulate(app?.id ?? "", user?.id ?? "")).toBeNull();
    } finally {
      await without.close();
    }
  });
});

describe("a rule", () => {
  const rule = (conditions: unknown, more = {}) => readSignInRule({ id: "rul1", name: "R", conditions, ...more }).rule;

  test.each([
    [null, []],
    [{ network: { connection: "ANYWHERE" }, riskScore: { level: "ANY" }, userType: { include: [], exclude: [] } }, []],
    [{ platform: { include: [{ type: "ANY", os: { type: "ANY" } }], exclude: [] }, device: null }, []],
    [{ network: { connection: "ZONE", include: ["nzo1"] } }, ["network"]],
    [{ device: { registered: true, managed: false }, riskScore: { level: "HIGH" } }, ["device", "risk"]],
    [{ platform: { include: [{ type: "MOBILE" }] }, elCondition: { condition: "true" } }, ["platform", "expression"]],
    [{ userType: { include: ["oty1"], exclude: [] }, somethingNew: { on: true } }, ["user type", "somethingNew"]],
  ])("with the conditions %j depends on %j", (conditions, others) => {
    expect(rule(conditions).others).toEqual(others);
  });

  test("that neither allows nor denies says so", () => {
    expect(rule(null, { actions: { appSignOn: { access: "MAYBE" } } }).access).toBeNull();
    expect(rule(null, { actions: null }).access).toBeNull();
  });
});

test("A simulation is read as a list and as Okta's example has it, and other kinds of policy are passed over", () => {
  const of = (policyType: unknown, name: string) => ({
    policyType,
    result: { policies: [{ rules: [{ id: "1", name }, null] }] },
    undefined: null,
  });
  const both = [of(["ACCESS_POLICY"], "a"), of("OKTA_SIGN_ON", "b"), of("ACCESS_POLICY", "c")];
  const expected = {
    matched: [expect.objectContaining({ name: "a" }), expect.objectContaining({ name: "c" })],
    open: [],
  };
  expect(readSimulation(both)).toEqual(expected);
  expect(readSimulation({ evaluation: both })).toEqual(expected);
  for (const value of [null, 7, {}, { evaluation: 7 }])
    expect(readSimulation(value)).toEqual({ matched: [], open: [] });
});

test.each([
  ["https://acme.okta.com/api/v1/policies/rst1", "rst1"],
  ["https://acme.okta.com/api/v1/policies/rst1/", "rst1"],
  ["https://acme.okta.com/api/v1/policies/%E0%A4%A", null],
  ["https://acme.okta.com/api/v1/policies/", null],
  [null, null],
])("The link %j leads to %j", (href, id) => {
  expect(policyIdIn(href)).toBe(id);
});
