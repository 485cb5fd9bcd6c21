import fc from "fast-check";
import { expect, test } from "vitest";
import { loggedUrl } from "../../src/http/log.ts";
import { askedWait, backoff } from "../../src/http/waiting.ts";

const headerValue = fc.oneof(
  fc.string().map((text) => text.replaceAll(/[^\x20-\x7e]/g, "")),
  fc.integer().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc.constantFrom("0", "-1", "1e9", "999999999999", "NaN", "Infinity", "", "12, 13"),
);

test("whatever a service writes into its headers, the wait is a finite one of a second at least, or none", () => {
  fc.assert(
    fc.property(headerValue, headerValue, headerValue, fc.nat(), (date, reset, after, now) => {
      const wait = askedWait(new Headers({ date, "x-rate-limit-reset": reset, "retry-after": after }), now);
      expect(wait === undefined || (Number.isFinite(wait) && wait >= 1000)).toBe(true);
    }),
  );
});

test("a reset that has passed is a wait of a second, and one that makes no sense leaves the word to Retry-After", () => {
  const date = "Tue, 01 Jan 2030 00:00:00 GMT";
  const wait = (headers: Record<string, string>) => askedWait(new Headers({ date, ...headers }), 0);
  expect(wait({ "x-rate-limit-reset": "1000" })).toBe(1000);
  expect(wait({ "x-rate-limit-reset": "1, 2", "retry-after": "5" })).toBe(5000);
  expect(wait({ "retry-after": "soon" })).toBeUndefined();
  expect(wait({})).toBeUndefined();
});

test("each attempt waits longer than the one before, whatever chance says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      expect(backoff(attempt + 1, random)).toBeGreaterThan(backoff(attempt, 0));
    }),
  );
});

test("no secret of an address reaches a log line, and nothing that moves the cursor", () => {
  const secret = fc.stringMatching(/^[a-z0-9]{12}$/).map((text) => `s3cret${text}`);
  const name = fc.constantFrom(
    "state",
    "code",
    "STATE",
    "token",
    "client_secret",
    "id_token_hint",
    "nonce",
    "code_verifier",
  );
  fc.assert(
    fc.property(secret, name, fc.string(), fc.string(), (value, parameter, path, other) => {
      const url = new URL("https://user:s3cretpassword@acme.okta.com/");
      url.pathname = path;
      url.searchParams.set("q", other);
      url.searchParams.set(parameter, value);
      url.hash = value;
      const line = loggedUrl(url);
      expect(line).not.toContain("s3cret");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});
