/** What a sign-in says of an endpoint that does not answer as one, and of one that refuses: which, how, and why. */
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from "vitest";
import { checkToken } from "../../src/oidc/check-token.ts";
import { discoverIssuer, type Issuer } from "../../src/oidc/discover.ts";
import { type Misbehavior, type Provider, type SigningKey, signed, startProvider } from "./provider.ts";
import { http, signInWith } from "./signing-in.ts";

let provider: Provider;
let issuer: Issuer;
beforeAll(async () => {
  provider = await startProvider();
  issuer = await discoverIssuer(http, provider.issuer);
});
afterAll(() => provider.close());
afterEach(() => {
  provider.misbehavior = {};
});

type Answer = readonly [status: number, body: string | Buffer, headers?: Record<string, string>];

const answering = (path: string, [status, body, headers = {}]: Answer): Misbehavior => ({
  route: new Map([[path, (_, response) => response.writeHead(status, headers).end(body)]]),
});

async function failureOf(misbehavior: Misbehavior) {
  provider.misbehavior = misbehavior;
  const { result } = await signInWith(issuer, {});
  return result;
}

const json = { "content-type": "application/json" };
const page = (text: string): Answer => [403, `<html><title>x</title><body><h1>${text}</h1></body></html>`];

const paths = { keys: "/v1/keys", token: "/v1/token", userinfo: "/v1/userinfo" } as const;
const titles = {
  keys: "The list of the authorization server's keys (JWKS)",
  token: "Okta's token endpoint",
  userinfo: "Okta's userinfo endpoint",
} as const;

describe.each(["keys", "token", "userinfo"] as const)("an answer of the %s endpoint that is none", (endpoint) => {
  it.each<[what: string, says: string, answer: Answer]>([
    ["a firewall's page", "HTTP 403 and says “Blocked by policy”.", page("Blocked by policy")],
    ["no page", "HTTP 404 and nothing else.", [404, ""]],
    [
      "a redirect",
      "HTTP 307 and sends the request on to “https://proxy.example/login”.",
      [307, "", { location: "https://proxy.example/login?a=b" }],
    ],
    ["plain text", "HTTP 400 and says “no such route”.", [400, "no such route\n"]],
    ["a page for a success", "HTTP 200 and says “Welcome”.", [200, "<p>Welcome</p>"]],
    ["broken JSON", "HTTP 200 and no JSON.", [200, '{"access_token":"eyJ.secret.', json]],
    ["a list", "HTTP 200 and no JSON", [200, "[]", json]],
  ])("%s: it is named, with %s", async (_, says, answer) => {
    const failure = await failureOf(answering(paths[endpoint], answer));
    expect(failure).toMatchObject({
      code: `oidc.${endpoint}_unreadable`,
      kind: "unavailable",
      message: expect.stringContaining(says.replace(/\.$/, "")),
      hint: expect.stringMatching(/\S/),
    });
    expect(String(failure)).toContain(`${titles[endpoint]}, ${provider.issuer}${paths[endpoint]}, answers HTTP`);
    expect(String(failure)).not.toContain("secret");
  });
});

describe("an answer of a server in trouble", () => {
  it.each(["keys", "token", "userinfo"] as const)("names the %s endpoint and its status", async (endpoint) => {
    const failure = await failureOf(answering(paths[endpoint], [501, "<h1>Not here</h1>"]));
    expect(failure).toMatchObject({
      code: `oidc.${endpoint}_unreadable`,
      message: expect.stringContaining("HTTP 501"),
    });
    expect(failure).toMatchObject({
      message: expect.stringContaining("“Not here”"),
      hint: expect.stringMatching(/outages/),
    });
  });
});

