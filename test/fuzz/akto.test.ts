import fc from "fast-check";
import { expect, test } from "vitest";
import { readActionErrors, readCustomRoles, readGroupNames, readSso, readTeam } from "../../src/akto/answers.ts";
import { createAktoDashboard } from "../../src/akto/dashboard.ts";
import type { AktoDashboard } from "../../src/akto/types.ts";
import { answering, anyBody, anyJson, anyStatus, effort, spoiled, survives, survivesLater } from "./fuzz.ts";

const sso = {
  clientId: "0oa1",
  oktaDomain: "acme.okta.com",
  authorisationServerId: "default",
  redirectUri: "https://app.akto.io/authorization-code/callback",
  oktaGroupToAktoUserRoleMap: { "Akto Admins": "ADMIN", __proto__: null },
  syncGroupsToUserTags: true,
  managementApiToken: "****",
};
const groups = { oktaGroupNames: ["Akto Admins"] };
const roles = { roles: [{ name: "auditor", baseRole: "GUEST" }] };
const team = [
  { login: "a@b.example", name: "A", role: "ADMIN", scopeRoleMapping: { API: "ADMIN" }, isInvitation: false },
];
const keys = [
  ...Object.keys(sso),
  "oktaGroupNames",
  "roles",
  "name",
  "baseRole",
  "login",
  "scopeRoleMapping",
  "actionErrors",
];

const readers = [
  ["fetchOktaSso", readSso, sso],
  ["fetchOktaGroups", readGroupNames, groups],
  ["getCustomRoles", readCustomRoles, roles],
  ["getTeamData", readTeam, team],
  ["a refusal", readActionErrors, { actionErrors: ["no"] }],
] as const;

test.each(readers)(
  "%s is read or refused, whatever it is",
  (what, read, valid) => {
    expect(read(valid)).toBeTruthy();
    fc.assert(
      fc.property(
        fc.oneof(anyJson(keys), spoiled(valid, keys)),
        (value) => void survives(what, value, () => read(value)),
      ),
      effort().runs,
    );
  },
  effort().timeout,
);

test("the names of a mapping are the answer's own, whatever JavaScript makes of them", () => {
  const mapping = JSON.parse('{"__proto__":"ADMIN","constructor":"GUEST","":"MEMBER"}');
  expect([...(readSso({ ...sso, oktaGroupToAktoUserRoleMap: mapping })?.mapping ?? [])]).toEqual([
    ["", "MEMBER"],
    ["__proto__", "ADMIN"],
    ["constructor", "GUEST"],
  ]);
});

const newSso = {
  clientId: "0oa1",
  clientSecret: "s",
  authorisationServerId: "default",
  oktaDomain: "acme.okta.com",
  redirectUri: "https://a.example/c",
};
const actions: readonly (readonly [string, unknown, (akto: AktoDashboard) => Promise<unknown>])[] = [
  ["fetchSso", sso, (akto) => akto.fetchSso()],
  ["addSso", {}, (akto) => akto.addSso(newSso)],
  ["deleteSso", {}, (akto) => akto.deleteSso()],
  ["fetchGroups", groups, (akto) => akto.fetchGroups()],
  [
    "saveMapping",
    {},
    (akto) => akto.saveMapping({ mapping: new Map([["__proto__", "ADMIN"]]), syncGroupsToUserTags: false }),
  ],
  ["customRoles", roles, (akto) => akto.customRoles()],
  ["team", team, (akto) => akto.team()],
];

test.each(actions)(
  "%s is answered or fails, whatever Akto says",
  async (what, valid, ask) => {
    const json = fc.oneof(spoiled(valid, keys), spoiled({ actionErrors: ["no"] }, keys), anyJson(keys));
    await fc.assert(
      fc.asyncProperty(anyStatus, anyBody(json), async (status, body) => {
        const akto = createAktoDashboard({
          url: "https://app.akto.io",
          apiKey: "key",
          http: answering({ status, body }),
        });
        await survivesLater(what, [status, body], () => ask(akto));
      }),
      effort().runs,
    );
  },
  effort().timeout,
);
