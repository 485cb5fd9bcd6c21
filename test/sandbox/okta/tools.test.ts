/**
 * Requests as Okta's own tools send them: the Terraform provider through its `http_proxy`, whose Go SDK leaves the port out
 * of what it asks the proxy for, and the Python SDK, which writes some things in a way of its own.
 */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { differences, lost } from "../../differences.ts";

type Json = Record<string, unknown>;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

interface Sent {
  readonly body?: unknown;
  readonly target?: string;
  readonly authorization?: string;
}

/** Sends a request with this target, whatever it is, and gives the status and the JSON of the answer. */
function send(method: string, path: string, sent: Sent = {}): Promise<{ status: number; json: unknown }> {
  const { port } = new URL(sandbox.okta.url);
  const { target = path, authorization = `SSWS ${sandbox.okta.token}`, body } = sent;
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/json", "content-type": "application/json", authorization };
    const asked = request({ host: "127.0.0.1", port, method, path: target, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, json: text === "" ? undefined : JSON.parse(text) }),
      );
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A request of the Terraform provider. */
async function terraform(method: string, path: string, body?: unknown): Promise<Json> {
  const { status, json } = await send(method, path, { body, target: `http://127.0.0.1${path}` });
  expect([method, path, status]).toEqual([method, path, expect.toSatisfy((code: number) => code < 300)]);
  return json as Json;
}

test("Terraform's provider makes a whole configuration, finds nothing to change in it, and takes it away again", async () => {
  const made: { readonly path: string; readonly sent: unknown }[] = [];
  /** Makes one thing, and reads it at once, as the provider does. */
  async function make(collection: string, sent: Json, query = ""): Promise<string> {
    const { id } = await terraform("POST", `${collection}${query}`, sent);
    const path = `${collection}/${id}`;
    made.push({ path, sent });
    await terraform("GET", path);
    return path;
  }
  const idOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

  // What the provider asks for before anything else, with each of its two SDKs.
  await terraform("GET", "/api/v1/users/me");
  await terraform("GET", "/api/v1/users/me");

  const group = await make("/api/v1/groups", { profile: { name: "Terraform Admins", description: "Made by hand" } });
  const bare = await make("/api/v1/groups", { profile: { name: "Terraform Guests", description: "" } });
  const profile = { firstName: "Terra", lastName: "Form", login: "tf@acme.example", email: "tf@acme.example" };
  const user = await make("/api/v1/users", { profile }, "?activate=true&provider=false");
  await terraform("PUT", `${group}/users/${idOf(user)}`);
  const members = await terraform("GET", `${group}/users?limit=200`);
  expect(Object.values(members)).toHaveLength(1);

  const oauthClient = {
    application_type: "web",
    consent_method: "TRUSTED",
    grant_types: ["authorization_code", "refresh_token"],
    idp_initiated_login: { default_scope: [], mode: "SPEC" },
    initiate_login_uri: "https://akto.example/start",
    issuer_mode: "DYNAMIC",
    post_logout_redirect_uris: ["https://akto.example/out"],
    redirect_uris: ["https://akto.example/callback", "https://*.akto.example/callback"],
    refresh_token: { leeway: 0, rotation_type: "STATIC" },
    response_types: ["code"],
    wildcard_redirect: "SUBDOMAIN",
  };
  const app = await make(
    "/api/v1/apps",
    {
      accessibility: { selfService: false },
      credentials: {
        oauthClient: { autoKeyRotation: true, pkce_required: false, token_endpoint_auth_method: "client_secret_post" },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own template language
        userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
      },
      label: "Made by Terraform",
      name: "oidc_client",
      profile: { owner: "Security" },
      settings: { app: {}, implicitAssignment: false, notes: { admin: "a note", enduser: null }, oauthClient },
      signOnMode: "OPENID_CONNECT",
      visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: false, web: false } },
    },
    "?activate=true",
  );
  const idToken = `/api/v1/internal/apps/${idOf(app)}/settings/oauth/idToken`;
  await terraform("POST", idToken, { issuerMode: "ORG_URL" });
  await terraform("GET", idToken);
  expect(await terraform("GET", "/.well-known/okta-organization")).toMatchObject({ pipeline: "idx" });
  const policies = Object.values(await terraform("GET", "/api/v1/policies?type=ACCESS_POLICY")) as Json[];
  const own = policies.find(({ system }) => system === true);
  await terraform("PUT", `${app}/policies/${own?.id}`);
  expect(await terraform("GET", app)).toMatchObject({
    _links: { accessPolicy: { href: expect.stringContaining(String(own?.id)) } },
  });
  for (const [priority, one] of [group, bare].entries()) {
    await terraform("PUT", `${app}/groups/${idOf(one)}`, { priority, profile: {} });
    made.push({ path: `${app}/groups/${idOf(one)}`, sent: { priority, profile: {} } });
  }
  expect(Object.values(await terraform("GET", `${app}/groups?limit=200`))).toHaveLength(2);

  const server = await make("/api/v1/authorizationServers", {
    audiences: ["api://akto"],
    credentials: { signing: { rotationMode: "AUTO" } },
    description: "For Akto",
    issuerMode: "ORG_URL",
    name: "Terraform",
  });
  await make(`${server}/scopes`, {
    consent: "IMPLICIT",
    default: false,
    metadataPublish: "NO_CLIENTS",
    name: "akto",
    optional: false,
  });
  const claim = { alwaysIncludeInToken: true, claimType: "RESOURCE", conditions: { scopes: [] }, status: "ACTIVE" };
  for (const [type, value] of [
    ["STARTS_WITH", "Akto"],
    ["EQUALS", "Akto Admins"],
    ["CONTAINS", "Akto"],
    ["REGEX", "Akto.*"],
  ]) {
    const filter = { group_filter_type: type, name: `groups_${type}`, value, valueType: "GROUPS" };
    await make(`${server}/claims`, { ...claim, ...filter });
  }
  const expression =
    'Arrays.flatten(Groups.startsWith("OKTA", "Akto", 100), Groups.startsWith("active_directory", "Akto", 100))';
  await make(`${server}/claims`, { ...claim, name: "groups", value: expression, valueType: "EXPRESSION" });
  const policy = await make(`${server}/policies`, {
    conditions: { clients: { include: ["ALL_CLIENTS"] } },
    description: "For all",
    name: "All",
    priority: 1,
    status: "ACTIVE",
    type: "OAUTH_AUTHORIZATION_POLICY",
  });
  const people = { groups: { include: [idOf(group)] }, users: { exclude: [] } };
  const token = { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10_080 };
  const rule = { actions: { token }, priority: 1, status: "ACTIVE", type: "RESOURCE_ACCESS" };
  await make(`${policy}/rules`, {
    ...rule,
    conditions: { grantTypes: { include: ["authorization_code"] }, people, scopes: { include: ["openid", "akto"] } },
    name: "Akto",
  });
  const bareRule = {
    ...rule,
    conditions: { grantTypes: { include: ["implicit"] }, people, scopes: {} },
    name: "No scopes",
  };
  const bareRulePath = await make(`${policy}/rules`, { ...bareRule, priority: 2 });
  expect(await terraform("GET", bareRulePath)).toMatchObject({
    conditions: { scopes: { include: [] }, people: { users: { exclude: [] } } },
  });

  // A second plan reads everything and compares it with what was asked for: nothing may differ.
  for (const { path, sent } of made) {
    const [first, second] = [await terraform("GET", path), await terraform("GET", path)];
    expect([path, lost(sent, first), differences(first, second)]).toEqual([path, [], []]);
  }

  await terraform("POST", `${server}/lifecycle/deactivate`);
  expect(await terraform("POST", `${app}/lifecycle/deactivate`)).toEqual({});
  for (const path of [server, app, group, bare, user, user]) await terraform("DELETE", path);
  expect((await send("GET", user)).status).toBe(404);
});

