/** Authentication policies: kept as Okta keeps them, asked at every sign-in, and simulated where the org offers it. */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { OktaSeed } from "../../../src/sandbox/okta/types.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { expectValid, readLog, told } from "./log.ts";
import { acme, redirectUri, startOrg } from "./org.ts";

const clientId = acme.apps[0].clientId;
const grace = "grace@acme.example";
const org = await startOrg({
  ...acme,
  apps: [{ ...acme.apps[0], signOnPolicy: "Akto" }],
  signOnPolicies: [
    { name: "Akto", rules: [{ name: "Nobody of Security", access: "DENY", groups: ["Akto Security"] }] },
  ],
  policySimulation: true,
} satisfies OktaSeed);
afterAll(() => org.close());

const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("The seed lacks what the test needs");
  return value;
};
const app = found([...org.state.apps.values()][0]);
const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));
const policy = found(org.state.signOnPolicies.get(app.signOnPolicyId));
const at = `/api/v1/policies/${policy.id}`;
interface Shown {
  readonly id: string;
  readonly name: string;
  readonly [key: string]: unknown;
}

/** Signs Grace in, and gives what comes back to the app. */
async function signIn(): Promise<Record<string, string>> {
  const query = { client_id: clientId, response_type: "code", scope: "openid", redirect_uri: redirectUri, state: "x" };
  const visit = await new Visitor().signIn(
    `${org.url}/oauth2/default/v1/authorize?${new URLSearchParams(query)}`,
    grace,
  );
  return Object.fromEntries(visit.url.searchParams);
}

describe("The management API", () => {
  test("lists policies and rules as Okta describes them, the catch-all last", async () => {
    const list = await org.call("GET", "/api/v1/policies?type=ACCESS_POLICY");
    expect(list.headers.get("link")).toContain('rel="self"');
    for (const one of list.json as Shown[]) {
      expectValid("AccessPolicy", one);
      expect(one).toMatchObject({ type: "ACCESS_POLICY", conditions: null, _embedded: { resourceType: "APP" } });
    }
    const { json } = await org.call("GET", `${at}/rules`);
    const rules = json as Shown[];
    for (const rule of rules) expectValid("AccessPolicyRule", rule);
    expect(rules.map(({ name, priority, system }) => [name, priority, system])).toEqual([
      ["Nobody of Security", 0, false],
      ["Catch-all Rule", 99, true],
    ]);
    expect(rules.at(-1)?.conditions).toBeNull();
  });

  test("has the keys that recorded answers of real orgs have", async () => {
    const recorded: Record<string, readonly string[]> = JSON.parse(
      readFileSync("test/fixtures/okta-recorded-policies.json", "utf8"),
    );
    const body = { name: "New", type: "ACCESS_POLICY", description: "d" };
    const made = (await org.call("POST", "/api/v1/policies", body)).json as Shown;
    const rule = { name: "R", type: "ACCESS_POLICY", actions: { appSignOn: { access: "ALLOW" } } };
    const madeRule = (await org.call("POST", `/api/v1/policies/${made.id}/rules`, rule)).json as Shown;
    const answers = {
      "GET /api/v1/policies": ((await org.call("GET", "/api/v1/policies?type=ACCESS_POLICY")).json as Shown[]).at(-1),
      "POST /api/v1/policies": made,
      "GET /api/v1/policies/{id}": (await org.call("GET", `/api/v1/policies/${made.id}`)).json,
      "POST /api/v1/policies/{id}/rules": madeRule,
      "GET /api/v1/policies/{id}/rules/{id}": (
        await org.call("GET", `/api/v1/policies/${made.id}/rules/${madeRule.id}`)
      ).json,
    };
    for (const [request, answer] of Object.entries(answers)) {
      const shown = pathsOf(answer);
      expect([request, recorded[request]?.filter((path) => !shown.has(path))]).toEqual([request, []]);
    }
    expect((await org.call("DELETE", `/api/v1/policies/${made.id}`)).status).toBe(204);
  });

  test("refuses what Okta refuses", async () => {
    const { json: rules } = await org.call("GET", `${at}/rules`);
    const last = (rules as Shown[]).at(-1);
    expect(await org.call("GET", "/api/v1/policies")).toMatchObject({ status: 400 });
    expect(await org.call("DELETE", `${at}/rules/${last?.id}`)).toMatchObject({ status: 403 });
    expect(await org.call("GET", `${at}/rules/0prnone`)).toMatchObject({
      status: 404,
      json: { errorCode: "E0000007", errorSummary: "Not found: Resource not found: 0prnone (PolicyRule)" },
    });
    expect(await org.call("POST", `${at}/rules`, { name: "x" })).toMatchObject({ status: 400 });
  });

  test("puts an app under another policy, and under the org's own when its policy goes", async () => {
    const shown = async () =>
      (await org.call("GET", `/api/v1/apps/${app.id}`)).json as { _links: Record<string, unknown> };
    const own = app.signOnPolicyId;
    const made = await org.call("POST", "/api/v1/policies", { name: "Other", type: "ACCESS_POLICY" });
    const { id } = made.json as Shown;
    expect((await org.call("PUT", `/api/v1/apps/${app.id}/policies/${id}`)).status).toBe(204);
    expect((await shown())._links.accessPolicy).toEqual({ href: `${org.url}/api/v1/policies/${id}` });
    const { json: mappings } = await org.call("GET", `/api/v1/policies/${id}/mappings`);
    for (const mapping of mappings as unknown[]) expectValid("PolicyMapping", mapping);
    expect(mappings).toHaveLength(1);
    await org.call("DELETE", `/api/v1/policies/${id}`);
    expect(org.state.signOnPolicies.get(app.signOnPolicyId)?.system).toBe(true);
    app.signOnPolicyId = own;
  });
});

