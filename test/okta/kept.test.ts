/** Whoever changes one setting of an app, a policy or a rule loses none of the others. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import type { AppChange } from "../../src/okta/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { differences, lost } from "../differences.ts";

let sandbox: Sandbox;
let org: ReturnType<typeof createOktaOrg>;
beforeAll(async () => {
  sandbox = await startSandbox();
  org = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http: createHttpClient() });
});
afterAll(() => sandbox.close());

/** Okta as whoever looks at its JSON sees it. */
async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${sandbox.okta.url}${path}`, {
    method,
    headers: { authorization: `SSWS ${sandbox.okta.token}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  expect([path, response.status]).toEqual([path, method === "POST" && path.includes("/policies") ? 201 : 200]);
  return (await response.json()) as Record<string, unknown>;
}

/** Settings that Okta has and this program knows nothing of, and some that Okta may have one day. */
const everySetting = {
  label: "Akto, set up with care",
  signOnMode: "OPENID_CONNECT",
  accessibility: { selfService: true, errorRedirectUrl: "https://acme.example/error", loginRedirectUrl: null },
  visibility: { autoLaunch: true, autoSubmitToolbar: true, hide: { iOS: false, web: false }, fromTomorrow: 1 },
  profile: { owner: "Security", groups: { whitelist: ["Akto"] } },
  licensing: { seatCount: 30 },
  credentials: {
    userNameTemplate: { template: "source.email", type: "CUSTOM", suffix: "@acme.example", pushStatus: "PUSH" },
    oauthClient: {
      autoKeyRotation: false,
      token_endpoint_auth_method: "client_secret_post",
      pkce_required: true,
      client_secret: "a-secret-of-our-own-making",
    },
    fromTomorrow: { deep: true },
  },
  settings: {
    app: { anything: "here" },
    notes: { admin: "Ask Ines first", enduser: "Sign in here" },
    notifications: { vpn: { network: { connection: "ANYWHERE" }, message: "VPN", helpUrl: "https://acme.example" } },
    manualProvisioning: true,
    emOptInStatus: "ENABLED",
    oauthClient: {
      application_type: "web",
      redirect_uris: ["https://acme.example/callback"],
      post_logout_redirect_uris: ["https://acme.example/out"],
      response_types: ["code", "id_token"],
      grant_types: ["authorization_code", "implicit", "refresh_token"],
      initiate_login_uri: "https://acme.example/start",
      idp_initiated_login: { mode: "SPEC", default_scope: ["openid"] },
      consent_method: "REQUIRED",
      issuer_mode: "CUSTOM_URL",
      wildcard_redirect: "SUBDOMAIN",
      client_uri: "https://acme.example",
      logo_uri: "https://acme.example/logo.png",
      policy_uri: "https://acme.example/policy",
      tos_uri: "https://acme.example/terms",
      jwks_uri: "https://acme.example/keys",
      participate_slo: true,
      frontchannel_logout_uri: "https://acme.example/logout",
      frontchannel_logout_session_required: true,
      backchannel_authentication_request_signing_alg: "RS256",
      refresh_token: { rotation_type: "ROTATE", leeway: 30 },
      network: { connection: "ANYWHERE" },
      jwks: { keys: [{ kty: "EC", crv: "P-256", kid: "ci", x: "eA", y: "eQ" }] },
      from_tomorrow: ["x"],
    },
  },
};

const oauth = "settings.oauthClient";
const changes: readonly (readonly [AppChange, readonly string[]])[] = [
  [{ label: "Akto" }, ["label"]],
  [{ redirectUris: ["https://akto.example/callback"] }, [`${oauth}.redirect_uris`]],
  [
    { grantTypes: ["authorization_code"], responseTypes: ["code"] },
    [`${oauth}.response_types`, `${oauth}.grant_types`],
  ],
  [{ clientAuthMethod: "client_secret_basic" }, ["credentials.oauthClient.token_endpoint_auth_method"]],
  [{ pkceRequired: false }, ["credentials.oauthClient.pkce_required"]],
  [{ initiateLoginUri: "https://akto.example/start" }, [`${oauth}.initiate_login_uri`]],
  [{ idpInitiatedLogin: "DISABLED" }, [`${oauth}.idp_initiated_login.mode`]],
  [{ onDashboard: false }, ["visibility.hide.web"]],
];

