import { expect, it } from "vitest";
import { asked } from "../../src/okta/asked.ts";

it.each([
  ["GET", "groups", "listing groups"],
  ["POST", "groups", "creating a group"],
  ["GET", "groups/00g1", "reading a group"],
  ["DELETE", "groups/00g1", "deleting a group"],
  ["GET", "groups/00g1/users", "listing a group's members"],
  ["GET", "users/me", "asking whose token it is"],
  ["GET", "users/00u1/groups", "listing a user's groups"],
  ["PUT", "apps/0oa1", "changing an app"],
  ["POST", "apps/0oa1/lifecycle/activate", "switching an app on or off"],
  ["GET", "apps/0oa1/credentials/secrets", "reading an app's client secret"],
  ["POST", "apps/0oa1/credentials/secrets/ocs1/lifecycle/deactivate", "switching an app's client secret on or off"],
  ["GET", "authorizationServers/default/policies/00p1/rules", "listing the rules of an access policy"],
  ["POST", "authorizationServers/default/claims", "creating a claim"],
  ["POST", "policies/simulate", "asking Okta to try its policies"],
  ["GET", "logs", "reading the System Log"],
])("%s %s is %s", (method, path, words) => {
  const address = `https://acme.okta.com/api/v1/${path}`;
  expect(asked(method, `${address}?search=x&limit=1`)).toBe(`${words} (${method} /api/v1/${path})`);
});

it("is the request itself where there are no words for it, harmless", () => {
  expect(asked("GET", "https://acme.okta.com/api/v2/\u202eother/x/y")).toBe("GET /api/v2/%E2%80%AEother/x/y");
  expect(asked("GET", "https://acme.okta.com/")).toBe("GET /");
});
