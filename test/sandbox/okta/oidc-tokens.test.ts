/** The token endpoint: how an app shows who it is, and how long what it gets is good. */
import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import { clientId, clientSecret, found, grace, startOidc } from "./oidc.ts";
import { acme, redirectUri, startOrg } from "./org.ts";

const { org, base, app, server, user, code, ask, redeem, tokens, accessClaims, userinfo } = await startOidc();
afterAll(() => org.close());

const rule = found(server.policies[0]?.rules[0]);
const rotateKeys = () =>
  org.call("POST", "/api/v1/authorizationServers/default/credentials/lifecycle/keyRotate", { use: "sig" });

test("a wrong secret, a used code and a method other than the app's are refused", async () => {
  const given = await code();
  expect(await redeem(given, { client_secret: "wrong" })).toMatchObject({
    status: 401,
    json: { error: "invalid_client" },
  });
  expect((await redeem(given)).status).toBe(200);
  expect(await redeem(given)).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  app.clientAuthMethod = "none";
  expect((await redeem(given)).json.error).toBe("invalid_client");
  app.clientAuthMethod = "client_secret_basic";
});

describe("the token endpoint says in Okta's words", () => {
  const grants = "Configured grant types: [authorization_code].";
  test.each<[what: string, form: Record<string, string>, status: number, answer: Record<string, unknown>]>([
    [
      "that nobody shows who they are",
      { client_id: "", client_secret: "" },
      401,
      {
        error: "invalid_client",
        error_description: "No client credentials found.",
      },
    ],
    [
      "that there is no such client, in the form of Okta's other errors",
      { client_id: "0oaOther" },
      401,
      {
        errorCode: "invalid_client",
        errorSummary: "Invalid value for 'client_id' parameter.",
        errorLink: "invalid_client",
        errorId: expect.stringMatching(/^oae/),
        errorCauses: [],
      },
    ],
    [
      "that the secret is another",
      { client_secret: "other" },
      401,
      {
        error: "invalid_client",
        error_description: "The client secret supplied for a confidential client is invalid.",
      },
    ],
    [
      "which grants the app may use in place of this one",
      { grant_type: "client_credentials" },
      400,
      {
        error: "unauthorized_client",
        error_description: `The client is not authorized to use the provided grant type. ${grants}`,
      },
    ],
    [
      "the same of one that this server does not know, and Okta does",
      { grant_type: "password" },
      400,
      {
        error: "unauthorized_client",
        error_description: `The client is not authorized to use the provided grant type. ${grants}`,
      },
    ],
    [
      "that there is no such grant",
      { grant_type: "wish" },
      400,
      {
        error: "unsupported_grant_type",
        error_description: expect.stringMatching(
          /^The authorization grant type is not supported by the authorization server\. Configured grant types: \[authorization_code, /,
        ),
      },
    ],
  ])("%s", async (_, form, status, answer) => {
    const { grant_types } = app.client;
    app.client.grant_types = ["authorization_code"];
    const told = await redeem("none", form);
    app.client.grant_types = grant_types;
    expect(told).toMatchObject({ status });
    expect(told.json).toEqual(answer);
  });

  test("that a client shows itself twice", async () => {
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    expect(await redeem("none", {}, base, { authorization })).toMatchObject({
      status: 400,
      json: {
        error: "invalid_request",
        error_description: expect.stringMatching(/^Cannot supply multiple client credentials\./),
      },
    });
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
  const form = { grant_type: "authorization_code", redirect_uri: redirectUri };
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  expect((await ask({ ...form, code: await code() }, base, { authorization })).status).toBe(200);

  Object.assign(app, { clientAuthMethod: "none", pkceRequired: true });
  const verifier = "v".repeat(43);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const publicly = async (code_verifier: string) => {
    const given = await code(grace, { code_challenge: challenge, code_challenge_method: "S256" });
    return ask({ ...form, client_id: clientId, code: given, code_verifier });
  };
  expect((await publicly(verifier)).status).toBe(200);
  const wrong = { error: "invalid_grant", error_description: "PKCE verification failed." };
  expect(await publicly("w".repeat(43))).toMatchObject({ status: 400, json: wrong });
  Object.assign(app, { clientAuthMethod: "client_secret_basic", pkceRequired: false });
});

test("a client signs with its secret or its key where its app says so, and its secret alone is refused", async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  app.client.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }] };
  const signed = async (header: { alg: string; kid?: string }, key: Parameters<SignJWT["sign"]>[0]) => ({
    grant_type: "authorization_code",
    redirect_uri: redirectUri,
    code: await code(),
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await new SignJWT({ jti: header.alg })
      .setProtectedHeader(header)
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`${base}/v1/token`)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(key),
  });
  app.clientAuthMethod = "client_secret_jwt";
  expect(await ask(await signed({ alg: "HS256" }, new TextEncoder().encode(clientSecret)))).toMatchObject({
    status: 200,
  });
  expect((await tokens()).json.error).toBe("invalid_client");
  app.clientAuthMethod = "private_key_jwt";
  expect(await ask(await signed({ alg: "ES256", kid: "k1" }, privateKey))).toMatchObject({ status: 200 });
  expect((await tokens()).json.error).toBe("invalid_client");
  app.clientAuthMethod = "client_secret_basic";
});

