/**
 * The negative half of OpenID Connect's code flow, in the order of the OpenID Foundation's conformance plan for relying
 * parties (`oidcc-client-basic-certification-test-plan`, and RFC 9207 for mixed-up servers), whose names are given.
 */
import { exportSPKI, importJWK, type JWK } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { discoverIssuer, type Issuer } from "../../src/oidc/discover.ts";
import type { SignInRequest } from "../../src/oidc/sign-in.ts";
import {
  clientId,
  clientSecret,
  handMade,
  type Misbehavior,
  type Provider,
  signed,
  signingKey,
  startProvider,
} from "./provider.ts";
import { browse, http, redirectOf, signInWith } from "./signing-in.ts";

let provider: Provider;
let evil: Provider;
let issuer: Issuer;
const otherKey = await signingKey("key-2");
const thirdKey = await signingKey("key-3");

beforeAll(async () => {
  [provider, evil] = await Promise.all([startProvider(), startProvider()]);
  issuer = await discoverIssuer(http, provider.issuer);
});
afterAll(() => {
  provider.close();
  evil.close();
});
afterEach(() => {
  provider.misbehavior = {};
  provider.exchanges.length = 0;
});

const run = (over: Partial<SignInRequest> = {}) => signInWith(issuer, over, async (url) => (await browse(url)).text());