describe("the server's keys", () => {
  it("are no list", async () => {
    expect(await failureOf(answering(paths.keys, [200, '{"keys":"none"}', json]))).toMatchObject({
      code: "oidc.keys_unreadable",
      message: expect.stringContaining("answers HTTP 200 and no list of keys."),
    });
  });

  it("may come under any content type", async () => {
    const body = JSON.stringify({ keys: [provider.key.publicJwk] });
    const result = await failureOf(answering(paths.keys, [200, body, { "content-type": "text/plain" }]));
    expect(result).toMatchObject({ idTokenClaims: { sub: "00u1user" } });
  });

  it("are a certificate alone (x5c)", async () => {
    const { n: _, e: __, ...rest } = provider.key.publicJwk;
    const key = { ...provider.key, publicJwk: { ...rest, x5c: ["MIIB"] } };
    expect(await failureOf({ keys: [key] })).toMatchObject({
      code: "oidc.id_token_key",
      kind: "negative",
      message:
        "The key with which the ID token is signed can't be used: the authorization server publishes only part of it.",
      hint: expect.stringContaining("x5c"),
    });
  });

  it("are two, and the token names none", async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const other: SigningKey = { kid: "b", privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid: "b" } };
    const failure = await failureOf({ keys: [provider.key, other], sign: (claims, key) => signed(claims, key, "") });
    expect(failure).toMatchObject({
      code: "oidc.id_token_key",
      message: expect.stringContaining("it has no kid, and several keys fit"),
    });
    const twice = await failureOf({
      keys: [provider.key, { ...other, publicJwk: { ...other.publicJwk, kid: provider.key.kid } }],
    });
    expect(twice).toMatchObject({
      code: "oidc.id_token_key",
      message: expect.stringContaining("several keys under the kid"),
    });
  });

  it("are told in the check of a captured token, too, as what could not be had", async () => {
    const token = await signed({ iss: provider.issuer }, provider.key);
    const check = async (misbehavior: Misbehavior) => {
      provider.misbehavior = misbehavior;
      const expected = { issuer: provider.issuer, clientId: null, audiences: null };
      const [signature] = await checkToken(http, expected, token, new Date());
      return signature;
    };
    expect(await check({})).toMatchObject({ status: "pass" });
    expect(await check(answering(paths.keys, page("Blocked")))).toMatchObject({
      status: "warn",
      message: expect.stringMatching(
        /^The signature is not checked: The list .* answers HTTP 403 and says “Blocked”\.$/,
      ),
      hint: expect.stringMatching(/firewall/),
    });
  });
});

test("a mistake of this program's own is never taken for a server's answer", async () => {
  const mistake = new TypeError("undefined is not a function");
  const failingAt = (path: string): typeof http => ({
    fetch: (address, request) => (address.endsWith(path) ? Promise.reject(mistake) : http.fetch(address, request)),
  });
  for (const path of Object.values(paths)) {
    const { result, outcomes } = await signInWith(issuer, { http: failingAt(path) });
    expect(result).toMatchObject({ kind: "bug", code: "bug", cause: mistake, hint: expect.stringContaining("a bug") });
    expect(outcomes).toMatchObject([{ kind: "failed", failure: { kind: "bug" } }]);
  }
  const token = await signed({ iss: provider.issuer }, provider.key);
  const expected = { issuer: provider.issuer, clientId: null, audiences: null };
  await expect(checkToken(failingAt(paths.keys), expected, token, new Date())).rejects.toBe(mistake);
});

