import { Chalk } from "chalk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFailure } from "../../src/core/failure.ts";
import { isRecord } from "../../src/core/json.ts";
import { buildLoginReport, userFromClaims } from "../../src/core/login-report.ts";
import { decodeAccessToken, readGroupsClaim, resolveRole } from "../../src/core/resolve.ts";
import { checkToken } from "../../src/oidc/check-token.ts";
import { checkClientSecret, clientSecretFailure } from "../../src/oidc/client-secret.ts";
import { discoverIssuer } from "../../src/oidc/discover.ts";
import { readOAuthError } from "../../src/oidc/fetch.ts";
import { renderResultPage } from "../../src/oidc/page.ts";
import { probeAuthorize, probeFailure } from "../../src/oidc/probe.ts";
import { authorizationFailure, tokenFailure } from "../../src/oidc/refusals.ts";
import { renderReport } from "../../src/terminal/report.ts";
import { hostileText } from "../hostile.ts";
import {
  answering,
  anyBody,
  anyHeader,
  anyJson,
  anyStatus,
  effort,
  expectHarmless,
  spoiled,
  survives,
  survivesLater,
} from "./fuzz.ts";

const claims = {
  iss: "https://acme.okta.com/oauth2/default",
  sub: "00u1",
  uid: "00u1",
  cid: "0oa1",
  aud: "api://default",
  scp: ["openid", "email"],
  exp: 1_893_456_000,
  groups: ["Akto Admins", "Everyone"],
  email: "ada@acme.example",
  preferred_username: "ada",
  name: "Ada Byron",
};
const keys = Object.keys(claims);
const anyClaims = fc.oneof(spoiled(claims, keys), anyJson(keys));
const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toString("base64url");
/** An access token: three parts, of which each may be anything. */
const anyToken = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyClaims, hostileText)
      .map(([payload, signature]) => `${part({ alg: "RS256", kid: "k" })}.${part(payload)}.${part(signature)}`),
  },
  anyClaims.map((payload) => `${part({ alg: "none" })}.${part(payload)}`),
  fc.tuple(hostileText, hostileText).map((parts) => parts.join(".")),
  fc.base64String().map((text) => `a.${text}.b`),
  hostileText,
);
const plain = new Chalk({ level: 0 });

test(
  "a token gives a role, a report and a page, whatever it is, and each is harmless",
  () => {
    fc.assert(
      fc.property(
        anyToken,
        anyClaims,
        fc.option(fc.array(hostileText)),
        fc.array(fc.tuple(hostileText, hostileText)),
        (accessToken, userinfo, groupsFromApi, mapping) => {
          survives("decode", accessToken, () => decodeAccessToken(accessToken));
          survives("groups claim", accessToken, () => readGroupsClaim(accessToken));
          const customRoles = mapping.map(([name, baseRole]) => ({ name, baseRole }));
          // Of these two the library promises that they never fail.
          const { role } = resolveRole({ accessToken, groupsFromApi, mapping, customRoles });
          expect(typeof role).toBe("string");
          const report = buildLoginReport({
            user: isRecord(userinfo) ? userFromClaims(userinfo) : null,
            token: { accessToken },
            otherClaims: { userinfo: isRecord(userinfo) ? userinfo : {}, idToken: {} },
            api: groupsFromApi ? { kind: "answered", names: groupsFromApi } : { kind: "no_token" },
            mapping: new Map(mapping),
            customRoles,
            organisationDomain: null,
            membership: { kind: "unknown" },
          });
          for (const line of renderReport(report, plain).split("\n")) expectHarmless(line);
          for (const line of renderResultPage(report).split("\n")) expectHarmless(line.replaceAll("\u00a0", " "));
        },
      ),
      effort().runs,
    );
  },
  effort().timeout,
);

test(
  "a captured token is checked without a failure, whatever it and its issuer's keys are",
  async () => {
    const issuer = claims.iss;
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}/a`,
      token_endpoint: `${issuer}/t`,
      userinfo_endpoint: `${issuer}/u`,
      jwks_uri: `${issuer}/k`,
    };
    const expected = { issuer, clientId: "0oa1", audiences: ["api://default"] };
    const jwks = { keys: [{ kty: "RSA", kid: "k", n: "AQAB", e: "AQAB", alg: "RS256" }] };
    await fc.assert(
      fc.asyncProperty(anyToken, spoiled(jwks, ["keys", "kty", "kid", "n"]), async (token, keySet) => {
        const http = answering({ body: JSON.stringify(metadata) }, { body: JSON.stringify(keySet) ?? "" });
        const checks = await checkToken(http, expected, token, new Date(0));
        for (const { message } of checks) expectHarmless(message);
      }),
      effort(2).runs,
    );
  },
  effort().timeout,
);

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
          for (const make of [authorizationFailure, tokenFailure]) {
            const failure = make(error, description);
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
