import { expect, it } from "vitest";
import { coversUri } from "../../../src/core/access/redirect-uris.ts";

const uri = "https://akto.acme.com/authorization-code/callback";

it.each([
  ["itself", [uri], false, true],
  ["a wildcard for the first label", ["https://*.acme.com/authorization-code/callback"], true, true],
  ["a part of the first label", ["https://ak*.acme.com/authorization-code/callback"], true, true],
  ["a wildcard that is switched off", ["https://*.acme.com/authorization-code/callback"], false, false],
  ["a wildcard for two labels", ["https://*.com/authorization-code/callback"], true, false],
  ["a wildcard in the path", ["https://akto.acme.com/*"], true, false],
  ["another path", ["https://*.acme.com/callback"], true, false],
  ["two wildcards", ["https://*.acme.com/*"], true, false],
])("takes the redirect URI or not: %s", (_, redirectUris, wildcardRedirect, taken) => {
  expect(coversUri({ redirectUris, wildcardRedirect }, uri)).toBe(taken);
});