describe("a token response", () => {
  it.each([
    ["text/plain", "text/plain"],
    ["text/html", "text/html; charset=utf-8"],
    ["none", ""],
  ])("is understood when its refusal has the content type %s", async (_, type) => {
    const body = JSON.stringify({ error: "invalid_grant", error_description: "Code not valid" });
    expect(await failureOf(answering(paths.token, [400, body, type ? { "content-type": type } : {}]))).toMatchObject({
      code: "oidc.code_refused",
      message: "Okta refused the authorization code. Okta says: “Code not valid”",
    });
  });

  it("is a refusal with the status of a success, too", async () => {
    const body = JSON.stringify({
      error: "server_error",
      error_description: "The groups claim matched too many groups.",
    });
    for (const path of [paths.token, paths.userinfo]) {
      expect(await failureOf(answering(path, [200, body, json]))).toMatchObject({ code: "oidc.too_many_groups" });
    }
  });

  it("that says unauthorized_client with HTTP 401 means the secret (Keycloak)", async () => {
    const body = JSON.stringify({
      error: "unauthorized_client",
      error_description: "Invalid client or Invalid client credentials",
    });
    expect(await failureOf(answering(paths.token, [401, body, json]))).toMatchObject({
      code: "oidc.client_refused",
      kind: "auth",
      hint: expect.stringContaining("secret"),
    });
  });

  it("quotes no empty description", async () => {
    const body = JSON.stringify({ error: "invalid_client", error_description: "" });
    expect(await failureOf(answering(paths.token, [401, body, json]))).toMatchObject({
      message: "Okta refused the client secret.",
    });
  });

  it("of the type DPoP is turned down: Akto sends Bearer", async () => {
    for (const token_type of ["DPoP", "dpop"]) {
      expect(await failureOf({ token: (body) => ({ ...body, token_type }) })).toMatchObject({
        code: "oidc.token_type",
        kind: "negative",
        message: "The token endpoint gave a token of the type “DPoP”, and Akto sends Bearer.",
        hint: expect.stringContaining("Turn off “Require Demonstrating Proof of Possession (DPoP)”"),
      });
    }
    expect(await failureOf({ token: (body) => ({ ...body, token_type: "BEARER" }) })).toHaveProperty("userinfo");
  });

  it("names the field that it lacks", async () => {
    expect(await failureOf({ token: ({ access_token: _, ...body }) => body })).toMatchObject({
      code: "oidc.token_unreadable",
      message: expect.stringContaining("answers without access_token"),
    });
  });

  it("whose compression is broken is said to be", async () => {
    const broken = { ...json, "content-encoding": "gzip" };
    expect(await failureOf(answering(paths.token, [200, Buffer.from("no gzip at all"), broken]))).toMatchObject({
      code: "http.garbled",
      kind: "unavailable",
      message: expect.stringMatching(/can't be unpacked: its compression is broken/),
    });
  });
});

describe("a userinfo response", () => {
  it.each<[what: string, answer: Answer, code: string, says: RegExp]>([
    [
      "refuses in JSON alone",
      [401, '{"error":"invalid_token","error_description":"Token verification failed"}', json],
      "userinfo_refused",
      /Okta says: “Token verification failed”/,
    ],
    [
      "refuses with a challenge",
      [401, "", { "www-authenticate": 'Bearer error="invalid_token", error_description="The token is expired"' }],
      "userinfo_refused",
      /“The token is expired”/,
    ],
    [
      "requires a scope",
      [403, "", { "www-authenticate": 'Bearer error="insufficient_scope", scope="openid"' }],
      "userinfo_refused",
      /requires a scope/,
    ],
    [
      "is signed",
      [200, "eyJhbGciOiJub25lIn0.e30.", { "content-type": "application/jwt" }],
      "userinfo_signed",
      /a signed or encrypted JWT, and Akto reads plain JSON/,
    ],
  ])("that %s is turned down for that", async (_, answer, code, says) => {
    expect(await failureOf(answering(paths.userinfo, answer))).toMatchObject({
      code: `oidc.${code}`,
      kind: "negative",
      message: expect.stringMatching(says),
    });
  });

  it.each<[what: string, answer: Answer]>([
    ["HTTP 431", [431, ""]],
    ["nginx's page", [400, "<h1>400 Bad Request</h1>Request Header Or Cookie Too Large"]],
    ["IIS's page", [400, "<h2>Bad Request - Request Too Long</h2>"]],
    ["Tomcat's page", [400, "<p>Request header is too large</p>"]],
  ])("of %s says that the access token is too large", async (_, answer) => {
    expect(await failureOf(answering(paths.userinfo, answer))).toMatchObject({
      code: "oidc.token_too_large",
      kind: "negative",
      message: expect.stringMatching(
        /^The access token is too large for a request's header: it has \d+ bytes, and .* answers HTTP 4/,
      ),
      hint: expect.stringMatching(/narrow the filter/),
    });
  });
});

describe("an ID token's times", () => {
  const hour = 3600;
  const seconds = () => Math.floor(Date.now() / 1000);
  const iat = (off: number) => ({
    idToken: (claims: Record<string, unknown>) => ({
      ...claims,
      iat: seconds() + off,
      exp: seconds() + off + 5 * hour,
    }),
  });
  const refused = (claim: string, says: RegExp) => ({
    code: `oidc.id_token_${claim}`,
    message: expect.stringMatching(says),
  });

  it("tell a time of issue ahead, one behind and none apart, by how much, and whose clock", async () => {
    expect(await failureOf(iat(3 * hour))).toMatchObject(
      refused("iat", /^The ID token was issued 3 hours from now, at \d{4}-.*Z, by this machine's clock\.$/),
    );
    expect(await failureOf(iat(-400))).toMatchObject(refused("iat", /issued (?:6|7) minutes ago/));
    expect(await failureOf({ idToken: ({ iat: _, ...claims }) => claims })).toMatchObject(
      refused("iat", /its iat is missing/),
    );
    expect(await failureOf({ idToken: (claims) => ({ ...claims, iat: "now" }) })).toMatchObject(
      refused("iat", /that is not a valid time/),
    );
    expect(await failureOf(iat(-250))).toHaveProperty("userinfo");
    expect(await failureOf(iat(250))).toHaveProperty("userinfo");
    expect(await failureOf(iat(3 * hour))).toMatchObject({
      hint: "This machine's clock agrees with the token endpoint's (its Date header), so whatever signs the tokens there has a different time. A difference of up to 5 minutes is allowed.",
    });
  });

  it("tell an expiry that has passed, and a validity that is to come", async () => {
    expect(await failureOf({ idToken: (claims) => ({ ...claims, exp: seconds() - hour }) })).toMatchObject(
      refused("exp", /^The ID token expired 60 minutes ago, at/),
    );
    expect(await failureOf({ idToken: (claims) => ({ ...claims, nbf: seconds() + 2 * hour }) })).toMatchObject(
      refused("nbf", /valid only 2 hours from now/),
    );
    expect(await failureOf({ idToken: ({ exp: _, ...claims }) => claims })).toMatchObject(
      refused("exp", /its exp is missing/),
    );
  });

  it("are put down to this machine's clock where that differs from the server's", async () => {
    const real = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => real + 2 * hour * 1000);
    try {
      const honest = {
        idToken: (claims: Record<string, unknown>) => ({ ...claims, iat: real / 1000, exp: real / 1000 + 9 * hour }),
      };
      expect(await failureOf(honest)).toMatchObject({
        ...refused("iat", /issued 2 hours ago/),
        hint: expect.stringMatching(/^This machine's clock is 2 hours ahead of the token endpoint's/),
      });
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe("a claim that is missing is told from one that is wrong", () => {
  it.each([
    ["iss", "does not name who issued it: its iss is missing"],
    ["aud", "does not say whom it is meant for: its aud is missing"],
    ["nonce", "its nonce is missing"],
    ["sub", "its sub is missing"],
  ])("%s", async (claim, says) => {
    const failure = await failureOf({ idToken: (claims) => ({ ...claims, [claim]: undefined }) });
    expect(failure).toMatchObject({ code: `oidc.id_token_${claim}`, message: expect.stringContaining(says) });
    const other = await failureOf({ idToken: (claims) => ({ ...claims, [claim]: "another" }) });
    if (claim === "sub") expect(other).toMatchObject({ code: "oidc.userinfo_sub" });
    else
      expect(other).toMatchObject({ code: `oidc.id_token_${claim}`, message: expect.not.stringContaining("missing") });
  });

  it("iss in the answer of the browser", async () => {
    const failure = await failureOf({ answer: (parameters) => parameters.delete("iss") });
    expect(failure).toMatchObject({
      code: "oidc.response_issuer",
      message: expect.stringContaining("its iss is missing"),
    });
  });
});
