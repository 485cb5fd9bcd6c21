/**
 * The sandbox held to what real Okta orgs answered: some 5,000 recorded answers to Okta's own Terraform provider and
 * Python SDK, told by endpoint and status. The requests here are those of the recordings.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idTokenClaimRoutes } from "../../../src/sandbox/okta/api/id-token-claim.ts";
import { acme, token } from "./org.ts";
import { type Asked, readKey, recorded, startAsked, tell } from "./recorded.ts";
import { unmet } from "./sdk.ts";

const oidcApp = (label: string) => ({
  accessibility: { selfService: false },
  credentials: {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own template language
    userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
    oauthClient: { autoKeyRotation: true, pkce_required: false, token_endpoint_auth_method: "client_secret_basic" },
  },
  label,
  name: "oidc_client",
  settings: {
    app: {},
    implicitAssignment: false,
    notes: { admin: null, enduser: null },
    oauthClient: {
      application_type: "web",
      consent_method: "TRUSTED",
      grant_types: ["authorization_code"],
      idp_initiated_login: { default_scope: [], mode: "DISABLED" },
      issuer_mode: "ORG_URL",
      redirect_uris: ["https://app.example/callback"],
      response_types: ["code"],
      wildcard_redirect: "DISABLED",
    },
  },
  signOnMode: "OPENID_CONNECT",
  visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: true, web: true } },
});

/** Endpoints of the recordings that the sandbox does not answer so, and why. */
const unanswered: Readonly<Record<string, string>> = {
  "POST /api/v1/apps 400":
    "The one recorded refusal is of a SAML app for Office 365; the sandbox has OpenID Connect apps.",
  "DELETE /api/v1/apps/{id} 500": "A fault of Okta's own on that day; the sandbox has faults for that, see faults.ts.",
  "POST /api/v1/users/{id}/lifecycle/deactivate 204": "The same request was answered 200 and {} four times as often.",
  "POST /api/v1/users/{id}/lifecycle/expire_password_with_temp_password 200": "Nobody has a password here.",
  "POST /oauth2/v1/token 400": "Met in oidc-tokens.test.ts, where an app proves its key.",
  "POST /oauth2/v1/token 200": "Met with Okta's SDK in api.test.ts, whose service app signs with a key.",
};

/** What differs from the recordings in an answer, and why: endpoint (a part of it) and key → the reason. */
const differs: readonly (readonly [endpoint: string, key: RegExp, why: string])[] = [
  [
    "GET /.well-known/okta-organization",
    /^_links\.alternate/,
    "The sandbox has a custom domain; no recorded org had one.",
  ],
  ["/users", /^credentials\.emails/, "Seen in the oldest recordings alone."],
  ["/users/{id}/groups", /^profile\./, "The recordings leave out how these groups are called."],
  ["GET /api/v1/groups/{id}/apps", /./, "The one recorded app is none of OpenID Connect."],
  ["/apps", /^settings\.oauthClient\.(frontchannel|network|post_logout)/, "Only there when it was sent."],
  ["/apps", /^settings\.oauthClient\.jwks/, "Only there for an app with keys, whose parts depend on their kind."],
  ["/apps", /^settings\.oauthClient\.issuer_mode$/, "Given back as it was sent."],
  ["/rules", /^(conditions\.(grantTypes|scopes)|actions\.token\.inlineHook)/, "Given back as it was sent."],
  ["GET /api/v1/org 200", /^subdomain$/, "Every org has its own."],
  ["POST /api/v1/users/{id} 200", /^_links\./, "The one recorded user had not been activated yet."],
  ["", /^(name|description)$/, "Given back as it was sent."],
  ["GET /api/v1/authorizationServers 200", /^default$/, "The one recorded list is older than this key."],
  [
    "GET /api/v1/policies",
    /^_links\.(mappings|deactivate)/,
    "The org's own policy has neither, in the recordings too.",
  ],
  ["/scopes", /^(displayName|consent|optional|apiResourceId)$/, "Given back as it was sent."],
  [
    "/claims",
    /^(claimType|valueType|value|status|alwaysIncludeInToken|group_filter_type)$/,
    "Given back as it was sent.",
  ],
  ["/idToken", /^(valueType|name|value)$/, "Given back as it was sent."],
  ["/users", /^(status|activated|statusChanged|passwordChanged|credentials\.password)$/, "As the user's life goes on."],
  ["/roles", /^type$/, "The sandbox has more of Okta's roles."],
];
const whyDiffers = (endpoint: string, key: string) =>
  differs.find(([part, keys]) => endpoint.includes(part) && keys.test(key))?.[2];

