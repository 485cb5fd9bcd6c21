import { expect, it } from "vitest";
import { parseOktaDomain } from "../../../src/core/address.ts";
import { diffAkto, type TokenChange, wantedConnection } from "../../../src/core/plan/akto.ts";
import type { SsoSpec } from "../../../src/core/plan/spec.ts";

const clientId = "0oa1";
const spec = (mapping: Record<string, string>, syncGroupsToUserTags: boolean): SsoSpec => ({
  akto: { url: "https://app.akto.io", accountId: undefined, syncGroupsToUserTags },
  okta: {
    domain: parseOktaDomain("acme.okta.com"),
    authorizationServerId: "default",
    createGroups: false,
    app: { label: undefined, clientId, assignments: [], initiateLogin: undefined },
    groupsClaim: undefined,
  },
  mapping: new Map(Object.entries(mapping)),
});
const before = spec({}, false);
const live = {
  sso: {
    ...wantedConnection(before, clientId),
    mapping: before.mapping,
    syncGroupsToUserTags: false,
    hasManagementApiToken: true,
  },
  customRoles: [],
  syncBefore: undefined,
};
const mapped = { "Akto Admins": "ADMIN" };

it.each<[title: string, mapping: Record<string, string>, sync: boolean, token: TokenChange]>([
  ["save the mapping in Akto", mapped, false, "keep"],
  ["save the Okta API token in Akto", {}, false, "replace"],
  ["save the mapping, the tag sync, and the Okta API token in Akto", mapped, true, "replace"],
  ["remove the Okta API token from Akto", {}, false, "remove"],
  ["save the mapping in Akto and remove its Okta API token", mapped, false, "remove"],
])("a step names all that one request changes: %s", (title, mapping, sync, token) => {
  const { steps } = diffAkto(spec(mapping, sync), live, clientId, { token, replaceSso: false });
  expect(steps.map((step) => step.title)).toEqual([title]);
});