describe("Okta's Python SDK", () => {
  test("ends a collection's path with a slash, and begins its words for yes and no with a capital", async () => {
    const profile = { firstName: "Py", lastName: "Thon", login: "py@acme.example", email: "py@acme.example" };
    const { status, json } = await send("POST", "/api/v1/users/?activate=False", { body: { profile } });
    expect([status, json]).toMatchObject([200, { status: "STAGED" }]);
    const found = await send("GET", "/api/v1/groups/?q=Akto");
    expect(found.json).toHaveLength(4);
  });

  test("puts the token right behind its scheme", async () => {
    const { status } = await send("GET", "/api/v1/groups", { authorization: `SSWS${sandbox.okta.token}` });
    expect(status).toBe(200);
  });
});

test.each([
  ["PATCH", "/api/v1/groups", 405],
  ["DELETE", "/api/v1/users", 405],
  ["PUT", "/api/v1/apps", 405],
  ["POST", "/.well-known/okta-organization", 405],
  ["PUT", "/oauth2/default/v1/authorize", 405],
  ["GET", "/oauth2/v1/token", 405],
  ["DELETE", "/oauth2/default/v1/userinfo", 405],
  ["GET", "/oauth2/default/v1/introspect", 405],
  ["POST", "/oauth2/default/.well-known/openid-configuration", 405],
  ["PUT", "/.well-known/oauth-authorization-server/oauth2/default", 405],
  ["GET", "/api/v1/nowhere", 404],
])("a method that a path does not take is answered so: %s %s %d", async (method, path, status) => {
  const answer = await send(method, path);
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({ errorCode: status === 405 ? "E0000022" : "E0000008" });
});
