import fc from "fast-check";
import { expect, test } from "vitest";
import {
  parseAccountId,
  parseAktoUrl,
  parseAuthServerId,
  parseClientId,
  parseOktaDomain,
} from "../../src/core/address.ts";
import { claimFilterTypes } from "../../src/core/claim/filter.ts";
import { claimValue } from "../../src/core/claim/value.ts";
import { addToMapping, normalizeGroupName } from "../../src/core/roles/mapping.ts";
import { parseRole } from "../../src/core/roles/roles.ts";
import { createFaults } from "../../src/sandbox/faults.ts";
import { checkedProfileName } from "../../src/store/folder.ts";
import { hostileText } from "../hostile.ts";
import { effort, spoiledText, survives } from "./fuzz.ts";

const address = fc.oneof(
  spoiledText("https://acme.okta.com/oauth2/default?x=y#z", [
    "@",
    ":",
    "//",
    "\\",
    "%",
    "[::1]",
    "localhost",
    "127.0.0.1",
    "-admin",
    "xn--",
    "。",
    "0x7f.1",
    "https://",
    "http://",
    " ",
  ]),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.domain(),
  fc.ipV6().map((ip) => `[${ip}]`),
  hostileText,
);

/** Addresses that are taken for this machine, wherever they lead. */
const isLocal = (host: string) => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);

test(
  "an address is brought to one form or refused, whatever it is, and no secret travels in the clear",
  () => {
    fc.assert(
      fc.property(address, (text) => {
        const domain = survives("the domain", text, () => parseOktaDomain(text));
        if (domain) {
          const { protocol, hostname, host, username } = new URL(domain.origin);
          expect([host, username]).toEqual([domain.host, ""]);
          if (protocol !== "https:") expect(isLocal(hostname)).toBe(true);
          // What was taken once is taken again, as the same.
          expect(parseOktaDomain(domain.origin)).toEqual(domain);
        }
        const url = survives("the Akto URL", text, () => parseAktoUrl(text));
        if (url !== undefined) {
          const { protocol, hostname, username, password } = new URL(url);
          expect([username, password]).toEqual(["", ""]);
          if (protocol !== "https:") expect(isLocal(hostname)).toBe(true);
          expect(parseAktoUrl(url)).toBe(url);
        }
      }),
      effort().runs,
    );
  },
  effort().timeout,
);

test(
  "an id, a role, a name and a fault are taken or refused, whatever they are",
  () => {
    const id = fc.oneof(spoiledText("0oa1abcd2EFGHIJKL3m4"), spoiledText("default"), fc.integer().map(String), address);
    const fault = spoiledText("429=3,path=/api,times=2,on=akto", [
      "drop",
      "lost",
      "clock-skew=-5",
      ",",
      "=",
      "truncate",
    ]);
    fc.assert(
      fc.property(fc.oneof(id, hostileText), hostileText, fault, (text, name, spec) => {
        const server = survives("the server's id", text, () => parseAuthServerId(text));
        if (server !== undefined) expect(server).toMatch(/^[\w.~-]+$/);
        const client = survives("the client id", text, () => parseClientId(text));
        if (client !== undefined) expect(client).not.toMatch(/\s/);
        const account = survives("the account id", text, () => parseAccountId(text));
        if (account !== undefined) expect(Number.isSafeInteger(account)).toBe(true);
        survives("the profile's name", text, () => checkedProfileName(text));
        survives("the group's name", name, () => addToMapping(new Map(), normalizeGroupName(name).name, "ADMIN"));
        survives("the role", name, () => parseRole(name, [{ name: "__proto__", baseRole: "GUEST" }], false));
        survives("the role on trust", name, () => parseRole(name, null, true));
        survives("the fault", spec, () => createFaults([spec]));
      }),
      effort().runs,
    );
  },
  effort().timeout,
);

// What Okta holds as the groups claim's filter: somebody else's regular expression, held against everybody's groups.
test(
  "a claim's filter lets a name through or not, whatever the two are, before anyone grows tired",
  () => {
    const pattern = fc.oneof(
      fc
        .array(
          fc.constantFrom(
            "(",
            ")",
            "a",
            "b",
            ".",
            "*",
            "+",
            "?",
            "|",
            "[",
            "]",
            "^",
            "$",
            "\\",
            "{2,}",
            "{1,9}",
            "(?:",
            "(?i)",
            "(?=",
            "\\1",
            "\\p{L}",
            "-",
            "&&",
          ),
          { maxLength: 14 },
        )
        .map((parts) => parts.join("")),
      fc.constantFrom(
        "(a+)+$",
        "(a|a)*b",
        "(.*a){12}",
        "(a*)*b",
        "((a+)b?)+c",
        ".*.*.*.*.*.*x",
        "(?:a|b|ab)*c",
        "^(\\w+\\s?)*$",
        "(a?){40}a{40}",
      ),
      hostileText,
    );
    const name = fc.oneof(
      fc.integer({ min: 1, max: 255 }).map((length) => `${"a".repeat(length)}!`),
      hostileText,
    );
    fc.assert(
      fc.property(fc.constantFrom(...claimFilterTypes), pattern, name, (groupFilterType, value, group) => {
        survives("the filter", [groupFilterType, value, group], () => {
          const read = claimValue({
            id: "c",
            name: "groups",
            status: "ACTIVE",
            claimType: "RESOURCE",
            valueType: "GROUPS",
            groupFilterType,
            value,
            scopes: [],
          });
          if (read.kind === "filter") read.passes({ name: group, type: "OKTA_GROUP" });
        });
        survives("the expression", value, () =>
          claimValue({
            id: "c",
            name: "groups",
            status: "ACTIVE",
            claimType: "RESOURCE",
            valueType: "EXPRESSION",
            groupFilterType: null,
            value,
            scopes: [],
          }),
        );
      }),
      effort().runs,
    );
  },
  effort().timeout,
);
