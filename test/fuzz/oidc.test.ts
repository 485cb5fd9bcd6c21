import fc from "fast-check";
import { expect, test } from "vitest";
import { isFailure } from "../../src/core/failure.ts";
import type { HttpClient } from "../../src/http/types.ts";
import { readOAuthError } from "../../src/oidc/answers.ts";
import { checkClientSecret, clientSecretFailure } from "../../src/oidc/client-secret.ts";
import { discoverIssuer } from "../../src/oidc/discover.ts";
import { probeAuthorize, probeFailure } from "../../src/oidc/probe.ts";
import { refusalFailure } from "../../src/oidc/refusals.ts";
import { hostileText } from "../hostile.ts";
import {
  answering,
  anyBody,
  anyHeader,
  anyJson,
  anyStatus,
  effort,
  spoiled,
  spoiledText,
  survives,
  survivesLater,
} from "./fuzz.ts";

test(
  "discovery gives an issuer or fails, whatever the document is",
  async () => {
    const issuer = "https://acme.okta.com/oauth2/default";
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}/a`,
      token_endpoint: `${issuer}/t`,
      userinfo_endpoint: `${issuer}/u`,
      jwks_uri: `${issuer}/k`,
      response_types_supported: ["code"],
    };
    const json = fc.oneof(spoiled(metadata, Object.keys(metadata)), anyJson(Object.keys(metadata)));
    await fc.assert(
      fc.asyncProperty(anyStatus, anyBody(json), async (status, body) => {
        const found = await survivesLater("discovery", [status, body], () =>
          discoverIssuer(answering({ status, body }), issuer),
        );
        if (found) expect(new URL(found.tokenEndpoint).protocol).toBe("https:");
      }),
      effort(2).runs,
    );
  },
  effort().timeout,
);

test(
  "an issuer is asked over https or refused, whatever somebody typed for one",
  async () => {
    const typed = fc.oneof(
      spoiledText("https://acme.okta.com/oauth2/default", [
        "?",
        "#",
        "@",
        "http:",
        "..",
        "\\",
        "%2e",
        "[",
        "localhost",
      ]),
      fc.webUrl({ withQueryParameters: true }),
      hostileText,
    );
    await fc.assert(
      fc.asyncProperty(typed, async (issuer) => {
        const asked: string[] = [];
        const http: HttpClient = {
          fetch: async (url) => {
            asked.push(url);
            return new Response("{}", { status: 404 });
          },
        };
        await survivesLater("the issuer", issuer, () => discoverIssuer(http, issuer));
        for (const url of asked)
          expect(url).toMatch(/^(https:\/\/|http:\/\/(localhost|127\.|\[::1\]|[^/]*\.localhost))/);
      }),
      effort().runs,
    );
  },
  effort().timeout,
);

test(
  "the probe and the check of a secret give a verdict, whatever the page or the redirect is",
  async () => {
    const redirectUri = "https://a.example/callback";
    const target = fc.oneof(
      anyHeader,
      anyHeader.map((query) => `${redirectUri}?error=${query}&error_description=${query}`),
    );
    const html = fc.array(
      fc.constantFrom(
        "<script>",
        "</script>",
        "<",
        ">",
        "&amp;",
        "&#39;",
        "redirect_uri",
        " parameter ",
        "<style",
        "Description: ",
        "x",
      ),
      { maxLength: 30 },
    );
    const body = fc.oneof(
      anyBody(spoiled({ error: "invalid_client", error_description: "no" })),
      html.map((parts) => parts.join("")),
    );
    await fc.assert(
      fc.asyncProperty(anyStatus, target, body, async (status, location, page) => {
        const http = answering({ status, headers: { location }, body: page });
        const asked = { clientId: "0oa1", redirectUri };
        await survivesLater("probe", [status, location, page], async () => {
          const failure = probeFailure(
            await probeAuthorize({ http, authorizationEndpoint: "https://acme.okta.com/a", ...asked }),
            asked,
          );
          if (failure) throw failure;
        });
        await survivesLater("secret", [status, page], async () => {
          const request = { http, tokenEndpoint: "https://acme.okta.com/t", clientSecret: "s", ...asked };
          const failure = clientSecretFailure(await checkClientSecret(request), asked.clientId);
          if (failure) throw failure;
        });
      }),
      effort().runs,
    );
  },
  effort().timeout,
);

test(
  "an OAuth error becomes a failure that can be read, whatever it says",
  () => {
    fc.assert(
      fc.property(
        anyBody(spoiled({ error: "access_denied", error_description: "no" })),
        hostileText,
        hostileText,
        (body, error, description) => {
          survives("error body", body, () => readOAuthError(body));
          for (const stage of ["authorization", "token", "userinfo"] as const) {
            const failure = refusalFailure(stage, { error, description });
            expect(isFailure(failure)).toBe(true);
            survives("error", [error, description], () => {
              throw failure;
            });
          }
        },
      ),
      effort().runs,
    );
  },
  effort().timeout,
);
