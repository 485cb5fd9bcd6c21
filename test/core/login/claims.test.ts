import fc from "fast-check";
import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { claimLines, claimsOf } from "../../../src/core/login/claims.ts";
import { createRedaction } from "../../../src/core/redaction.ts";
import { renderClaims } from "../../../src/terminal/claims.ts";
import { accessTokenWith, claims, claimsAt } from "../../browser/reports.ts";

const now = new Date(claimsAt);
const seconds = now.getTime() / 1000;
const redaction = createRedaction();
const brought = (payload: object) => ({ accessToken: accessTokenWith(payload), idTokenClaims: {}, userinfo: {} });

describe("the claims of a sign-in", () => {
  it("are those of the token, of the ID token and of userinfo, in their order", () => {
    const accessToken = accessTokenWith({ sub: "ada", groups: ["A", "B"], iat: 1 });
    const made = claimsOf({ accessToken, idTokenClaims: { nonce: "n" }, userinfo: { email: "a@b.c" } }, redaction);
    expect(made).toEqual({
      accessToken: { sub: "ada", groups: ["A", "B"], iat: 1 },
      idToken: { nonce: "n" },
      userinfo: { email: "a@b.c" },
    });
    expect(Object.keys(made.accessToken ?? {})).toEqual(["sub", "groups", "iat"]);
  });

  it("are none where only Okta can read the token", () => {
    expect(claimsOf({ accessToken: "opaque", idTokenClaims: {}, userinfo: {} }, redaction).accessToken).toBe(null);
  });

  it("never hold what a token is put together from, nor a secret, wherever it lies", () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.${"s".repeat(40)}`;
    const apiToken = `00${"aB3".repeat(13)}x`;
    const known = createRedaction();
    known.hide("a-secret-of-this-run");
    const given = {
      nested: { deep: [jwt, `see ${apiToken}`] },
      note: "a-secret-of-this-run",
      client_secret: "hunter2",
      refresh_token: "abc",
      token_type: "Bearer",
      groups: ["Akto Admins"],
    };
    const made = claimsOf(brought(given), known).accessToken;
    const text = JSON.stringify(made);
    for (const secret of [jwt, jwt.split(".")[1] ?? "", apiToken, "a-secret-of-this-run", "hunter2", '"abc"']) {
      expect(text).not.toContain(secret);
    }
    expect(made).toMatchObject({ token_type: "Bearer", groups: ["Akto Admins"] });
  });

  it("are shown whatever they are: any JSON, any depth, any time", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(fc.string(), fc.constant("exp"), fc.constant("__proto__")), fc.jsonValue()),
        (given) => {
          const made = claimsOf(
            { accessToken: accessTokenWith(given), idTokenClaims: given, userinfo: given },
            redaction,
          );
          const shown = renderClaims(made, pico.createColors(false), now);
          expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          expect(claimLines(made.userinfo, now)).toHaveLength(Object.keys(given).length);
        },
      ),
    );
    let deep: unknown = "end";
    for (let level = 0; level < 4_000; level++) deep = [deep];
    expect(JSON.stringify(claimsOf({ accessToken: "x", idTokenClaims: { deep }, userinfo: {} }, redaction))).toContain(
      "…",
    );
  });
});

describe("a time among the claims", () => {
  it.each([
    [seconds + 3_600, "2026-11-26T18:05:12Z, in 60 minutes"],
    [seconds + 3 * 3_600, "2026-11-26T20:05:12Z, in 3 hours"],
    [seconds + 40 * 86_400, "2027-01-05T17:05:12Z, in 40 days"],
    [seconds + 30, "2026-11-26T17:05:42Z, just now"],
    [seconds - 300, "2026-11-26T17:00:12Z, 5 minutes ago"],
  ])("%d is said in words, too", (exp, words) => {
    expect(claimLines({ exp }, now)).toEqual([{ name: "exp", value: String(exp), time: words }]);
  });

  it("is said only of claims that hold one, and of numbers that are one", () => {
    expect(claimLines({ ver: seconds, exp: "soon", iat: 1e300, nbf: null }, now).map(({ time }) => time)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

it("the terminal shows each place under its name, with what it is to Akto", () => {
  const text = renderClaims(claims, pico.createColors(false), now);
  expect(text).toMatch(/Access token {2}Akto reads the groups here\.\n {4}ver {5}1\n/);
  expect(text).toMatch(/^ {4}none {22}none$/m);
  expect(text).toContain("    exp     1795716312  2026-11-26T18:05:12Z, in 60 minutes");
  expect(text).toContain("ID token  Akto never looks at it.");
});
