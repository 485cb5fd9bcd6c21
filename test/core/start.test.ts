import { expect, it } from "vitest";
import { describeStarts, startsOf } from "../../src/core/start.ts";

it("gives each address where a sign-in starts a line of its own", () => {
  const lines = describeStarts(startsOf("https://app.akto.io", 1712345678));
  expect(lines).toEqual([
    "https://app.akto.io/sso-login",
    "  with their work email address in lowercase",
    "https://app.akto.io/okta-initiate-login?accountId=1712345678",
    "  or from the Akto tile in Okta, if the app has one",
  ]);
  expect(describeStarts(startsOf("https://app.akto.io", undefined)).at(-1)).toBe(
    "the Akto tile in Okta, if the app has one",
  );
});
