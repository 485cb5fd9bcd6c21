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

  describe("knows a secret in the form of", () => {
    const secret = '00pLanTed~Okta/Token+With "every" \\ sign<&>\'and-more-X7aq';
    const percent = (text: string, digits: (hex: string) => string) =>
      Array.from(new TextEncoder().encode(text), (byte) => `%${digits(byte.toString(16).padStart(2, "0"))}`).join("");
    const escaped = (text: string, form: (code: number) => string) =>
      Array.from(text, (character) => form(character.charCodeAt(0))).join("");
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const json = (text: string) => JSON.stringify(text).slice(1, -1);
    const html = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    it.each([
      ["an address", encodeURIComponent(secret)],
      ["an address in lower case", encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase())],
      ["an address, every byte escaped", percent(secret, (hex) => hex)],
      ["an address twice", encodeURIComponent(encodeURIComponent(secret))],
      ["JSON", json(secret)],
      ["JSON in JSON", json(json(secret))],
      ["JSON, every character escaped", escaped(secret, (code) => `\\u${code.toString(16).padStart(4, "0")}`)],
      ["a script", escaped(secret, (code) => `\\x${code.toString(16)}`)],
      ["HTML by number", html(secret)],
      ["HTML by name", secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")],
      ["HTML, every character by its number", escaped(secret, (code) => `&#x${code.toString(16)};`)],
      ["HTML in JSON", json(html(secret))],
      ["base64", base64(secret)],
      ["base64url", Buffer.from(secret).toString("base64url")],
      ["base64 with a name before it", base64(`0oa1abcd:${secret}`)],
      ["base64 within other letters", `xy${base64(secret)}`],
      ["base64 in an address", encodeURIComponent(base64(`a:${secret}`))],
      ["base64, cut", base64(secret).slice(0, 30)],
      ["hexadecimal digits", Buffer.from(secret).toString("hex")],
      ["hexadecimal digits in upper case", `f${Buffer.from(secret).toString("hex").toUpperCase()}`],
      ["a long part of it", `${secret.slice(3, 50)}|`],
      ["its beginning, cut by the server", `${secret.slice(0, 24)}, and so on`],
      ["its end, cut by the server", `***${secret.slice(-20)} was sent`],
      ["its beginning in an address, cut", `${encodeURIComponent(secret.slice(0, 30))}|`],
    ])("%s", (_, form) => {
      const shown = hiding(secret)(`It says: ${form} and goes on.`);
      expect(shown).toMatch(/^It says: .*…X7aq.* and goes on\.$/);
      expect(shown.length).toBeLessThan(50);
      for (const piece of [secret.slice(0, 16), secret.slice(-12), base64(secret).slice(0, 12)])
        expect(shown).not.toContain(piece);
    });
  });

  it("leaves alone what only looks like an escape or a code", () => {
    const text = "100% of &c; \\d \\u12 %zz QUJDREVGR0hJSktMTU5PUA== 0123456789abcdef0123456789abcdef &#99999999;";
    expect(hiding("a-secret-of-the-run-X7aq")(text)).toBe(text);
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
