import { afterEach, describe, expect, it } from "vitest";
import { loopbackPort } from "../../src/core/address.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { checkClientSecret, clientSecretFailure } from "../../src/oidc/client-secret.ts";
import { discoverIssuer } from "../../src/oidc/discover.ts";
import { probeAuthorize, probeFailure } from "../../src/oidc/probe.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";

const http = createHttpClient();
let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

/** What can be asked without a user, of an org in which one thing is wrong. */
async function ask(scenario: string, over: { clientId?: string; clientSecret?: string } = {}) {
  sandbox = await startSandbox({ scenario });
  const { okta, akto } = sandbox;
  const { clientId, clientSecret } = { ...okta, ...over };
  const issuer = await discoverIssuer(http, `${okta.url}/oauth2/${okta.authServerId}`);
  const redirectUri = `${akto.url}/authorization-code/callback`;
  const { authorizationEndpoint, tokenEndpoint } = issuer;
  const probe = (more: { redirectUri?: string; pkce?: boolean } = {}) =>
    probeAuthorize({ http, authorizationEndpoint, clientId, redirectUri, ...more });
  return {
    probe,
    probed: probeFailure(await probe(), { clientId, redirectUri })?.code,
    secret: clientSecretFailure(
      await checkClientSecret({ http, tokenEndpoint, clientId, clientSecret, redirectUri }),
      clientId,
    )?.code,
  };
}

describe("what an org says without a user", () => {
  it.each<[scenario: string, probed: string | undefined, secret: string | undefined]>([
    ["healthy", undefined, undefined],
    ["redirect-uri-missing", "oidc.wrong_redirect_uri", undefined],
    ["redirect-uri-slash", "oidc.wrong_redirect_uri", undefined],
    ["pkce-required", "oidc.pkce_required", undefined],
    ["app-inactive", "oidc.wrong_client", "oidc.unknown_client"],
    ["grant-missing", "oidc.unauthorized_client", "oidc.unauthorized_client"],
    ["no-policy", "oidc.no_policy", undefined],
    ["policy-lacks-scope", "oidc.no_policy", undefined],
    ["wrong-client-auth", undefined, "oidc.client_refused"],
  ])("%s: probe %s, secret %s", async (scenario, probed, secret) => {
    expect(await ask(scenario)).toMatchObject({ probed, secret });
  });

  it("tells a wrong client id and a wrong secret apart", async () => {
    expect(await ask("healthy", { clientId: "0oawrong" })).toMatchObject({
      probed: "oidc.wrong_client",
      secret: "oidc.unknown_client",
    });
    await sandbox?.close();
    expect(await ask("healthy", { clientSecret: "wrong-secret-0000" })).toMatchObject({
      probed: undefined,
      secret: "oidc.client_refused",
    });
  });

  it("answers for the loopback redirect URI by its port, and for login test's PKCE where Akto's lack of it fails", async () => {
    const { probe } = await ask("pkce-required");
    expect(await probe({ pkce: true })).toEqual({ kind: "ok" });
    const loopback = (port: number) => `http://127.0.0.1:${port}/callback`;
    expect(await probe({ pkce: true, redirectUri: loopback(loopbackPort) })).toEqual({ kind: "ok" });
    expect(await probe({ pkce: true, redirectUri: loopback(loopbackPort + 1) })).toMatchObject({
      kind: "wrong_redirect_uri",
      said: expect.stringMatching(/^The 'redirect_uri' parameter must be a Login redirect URI/),
    });
  });

  it("names the authorization server that is not there, and the issuer that is another", async () => {
    await expect(ask("server-inactive")).rejects.toMatchObject({ code: "oidc.no_such_server" });
    await sandbox?.close();
    await expect(ask("issuer-on-other-host")).rejects.toMatchObject({
      code: "oidc.issuer_mismatch",
      hint: expect.stringContaining("--issuer http://localhost:"),
    });
  });
});
