import fc from "fast-check";
import pico from "picocolors";
import { expect, test } from "vitest";
import { unknown } from "../../src/core/evidence.ts";
import { isRecord } from "../../src/core/json.ts";
import { buildLoginReport, userFromClaims } from "../../src/core/login/build-report.ts";
import { decodeAccessToken, readGroupsClaim, resolveRole } from "../../src/core/roles/resolve.ts";
import { checkToken } from "../../src/oidc/check-token.ts";
import { renderResultPage } from "../../src/page/result.ts";
import { renderReport } from "../../src/terminal/report.ts";
import { hostileText } from "../hostile.ts";
import { answering, anyJson, effort, expectHarmless, spoiled, survives } from "./fuzz.ts";

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
const plain = pico.createColors(false);

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
            organizationDomain: unknown("It is not known here."),
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