/** Turned down under this code, with a sentence and what to do, on the page too; nothing of it was used. */
async function expectTurnedDown(code: string, over?: Partial<SignInRequest>): Promise<void> {
  const { result, outcomes, visited } = await run(over);
  expect(result).toBeInstanceOf(Failure);
  expect(result).toMatchObject({
    code,
    kind: "negative",
    // In an admin's words: a sentence, without the library's.
    message: expect.stringMatching(/^(?:The|Okta's) [^"{}]{20,}\.$/),
    hint: expect.stringMatching(/\w{3,}.*\.$/),
  });
  expect(String(result)).not.toMatch(/JWT (?!of|that)|claim value|unexpected|OAUTH_/);
  expect(outcomes).toMatchObject([{ kind: "failed" }]);
  expect(visited).toEqual([`failed ${code}`]);
}

type Claims = Record<string, unknown>;
const without = (name: string) => (claims: Claims) => ({ ...claims, [name]: undefined });
const having = (fields: Claims) => (claims: Claims) => ({ ...claims, ...fields });
const hour = 3600;
const now = Math.floor(Date.now() / 1000);

/** The token with its claims changed, and its signature as it was. */
function changed(token: string): string {
  const [header, payload = "", signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const other = Buffer.from(JSON.stringify({ ...claims, sub: "00u2other" })).toString("base64url");
  return [header, other, signature].join(".");
}

async function pem(jwk: JWK): Promise<string> {
  const key = await importJWK(jwk, "RS256", { extractable: true });
  if (key instanceof Uint8Array) throw new TypeError("It is no public key.");
  return exportSPKI(key);
}

describe("an ID token is turned down with", () => {
  it.each<[what: string, code: string, misbehavior: Misbehavior]>([
    // invalid-iss
    ["an iss of another issuer", "iss", { idToken: having({ iss: "https://evil.example/oauth2/default" }) }],
    ["an iss with a slash more", "iss", { idToken: (claims) => ({ ...claims, iss: `${claims.iss}/` }) }],
    ["no iss", "iss", { idToken: without("iss") }],
    ["an iss that is a list", "iss", { idToken: having({ iss: ["https://evil.example", "x"] }) }],
    // invalid-aud, missing-aud
    ["an aud of another client", "aud", { idToken: having({ aud: "another-client" }) }],
    ["no aud", "aud", { idToken: without("aud") }],
    ["no audience in the list", "aud", { idToken: having({ aud: [] }) }],
    ["an audience beside this client", "aud", { idToken: having({ aud: [clientId, "b"] }) }],
    [
      "an audience beside it, and this client as azp",
      "aud",
      { idToken: having({ aud: [clientId, "b"], azp: clientId }) },
    ],
    ["an azp of another client, with two audiences", "azp", { idToken: having({ aud: [clientId, "b"], azp: "b" }) }],
    ["an azp of another client, with one audience", "azp", { idToken: having({ azp: "another-client" }) }],
    // nonce-invalid
    ["another nonce", "nonce", { idToken: having({ nonce: "another-nonce" }) }],
    ["a nonce that is a number", "nonce", { idToken: having({ nonce: 7 }) }],
    ["no nonce", "nonce", { idToken: without("nonce") }],
    // missing-sub
    ["no sub", "sub", { idToken: without("sub") }],
    ["an empty sub", "sub", { idToken: having({ sub: "" }) }],
    ["a sub that is a number", "sub", { idToken: having({ sub: 7 }) }],
    // missing-iat
    ["no iat", "iat", { idToken: without("iat") }],
    ["an iat that is text", "iat", { idToken: having({ iat: "now" }) }],
    ["an iat in the future", "iat", { idToken: having({ iat: now + hour, exp: now + 2 * hour }) }],
    ["an iat long past", "iat", { idToken: having({ iat: now - hour }) }],
    ["no exp", "exp", { idToken: without("exp") }],
    ["an exp that is text", "exp", { idToken: having({ exp: "tomorrow" }) }],
    ["an exp in the past", "exp", { idToken: having({ exp: now - hour }) }],
    ["an nbf in the future", "nbf", { idToken: having({ nbf: now + hour }) }],
    ["the at_hash of another access token", "at_hash", { idToken: having({ at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }) }],
    ["an at_hash that is not text", "at_hash", { idToken: having({ at_hash: 7 }) }],
    // idtoken-sig-none
    ["alg none", "alg", { sign: (claims) => handMade({ alg: "none" }, claims) }],
    ["alg none in other letters", "alg", { sign: (claims) => handMade({ alg: "nOnE" }, claims) }],
    ["HS256 by the client secret", "alg", { sign: (claims) => handMade({ alg: "HS256" }, claims, clientSecret) }],
    [
      "HS256 by the public key as a JWK",
      "alg",
      { sign: (claims, { kid, publicJwk }) => handMade({ alg: "HS256", kid }, claims, JSON.stringify(publicJwk)) },
    ],
    [
      "HS256 by the public key in PEM",
      "alg",
      { sign: async (claims, { kid, publicJwk }) => handMade({ alg: "HS256", kid }, claims, await pem(publicJwk)) },
    ],
    [
      "an algorithm that is not announced",
      "alg",
      { sign: (claims, { kid }) => handMade({ alg: "PS256", kid }, claims, "x") },
    ],
    // invalid-sig-rs256
    [
      "another key's signature under a published kid",
      "signature",
      { sign: (claims) => signed(claims, otherKey, "key-1") },
    ],
    [
      "claims that were changed after the signature",
      "signature",
      { sign: async (claims, key) => changed(await signed(claims, key)) },
    ],
    [
      "a key of its own in the header",
      "signature",
      { sign: (claims, { kid }) => signed(claims, otherKey, kid, { jwk: otherKey.publicJwk }) },
    ],
    // kid-absent-multiple-jwks
    [
      "no kid, where two keys are published",
      "key",
      { keys: [thirdKey, otherKey], sign: (claims, key) => signed(claims, key, "") },
    ],
    ["a kid that is not published", "key", { sign: (claims) => signed(claims, otherKey) }],
    ["a key that was withdrawn", "key", { keys: [otherKey] }],
    [
      "a header that has to be understood",
      "header",
      { sign: (claims, { kid }) => handMade({ alg: "RS256", kid, crit: ["x"], x: 1 }, claims, "x") },
    ],
    ["three parts that are no JWT", "malformed", { sign: () => "not.a.token" }],
    ["no parts", "malformed", { sign: () => "not-a-token" }],
    [
      "five parts, so that it is encrypted",
      "encrypted",
      { sign: (claims) => `${handMade({ alg: "RSA-OAEP", enc: "A256GCM" }, claims, "x")}.x.x` },
    ],
    ["nothing at all", "missing", { token: without("id_token") }],
  ])("%s (oidc.id_token_%s)", async (_, code, misbehavior) => {
    provider.misbehavior = misbehavior;
    await expectTurnedDown(`oidc.id_token_${code}`);
  });

  it("HS256 or none even from a server that announces them", async () => {
    const announced = { id_token_signing_alg_values_supported: ["RS256", "HS256", "none"] };
    provider.misbehavior = { discovery: having(announced) };
    const announcing = await discoverIssuer(http, provider.issuer);
    for (const [alg, secret] of [
      ["HS256", clientSecret],
      ["none", undefined],
    ] as const) {
      provider.misbehavior = { sign: (claims) => handMade({ alg }, claims, secret) };
      await expectTurnedDown("oidc.id_token_alg", { issuer: announcing });
    }
  });
});

describe("keys", () => {
  const accepted = async (misbehavior: Misbehavior) => {
    provider.misbehavior = misbehavior;
    expect((await run()).result).toMatchObject({ idTokenClaims: { sub: "00u1user" } });
  };

  it("may lack a kid when there is one alone (kid-absent-single-jwks), and may stand beside others", async () => {
    await accepted({ sign: (claims, key) => signed(claims, key, "") });
    await accepted({ keys: [provider.key, otherKey], sign: (claims) => signed(claims, otherKey) });
  });

  it("may be rotated, even between the redirect and the token (signing-key-rotation-just-before-signing)", async () => {
    await accepted({});
    const keys = [provider.key];
    await accepted({
      keys,
      sign: (claims) => {
        keys.splice(0, 1, thirdKey);
        return signed(claims, thirdKey);
      },
    });
    provider.misbehavior = { keys, sign: (claims, key) => signed(claims, key) };
    await expectTurnedDown("oidc.id_token_key");
  });
});

describe("userinfo is turned down", () => {
  it.each<[what: string, code: string, userinfo: Misbehavior["userinfo"]]>([
    ["about somebody else (userinfo-invalid-sub)", "oidc.userinfo_sub", having({ sub: "00u2other" })],
    ["about nobody", "oidc.userinfo_sub", without("sub")],
    ["about a number", "oidc.userinfo_sub", having({ sub: 7 })],
  ])("%s", async (_, code, userinfo) => {
    provider.misbehavior = { userinfo };
    await expectTurnedDown(code);
  });
});

describe("discovery", () => {
  it("is turned down from a server that calls itself another (discovery-issuer-mismatch)", async () => {
    provider.misbehavior = { discovery: having({ issuer: evil.issuer }) };
    await expect(discoverIssuer(http, provider.issuer)).rejects.toMatchObject({
      code: "oidc.issuer_mismatch",
      kind: "usage",
      message: expect.stringContaining(`calls itself “${evil.issuer}”`),
    });
  });
});

describe("an answer to the authorization request", () => {
  const refused = async (code: string, answer: (parameters: URLSearchParams) => void) => {
    provider.misbehavior = { answer };
    await expectTurnedDown(code);
    // The code went nowhere.
    expect(provider.exchanges).toEqual([]);
  };

  it.each<[what: string, code: string, answer: (parameters: URLSearchParams) => void]>([
    ["of another issuer (RFC 9207)", "oidc.response_issuer", (answer) => answer.set("iss", evil.issuer)],
    ["without the issuer that the server promises", "oidc.response_issuer", (answer) => answer.delete("iss")],
    ["of two issuers", "oidc.response_issuer", (answer) => answer.append("iss", evil.issuer)],
    ["with two codes", "oidc.response_invalid", (answer) => answer.append("code", "another")],
    ["without a code", "oidc.response_invalid", (answer) => answer.delete("code")],
    ["with an ID token in it", "oidc.response_invalid", (answer) => answer.set("id_token", "x")],
  ])("%s is turned down", async (_, code, answer) => {
    await refused(code, answer);
  });

  it("names another issuer than a server that promised none: it is turned down all the same", async () => {
    provider.misbehavior = { discovery: without("authorization_response_iss_parameter_supported") };
    const silent = await discoverIssuer(http, provider.issuer);
    provider.misbehavior = { answer: (answer) => answer.set("iss", evil.issuer) };
    await expectTurnedDown("oidc.response_issuer", { issuer: silent });
    expect(provider.exchanges).toEqual([]);
  });

  it("comes from a server that was mixed up with the one that was asked: neither gets the other's code", async () => {
    const before = evil.exchanges.length;
    const { result } = await signInWith(issuer, {}, async (url) => {
      const elsewhere = new URL(url);
      const { host } = new URL(evil.issuer);
      elsewhere.host = host;
      return (await browse(elsewhere.href)).text();
    });
    expect(result).toMatchObject({ code: "oidc.response_issuer", kind: "negative" });
    expect([provider.exchanges, evil.exchanges.length]).toEqual([[], before]);
  });

  it.each<[what: string, change: (parameters: URLSearchParams) => void]>([
    ["another state", (answer) => answer.set("state", "forged")],
    ["no state", (answer) => answer.delete("state")],
    ["two states", (answer) => answer.append("state", "forged")],
  ])("with %s, typed in, is turned down", async (_, change) => {
    let location = new URL("about:blank");
    const { result } = await signInWith(issuer, {
      onAuthorizeUrl: async (url) => {
        location = new URL(await redirectOf(url));
        change(location.searchParams);
      },
      paste: async () => location.href,
    });
    expect(result).toMatchObject({
      code: expect.stringMatching(/^oidc\.(?:state_mismatch|response_invalid)$/),
      kind: "negative",
      message: expect.stringMatching(/^The answer .*\.$/),
      hint: expect.stringMatching(/Nothing of (?:the answer|this sign-in) was used\.$/),
    });
    expect(provider.exchanges).toEqual([]);
  });

  it("that is the address of something else, typed in, is turned down", async () => {
    const { result } = await signInWith(issuer, {
      onAuthorizeUrl: () => {},
      paste: async () => "https://evil.example/callback?code=1",
    });
    expect(result).toMatchObject({ code: "oidc.paste_invalid", kind: "usage" });
  });
});

describe("a token response is turned down", () => {
  it.each<[what: string, code: string, token: Misbehavior["token"]]>([
    ["of another type than Bearer", "oidc.token_type", having({ token_type: "mac" })],
    ["of no type", "oidc.token_unreadable", without("token_type")],
    ["without an access token", "oidc.token_unreadable", without("access_token")],
  ])("%s", async (_, code, token) => {
    provider.misbehavior = { token };
    expect((await run()).result).toMatchObject({ code, message: expect.stringMatching(/^(?:The|Okta's) .*\.$/) });
  });
});