describe("an app with every setting that there is", () => {
  test("has all of them when it is read again", async () => {
    const { id } = await call("POST", "/api/v1/apps", everySetting);
    const { credentials, settings, ...rest } = everySetting;
    const { client_secret: _, ...oauthClient } = credentials.oauthClient;
    const { jwks, ...client } = settings.oauthClient;
    const sent = {
      ...rest,
      credentials: { ...credentials, oauthClient },
      settings: { ...settings, oauthClient: client },
    };
    const app = await call("GET", `/api/v1/apps/${id}`);
    expect(lost(sent, app)).toEqual([]);
    expect(app).toMatchObject({
      settings: { oauthClient: { jwks: { keys: [expect.objectContaining(jwks.keys[0])] } } },
    });
  });

  test.each(changes)("loses nothing but what %j changes", async (change, expected) => {
    const { id } = await call("POST", "/api/v1/apps", everySetting);
    const path = `/api/v1/apps/${id}`;
    const before = await call("GET", path);
    const [secret] = Object.values(await call("GET", `${path}/credentials/secrets`));
    await org.apps.change(String(id), change);
    const after = await call("GET", path);
    expect(differences(before, after).filter((at) => at !== "lastUpdated")).toEqual(expected);
    expect(Object.values(await call("GET", `${path}/credentials/secrets`))).toEqual([secret]);
  });

  test("loses nothing when a redirect URI is added and taken off again", async () => {
    const { id } = await call("POST", "/api/v1/apps", everySetting);
    const before = await call("GET", `/api/v1/apps/${id}`);
    await org.apps.addRedirectUri(String(id), "http://127.0.0.1:8765/callback");
    expect(differences(before, await call("GET", `/api/v1/apps/${id}`))).toContain(`${oauth}.redirect_uris`);
    await org.apps.removeRedirectUri(String(id), "http://127.0.0.1:8765/callback");
    expect(differences(before, await call("GET", `/api/v1/apps/${id}`)).filter((at) => at !== "lastUpdated")).toEqual(
      [],
    );
  });

  test("shows it when a replacement leaves a setting out", async () => {
    const { id } = await call("POST", "/api/v1/apps", everySetting);
    const { settings, ...rest } = everySetting;
    const { consent_method: _, from_tomorrow: __, ...oauthClient } = settings.oauthClient;
    const before = await call("GET", `/api/v1/apps/${id}`);
    await call("PUT", `/api/v1/apps/${id}`, { ...rest, settings: { ...settings, oauthClient } });
    const after = differences(before, await call("GET", `/api/v1/apps/${id}`));
    expect(after).toEqual(expect.arrayContaining([`${oauth}.consent_method`, `${oauth}.from_tomorrow`]));
  });
});

describe("an access policy and its rule", () => {
  test("keep what they exclude, and a rule its hook and its lifetimes", async () => {
    const [everyone, admins] = Object.values(await call("GET", "/api/v1/groups")) as { id: string }[];
    const [user, other] = Object.values(await call("GET", "/api/v1/users")) as { id: string }[];
    const policies = `/api/v1/authorizationServers/${sandbox.okta.authServerId}/policies`;
    const { id: policyId } = await call("POST", policies, {
      type: "OAUTH_AUTHORIZATION_POLICY",
      name: "With care",
      description: "For some",
      status: "INACTIVE",
      priority: 2,
      conditions: { clients: { include: [sandbox.okta.clientId] } },
    });
    const policy = `${policies}/${policyId}`;
    const { id: ruleId } = await call("POST", `${policy}/rules`, {
      type: "RESOURCE_ACCESS",
      name: "Not for all",
      priority: 1,
      conditions: {
        people: {
          users: { include: [user?.id], exclude: [other?.id] },
          groups: { include: [everyone?.id], exclude: [admins?.id] },
        },
        grantTypes: { include: ["authorization_code"] },
        scopes: { include: ["openid"] },
      },
      actions: {
        token: {
          accessTokenLifetimeMinutes: 25,
          refreshTokenLifetimeMinutes: 50,
          refreshTokenWindowMinutes: 75,
          inlineHook: { id: "calHook" },
        },
      },
    });
    const before = [await call("GET", policy), await call("GET", `${policy}/rules/${ruleId}`)];
    await org.authServers.setPolicyClients(sandbox.okta.authServerId, String(policyId), ["ALL_CLIENTS"]);
    await org.authServers.changeRule(sandbox.okta.authServerId, String(policyId), String(ruleId), {
      grantTypes: ["authorization_code"],
      scopes: ["openid", "email"],
      groups: [everyone?.id ?? ""],
      users: [],
    });
    const after = [await call("GET", policy), await call("GET", `${policy}/rules/${ruleId}`)];
    const changed = before.map((one, index) => differences(one, after[index]).filter((at) => at !== "lastUpdated"));
    expect(changed).toEqual([
      ["conditions.clients.include"],
      ["conditions.people.users.include", "conditions.scopes.include"],
    ]);
  });
});
