import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { discoverIssuer, type Issuer } from "../../src/oidc/discover.ts";
import { type SignInOutcome, type SignInRequest, signIn } from "../../src/oidc/sign-in.ts";
import {
  clientId,
  clientSecret,
  handMade,
  type Misbehaviour,
  type Provider,
  signed,
  signingKey,
  startProvider,
} from "./provider.ts";

let provider: Provider;
let issuer: Issuer;
const http = createHttpClient();
const otherKey = await signingKey("key-2");
const thirdKey = await signingKey("key-3");

beforeAll(async () => {
  provider = await startProvider();
  issuer = await discoverIssuer(http, provider.issuer);
});
afterAll(() => provider.close());
afterEach(() => {
  provider.misbehaviour = {};
  provider.exchanges.length = 0;
});

/** Follows the authorize URL as a browser without a user would. */
async function browse(url: string): Promise<Response> {
  return fetch(await redirectOf(url));
}

async function redirectOf(url: string): Promise<string> {
  const redirect = await fetch(url, { redirect: "manual" });
  return redirect.headers.get("location") ?? "";
}

/** A whole sign-in; `visit` plays the browser. */
async function run(over: Partial<SignInRequest> = {}, visit: (url: string) => Promise<unknown> = browse) {
  const outcomes: SignInOutcome[] = [];
  const visits: Promise<unknown>[] = [];
  const request: SignInRequest = {
    http,
    issuer,
    clientId,
    clientSecret,
    port: 0,
    timeoutMs: 20_000,
    onAuthorizeUrl: (url) => {
      visits.push(visit(url));
    },
    render: (outcome) => {
      outcomes.push(outcome);
      return outcome.kind === "failed" ? `failed ${outcome.failure.code}` : "signed in";
    },
    ...over,
  };
  const result = await signIn(request).catch((error: unknown) => error);
  const visited = await Promise.all(visits);
  return { result, outcomes, visited };
}

describe("a sign-in that goes well", () => {
  it("brings the access token, the ID token's claims and userinfo, and shows the page once they are there", async () => {
    let asked = new URL("about:blank");
    const { result, outcomes, visited } = await run({}, async (url) => {
      asked = new URL(url);
      return (await browse(url)).text();
    });
    expect(result).toMatchObject({
      accessToken: expect.stringContaining("access."),
      idTokenClaims: { sub: "00u1user", aud: clientId },
      userinfo: { email: "ada@example.com" },
    });
    expect(outcomes).toMatchObject([{ kind: "signed_in" }]);
    expect(visited).toEqual(["signed in"]);
    const parameters = Object.fromEntries(asked.searchParams);
    expect(parameters).toMatchObject({
      response_type: "code",
      scope: "openid email profile",
      client_id: clientId,
      code_challenge_method: "S256",
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    });
    expect(parameters.state).toMatch(/^[\w-]{40,}$/);
    expect(parameters.nonce).toMatch(/^[\w-]{40,}$/);
  });

  it("sends id and secret in the form body, as Akto does", async () => {
    await run();
    expect(Object.fromEntries(provider.exchanges[0] ?? [])).toMatchObject({
      grant_type: "authorization_code",
      client_id: clientId,
      client_secret: clientSecret,
    });
  });

  it("takes the redirected URL typed in, where the browser runs on another machine", async () => {
    let location = "";
    const { result } = await run({
      onAuthorizeUrl: async (url) => {
        location = await redirectOf(url);
      },
      paste: async () => `  ${location}\n`,
    });
    expect(result).toMatchObject({ userinfo: { sub: "00u1user" } });
  });

  it("takes a second key, rotated in beside the first, and a token without kid when there is one key only", async () => {
    provider.misbehaviour = { keys: [provider.key, otherKey], sign: (claims) => signed(claims, otherKey) };
    expect((await run()).result).toMatchObject({ idTokenClaims: { sub: "00u1user" } });
    provider.misbehaviour = { sign: (claims, key) => signed(claims, key, "") };
    expect((await run()).result).toMatchObject({ idTokenClaims: { sub: "00u1user" } });
  });
});

