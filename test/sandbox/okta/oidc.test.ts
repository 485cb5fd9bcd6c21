/** The authorization servers of the org, over HTTP: a visitor signs in, and the app redeems the code. */
import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AppRecord, AuthorizationServerRecord, ClaimRecord } from "../../../src/sandbox/okta/types.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { acme, type RunningOrg, redirectUri, startOrg } from "./org.ts";

const [clientId, clientSecret] = [acme.apps[0].clientId, acme.apps[0].clientSecret];
const grace = "grace@acme.example";

let org: RunningOrg;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.close());

let app: AppRecord;
let server: AuthorizationServerRecord;
let claim: ClaimRecord;
beforeEach(() => {
  app = found([...org.state.apps.values()][0]);
  server = found(org.state.authorizationServers.get("default"));
  claim = found([...server.claims.values()].find(({ name }) => name === "groups"));
});

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The seed lacks what the test needs");
  return value;
}

function authorizeUrl(params: Record<string, string | null> = {}, base = `${org.url}/oauth2/default`): string {
  const url = new URL(`${base}/v1/authorize`);
  const all = {
    client_id: clientId,
    response_type: "code",
    scope: "openid email profile",
    redirect_uri: redirectUri,
    state: "xyz",
    ...params,
  };
  for (const [name, value] of Object.entries(all)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

/** Asks without a session, as a probe does. */
async function probe(params: Record<string, string | null> = {}) {
  const response = await fetch(authorizeUrl({ prompt: "none", ...params }), { redirect: "manual" });
  const location = response.headers.get("location");
  const query = location === null ? undefined : Object.fromEntries(new URL(location).searchParams);
  return { status: response.status, query, text: await response.text() };
}

async function redeem(code: string | null, params: Record<string, string> = {}, base = `${org.url}/oauth2/default`) {
  const body = { grant_type: "authorization_code", code: code ?? "", redirect_uri: redirectUri };
  const response = await fetch(`${base}/v1/token`, {
    method: "POST",
    body: new URLSearchParams({ ...body, client_id: clientId, client_secret: clientSecret, ...params }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
}

async function tokens(login = grace, params: Record<string, string> = {}, base = `${org.url}/oauth2/default`) {
  const visit = await new Visitor().signIn(authorizeUrl(params, base), login);
  return redeem(visit.url.searchParams.get("code"), {}, base);
}

const accessClaims = async (login = grace) => decodeJwt((await tokens(login)).json.access_token ?? "");

describe("a probe without a session", () => {
  test("is told to sign in when all is right with the request", async () => {
    expect(await probe()).toMatchObject({ status: 302, query: { error: "login_required", state: "xyz" } });
  });

  test("gets the page that names what is wrong for another client id or redirect URI, down to a slash", async () => {
    expect(await probe({ client_id: "0oaOther" })).toMatchObject({ status: 400, query: undefined });
    expect((await probe({ client_id: "0oaOther" })).text).toContain("client_id");
    const slash = await probe({ redirect_uri: `${redirectUri}/` });
    expect(slash.status).toBe(400);
    expect(slash.text).toContain("redirect_uri");
    app.status = "INACTIVE";
    expect((await probe()).status).toBe(400);
    app.status = "ACTIVE";
  });

  test("hears of unknown scopes, a missing state, a demand for PKCE and a policy that lets nobody in", async () => {
    expect((await probe({ scope: "openid groups" })).query).toMatchObject({ error: "invalid_scope" });
    expect((await probe({ state: null })).query?.error_description).toContain("'state'");
    app.pkceRequired = true;
    expect((await probe()).query).toMatchObject({
      error: "invalid_request",
      error_description: expect.stringContaining("PKCE"),
    });
    app.pkceRequired = false;
    const [policy] = server.policies;
    found(policy).clients = ["0oaSomeoneElse"];
    expect((await probe()).query).toMatchObject({
      error: "access_denied",
      error_description: "Policy evaluation failed for this request, please check the policy configurations.",
    });
    found(policy).clients = ["ALL_CLIENTS"];
  });
});

test("an app that is set up by halves is still known, and refused for what it lacks", async () => {
  const { client, secrets, clientAuthMethod } = app;
  app.client = { ...client, grant_types: ["client_credentials"] };
  expect((await probe()).query?.error).toBe("unauthorized_client");
  app.client = { ...client, redirect_uris: [...client.redirect_uris, "app.acme:/callback"] };
  Object.assign(app, { secrets: [], clientAuthMethod: "private_key_jwt" });
  expect((await probe()).query?.error).toBe("login_required");
  expect(await redeem("code")).toMatchObject({ status: 401, json: { error: "invalid_client" } });
  Object.assign(app, { client, secrets, clientAuthMethod });
});

describe("a sign-in", () => {
  test("gives tokens in Okta's form, and userinfo for them", async () => {
    const { status, json } = await tokens(grace, { nonce: "n-1" });
    expect(status).toBe(200);
    const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));
    expect(decodeProtectedHeader(json.access_token ?? "")).toEqual({ alg: "RS256", kid: org.state.signing.kid });
    expect(decodeJwt(json.access_token ?? "")).toMatchObject({
      ver: 1,
      jti: expect.stringMatching(/^AT\./),
      iss: `${org.url}/oauth2/default`,
      aud: "api://default",
      cid: clientId,
      uid: user.id,
      scp: expect.arrayContaining(["openid", "email", "profile"]),
      sub: grace,
      groups: ["Akto Security"],
    });
    expect(decodeJwt(json.id_token ?? "")).toMatchObject({
      sub: user.id,
      aud: clientId,
      nonce: "n-1",
      at_hash: expect.any(String),
    });
    const userinfo = await fetch(`${org.url}/oauth2/default/v1/userinfo`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({ sub: user.id, email: grace, preferred_username: grace });
  });

  test("is a session for the next one, and the sign-in page offers only active users", async () => {
    const visitor = new Visitor();
    const page = (await visitor.open(authorizeUrl())).page?.text ?? "";
    expect(page).toContain(grace);
    expect(page).toContain("to go on to Akto");
    expect(page).not.toContain("linus@acme.example");
    await visitor.signIn(authorizeUrl(), grace);
    expect((await visitor.open(authorizeUrl({ prompt: "none" }))).url.searchParams.has("code")).toBe(true);
    expect((await new Visitor().signIn(authorizeUrl(), "linus@acme.example")).page?.status).toBe(401);
    expect((await new Visitor().signIn(authorizeUrl(), grace.toUpperCase())).url.searchParams.has("code")).toBe(true);
    expect((await fetch(`${org.url}/oauth2/default/signin/ended`)).status).toBe(400);
    expect((await fetch(`${org.url}/nowhere`)).status).toBe(404);
  });

  test("is denied to who is not assigned to the app, and to whom no rule covers", async () => {
    const [everyone, assignment] = found([...app.groups][0]);
    app.groups.clear();
    const denied = await new Visitor().signIn(authorizeUrl(), grace);
    expect(denied.url.searchParams.get("error_description")).toBe("User is not assigned to the client application.");
    app.groups.set(everyone, assignment);
    const rule = found(server.policies[0]?.rules[0]);
    rule.groups = [found([...org.state.groups.values()].find(({ name }) => name === "Akto Admins")).id];
    expect((await new Visitor().signIn(authorizeUrl(), grace)).url.searchParams.get("error")).toBe("access_denied");
    expect((await tokens("ada@acme.example")).status).toBe(200);
    rule.groups = ["EVERYONE"];
  });

  test("ends at the token endpoint for a wrong secret, a used code and a method other than the app's", async () => {
    const visit = await new Visitor().signIn(authorizeUrl(), grace);
    const code = visit.url.searchParams.get("code");
    expect(await redeem(code, { client_secret: "wrong" })).toMatchObject({
      status: 401,
      json: { error: "invalid_client" },
    });
    expect((await redeem(code)).status).toBe(200);
    expect(await redeem(code)).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    app.clientAuthMethod = "none";
    expect((await redeem(code)).json.error).toBe("invalid_client");
    app.clientAuthMethod = "client_secret_basic";
    app.client.dpop_bound_access_tokens = true;
    expect((await tokens()).json.error).toBe("invalid_dpop_proof");
    app.client.dpop_bound_access_tokens = false;
  });

  test("lasts as long as the rule says, and a rotated key leaves the old one for verifiers", async () => {
    const rule = found(server.policies[0]?.rules[0]);
    rule.accessTokenLifetimeMinutes = 5;
    const { iat = 0, exp = 0 } = await accessClaims();
    expect(exp - iat).toBe(300);
    rule.accessTokenLifetimeMinutes = 60;
    await org.call("POST", "/api/v1/authorizationServers/default/credentials/lifecycle/keyRotate", { use: "sig" });
    const keys = (await (await fetch(`${org.url}/oauth2/default/v1/keys`)).json()) as { keys: unknown[] };
    expect(keys.keys).toHaveLength(2);
    expect(decodeProtectedHeader((await tokens()).json.access_token ?? "").kid).toBe(org.state.signing.kid);
  });
});

test("two secrets work side by side while one is rotated, and an inactive one does not", async () => {
  const second = { ...found(app.secrets[0]), id: "ocsSecond", secret: "the-second-secret-of-the-app" };
  app.secrets.push(second);
  const use = async (secret: string) => (await redeem("none", { client_secret: secret })).json.error;
  expect([await use(clientSecret), await use(second.secret)]).toEqual(["invalid_grant", "invalid_grant"]);
  found(app.secrets[0]).status = "INACTIVE";
  expect([await use(clientSecret), await use(second.secret)]).toEqual(["invalid_client", "invalid_grant"]);
  found(app.secrets[0]).status = "ACTIVE";
  app.secrets.pop();
});

test("a client shows its secret in the header or the body, or none with PKCE", async () => {
  const visit = await new Visitor().signIn(authorizeUrl(), grace);
  const form = {
    grant_type: "authorization_code",
    code: visit.url.searchParams.get("code") ?? "",
    redirect_uri: redirectUri,
  };
  const basic = await fetch(`${org.url}/oauth2/default/v1/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams(form),
  });
  expect(basic.status).toBe(200);

  Object.assign(app, { clientAuthMethod: "none", pkceRequired: true });
  const verifier = "v".repeat(43);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  const code = async () => (await new Visitor().signIn(authorizeUrl(pkce), grace)).url.searchParams.get("code") ?? "";
  const publicly = async (params: Record<string, string>) => {
    const body = new URLSearchParams({ ...form, client_id: clientId, code: await code(), ...params });
    const response = await fetch(`${org.url}/oauth2/default/v1/token`, { method: "POST", body });
    return { status: response.status, json: await response.json() };
  };
  expect((await publicly({ code_verifier: verifier })).status).toBe(200);
  const wrong = { error: "invalid_grant", error_description: "PKCE verification failed." };
  expect(await publicly({ code_verifier: "w".repeat(43) })).toMatchObject({ status: 400, json: wrong });
  Object.assign(app, { clientAuthMethod: "client_secret_basic", pkceRequired: false });
});

describe("an access policy", () => {
  const denied = "Policy evaluation failed for this request, please check the policy configurations.";
  const error = async () => (await probe()).query?.error;

  test("counts in order of priority, when it and its rule are active and for the client, the grant and the scopes", async () => {
    const policy = found(server.policies[0]);
    const rule = found(policy.rules[0]);
    const shorter = { ...rule, id: "0prShorter", accessTokenLifetimeMinutes: 10 };
    policy.rules.unshift(shorter);
    expect(await lifetime()).toBe(600);
    shorter.status = "INACTIVE";
    expect(await lifetime()).toBe(3600);
    Object.assign(shorter, { status: "ACTIVE", scopes: ["openid"] });
    expect(await lifetime()).toBe(3600);
    Object.assign(shorter, { scopes: ["openid", "email", "profile"], grantTypes: ["implicit"] });
    expect(await lifetime()).toBe(3600);
    Object.assign(shorter, { grantTypes: ["authorization_code"], groups: [], users: ["00usomeoneelse"] });
    expect(await lifetime()).toBe(3600);
    policy.rules.shift();

    const own = { ...policy, id: "00pOwn", clients: [clientId], rules: [shorter] };
    shorter.groups = ["EVERYONE"];
    server.policies.unshift(own);
    expect(await lifetime()).toBe(600);
    own.status = "INACTIVE";
    expect(await lifetime()).toBe(3600);
    policy.status = "INACTIVE";
    expect(await error()).toBe("access_denied");
    policy.status = "ACTIVE";
    server.policies.shift();
    expect(await error()).toBe("login_required");
  });

  async function lifetime(): Promise<number> {
    const { iat = 0, exp = 0 } = await accessClaims();
    return exp - iat;
  }

  test("is evaluated at the token request again, for the user's groups of that moment", async () => {
    const rule = found(server.policies[0]?.rules[0]);
    const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));
    const group = found([...org.state.groups.values()].find(({ name }) => name === "Akto Security"));
    rule.groups = [group.id];
    const visit = await new Visitor().signIn(authorizeUrl(), grace);
    org.state.memberships.remove(group.id, user.id);
    expect(await redeem(visit.url.searchParams.get("code"))).toMatchObject({
      status: 400,
      json: { error: "access_denied", error_description: denied },
    });
    org.state.memberships.add(group.id, user.id);
    rule.groups = ["EVERYONE"];
  });
});

test("a token stops with its user, its app, its time and its key", async () => {
  const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));
  const { json } = await tokens();
  const status = async () => {
    const headers = { authorization: `Bearer ${json.access_token}` };
    return (await fetch(`${org.url}/oauth2/default/v1/userinfo`, { headers })).status;
  };
  expect(await status()).toBe(200);
  for (const record of [user, app]) {
    const before = record.status;
    Object.assign(record, { status: record === user ? "DEPROVISIONED" : "INACTIVE" });
    expect(await status()).toBe(401);
    record.status = before;
  }
  org.clock.now = Date.now() + 3_700_000;
  expect(await status()).toBe(401);
  org.clock.now = 0;
  const rotate = () =>
    org.call("POST", "/api/v1/authorizationServers/default/credentials/lifecycle/keyRotate", { use: "sig" });
  await rotate();
  expect(await status()).toBe(200);
  await rotate();
  expect(await status()).toBe(401);
});

test("a code is worth nothing once its user is deactivated", async () => {
  const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));
  const visit = await new Visitor().signIn(authorizeUrl(), grace);
  user.status = "SUSPENDED";
  expect(await redeem(visit.url.searchParams.get("code"))).toMatchObject({
    status: 400,
    json: { error: "invalid_grant" },
  });
  user.status = "ACTIVE";
});

describe("a groups claim", () => {
  test.each([
    ["STARTS_WITH", "AKTO", ["Akto Security"]],
    ["EQUALS", "akto security", ["Akto Security"]],
    ["STARTS_WITH", "security", undefined],
    ["CONTAINS", "DIR", ["Directory"]],
    ["REGEX", "Akto.*", ["Akto Security"]],
    ["REGEX", "akto.*", undefined],
    ["REGEX", "Akto", undefined],
    ["REGEX", "(", undefined],
  ] as const)("with the filter %s %s holds %j", async (filter, value, groups) => {
    Object.assign(claim, { groupFilterType: filter, value });
    expect((await accessClaims()).groups).toEqual(groups);
    Object.assign(claim, { groupFilterType: "STARTS_WITH", value: "akto" });
  });

  test("waits for its scope, its status and its token", async () => {
    claim.scopes = ["address"];
    expect((await accessClaims()).groups).toBeUndefined();
    Object.assign(claim, { scopes: [], status: "INACTIVE" });
    expect((await accessClaims()).groups).toBeUndefined();
    Object.assign(claim, { status: "ACTIVE", claimType: "IDENTITY" });
    const { json } = await tokens();
    expect(decodeJwt(json.access_token ?? "").groups).toBeUndefined();
    expect(decodeJwt(json.id_token ?? "").groups).toEqual(["Akto Security"]);
    claim.alwaysIncludeInToken = false;
    const lean = (await tokens()).json;
    expect(decodeJwt(lean.id_token ?? "").groups).toBeUndefined();
    const userinfo = await fetch(`${org.url}/oauth2/default/v1/userinfo`, {
      headers: { authorization: `Bearer ${lean.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({ groups: ["Akto Security"] });
    Object.assign(claim, { claimType: "RESOURCE", alwaysIncludeInToken: true });
  });

  test("may be an expression", async () => {
    Object.assign(claim, { valueType: "EXPRESSION", value: 'Groups.startsWith("OKTA", "Akto", 100)' });
    expect((await accessClaims()).groups).toEqual(["Akto Security"]);
    claim.value = "user.email";
    expect((await accessClaims()).groups).toBe(grace);
    Object.assign(claim, { valueType: "GROUPS", value: "akto" });
  });

  test("fails the request when it matches more than a hundred groups", async () => {
    const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));
    for (let n = 0; n < 100; n += 1) {
      if (n === 99) expect((await accessClaims()).groups).toHaveLength(100);
      const group = { ...found([...org.state.groups.values()][1]), id: `00gMany${n}`, name: `Akto ${n}` };
      org.state.groups.put(group);
      org.state.memberships.add(group.id, user.id);
    }
    const refused = await tokens();
    expect(refused.status).toBe(400);
    expect(refused.json.error_description).toContain("too many groups");
    for (let n = 0; n < 100; n += 1) org.state.memberships.dropGroup(`00gMany${n}`);
  });
});

test("the org authorization server gives opaque access tokens without groups", async () => {
  const base = `${org.url}/oauth2`;
  const { json } = await tokens(grace, {}, base);
  expect(json.access_token?.split(".")).toHaveLength(1);
  expect(decodeJwt(json.id_token ?? "").iss).toBe(org.url);
  const userinfo = await fetch(`${base}/v1/userinfo`, { headers: { authorization: `Bearer ${json.access_token}` } });
  expect(await userinfo.json()).toMatchObject({ email: grace });
});

test("the issuer is the org's own host, the custom one or the one asked, as the server's mode says", async () => {
  const issuer = async (base: string) =>
    ((await (await fetch(`${base}/oauth2/default/.well-known/openid-configuration`)).json()) as { issuer: string })
      .issuer;
  expect(await issuer(org.otherUrl)).toBe(`${org.url}/oauth2/default`);
  server.issuerMode = "CUSTOM_URL";
  expect(await issuer(org.url)).toBe(`${org.otherUrl}/oauth2/default`);
  server.issuerMode = "DYNAMIC";
  expect([await issuer(org.url), await issuer(org.otherUrl)]).toEqual([
    `${org.url}/oauth2/default`,
    `${org.otherUrl}/oauth2/default`,
  ]);
  server.issuerMode = "ORG_URL";
  const none = await fetch(`${org.url}/oauth2/ausNone/.well-known/openid-configuration`);
  expect(none.status).toBe(404);
  expect(await none.json()).toMatchObject({
    errorCode: "E0000007",
    errorSummary: "Not found: Resource not found: ausNone (AuthorizationServer)",
  });
  const page = await fetch(authorizeUrl({}, `${org.url}/oauth2/ausNone`));
  expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
});
