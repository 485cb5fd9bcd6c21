import fc from "fast-check";
import { expect, it } from "vitest";
import { addressOf, type Change } from "../../../src/core/plan/plan.ts";
import { wordChange } from "../../../src/core/plan/words.ts";
import { hostile, hostileText } from "../../hostile.ts";

const change = (address: string, kind: Change["kind"], fields: Change["fields"] = []): Change => ({
  system: "okta",
  address,
  kind,
  fields,
});

it.each<[string, Change, string, string[]]>([
  ["a group", change(addressOf("okta.groups", 'The "A" [team]'), "add"), 'the group “The "A" [team]”', []],
  [
    "a new app, of which only what is not in every one is told",
    change("okta.app", "add", [
      { field: "label", from: null, to: "Akto" },
      { field: "active", from: null, to: true },
      { field: "redirectUris", from: null, to: ["https://a.example/x"] },
      { field: "grantTypes", from: null, to: ["authorization_code"] },
      { field: "pkceRequired", from: null, to: false },
      { field: "initiateLoginUri", from: null, to: null },
      { field: "idpInitiatedLogin", from: null, to: "DISABLED" },
    ]),
    "the app “Akto”",
    ["sign-in redirect URIs: https://a.example/x"],
  ],
  [
    "an app that is changed",
    change("okta.app", "change", [
      { field: "onDashboard", from: false, to: true },
      { field: "redirectUris", from: ["https://b.example"], to: ["https://b.example", "https://a.example/x"] },
      { field: "clientAuthMethod", from: "private_key_jwt", to: "client_secret_post" },
      { field: "pkceRequired", from: true, to: false },
    ]),
    "the app",
    [
      "shown on Okta's dashboard: no → yes",
      "sign-in redirect URIs: https://a.example/x added",
      "client authentication: private key → client secret",
      "requires PKCE, which Akto does not send: yes → no",
    ],
  ],
  [
    "an assignment that goes",
    change('okta.app.assignments["Everyone"]', "remove"),
    "the app's assignment to “Everyone”",
    [],
  ],
  [
    "a claim's filter, which is one thing of two fields",
    change("okta.groupsClaim", "change", [
      { field: "filter", from: "EQUALS", to: "STARTS_WITH" },
      { field: "value", from: "Akto Admins", to: "Akto" },
    ]),
    "the claim “groups” of the access tokens",
    ["groups whose name starts with “Akto”", "now: groups whose name equals “Akto Admins”"],
  ],
  [
    "a claim that lists groups",
    change("okta.groupsClaim", "add", [
      { field: "filter", from: null, to: "EXPRESSION" },
      { field: "value", from: null, to: 'getFilteredGroups({"00g1"}, "group.name", 100)' },
    ]),
    "the claim “groups” in the access tokens",
    ['the groups that this expression gives: getFilteredGroups({"00g1"}, "group.name", 100)'],
  ],
  [
    "a role that changes",
    change('mapping["Akto Admins"]', "change", [{ field: "role", from: "ADMIN", to: "MEMBER" }]),
    "“Akto Admins” → Security Engineer (was Admin)",
    [],
  ],
  [
    "a role that goes",
    change('mapping["Akto Admins"]', "remove", [{ field: "role", from: "ADMIN", to: null }]),
    "“Akto Admins” → Admin",
    [],
  ],
])("a plan says in words: %s", (_, given, line, more) => {
  expect(wordChange(given)).toEqual({ kind: given.kind, line, more });
});

it("a plan's words are harmless and hold the name, whatever it is", () => {
  const paths = ["okta.groups", "okta.app.assignments", "mapping"];
  fc.assert(
    fc.property(hostileText, fc.constantFrom(...paths), (name, path) => {
      const { line } = wordChange(change(addressOf(path, name), "add", [{ field: "role", from: null, to: name }]));
      expect(line).not.toMatch(hostile);
      expect(line).not.toContain(path);
    }),
  );
});