describe("a token that must be turned down", () => {
  const without = (name: string) => (claims: Record<string, unknown>) => ({ ...claims, [name]: undefined });
  const having = (fields: Record<string, unknown>) => (claims: Record<string, unknown>) => ({ ...claims, ...fields });
  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);

  const cases: readonly [what: string, code: string, misbehaviour: Misbehaviour][] = [
    ["an iss of another issuer", "iss", { idToken: having({ iss: "https://evil.example/oauth2/default" }) }],
    ["no iss", "iss", { idToken: without("iss") }],
    ["an iss that is a list", "iss", { idToken: having({ iss: ["https://evil.example", "x"] }) }],
    ["an aud of another client", "aud", { idToken: having({ aud: "another-client" }) }],
    ["no aud", "aud", { idToken: without("aud") }],
    ["an audience beside this client", "aud", { idToken: having({ aud: [clientId, "another-client"] }) }],
    ["an azp of another client, with two audiences", "azp", { idToken: having({ aud: [clientId, "b"], azp: "b" }) }],
    ["an azp of another client, with one audience", "azp", { idToken: having({ azp: "another-client" }) }],
    ["another nonce", "nonce", { idToken: having({ nonce: "another-nonce" }) }],
    ["no nonce", "nonce", { idToken: without("nonce") }],
    ["no sub", "sub", { idToken: without("sub") }],
    ["a sub that is a number", "sub", { idToken: having({ sub: 7 }) }],
    ["no iat", "iat", { idToken: without("iat") }],
    ["an iat that is text", "iat", { idToken: having({ iat: "now" }) }],
    ["an iat in the future", "iat", { idToken: having({ iat: now + hour, exp: now + 2 * hour }) }],
    ["an iat long past", "iat", { idToken: having({ iat: now - hour }) }],
    ["no exp", "exp", { idToken: without("exp") }],
    ["an exp in the past", "exp", { idToken: having({ exp: now - hour }) }],
    ["an nbf in the future", "nbf", { idToken: having({ nbf: now + hour }) }],
    ["the at_hash of another access token", "at_hash", { idToken: having({ at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }) }],
    ["alg none", "alg", { sign: (claims) => handMade({ alg: "none" }, claims) }],
    ["HS256 with the client secret", "alg", { sign: (claims) => handMade({ alg: "HS256" }, claims, clientSecret) }],
    [
      "HS256 with the public key as the secret",
      "alg",
      { sign: (claims, key) => handMade({ alg: "HS256", kid: key.kid }, claims, JSON.stringify(key.publicJwk)) },
    ],
    ["a kid that is not published", "key", { sign: (claims) => signed(claims, otherKey) }],
    [
      "no kid, where two keys are published",
      "key",
      { keys: [thirdKey, otherKey], sign: (claims, key) => signed(claims, key, "") },
    ],
    [
      "another key's signature under a published kid",
      "signature",
      { sign: (claims) => signed(claims, otherKey, "key-1") },
    ],
    ["a token that is no JWT", "malformed", { sign: () => "not-a-token" }],
    ["no ID token at all", "missing", { token: without("id_token") }],
  ];

  it.each(cases)("%s ends in oidc.id_token_%s", async (_, code, misbehaviour) => {
    provider.misbehaviour = misbehaviour;
    const { result, outcomes, visited } = await run({}, async (url) => (await browse(url)).text());
    expect(result).toBeInstanceOf(Failure);
    expect(result).toMatchObject({ code: `oidc.id_token_${code}`, kind: "negative" });
    expect(outcomes).toMatchObject([{ kind: "failed" }]);
    expect(visited).toEqual([`failed oidc.id_token_${code}`]);
  });

  it("refuses HS256 even from a server that announces it", async () => {
    provider.misbehaviour = {
      discovery: having({ id_token_signing_alg_values_supported: ["RS256", "HS256", "none"] }),
      sign: (claims) => handMade({ alg: "HS256" }, claims, clientSecret),
    };
    const announcing = await discoverIssuer(http, provider.issuer);
    expect((await run({ issuer: announcing })).result).toMatchObject({ code: "oidc.id_token_alg" });
    provider.misbehaviour = { ...provider.misbehaviour, sign: (claims) => handMade({ alg: "none" }, claims) };
    expect((await run({ issuer: announcing })).result).toMatchObject({ code: "oidc.id_token_alg" });
  });

  it("refuses userinfo about somebody else", async () => {
    provider.misbehaviour = { userinfo: having({ sub: "00u2other" }) };
    expect((await run()).result).toMatchObject({ code: "oidc.userinfo_sub", kind: "negative" });
    provider.misbehaviour = { userinfo: without("sub") };
    expect((await run()).result).toBeInstanceOf(Failure);
  });
});

