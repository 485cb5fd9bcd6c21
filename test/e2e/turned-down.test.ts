import { afterAll, beforeAll, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import {
  clientId,
  clientSecret,
  type Misbehavior,
  type Provider,
  signed,
  signingKey,
  startProvider,
} from "../oidc/provider.ts";
import { environment, run, runLoginTest, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
let provider: Provider;
beforeAll(async () => {
  [sandbox, provider] = await Promise.all([startSandbox(), startProvider()]);
});
afterAll(async () => {
  provider.close();
  await sandbox.close();
});

const forOther = await signingKey("key-1");
const environmentOf = (folder: string) => ({
  ...environment(folder, sandbox),
  AKTO_OKTA_ISSUER: provider.issuer,
  AKTO_OKTA_CLIENT_ID: clientId,
  AKTO_OKTA_CLIENT_SECRET: clientSecret,
});

// Each case of the conformance plan is in test/oidc/conformance.test.ts; these show what becomes of one in the program.
it.each<[what: string, code: string, sentence: string, misbehavior: Misbehavior]>([
  [
    "a forged signature",
    "oidc.id_token_signature",
    "The ID token's signature does not fit the authorization server's key.",
    { sign: (claims) => signed(claims, forOther) },
  ],
  [
    "another sign-in's token",
    "oidc.id_token_nonce",
    "The ID token does not belong to this sign-in: its nonce is a different one.",
    { idToken: (claims) => ({ ...claims, nonce: "another" }) },
  ],
  [
    "an answer of a server that was mixed up with it",
    "oidc.response_issuer",
    "The answer does not come from the authorization server that was asked.",
    { answer: (parameters) => parameters.set("iss", "https://evil.example") },
  ],
  [
    "somebody else's userinfo",
    "oidc.userinfo_sub",
    "Okta's userinfo is about a different user than the ID token.",
    { userinfo: (claims) => ({ ...claims, sub: "00u2other" }) },
  ],
])(
  "login test turns down %s: exit 6, a sentence in the terminal and on the page, and no report",
  async (_, code, sentence, misbehavior) => {
    provider.misbehavior = misbehavior;
    let page = "";
    const outcome = await runLoginTest(["--json"], environmentOf(temporaryFolder()), async (url) => {
      page = await (await fetch(url)).text();
    });
    expect(outcome).toMatchObject({ exitCode: 6, stdout: "" });
    expect(JSON.parse(outcome.stderr.split("\n").at(-1) ?? "").error).toMatchObject({ code, message: sentence });
    expect(page).toContain("Sign-in did not work");
    expect(page).toContain(sentence.replaceAll("'", "&#39;"));
  },
);

it("login test begins no sign-in at a server that calls itself another: exit 2, and says which to name", async () => {
  provider.misbehavior = {
    discovery: (document) => ({ ...document, issuer: "https://acme.okta.com/oauth2/default" }),
  };
  const { exitCode, stderr } = await run(["login", "test", "--no-input", "--json"], environmentOf(temporaryFolder()));
  expect(exitCode).toBe(2);
  expect(stderr).not.toContain("/v1/authorize");
  expect(JSON.parse(stderr.split("\n").at(-1) ?? "").error).toMatchObject({
    code: "oidc.issuer_mismatch",
    hint: expect.stringContaining("--issuer https://acme.okta.com/oauth2/default"),
  });
});

it("login test takes an issuer as it was typed, with the slash at its end", async () => {
  provider.misbehavior = {
    discovery: (document) => ({ ...document, issuer: `${document.issuer}/` }),
    idToken: (claims) => ({ ...claims, iss: `${claims.iss}/` }),
    answer: (parameters) => parameters.set("iss", `${provider.issuer}/`),
  };
  const args = ["--json", "--issuer", `${provider.issuer}/`];
  const outcome = await runLoginTest(args, providerAlone(temporaryFolder()), fetch);
  expect(JSON.parse(outcome.stdout), outcome.stderr).toMatchObject({ admitted: true });
});

it("login test names the address that Akto will call where --issuer is another server, and that server's PKCE", async () => {
  const answer = (redirectUri: string, error: Record<string, string>) =>
    `${redirectUri}?${new URLSearchParams({ error: "login_required", ...error })}`;
  const pkce = { error: "invalid_request", error_description: "PKCE code challenge is required by the application." };
  for (const [refuses, says] of [
    [false, /is a different address\.$/],
    [true, /is a different address\. It refuses Akto's request: The app requires PKCE, which Akto does not send\.$/],
  ] as const) {
    provider.misbehavior = {
      probe: (response, redirectUri, request) =>
        response
          .writeHead(302, {
            location: answer(redirectUri, refuses && !request.has("code_challenge") ? pkce : {}),
          })
          .end(),
    };
    const env = { ...providerAlone(temporaryFolder()), AKTO_OKTA_AUTH_SERVER_ID: "aus1elsewhere" };
    const outcome = await runLoginTest(["--json", "--issuer", provider.issuer], env, fetch);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const { checks, certain } = JSON.parse(outcome.stdout);
    const address = `${new URL(provider.issuer).origin}/oauth2/aus1elsewhere`;
    expect(checks).toContainEqual(
      expect.objectContaining({ id: "okta.request", status: "warn", message: expect.stringMatching(says) }),
    );
    expect(checks.find(({ id }: { id: string }) => id === "okta.request").message).toMatch(
      `No authorization server answers where Akto calls it, at ${address}. The issuer that was given, ${provider.issuer}, `,
    );
    expect(certain).toBe(false);
  }
});

/** The variables of a run against the provider alone. */
function providerAlone(folder: string): Record<string, string> {
  return {
    ...environment(folder),
    OKTA_CLIENT_ORGURL: new URL(provider.issuer).origin,
    AKTO_OKTA_AUTH_SERVER_ID: "default",
    AKTO_OKTA_CLIENT_ID: clientId,
    AKTO_OKTA_CLIENT_SECRET: clientSecret,
  };
}

it.each<[what: string, says: RegExp, probe: NonNullable<Misbehavior["probe"]>]>([
  [
    "the sign-in page of a server that ignores prompt=none",
    /HTTP 200 and says “Sign in”/,
    (response) => response.end("<h1>Sign in</h1>"),
  ],
  ["a firewall's 403", /HTTP 403 and says “Blocked”/, (response) => response.writeHead(403).end("<p>Blocked</p>")],
  ["a 503", /HTTP 503 and nothing else/, (response) => response.writeHead(503, { "retry-after": "0" }).end()],
  [
    "a redirect to a login page",
    /HTTP 302 and sends the browser on to “http:\S+\/login”/,
    (response) => response.writeHead(302, { location: "/login" }).end(),
  ],
  [
    "an error of the server's own",
    /HTTP 302 and says “server_error”/,
    (response, redirectUri) => response.writeHead(302, { location: `${redirectUri}?error=server_error` }).end(),
  ],
  ["no answer at all", /could not be reached/, (response) => response.socket?.destroy()],
])("login test goes on to the real sign-in where the probe gets %s, and warns", async (_, says, probe) => {
  provider.misbehavior = { probe };
  const { exitCode, stdout, stderr } = await runLoginTest(["--json"], providerAlone(temporaryFolder()), fetch);
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/it is not known whether the app has the redirect URI http:\/\/127\.0\.0\.1:\d+\/callback/);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ admitted: true });
});

it.each([
  ["the client id", "Invalid value for 'client_id' parameter.", "oidc.wrong_client"],
  ["PKCE", "PKCE code challenge is required by the application.", "oidc.pkce_required"],
  ["the missing feature", "The requested feature is not enabled in this environment.", "oidc.feature_missing"],
])("login test begins no sign-in where Okta's page names %s", async (_, sentence, code) => {
  provider.misbehavior = { probe: (response) => response.writeHead(400).end(`<p>${sentence}</p>`) };
  const env = providerAlone(temporaryFolder());
  const { exitCode, stderr } = await run(["login", "test", "--no-input", "--no-browser", "--json"], env);
  expect(stderr).not.toMatch(/^http:\S+\/v1\/authorize/m);
  expect(exitCode, stderr).toBe(6);
  expect(JSON.parse(stderr.split("\n").at(-1) ?? "").error).toMatchObject({ code });
});