test("a client that must prove its key gets a token bound to it, and none without the proof or its nonce", async () => {
  app.client.dpop_bound_access_tokens = true;
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = await exportJWK(publicKey);
  const proof = (claims: object = {}) =>
    new SignJWT({ htm: "POST", htu: `${base}/v1/token`, jti: randomUUID(), ...claims })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
      .setIssuedAt()
      .sign(privateKey);
  const given = await code();
  const first = await redeem(given, {}, base, { dpop: await proof() });
  expect(first).toMatchObject({
    status: 400,
    json: { error: "use_dpop_nonce", error_description: "Authorization server requires nonce in DPoP proof." },
  });
  const dpop = await proof({ nonce: first.headers.get("dpop-nonce") });
  const { status, json } = await redeem(given, {}, base, { dpop });
  expect([status, json.token_type]).toEqual([200, "DPoP"]);
  expect(decodeJwt(json.access_token ?? "").cnf).toEqual({ jkt: await calculateJwkThumbprint(jwk) });
  expect((await tokens()).json.error).toBe("invalid_dpop_proof");
  app.client.dpop_bound_access_tokens = false;
});

test("an app gets a token for itself, with the scopes and the rule that are for that", async () => {
  const { client } = app;
  app.client = { ...client, grant_types: ["client_credentials"] };
  server.scopes.put({ ...found([...server.scopes.values()][0]), id: "scpRead", name: "akto:read" });
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const claims = decodeJwt((await ask({ ...form, scope: "akto:read" })).json.access_token ?? "");
  expect(claims).toMatchObject({ sub: clientId, cid: clientId, scp: ["akto:read"] });
  expect(claims.uid).toBeUndefined();
  const { grantTypes } = rule;
  rule.grantTypes = ["authorization_code"];
  expect((await ask({ ...form, scope: "akto:read" })).json.error).toBe("access_denied");
  rule.grantTypes = grantTypes;
  server.scopes.delete("scpRead");
  app.client = client;
});

test("a token is dated by the org's clock and lasts as long as the rule says", async () => {
  rule.accessTokenLifetimeMinutes = 5;
  org.clock.now = Date.UTC(2030, 0, 1);
  const { iat = 0, exp = 0 } = await accessClaims();
  expect([iat, exp - iat]).toEqual([org.clock.now / 1000, 300]);
  org.clock.now = 0;
  rule.accessTokenLifetimeMinutes = 60;
});

test("a rotated key signs, and leaves the one before it for verifiers", async () => {
  const { json } = await tokens();
  await rotateKeys();
  const { keys } = (await (await fetch(`${base}/v1/keys`)).json()) as { keys: { kid: string }[] };
  expect(keys).toHaveLength(2);
  expect(keys.map(({ kid }) => kid)).toContain(decodeProtectedHeader(json.access_token ?? "").kid);
  expect(decodeProtectedHeader((await tokens()).json.access_token ?? "").kid).toBe(org.state.signing.kid);
});

test("a token stops with its user, its app, its time and its key", async () => {
  const { json } = await tokens();
  const status = async () => (await userinfo(json.access_token)).status;
  expect(await status()).toBe(200);
  user.status = "DEPROVISIONED";
  expect(await status()).toBe(401);
  user.status = "ACTIVE";
  app.status = "INACTIVE";
  expect(await status()).toBe(401);
  app.status = "ACTIVE";
  org.clock.now = Date.now() + 3_700_000;
  expect(await status()).toBe(401);
  org.clock.now = 0;
  await rotateKeys();
  expect(await status()).toBe(200);
  await rotateKeys();
  expect(await status()).toBe(401);
});