describe("an answer that must be turned down", () => {
  it("comes from another issuer: the code is not sent anywhere (mix-up)", async () => {
    provider.misbehaviour = { answer: (parameters) => parameters.set("iss", "https://evil.example/oauth2/default") };
    expect((await run()).result).toMatchObject({ code: "oidc.response_issuer", kind: "negative" });
    expect(provider.exchanges).toEqual([]);
  });

  it("lacks the issuer that the server promises to name", async () => {
    provider.misbehaviour = { answer: (parameters) => parameters.delete("iss") };
    expect((await run()).result).toMatchObject({ code: "oidc.response_issuer" });
    expect(provider.exchanges).toEqual([]);
  });

  it("has two codes", async () => {
    provider.misbehaviour = { answer: (parameters) => parameters.append("code", "another") };
    expect((await run()).result).toMatchObject({ code: "oidc.response_invalid" });
    expect(provider.exchanges).toEqual([]);
  });

  it("has another state, typed in", async () => {
    let location = new URL("about:blank");
    const { result } = await run({
      onAuthorizeUrl: async (url) => {
        location = new URL(await redirectOf(url));
        location.searchParams.set("state", "forged");
      },
      paste: async () => location.href,
    });
    expect(result).toMatchObject({ code: "oidc.state_mismatch", kind: "negative" });
    expect(provider.exchanges).toEqual([]);
  });

  it("is the address of something else, typed in", async () => {
    const { result } = await run({
      onAuthorizeUrl: () => {},
      paste: async () => "https://evil.example/callback?code=1",
    });
    expect(result).toMatchObject({ code: "oidc.paste_invalid", kind: "usage" });
  });

  it("is a refusal, whose words are cleaned before anybody reads them", async () => {
    provider.misbehaviour = {
      answer: (parameters) => {
        parameters.delete("code");
        parameters.set("error", "access_denied");
        parameters.set("error_description", "\u001b[2J\u202eowned\n<script>alert(1)</script>");
      },
    };
    const { result } = await run();
    expect(result).toMatchObject({
      code: "oidc.access_denied",
      kind: "negative",
      message: expect.stringContaining("\\u{1b}[2J\\u{202e}owned\\u{0a}"),
    });
  });

  it.each([
    [
      "access_denied",
      "Policy evaluation failed for this request, please check the policy configurations.",
      "no_policy",
    ],
    ["access_denied", "User is not assigned to the client application.", "not_assigned"],
    ["invalid_scope", "One or more scopes are not configured for the authorization server resource.", "invalid_scope"],
    ["server_error", "", "server_error"],
    ["something_new", "", "refused"],
  ])("%s (%s) is told apart", async (error, description, code) => {
    provider.misbehaviour = {
      answer: (parameters) => {
        parameters.delete("code");
        parameters.set("error", error);
        if (description) parameters.set("error_description", description);
      },
    };
    expect((await run()).result).toMatchObject({ code: `oidc.${code}` });
  });
});