let asked: Asked;
beforeAll(async () => {
  asked = await startAsked({
    ...acme,
    apiTokens: [...acme.apiTokens, { token: "00second" }],
  });
  const { ask, org } = asked;
  await ask("GET", "/.well-known/okta-organization", 200);
  await ask("GET", "/api/v1/org", 200);

  const [tokens] = [await ask("GET", "/api/v1/api-tokens", 200)];
  await ask("GET", `/api/v1/api-tokens/${tokens[1]?.id}`, 200);
  await ask("DELETE", `/api/v1/api-tokens/${tokens[1]?.id}`, 204);
  await ask("DELETE", "/api/v1/api-tokens/00Tinvalid7777777777", 404);

  const group = await ask("POST", "/api/v1/groups", 200, { profile: { name: "Team", description: "A team" } });
  await ask("POST", "/api/v1/groups", 200, { profile: { name: "Bare" } });
  await ask("GET", `/api/v1/groups/${group.id}`, 200);
  await ask("PUT", `/api/v1/groups/${group.id}`, 200, { profile: { name: "Crew", description: "A crew" } });
  await ask("GET", "/api/v1/groups?q=Crew", 200);

  const profile = { firstName: "Joan", lastName: "Clarke", login: "joan@acme.example", email: "joan@acme.example" };
  const user = await ask("POST", "/api/v1/users?activate=true", 200, { profile });
  const withPassword = {
    profile: { ...profile, login: "max@acme.example" },
    credentials: { password: { value: "x" } },
  };
  const other = await ask("POST", "/api/v1/users?activate=True", 200, withPassword);
  await ask("GET", `/api/v1/users/${user.id}`, 200);
  await ask("PUT", `/api/v1/users/${user.id}`, 200, { profile: { ...profile, lastName: "Murray" } });
  await ask("GET", "/api/v1/users?limit=200", 200);
  await ask("PUT", `/api/v1/groups/${group.id}/users/${user.id}`, 204);
  await ask("GET", `/api/v1/groups/${group.id}/users?limit=200`, 200);
  await ask("GET", `/api/v1/users/${user.id}/groups`, 200);
  await ask("DELETE", `/api/v1/groups/${group.id}/users/${user.id}`, 204);
  await ask("GET", "/api/v1/users/ada@acme.example/roles", 200);

  const created = await ask("POST", "/api/v1/apps?activate=true", 200, oidcApp("Recorded"));
  const app = `/api/v1/apps/${created.id}`;
  const idToken = `/api/v1/internal/apps/${created.id}/settings/oauth/idToken`;
  await ask("POST", idToken, 200, { valueType: "EXPRESSION", issuerMode: "ORG_URL", name: "bb", value: "aa" });
  await ask("GET", idToken, 200);
  await ask("GET", "/api/v1/internal/apps/0oanone/settings/oauth/idToken", 404);
  await ask("GET", app, 200);
  await ask("PUT", app, 200, oidcApp("Recorded again"));
  await ask("GET", "/api/v1/apps?limit=1", 200);
  await ask("GET", `${app}/credentials/secrets`, 200);
  await ask("PUT", `${app}/groups/${group.id}`, 200, { priority: 0, profile: {} });
  await ask("GET", `${app}/groups/${group.id}`, 200);
  await ask("GET", `${app}/groups?limit=200`, 200);
  await ask("GET", `/api/v1/groups/${group.id}/apps`, 200);
  await ask("DELETE", `${app}/groups/${group.id}`, 204);
  const assignment = { id: user.id, scope: "USER", credentials: { userName: profile.login } };
  await ask("GET", `${app}/users`, 200);
  await ask("POST", `${app}/users`, 200, assignment);
  await ask("GET", `${app}/users/${user.id}`, 200);
  await ask("POST", `${app}/users/${user.id}`, 200, assignment);
  await ask("DELETE", `${app}/users/${user.id}`, 204);

  const [policy] = [await ask("GET", "/api/v1/policies?type=ACCESS_POLICY", 200)];
  await ask("GET", `/api/v1/policies/${policy[0]?.id}`, 200);
  await ask("PUT", `${app}/policies/${policy[0]?.id}`, 204);
  await ask("DELETE", app, 403);
  await ask("POST", `${app}/lifecycle/deactivate`, 200);
  await ask("POST", `${app}/lifecycle/activate`, 200);

  await ask("POST", `/api/v1/users/${other.id}`, 200, { profile: { lastName: "Newman" } });
  await ask("POST", `/api/v1/users/${other.id}/lifecycle/suspend`, 200);
  await ask("POST", `/api/v1/users/${other.id}/lifecycle/unsuspend`, 200);
  await ask("POST", `/api/v1/users/${other.id}/lifecycle/expire_password`, 200);
  await ask("POST", `/api/v1/users/${user.id}/lifecycle/deactivate`, 200);
  await ask("DELETE", `/api/v1/users/${user.id}`, 204);
  await ask("DELETE", `/api/v1/groups/${group.id}`, 204);

  const servers = "/api/v1/authorizationServers";
  const serverBody = {
    audiences: ["https://api.example"],
    credentials: { signing: { rotationMode: "AUTO" } },
    description: "test",
    issuerMode: "ORG_URL",
    name: "Recorded",
  };
  const server = `${servers}/${(await ask("POST", servers, 201, serverBody)).id}`;
  await ask("GET", servers, 200);
  await ask("GET", server, 200);
  await ask("GET", `${servers}/ausNone`, 404);
  await ask("PUT", server, 200, { ...serverBody, credentials: { signing: { rotationMode: "MANUAL" } } });
  await ask("POST", `${server}/credentials/lifecycle/keyRotate`, 200, { use: "sig" });
  const claimBody = {
    alwaysIncludeInToken: true,
    claimType: "RESOURCE",
    conditions: { scopes: [] },
    name: "test",
    status: "INACTIVE",
    value: '"driving!"',
    valueType: "EXPRESSION",
  };
  const claim = await ask("POST", `${server}/claims`, 201, claimBody);
  await ask("GET", `${server}/claims`, 200);
  await ask("GET", `${server}/claims/${claim.id}`, 200);
  await ask("PUT", `${server}/claims/${claim.id}`, 200, claimBody);
  await ask("DELETE", `${server}/claims/${claim.id}`, 204);
  const scopeBody = { consent: "REQUIRED", displayName: "test", metadataPublish: "NO_CLIENTS", name: "test:something" };
  const scope = await ask("POST", `${server}/scopes`, 201, scopeBody);
  await ask("GET", `${server}/scopes/${scope.id}`, 200);
  await ask("PUT", `${server}/scopes/${scope.id}`, 200, { ...scopeBody, metadataPublish: "ALL_CLIENTS" });
  await ask("GET", `${server}/scopes/scpNone`, 404);
  await ask("DELETE", `${server}/scopes/${scope.id}`, 204);
  await ask("GET", `${server}/scopes`, 200);
  const policyBody = {
    conditions: { clients: { include: ["ALL_CLIENTS"] } },
    description: "test",
    name: "test",
    priority: 1,
    status: "ACTIVE",
    type: "OAUTH_AUTHORIZATION_POLICY",
  };
  const accessPolicy = `${server}/policies/${(await ask("POST", `${server}/policies`, 201, policyBody)).id}`;
  await ask("GET", accessPolicy, 200);
  await ask("GET", `${server}/policies/00pNone`, 404);
  await ask("PUT", accessPolicy, 200, { ...policyBody, name: "test_updated" });
  const everyone = [...org.state.groups.keys()][0];
  const ruleBody = {
    actions: {
      token: { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10_080 },
    },
    conditions: {
      grantTypes: { include: ["implicit"] },
      people: { groups: { include: [everyone] }, users: { exclude: [] } },
      scopes: {},
    },
    name: "test",
    priority: 1,
    status: "ACTIVE",
    type: "RESOURCE_ACCESS",
  };
  const rule = `${accessPolicy}/rules/${(await ask("POST", `${accessPolicy}/rules`, 201, ruleBody)).id}`;
  await ask("GET", rule, 200);
  const hooked = { token: { ...ruleBody.actions.token, inlineHook: { id: "cal9i735arKpZJrYQ1d7" } } };
  await ask("PUT", rule, 200, { ...ruleBody, actions: hooked });
  await ask("DELETE", rule, 204);
  await ask("DELETE", accessPolicy, 204);
  await ask("POST", `${server}/lifecycle/deactivate`, 204);
  await ask("POST", `${server}/lifecycle/activate`, 204);
  await ask("DELETE", server, 204);
  org.state.apiAccessManagement = false;
  await ask("POST", servers, 401, serverBody);
  await ask("GET", server, 401);
});
afterAll(() => asked.org.close());

