import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findGroupsClaim, predictClaim } from "../../../src/core/claim/claim.ts";
import { describePrediction } from "../../../src/core/claim/describe.ts";
import { allowListOf, claimValue, groupNameFilter, listedIds } from "../../../src/core/claim/value.ts";
import { groupsClaim } from "../../okta-things.ts";

const okta = (...names: string[]) => names.map((name) => ({ name, type: "OKTA_GROUP" }));

describe("the groups claim", () => {
  it("carries the groups that its filter lets through, in the user's order", () => {
    expect(predictClaim([groupsClaim()], okta("Everyone", "akto admins", "Sales", "Akto Guests"))).toMatchObject({
      kind: "groups",
      names: ["akto admins", "Akto Guests"],
    });
  });

  it.each([
    ["sits on the ID token", { claimType: "IDENTITY" }, ["id_token"]],
    ["is bound to a scope that Akto does not ask for", { scopes: ["groups"] }, ["scopes"]],
    ["is inactive", { status: "INACTIVE" }, ["inactive"]],
    ["has another name", { name: "okta_groups" }, ["name"]],
    ["has two faults", { name: "Groups", scopes: ["groups"] }, ["name", "scopes"]],
  ] as const)("is missing when it %s, and says so", (_, changes, why) => {
    const prediction = predictClaim([groupsClaim(changes)], okta("Akto Admins"));
    expect(prediction).toMatchObject({ kind: "no_claim", nearMisses: [{ why }] });
    expect(describePrediction(prediction)).toMatchObject({
      message: expect.stringContaining(changes && "name" in changes ? changes.name : "groups"),
      hint: expect.stringContaining("Claims"),
    });
  });

  it("names the claim with the fewest faults first", () => {
    const far = groupsClaim({ id: "far", name: "teams", claimType: "IDENTITY" });
    const near = groupsClaim({ id: "near", claimType: "IDENTITY" });
    expect(findGroupsClaim([far, near])).toMatchObject({ nearMisses: [{ claim: { id: "near" } }, {}] });
  });

  it("comes with one of several scopes when Akto asks for that one", () => {
    expect(findGroupsClaim([groupsClaim({ scopes: ["groups", "profile"] })]).kind).toBe("found");
  });

  it("is over Okta's limit with over 100 matching groups, and holds exactly 100", () => {
    const names = Array.from({ length: 101 }, (_, at) => `Akto ${at}`);
    expect(predictClaim([groupsClaim()], okta(...names))).toMatchObject({ kind: "too_many", matched: names });
    expect(predictClaim([groupsClaim()], okta(...names.slice(1)))).toMatchObject({ kind: "groups" });
  });

  it.each([
    ['isMemberOfGroupName("Akto Admins")', "not_list"],
    ['isMemberOfAnyGroup("00g1", "00g2")', "not_list"],
    ["isMemberOfGroupName(\"Akto Admins\") ? {'A'} : {'B'}", "unknown"],
  ])("knows that a test of membership is no list: %s", (value, kind) => {
    expect(predictClaim([groupsClaim({ valueType: "EXPRESSION", value })], okta("Akto Admins")).kind).toBe(kind);
  });

  it("carries Okta's own groups alone by a filter, and whatever is listed by id", () => {
    const groups = [
      { id: "00gown", name: "Akto Admins", type: "OKTA_GROUP" },
      { id: "00gad", name: "Akto Devs", type: "APP_GROUP" },
      { id: "00gall", name: "Everyone", type: "BUILT_IN" },
    ];
    const carried = (changes: Parameters<typeof groupsClaim>[0]) => {
      const prediction = predictClaim([groupsClaim(changes)], groups);
      return "names" in prediction ? prediction.names : prediction.kind;
    };
    const expression = (value: string) => carried({ valueType: "EXPRESSION", groupFilterType: null, value });
    expect(carried({})).toEqual(["Akto Admins"]);
    expect(carried({ groupFilterType: "REGEX", value: ".*" })).toEqual(["Akto Admins", "Everyone"]);
    expect(carried({ groupFilterType: "EQUALS", value: "Akto Devs" })).toBe("none_match");
    expect(expression(allowListOf(["00gad", "00gown", "00gother"]))).toEqual(["Akto Admins", "Akto Devs"]);
    expect(expression('getFilteredGroups({"00gad"}, "group.id", 10)')).toEqual(["00gad"]);
    expect(expression('getFilteredGroups({"00gad"}, "group.name", 101)')).toBe("fails");
    expect(expression('Groups.contains("OKTA", "Akto", 500)')).toBe("fails");
    expect(expression('Groups.startsWith("active_directory", "Akto", 100)')).toBe("unknown");
    expect(expression('Arrays.toCsvString(Groups.startsWith("OKTA", "Akto", 100))')).toBe("not_list");
  });

  it("reads back the list that it writes, and no other expression", () => {
    const ids = ["00g1ab2cd3EF4gh5ij6k", "00g2"];
    expect(listedIds(allowListOf(ids))).toEqual(ids);
    for (const other of [
      'getFilteredGroups({"00g1"}, "group.id", 100)',
      'getFilteredGroups(x, "group.name", 100)',
      "{'A'}",
    ])
      expect(listedIds(other)).toBeNull();
  });

  it("is left out when nothing passes, and is no list when the expression is a text", () => {
    expect(predictClaim([groupsClaim()], okta("Sales")).kind).toBe("none_match");
    expect(predictClaim([groupsClaim({ valueType: "EXPRESSION", value: '"Akto Admins"' })], okta("x")).kind).toBe(
      "not_list",
    );
  });

  it.each([
    ['Groups.startsWith("OKTA", "Akto", 100)', ["Akto Admins", "Akto A"]],
    ["Groups.endsWith('OKTA','Admins',10)", ["Akto Admins"]],
    ['Groups.contains("OKTA","to A",2)', ["Akto Admins", "Akto A"]],
    ["{\"Fixed\", 'Names'}", ["Fixed", "Names"]],
  ])("reads the expression %s", (value, names) => {
    const groups = [...okta("Akto Admins", "Sales", "Akto A"), { name: "Akto Admins", type: "APP_GROUP" }];
    expect(predictClaim([groupsClaim({ valueType: "EXPRESSION", value })], groups)).toMatchObject({
      kind: "groups",
      names,
    });
  });

  it.each([
    'Groups.startsWith("active_directory", "Akto", 100)',
    'Groups.startsWith("OKTA", "Akto", 1)',
    "user.getGroups({'group.profile.name': 'Akto.*'}).![profile.name]",
  ])("leaves the expression %s to Okta", (value) => {
    const prediction = predictClaim([groupsClaim({ valueType: "EXPRESSION", value })], okta("Akto A", "Akto B"));
    expect(prediction).toMatchObject({ kind: "unknown", reason: "expression" });
  });
});