describe("a token endpoint that refuses", () => {
  const answering = (
    path: string,
    status: number,
    body: object,
    headers: Record<string, string> = {},
  ): Misbehaviour => ({
    route: new Map([
      [
        path,
        (_, response) =>
          response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body)),
      ],
    ]),
  });

  it("names the secret when that is wrong, and never shows it", async () => {
    const { result } = await run({ clientSecret: "a-wrong-secret-indeed" });
    expect(result).toMatchObject({ code: "oidc.client_refused", kind: "auth" });
    expect(String(result)).not.toContain("a-wrong-secret-indeed");
  });

  it("is understood in Okta's own form of error", async () => {
    expect((await run({ clientId: "0oaunknown" })).result).toMatchObject({ code: "oidc.client_refused", kind: "auth" });
  });

  it("is understood when it answers with a challenge", async () => {
    provider.misbehaviour = answering("/v1/token", 401, {}, { "www-authenticate": 'Basic realm="okta"' });
    expect((await run()).result).toMatchObject({ code: "oidc.client_refused" });
  });

  it("says what to turn off when the app demands DPoP", async () => {
    provider.misbehaviour = answering("/v1/token", 400, {
      error: "invalid_dpop_proof",
      error_description: "The DPoP proof JWT header is missing.",
    });
    expect((await run()).result).toMatchObject({ code: "oidc.dpop_required", hint: expect.stringContaining("DPoP") });
  });

  it("is called unreadable when it is no token endpoint", async () => {
    provider.misbehaviour = answering("/v1/token", 200, { hello: "world" });
    expect((await run()).result).toMatchObject({ code: "oidc.token_unreadable", kind: "unavailable" });
    provider.misbehaviour = answering("/v1/userinfo", 403, {});
    expect((await run()).result).toMatchObject({ code: "oidc.userinfo_unreadable", kind: "unavailable" });
  });
});

describe("the wait for the browser", () => {
  it("ends after the time given", async () => {
    expect((await run({ timeoutMs: 1 }, async () => {})).result).toMatchObject({
      code: "oidc.timeout",
      kind: "unavailable",
      message: expect.not.stringContaining("turned away"),
    });
  });

  it("says at its end that something came back without the state", async () => {
    const { result } = await run({
      timeoutMs: 50,
      onAuthorizeUrl: async (url) => {
        const callback = new URL(new URL(url).searchParams.get("redirect_uri") ?? "");
        callback.search = "code=stolen&state=forged";
        expect((await fetch(callback)).status).toBe(400);
      },
    });
    expect(result).toMatchObject({ code: "oidc.timeout", message: expect.stringContaining("was turned away") });
    expect(provider.exchanges).toEqual([]);
  });

  it("ends when the program is interrupted, with the reason it was given", async () => {
    const reason = new Failure("interrupted", "interrupted", "Interrupted.");
    const interrupt = new AbortController();
    const { result } = await run({ signal: interrupt.signal, onAuthorizeUrl: () => interrupt.abort(reason) });
    expect(result).toBe(reason);
    expect((await run({ signal: AbortSignal.abort(reason) }, async () => {})).result).toBe(reason);
  });

  it("closes the question for the pasted URL when the browser comes back after all", async () => {
    let closed = false;
    const paste = (signal: AbortSignal) =>
      new Promise<string>((_, reject) => {
        signal.addEventListener("abort", () => {
          closed = true;
          reject(new Failure("interrupted", "interrupted", "Interrupted."));
        });
      });
    expect((await run({ paste })).result).toMatchObject({ userinfo: { sub: "00u1user" } });
    await setImmediate();
    expect(closed).toBe(true);
  });

  it("shows the failure in the browser when the report cannot be made", async () => {
    const render = (outcome: SignInOutcome) => {
      if (outcome.kind === "signed_in") throw new Failure("unavailable", "okta.down", "Okta is down.");
      return `failed ${outcome.failure.code}`;
    };
    const { result, visited } = await run({ render }, async (url) => (await browse(url)).text());
    expect(result).toMatchObject({ code: "okta.down" });
    expect(visited).toEqual(["failed okta.down"]);
  });
});
