import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedaction, looksSecret } from "../../src/core/redaction.ts";

const hiding = (...secrets: string[]) => {
  const redaction = createRedaction();
  for (const secret of secrets) redaction.hide(secret);
  return redaction.redact;
};

describe("redaction", () => {
  it("leaves the last four characters of a secret, in an address and in JSON too, whole or cut off", () => {
    const secret = '00s3cret/with "signs" and more';
    const redact = hiding(secret);
    expect(redact(`a ${secret} b ${secret}`)).toBe("a …more b …more");
    expect(redact(`?token=${encodeURIComponent(secret)}`)).toBe("?token=…more");
    expect(redact(JSON.stringify({ token: secret }))).toBe('{"token":"…more"}');
    expect(redact(`Okta says: ${secret.slice(0, 20)}…`)).toBe("Okta says: …more…");
  });

  it("hides each line of a key, the longer of two secrets that begin alike, and no common word", () => {
    expect(hiding("-----BEGIN KEY-----\nMIIBVgIBADANBgkqhkiG\n-----END KEY-----")("x MIIBVgIBADANBgkqhkiG y")).toBe(
      "x …hkiG y",
    );
    expect(hiding("s3cret-s3cret", "s3cret-s3cret-longer")("s3cret-s3cret-longer, s3cret-s3cret")).toBe("…nger, …cret");
    expect(hiding("acme-client-secret")("acme-client-admins, acme-client-sec…, acme-client-s")).toBe(
      "acme-client-admins, …cret…, …cret",
    );
    expect(hiding("", "admin", "short-1")("admin short-1")).toBe("admin short-1");
  });

  it("lets no more of a secret through than its end, wherever it stands and wherever it is cut", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/);
    const around = fc.string();
    fc.assert(
      fc.property(word, around, around, fc.nat({ max: 64 }), (secret, before, after, cut) => {
        fc.pre(!`${before}${after}`.includes(secret.slice(0, 4)));
        const rest = cut < secret.length ? `…${after}` : after;
        const shown = hiding(secret)(before + secret.slice(0, Math.max(12, cut)) + rest);
        expect(shown).not.toContain(secret.slice(0, 12));
      }),
    );
  });
});

describe("what looks like a secret", () => {
  it.each([
    ["an API token of Okta", "00pLanTed1OktaTokenNobodyMaySeeThisOneX7aq", true],
    ["a client secret of Okta", "Ab1-Ab2_Ab3cAb4dAb5eAb6fAb7gAb8hAb9iAb0jAb1kAb2lAb3mAb4nAb5oAb6p", true],
    ["an API key of Akto", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9aB3dE5gH7jK9m", true],
    ["a JWT", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", true],
    ["a private key", "-----BEGIN PRIVATE KEY-----", true],
    ["a client id", "0oa1abcd2EFGHIJKL3m4", false],
    ["a client id of one's own", "2f1c7f0e-5b3a-4c60-9d0c-2d1a55f2c0aa", false],
    ["an id of a server", "aus1abcd2EFGHIJKL3m4", false],
    ["a host", "a-rather-long-company-name-24.okta.com", false],
    ["a group", "AKTO-PRODUCTION-US-EAST-1-SECURITY-ADMINS", false],
    ["a path", "/home/ada/secrets/okta-token-2026.txt", false],
  ])("%s", (_, word, looks) => {
    expect(looksSecret(word)).toBe(looks);
  });
});