describe("a filter on group names", () => {
  it.each([
    ["STARTS_WITH", "AKTO", "akto admins", true],
    ["STARTS_WITH", "Akto", " Akto", false],
    ["EQUALS", "akto admins", "Akto Admins", true],
    ["EQUALS", "Akto", "Akto Admins", false],
    ["CONTAINS", "ADMIN", "Akto Admins", true],
    ["REGEX", "Akto", "Akto Admins", false],
    ["REGEX", "Akto.*", "Akto Admins", true],
    ["REGEX", "Akto.*", "akto admins", false],
    ["REGEX", "(?i)akto.*", "AKTO Admins", true],
    ["REGEX", "^(Akto|Sec) .*$", "Sec Ops", true],
    ["REGEX", "Akto\\-[\\w\\-]+\\_x", "Akto-a-b_x", true],
    ["REGEX", "A|B", "AB", false],
  ] as const)("%s %j on %j is %s", (type, value, name, passes) => {
    expect(groupNameFilter(type, value)?.(name)).toBe(passes);
  });

  it.each(["Akto++", "[a-z&&[^b]]+", "\\QAkto\\E.*", "(unclosed"])("does not guess at Java's %s", (value) => {
    expect(claimValue(groupsClaim({ groupFilterType: "REGEX", value }))).toEqual({ kind: "unknown", reason: "regex" });
  });

  it.each(["(a+)+", "(a|a)*b", "(.*a){12}", "((a+)b?)+c", ".*a.*b.*c.*d", "(a?){40}a{40}", "(\\w+\\s?)*"])(
    "does not try a name against %s, which may take for ever",
    (value) => {
      expect(claimValue(groupsClaim({ groupFilterType: "REGEX", value }))).toEqual({
        kind: "unknown",
        reason: "regex",
      });
    },
  );

  it.each([
    ["nested without end", `${"(b?".repeat(7_000)}a${")".repeat(7_000)}`],
    ["nested without end, as alternatives", `${"(?:b|".repeat(9_000)}a${")".repeat(9_000)}`],
    ["longer than any that somebody wrote", "a".repeat(10_001)],
    ["deeper than any that somebody wrote", `${"(".repeat(100)}a${")".repeat(100)}`],
  ])("leaves one to Okta that is %s, which would be the end of the program", (_, value) => {
    expect(groupNameFilter("REGEX", value)).toBeUndefined();
  });

  it("reads the expressions that people write", () => {
    const value =
      "^(?:Akto|Sec)[ _-](Admins?|Dev(?:eloper)?s)(?: \\d{1,3})?$|.*-akto-.*|.*[(].*akto.*|(?:Team )*\\p{Lu}+";
    const passes = groupNameFilter("REGEX", value);
    expect(["Akto Admin", "Sec-Devs 12", "x-akto-y", "a(akto)b", "Team Team ÄB"].map((name) => passes?.(name))).toEqual(
      Array(5).fill(true),
    );
  });

  it("never throws, and CONTAINS holds wherever STARTS_WITH or EQUALS does", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, rest) => {
        groupNameFilter("REGEX", value)?.(rest);
        const starts = groupNameFilter("STARTS_WITH", value)?.(value + rest);
        const contains = groupNameFilter("CONTAINS", value)?.(rest + value + rest);
        expect([starts, contains, groupNameFilter("EQUALS", value)?.(value)]).toEqual([true, true, true]);
      }),
    );
  });
});