describe("A sign-in", () => {
  test("is denied by the first rule that is for the user, before the authorization server's policy is asked", async () => {
    expect(await signIn()).toMatchObject({
      error: "access_denied",
      error_description: "The resource owner or authorization server denied the request.",
    });
    const events = await readLog(org);
    expect(told(events).slice(-2)).toEqual([
      "policy.evaluate_sign_on DENY Sign-on policy evaluation resulted in DENY",
      "app.oauth2.as.authorize FAILURE access_denied",
    ]);
    expect(events.at(-2)?.target).toContainEqual(
      expect.objectContaining({ type: "Rule", displayName: "Nobody of Security" }),
    );
  });

  test.each([
    ["a rule that is switched off", { status: "INACTIVE" }],
    ["a rule that leaves the user out", { conditions: { people: { users: { exclude: [user.id] } } } }],
    ["a rule for another zone", { conditions: { network: { connection: "ZONE", include: ["nzo1"] } } }],
    ["a rule for managed devices", { conditions: { device: { registered: true, managed: true } } }],
    ["a rule for a high risk", { conditions: { riskScore: { level: "HIGH" } } }],
    ["a rule for phones", { conditions: { platform: { include: [{ type: "MOBILE" }] } } }],
    ["a rule with an expression", { conditions: { elCondition: { condition: "user.x == 1" } } }],
  ])("passes %s", async (_, change) => {
    const rule = found(policy.rules[0]);
    const before = { ...rule };
    Object.assign(rule, change);
    expect(await signIn()).toHaveProperty("code");
    Object.assign(rule, before);
  });

  test("is denied by a catch-all that denies", async () => {
    const [first, last] = policy.rules;
    Object.assign(found(first), { status: "INACTIVE" });
    const { actions } = found(last);
    Object.assign(found(last), { actions: { appSignOn: { access: "DENY" } } });
    expect(await signIn()).toMatchObject({ error: "access_denied" });
    Object.assign(found(last), { actions });
    Object.assign(found(first), { status: "ACTIVE" });
  });
});

describe("A simulation", () => {
  const ask = (context: unknown, query = "") =>
    org.call("POST", `/api/v1/policies/simulate${query}`, [
      { appInstance: app.id, policyContext: context, policyTypes: ["ACCESS_POLICY"] },
    ]);
  const statuses = (json: unknown, part: string) =>
    (json as Record<string, { policies: { rules: Shown[] }[] }>[]).flatMap((one) =>
      (one[part]?.policies ?? []).flatMap(({ rules }) => rules.map(({ name, status }) => [name, status])),
    );

  test("tells which rule is for the user, and of which ones it takes a browser to tell", async () => {
    const { status, json } = await ask({ user: { id: user.id } });
    expect(status).toBe(200);
    expectValid("SimulatePolicyResponse", json);
    expect(statuses(json, "result")).toEqual([["Nobody of Security", "MATCH"]]);

    const rule = found(policy.rules[0]);
    const { conditions } = rule;
    rule.conditions = { ...conditions, network: { connection: "ZONE", include: ["nzo1"] } };
    const later = (await ask({ user: { id: user.id } }, "?expand=EVALUATED")).json;
    expect(statuses(later, "undefined")).toEqual([["Nobody of Security", "UNDEFINED"]]);
    expect(statuses(later, "result")).toEqual([["Catch-all Rule", "MATCH"]]);
    rule.conditions = { people: { users: { include: ["00unobody"] } } };
    expect(statuses((await ask({ user: { id: user.id } }, "?expand=EVALUATED")).json, "evaluated")).toEqual([
      ["Nobody of Security", "NOT_MATCH"],
    ]);
    rule.conditions = conditions;
  });

  test("is refused for nobody, for an unknown app, and where the org does not offer it", async () => {
    expect((await ask({})).status).toBe(400);
    expect((await ask({ user: { id: "00unone" } })).status).toBe(404);
    expect((await org.call("POST", "/api/v1/policies/simulate", [{ appInstance: "x" }])).status).toBe(404);
    org.state.policySimulation = false;
    expect((await ask({ user: { id: user.id } })).status).toBe(404);
    org.state.policySimulation = true;
  });
});

/** Every path to a value, with `[]` for the members of a list. */
function pathsOf(value: unknown, path = ""): Set<string> {
  if (Array.isArray(value)) {
    return new Set(value.length === 0 ? [`${path}[]`] : value.flatMap((one) => [...pathsOf(one, `${path}[]`)]));
  }
  if (typeof value !== "object" || value === null) return new Set([path]);
  return new Set(
    Object.entries(value).flatMap(([key, one]) => [...pathsOf(one, path === "" ? key : `${path}.${key}`)]),
  );
}