test("every recorded endpoint is asked, or has a reason why not", () => {
  const met = new Set(asked.answers.map(({ endpoint }) => endpoint));
  expect([...recorded.keys()].filter((endpoint) => !met.has(endpoint)).sort()).toEqual(Object.keys(unanswered).sort());
});

describe.each([...recorded].filter(([endpoint]) => !(endpoint in unanswered)))("%s", (endpoint, { keys, ...row }) => {
  const answers = () => asked.answers.filter((answer) => answer.endpoint === endpoint);
  const objects = () => answers().flatMap((answer) => answer.objects);
  const known = new Map(Object.entries(keys ?? {}).map(([key, text]) => [key, readKey(text)]));

  test("has a body if and only if Okta's has one", () => {
    const body = row.objects !== undefined || row.errors !== undefined || row.withLinkHeader !== undefined;
    expect(answers().map(({ empty }) => empty)).toEqual(answers().map(() => !body));
  });

  test("has Link headers if Okta's lists have them, and none otherwise", () => {
    const { withLinkHeader: linked = 0, recordings } = row;
    // Where it was one and the other, it is for the sandbox to choose.
    if (linked > 0 && linked < recordings) return;
    expect(answers().map((answer) => answer.linked)).toEqual(answers().map(() => linked > 0));
  });

  test("lacks no key that more than 95 % of Okta's answers have", () => {
    const needed = [...known].filter(([key, { share }]) => share > 0.95 && !whyDiffers(endpoint, key));
    for (const object of objects()) {
      const told = new Set(tell(object).map(({ path }) => path));
      expect(needed.map(([key]) => key).filter((key) => !told.has(key))).toEqual([]);
    }
  });

  test("has no key, no kind of value and no word that Okta's answers never had", () => {
    if (row.errors) return;
    for (const object of objects()) {
      const strange = tell(object).filter(({ path, kind, value }) => {
        if (whyDiffers(endpoint, path)) return false;
        const key = known.get(path);
        return !key?.kinds.has(kind) || (value !== "" && key.values?.has(value.toLowerCase()) === false);
      });
      expect(strange).toEqual([]);
    }
  });

  test("is refused in Okta's own words", () => {
    if (!row.errors) return;
    const plain = (text: string) => text.replace(/: \S+ \(/, ": ID (");
    const told = row.errors.map((error) => [error.errorCode, plain(error.errorSummary), error.errorCauses]);
    for (const object of objects() as ErrorBody[]) {
      const causes = object.errorCauses.map(({ errorSummary }) => errorSummary);
      expect(told).toContainEqual([object.errorCode, plain(object.errorSummary), causes]);
      expect(object).toMatchObject({ errorLink: object.errorCode, errorId: expect.stringMatching(/^oae/) });
    }
  });
});

interface ErrorBody {
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly errorCauses: readonly { readonly errorSummary: string }[];
}

test("no endpoint of these is without a test", () => {
  expect(unmet(asked.org, idTokenClaimRoutes)).toEqual([]);
});

test("no reason stands here for nothing", () => {
  const told = asked.answers.flatMap(({ endpoint, objects }) =>
    objects.flatMap((object) => tell(object).map(({ path }) => [endpoint, path] as const)),
  );
  const asKnown = [...recorded].flatMap(([endpoint, { keys }]) =>
    Object.keys(keys ?? {}).map((key) => [endpoint, key] as const),
  );
  const idle = differs.filter(
    ([part, keys]) => ![...told, ...asKnown].some(([endpoint, key]) => endpoint.includes(part) && keys.test(key)),
  );
  expect(idle).toEqual([]);
});

test.each([
  ["/api/v1/apps", "?limit=20"],
  ["/api/v1/apps?limit=500", "?limit=200"],
  ["/api/v1/users", "?limit=200"],
  ["/api/v1/users?q=a", "?q=a&limit=10"],
  ["/api/v1/groups", "?limit=10000"],
  ["/api/v1/groups/{everyone}/users", "?limit=1000"],
  ["/api/v1/apps/{app}/groups", "?limit=20"],
  ["/api/v1/apps/{app}/users", "?limit=50"],
])("the link of %s to itself says how long its pages are: %s", async (path, expected) => {
  const { state, call } = asked.org;
  const [everyone, app] = [[...state.groups.keys()][0] ?? "", [...state.apps.keys()][0] ?? ""];
  const { headers } = await call("GET", path.replace("{everyone}", everyone).replace("{app}", app));
  const self = /<([^>]+)>; rel="self"/.exec(headers.get("link") ?? "")?.[1] ?? "";
  expect(new URL(self).search).toBe(expected);
});

test("a list of authorization servers is known to be over when a page of it is empty", async () => {
  const { state, call } = asked.org;
  state.apiAccessManagement = true;
  const next = async (path: string) => {
    const { headers, json } = await call("GET", path);
    return { rows: (json as unknown[]).length, next: /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1] };
  };
  const first = await next("/api/v1/authorizationServers");
  expect(first.rows).toBe(1);
  expect(await next(first.next ?? "")).toEqual({ rows: 0, next: undefined });
});

test("a token may stand right behind its scheme, and a request without any is one without a session", async () => {
  expect((await asked.org.call("GET", "/api/v1/org", undefined, `SSWS${token}`)).status).toBe(200);
  const response = await fetch(`${asked.org.url}/api/v1/org`);
  expect([response.status, await response.json()]).toMatchObject([
    403,
    { errorCode: "E0000005", errorSummary: "Invalid session", errorCauses: [] },
  ]);
});
