import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { checkClientSecret, clientSecretFailure } from "../../src/oidc/client-secret.ts";
import { discoverIssuer } from "../../src/oidc/discover.ts";
import { probeAuthorize, probeFailure } from "../../src/oidc/probe.ts";
import { clientId, clientSecret, type Provider, startProvider } from "./provider.ts";

const http = createHttpClient({ sleep: async () => {} });
const redirectUri = "https://app.akto.io/authorization-code/callback";

let provider: Provider;
let origin: string;
let answer: RequestListener;
const server = createServer((request, response) => answer(request, response));

beforeAll(async () => {
  provider = await startProvider();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
beforeEach(() => {
  provider.misbehavior = {};
  answer = (_, response) => response.writeHead(404).end();
});
afterAll(() => {
  provider.close();
  server.close();
  server.closeAllConnections();
});

function answering(status: number, body: string, headers: Record<string, string> = {}): void {
  answer = (_, response) => response.writeHead(status, headers).end(body);
}

describe("discovery", () => {
  it("reads the issuer's endpoints", async () => {
    expect(await discoverIssuer(http, provider.issuer)).toMatchObject({
      issuer: provider.issuer,
      authorizationEndpoint: `${provider.issuer}/v1/authorize`,
      tokenEndpoint: `${provider.issuer}/v1/token`,
    });
  });

  it("says which issuer the server calls itself, and how to take that", async () => {
    provider.misbehavior = {
      discovery: (document) => ({ ...document, issuer: "https://acme.okta.com/oauth2/default" }),
    };
    await expect(discoverIssuer(http, provider.issuer)).rejects.toMatchObject({
      code: "oidc.issuer_mismatch",
      kind: "usage",
      hint: expect.stringContaining("--issuer https://acme.okta.com/oauth2/default"),
    });
  });

  it("compares the issuer to the letter: one that ends in a slash is another one", async () => {
    const named = (issuer: string) => ({ discovery: (document: Record<string, unknown>) => ({ ...document, issuer }) });
    const slashed = `${provider.issuer}/`;
    provider.misbehavior = named(slashed);
    expect((await discoverIssuer(http, slashed)).issuer).toBe(slashed);
    await expect(discoverIssuer(http, provider.issuer)).rejects.toMatchObject({
      code: "oidc.issuer_mismatch",
      hint: expect.stringContaining(`--issuer ${slashed}`),
    });
    provider.misbehavior = {};
    await expect(discoverIssuer(http, slashed)).rejects.toMatchObject({ code: "oidc.issuer_mismatch" });
    // A URL's parser makes one of these two.
    provider.misbehavior = named(provider.issuer.replace("http:", "HTTP:"));
    await expect(discoverIssuer(http, provider.issuer)).rejects.toMatchObject({ code: "oidc.issuer_mismatch" });
  });

  it.each([
    ["token_endpoint", "the client secret"],
    ["userinfo_endpoint", "an access token"],
  ])("sends no secret to a %s at another origin, however secure", async (endpoint, what) => {
    for (const elsewhere of ["https://collect.example", origin, provider.issuer.replace("127.0.0.1", "localhost")]) {
      provider.misbehavior = { discovery: (document) => ({ ...document, [endpoint]: `${elsewhere}/v1/x` }) };
      await expect(discoverIssuer(http, provider.issuer)).rejects.toMatchObject({
        kind: "usage",
        code: "oidc.foreign_endpoint",
        message: `“${provider.issuer}” names a ${endpoint} at ${new URL(elsewhere).origin}: ${what} is not sent there.`,
        hint: expect.stringContaining("--issuer"),
      });
    }
  });

  it("says what a server answers that is no issuer, with its status and first words", async () => {
    for (const [status, body, says] of [
      [403, "<title>x</title><h1>Blocked</h1>", "answers HTTP 403 to discovery and says “Blocked”."],
      [200, "<h1>Welcome</h1>", "answers HTTP 200 to discovery and says “Welcome”."],
      [200, "{}", "answers discovery without naming an issuer."],
      [503, "<h1>Down</h1>", "answers HTTP 503 to discovery and says “Down”."],
    ] as const) {
      answering(status, body);
      await expect(discoverIssuer(http, `${origin}/x`)).rejects.toThrow(`“${origin}/x” ${says}`);
    }
  });

  it("does not suggest an issuer that could not be used", async () => {
    provider.misbehavior = { discovery: (document) => ({ ...document, issuer: "http://evil.example/\u001b[2J" }) };
    const refused = discoverIssuer(http, provider.issuer);
    await expect(refused).rejects.toMatchObject({
      code: "oidc.issuer_mismatch",
      hint: expect.not.stringContaining("--issuer"),
    });
    await expect(refused).rejects.toThrow(/\\u\{1b\}/);
  });

  it.each([
    ["no such authorization server", 404, "oidc.no_such_server", "usage"],
    ["a redirect", 302, "oidc.not_an_issuer", "usage"],
    ["a server that is down", 503, "oidc.discovery_failed", "unavailable"],
  ])("tells %s (HTTP %i) apart", async (_, status, code, kind) => {
    answering(status, "", { location: "https://evil.example/" });
    await expect(discoverIssuer(http, `${origin}/oauth2/none`)).rejects.toMatchObject({ code, kind });
  });

  it.each([
    ["a page", "<html>", "text/html"],
    ["broken JSON", "{", "application/json"],
    ["JSON that is no metadata", "[]", "application/json"],
    ["metadata without an issuer", "{}", "application/json"],
  ])("does not take %s for an issuer", async (_, body, type) => {
    answering(200, body, { "content-type": type });
    await expect(discoverIssuer(http, `${origin}/oauth2/default`)).rejects.toMatchObject({
      code: "oidc.not_an_issuer",
      kind: "usage",
    });
  });

  it.each([
    ["missing", undefined],
    ["plain http to another machine", "http://evil.example/token"],
    ["no URL", "token"],
  ])("refuses a token endpoint that is %s", async (_, token_endpoint) => {
    provider.misbehavior = { discovery: (document) => ({ ...document, token_endpoint }) };
    await expect(discoverIssuer(http, provider.issuer)).rejects.toMatchObject({ code: "oidc.metadata_incomplete" });
  });

  it.each([
    "http://acme.okta.com/oauth2/default",
    "acme.okta.com",
    "https://a:b@acme.okta.com/",
    "https://acme.okta.com/?x",
  ])("asks nobody for the issuer %s", async (issuer) => {
    await expect(discoverIssuer(http, issuer)).rejects.toMatchObject({ code: "oidc.issuer_invalid", kind: "usage" });
  });

  it("passes on that nothing answers", async () => {
    const closed = createServer();
    closed.listen(0, "127.0.0.1");
    await once(closed, "listening");
    const address = closed.address();
    const port = typeof address === "object" ? address?.port : 0;
    closed.close();
    await once(closed, "close");
    await expect(discoverIssuer(http, `http://127.0.0.1:${port}/oauth2/default`)).rejects.toMatchObject({
      code: "http.unreachable",
      kind: "unavailable",
    });
  });
});

describe("the prompt=none probe", () => {
  const asked = { clientId, redirectUri };
  const probe = (over: { pkce?: boolean } = {}) =>
    probeAuthorize({ http, authorizationEndpoint: `${origin}/oauth2/default/v1/authorize`, ...asked, ...over });
  const redirecting = (parameters: Record<string, string>, to = redirectUri) =>
    answering(302, "", { location: `${to}?${new URLSearchParams(parameters)}` });

  it("asks as Akto does: its scopes, no nonce, PKCE only where wanted, and no cookie", async () => {
    const seen: URL[] = [];
    answer = (request, response) => {
      expect(request.headers.cookie).toBeUndefined();
      seen.push(new URL(request.url ?? "", origin));
      response.writeHead(302, { location: `${redirectUri}?error=login_required` }).end();
    };
    expect(await probe()).toEqual({ kind: "ok" });
    expect(await probe({ pkce: true })).toEqual({ kind: "ok" });
    const [akto, own] = seen.map(({ searchParams }) => Object.fromEntries(searchParams));
    expect(akto).toEqual({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: "openid email profile",
      state: expect.any(String),
      prompt: "none",
    });
    expect(own).toMatchObject({ code_challenge: expect.stringMatching(/^[\w-]{43}$/), code_challenge_method: "S256" });
  });

  it.each([
    [{ error: "login_required" }, "ok"],
    [{ error: "consent_required" }, "ok"],
    [{ code: "a-code-after-all" }, "ok"],
    [
      { error: "invalid_request", error_description: "PKCE code challenge is required by the application." },
      "pkce_required",
    ],
    [{ error: "invalid_request", error_description: "The nonce is missing." }, "error"],
    [{ error: "invalid_scope", error_description: "One or more scopes are not configured." }, "invalid_scope"],
    [{ error: "access_denied", error_description: "Policy evaluation failed for this request." }, "access_denied"],
    [{ error: "unsupported_response_type" }, "error"],
  ])("reads the redirect %o as %s", async (parameters, kind) => {
    redirecting(parameters);
    expect(await probe()).toMatchObject({ kind });
  });

  const address = () => `${origin}/oauth2/default/v1/authorize`;

  it("takes nothing that does not name its cause for an answer, and says what came and from where", async () => {
    const firewall = `<html><body>Access denied. https://x.example/?redirect_uri=${redirectUri}&code_challenge=abc</body></html>`;
    const answers: readonly [status: number, body: string, headers: Record<string, string>, says: string][] = [
      [200, "<h1>Sign in</h1>", {}, "answers HTTP 200 and says “Sign in”."],
      [200, "", {}, "answers HTTP 200 and nothing else."],
      [403, firewall, {}, "answers HTTP 403 and says “Access denied."],
      [503, "<p>Invalid value for 'client_id' parameter.</p>", {}, "answers HTTP 503 and says"],
      [400, "<p>Something that nobody has seen yet.</p>", {}, "says “Something that nobody has seen yet.”."],
      [302, "", { location: "/login?next=1" }, `HTTP 302 and sends the browser on to “${origin}/login”.`],
      [
        302,
        "",
        { location: "https://evil.example/callback?error=login_required" },
        "to “https://evil.example/callback”",
      ],
      [302, "", { location: "https://[" }, "sends the browser on to “https://[”"],
      [303, "", { location: `${redirectUri}?error=server_error` }, "answers HTTP 303 and says “server_error”."],
      [
        302,
        "",
        { location: `${redirectUri}?error=temporarily_unavailable&error_description=Later` },
        "says “temporarily_unavailable”, “Later”.",
      ],
      [302, "", {}, "answers HTTP 302 and nothing else."],
      [302, "", { location: `${redirectUri}?error=something_new` }, "answers HTTP 302 and says “something_new”."],
      [
        302,
        "",
        { location: `${redirectUri}?error=invalid_request&error_description=prompt+none+is+not+supported` },
        "says “invalid_request”, “prompt none is not supported”.",
      ],
    ];
    for (const [status, body, headers, says] of answers) {
      answering(status, body, headers);
      const result = await probe({ pkce: true });
      expect(result).toEqual({
        kind: "unanswered",
        status,
        address: address(),
        why: expect.stringContaining(says),
      });
    }
  });

  const page = (sentence: string) => `<!DOCTYPE html><html><head><title>Error</title>
    <script>var request = "client_id=${clientId}&redirect_uri=${redirectUri}"; // 'redirect_uri' parameter</script></head>
    <body><h1>400</h1><h2>Bad Request</h2><p>Your request resulted in an error. ${sentence}</p><a href="/">Go to Homepage</a></body></html>`;

  it.each([
    [
      "The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings.",
      "wrong_redirect_uri",
    ],
    [
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: https://x.okta.com",
      "wrong_redirect_uri",
    ],
    ["Invalid value for &#39;client_id&#39; parameter.", "wrong_client"],
    ["PKCE code challenge is required by the application.", "pkce_required"],
    ["The requested feature is not enabled in this environment.", "feature_missing"],
  ])("reads Okta's page %s", async (sentence, kind) => {
    answering(400, page(sentence), { "content-type": "text/html" });
    expect(await probe()).toMatchObject({ kind, said: expect.not.stringMatching(/[<>]/) });
  });

  it("reads Okta's JSON", async () => {
    answering(
      400,
      JSON.stringify({ errorCode: "invalid_client", errorSummary: "Invalid value for 'client_id' parameter." }),
    );
    expect(await probe()).toEqual({ kind: "wrong_client", said: "Invalid value for 'client_id' parameter." });
  });

  it("survives any page", async () => {
    for (const piece of ["<", "<script>", "</script", "a", "&#39;", "'redirect_uri' "]) {
      answering(400, piece.repeat(100_000));
      expect(await probe()).toMatchObject({ kind: "unanswered", status: 400 });
    }
  });

  it("turns each answer into a failure that says what to do, and a good one into none", () => {
    expect(probeFailure({ kind: "ok" }, asked)).toBeNull();
    const results = [
      [{ kind: "wrong_client", said: "" }, "oidc.wrong_client"],
      [{ kind: "wrong_redirect_uri", said: "" }, "oidc.wrong_redirect_uri"],
      [{ kind: "pkce_required", said: "" }, "oidc.pkce_required"],
      [{ kind: "invalid_scope", said: "" }, "oidc.invalid_scope"],
      [{ kind: "access_denied", said: "Policy evaluation failed" }, "oidc.no_policy"],
      [{ kind: "error", error: "odd", said: "" }, "oidc.refused"],
      [{ kind: "feature_missing", said: "" }, "oidc.feature_missing"],
    ] as const;
    for (const [result, code] of results) {
      expect(probeFailure(result, asked)).toMatchObject({ code, kind: "negative", hint: expect.stringMatching(/\S/) });
    }
    const unanswered = { kind: "unanswered", status: 503, address: address(), why: "It answers HTTP 503." } as const;
    expect(probeFailure(unanswered, asked)).toMatchObject({
      code: "oidc.authorize_unanswered",
      kind: "unavailable",
      message: expect.stringContaining(unanswered.why),
    });
  });
});

describe("the check of client id and secret", () => {
  const secretCheck = async (over: { clientId?: string; clientSecret?: string; tokenEndpoint?: string } = {}) =>
    checkClientSecret({
      http,
      tokenEndpoint: `${provider.issuer}/v1/token`,
      clientId,
      clientSecret,
      redirectUri,
      ...over,
    });

  it("accepts the right pair, since only the code is refused", async () => {
    const result = await secretCheck();
    expect(result).toEqual({ kind: "accepted" });
    expect(clientSecretFailure(result, clientId)).toBeNull();
  });

  it("tells a wrong secret from an unknown client, and repeats no secret", async () => {
    const wrong = await secretCheck({ clientSecret: "not-the-secret-at-all" });
    expect(wrong).toMatchObject({ kind: "wrong_secret" });
    const failure = clientSecretFailure(wrong, clientId);
    expect(failure).toMatchObject({ code: "oidc.client_refused", kind: "auth" });
    expect(JSON.stringify([failure, failure?.message, failure?.hint])).not.toContain("not-the-secret");
    const unknown = await secretCheck({ clientId: "0oaunknown" });
    expect(unknown).toMatchObject({ kind: "unknown_client" });
    expect(clientSecretFailure(unknown, "0oaunknown")).toMatchObject({ code: "oidc.unknown_client", kind: "auth" });
  });

  it.each([
    [
      400,
      { error: "invalid_dpop_proof", error_description: "The DPoP proof JWT header is missing." },
      "oidc.dpop_required",
    ],
    [
      400,
      { error: "unauthorized_client", error_description: "The client is not authorized." },
      "oidc.unauthorized_client",
    ],
    [400, { error: "invalid_request", error_description: "PKCE code verifier is missing." }, undefined],
    [404, { errorCode: "E0000007", errorSummary: "Not found" }, "oidc.refused"],
    [200, { hello: "world" }, "oidc.token_unreadable"],
  ])("reads HTTP %i %o as %s", async (status, body, code) => {
    answering(status, JSON.stringify(body));
    expect(clientSecretFailure(await secretCheck({ tokenEndpoint: `${origin}/token` }), clientId)?.code).toBe(code);
  });
});