test("a code is worth nothing once its user is deactivated", async () => {
  const given = await code();
  user.status = "SUSPENDED";
  expect(await redeem(given)).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  user.status = "ACTIVE";
});

describe("a service app that signs with its key is told in Okta's words", async () => {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const { kty = "", n = "", e = "" } = await exportJWK(publicKey);
  const service = {
    label: "Provisioning",
    clientId: "0oaService0000000001",
    applicationType: "service" as const,
    clientAuthMethod: "private_key_jwt" as const,
    grantTypes: ["client_credentials"],
    jwks: { keys: [{ kty, n, e, kid: "k1", alg: "RS256" }] },
    oktaScopes: ["okta.groups.read"],
    roles: ["SUPER_ADMIN" as const],
  };
  const other = await startOrg({ ...acme, apps: [...acme.apps, service] });
  afterAll(() => other.close());
  const endpoint = `${other.url}/oauth2/v1/token`;
  const seconds = () => Math.floor(Date.now() / 1000);
  const assertion = (claims: object = {}, { kid = "k1", key = privateKey } = {}) =>
    new SignJWT({
      iss: service.clientId,
      sub: service.clientId,
      aud: endpoint,
      exp: seconds() + 60,
      jti: randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: "RS256", kid })
      .sign(key);
  const asking = async (
    client_assertion: string,
    scope = "okta.groups.read",
  ): Promise<[status: number, json: Record<string, string>]> => {
    const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      scope,
      client_assertion_type,
      client_assertion,
    });
    const response = await fetch(endpoint, { method: "POST", body });
    return [response.status, (await response.json()) as Record<string, string>];
  };

  test.each<[what: string, sign: () => Promise<string>, said: string]>([
    [
      "for another endpoint",
      () => assertion({ aud: "https://other.example" }),
      "The audience claim for client_assertion must be the endpoint invoked for the request.",
    ],
    ["that has expired", () => assertion({ exp: seconds() - 600 }), "The client_assertion token is expired."],
    [
      "that is good for over an hour",
      () => assertion({ exp: seconds() + 7200 }),
      "The client_assertion token has an expiration too far into the future.",
    ],
    ["by another key", () => assertion({}, { key: stranger.privateKey }), "The client_assertion signature is invalid."],
    ["by a key that it has not", () => assertion({}, { kid: "k2" }), "The client_assertion signature is invalid."],
  ])("about an assertion %s", async (_, sign, error_description) => {
    expect(await asking(await sign())).toEqual([401, { error: "invalid_client", error_description }]);
  });

  test("about an assertion that was used", async () => {
    const once = await assertion();
    expect(await asking(once)).toMatchObject([200, { token_type: "Bearer", scope: "okta.groups.read" }]);
    const error_description = "The client_assertion token has already been used.";
    expect(await asking(once)).toEqual([401, { error: "invalid_client", error_description }]);
  });

  test("about a scope that its token lacks, in a challenge", async () => {
    const [, { access_token }] = await asking(await assertion());
    const authorization = `Bearer ${access_token}`;
    const response = await fetch(`${other.url}/api/v1/users`, { headers: { authorization } });
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer authorization_uri="${other.url}/oauth2/v1/authorize", realm="${other.url}", scope="okta.users.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1/users"`,
    );
  });

  test("at userinfo, about a token that is none", async () => {
    const response = await fetch(`${other.url}/oauth2/v1/userinfo`, { headers: { authorization: "Bearer other" } });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer authorization_uri="${other.url}/oauth2/v1/authorize", realm="${other.url}", scope="openid", error="invalid_token", error_description="The access token is invalid.", resource="/oauth2/v1/userinfo"`,
    );
  });

  test.each([
    ["okta.users.read", "consent_required", "You are not allowed any of the requested scopes."],
    ["akto:read", "invalid_scope", "One or more scopes are not configured for the authorization server resource."],
    [
      "",
      "invalid_scope",
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    ],
  ])("about the scope “%s”", async (scope, error, error_description) => {
    expect(await asking(await assertion(), scope)).toEqual([400, { error, error_description }]);
  });
});
