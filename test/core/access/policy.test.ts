import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askPolicies, isKeptOut, rulesFor } from "../../../src/core/access/policy.ts";
import { accessPolicy, accessRule } from "../../okta-things.ts";

const client = "0oa1";
const policy = (...rules: Parameters<typeof accessRule>[0][]) =>
  accessPolicy({ clients: [client], rules: rules.map((rule) => accessRule(rule)) });

describe("somebody whom no rule lets in", () => {
  it("is excluded by name, unless a later rule lets them in", () => {
    expect(isKeptOut([policy({ excludedUsers: ["ada"] })], client, "ada")).toBe(true);
    expect(isKeptOut([policy({ excludedUsers: ["ada"] })], client, "bo")).toBe(false);
    expect(isKeptOut([policy({ excludedUsers: ["ada"] }, { name: "rest" })], client, "ada")).toBe(false);
    expect(isKeptOut([policy({ excludedUsers: ["ada"] }, { groups: [], users: ["ada"] })], client, "ada")).toBe(false);
    // Whether they are in the group isn't asked.
    expect(isKeptOut([policy({ excludedUsers: ["ada"] }, { groups: ["00g1"] })], client, "ada")).toBe(false);
  });

  it("is denied whatever groups they are in", () => {
    const ids = fc.subarray(["g1", "g2", "EVERYONE"]);
    const users = fc.subarray(["ada", "bo"]);
    const rule = fc.record({ groups: ids, users, excludedGroups: fc.subarray(["g1", "g2"]), excludedUsers: users });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), fc.subarray(["g1", "g2"]), (rules, groupIds) => {
        const policies = [policy(...rules)];
        fc.pre(isKeptOut(policies, client, "ada"));
        expect(askPolicies(policies, client, { userId: "ada", groupIds }).kind).toBe("denied");
      }),
    );
  });
});

it("the rules for the app are those that are active and allow its grant", () => {
  const rules = rulesFor(
    [
      policy({ name: "first" }, { name: "off", active: false }, { name: "other", grantTypes: ["password"] }),
      accessPolicy({ clients: ["0oa2"], rules: [accessRule({ name: "of another" })] }),
      accessPolicy({ clients: ["ALL_CLIENTS"], rules: [accessRule({ name: "last" })] }),
    ],
    client,
  );
  expect(rules.map(({ name }) => name)).toEqual(["first", "last"]);
});
