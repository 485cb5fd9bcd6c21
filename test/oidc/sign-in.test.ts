import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { discoverIssuer, type Issuer } from "../../src/oidc/discover.ts";
import type { SignInOutcome, SignInRequest } from "../../src/oidc/sign-in.ts";
import { clientId, clientSecret, type Misbehavior, type Provider, startProvider } from "./provider.ts";
import { browse, http, redirectOf, signInWith } from "./signing-in.ts";

let provider: Provider;
let issuer: Issuer;

beforeAll(async () => {
  provider = await startProvider();
  issuer = await discoverIssuer(http, provider.issuer);
});
afterAll(() => provider.close());
afterEach(() => {
  provider.misbehavior = {};
  provider.exchanges.length = 0;
});

const run = (over?: Partial<SignInRequest>, visit?: (url: string) => Promise<unknown>) =>
  signInWith(issuer, over, visit);

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
});

describe("an answer that refuses", () => {
  it("is a refusal, whose words are cleaned before anybody reads them", async () => {
    provider.misbehavior = {
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
    provider.misbehavior = {
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
  ): Misbehavior => ({
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
    expect((await run({ clientId: "0oaunknown" })).result).toMatchObject({ code: "oidc.unknown_client", kind: "auth" });
  });

  it("is understood when it answers with a challenge", async () => {
    provider.misbehavior = answering("/v1/token", 401, {}, { "www-authenticate": 'Basic realm="okta"' });
    expect((await run()).result).toMatchObject({ code: "oidc.client_refused" });
  });

  it("says what to turn off when the app requires DPoP", async () => {
    provider.misbehavior = answering("/v1/token", 400, {
      error: "invalid_dpop_proof",
      error_description: "The DPoP proof JWT header is missing.",
    });
    expect((await run()).result).toMatchObject({ code: "oidc.dpop_required", hint: expect.stringContaining("DPoP") });
  });

  it("is called unreadable when it is no token endpoint", async () => {
    provider.misbehavior = answering("/v1/token", 200, { hello: "world" });
    expect((await run()).result).toMatchObject({ code: "oidc.token_unreadable", kind: "unavailable" });
    provider.misbehavior = answering("/v1/userinfo", 403, {});
    expect((await run()).result).toMatchObject({ code: "oidc.userinfo_unreadable", kind: "unavailable" });
  });
});

describe("the wait for the browser", () => {
  it("ends after the time given", async () => {
    expect((await run({ timeoutMs: 1 }, async () => {})).result).toMatchObject({
      code: "oidc.timeout",
      kind: "unavailable",
      message: expect.not.stringContaining("rejected"),
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
    expect(result).toMatchObject({ code: "oidc.timeout", message: expect.stringContaining("it was rejected") });
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
