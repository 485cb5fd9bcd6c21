import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyOf,
  type ClaimFilter,
  chooseFilter,
  claimFilterTypes,
  filterCovers,
  filterIncludes,
  isCheap,
  listedNames,
  nameTest,
} from "../../../src/core/claim/filter.ts";
import { accessOf, wantedClaim, wantedRule } from "../../../src/core/plan/access.ts";
import { accessPolicy, accessRule } from "../../okta-things.ts";

describe("the filter for a mapping", () => {
  it.each([
    ["what all begin with", ["Akto Admins", "akto-security"], "STARTS_WITH", "Akto"],
    ["whole words", ["Platform Admins", "Platform Adepts"], "STARTS_WITH", "Platform"],
    ["each name where they share nothing", ["Red (x)", "Blue"], "REGEX", "^(?:Red \\(x\\)|Blue)$"],
    ["Akto's own names where nothing is mapped", [], "STARTS_WITH", "akto"],
  ])("takes %s", async (_, groups, filter, value) => {
    expect(await chooseFilter(groups)).toEqual({ filter, value });
  });

  it("names each group when the beginning would let over 100 groups through", async () => {
    expect(await chooseFilter(["Akto A", "Akto B"], async () => 101)).toEqual({
      filter: "REGEX",
      value: "^(?:Akto A|Akto B)$",
    });
  });

  it("refuses names that fit into no filter", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `${index}${"x".repeat(60)}`);
    await expect(chooseFilter(names)).rejects.toMatchObject({ code: "claim.filter_too_long" });
  });

  it("is looked for in a time that grows with the names' length, and not with its square", async () => {
    for (const long of ["a".repeat(1_000_000), "-".repeat(1_000_000)]) {
      const filters = [`x${long}!a`, `${long}b${long}!`].map((start) => chooseFilter([`${start}1`, `${start}2`]));
      // Whether there is one is not the matter here.
      expect(await Promise.allSettled(filters)).toHaveLength(2);
    }
  });

  it.each([
    ["^(?:Red \\(x\\)|Blue\\|Sky)$", 2],
    ["^(?:Akto.*|Blue)$", null],
    ["Akto", 1],
    [".*", null],
    ["^(?:[Aa]kto)$", null],
  ])("counts the names in %s: %s", (value, names) => {
    expect(listedNames({ filter: "REGEX", value })).toBe(names);
  });

  it("is held against many names only if that can't take for ever", () => {
    const cheap = ["^Akto.*$", ".*", "^(?:[Aa][Kk][Tt][Oo].*|Blue)$", "Red \\(x\\)"];
    const dear = ["(a+)+$", "(a|aa)*b", "a{1,99}", "\\w+x", "[a-z&&[^b]]"];
    const judged = (values: string[]) => values.map((value) => isCheap({ filter: "REGEX", value }));
    expect([judged(cheap), judged(dear)]).toEqual([cheap.map(() => true), dear.map(() => false)]);
  });

  const name = fc.string({ minLength: 1, maxLength: 12, unit: "binary" });
  const filter = fc.record({
    filter: fc.constantFrom(...claimFilterTypes.filter((type) => type !== "REGEX")),
    value: name,
  });

  it("covers the mapped groups, whatever they are called", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 5 }), async (groups) => {
        expect(filterCovers(await chooseFilter(groups), groups)).toBe(true);
      }),
    );
  });

  it("joined from several lets through what one of them lets through, and is told apart from narrower ones", () => {
    fc.assert(
      fc.property(filter, filter, name, (a: ClaimFilter, b: ClaimFilter, group) => {
        const either = nameTest(anyOf([a, b]));
        if (nameTest(a)?.(group) || nameTest(b)?.(group)) expect(either?.(group)).toBe(true);
        if (filterIncludes(a, b) && nameTest(b)?.(group)) expect(nameTest(a)?.(group)).toBe(true);
      }),
    );
  });
});

describe("the groups claim of somebody else", () => {
  const live = {
    id: "ocl1",
    name: "groups",
    status: "ACTIVE",
    claimType: "RESOURCE",
    valueType: "GROUPS",
    groupFilterType: "REGEX",
    value: ".*",
    scopes: [],
  } as const;
  const asked = { filter: "STARTS_WITH", value: "Akto" } as const;

  it("is not narrowed, and the difference to the document is said", () => {
    const { settings, note } = wantedClaim(live, { filter: asked, chosen: asked, groups: ["Akto A"], own: false });
    expect(settings).toMatchObject({ filter: "REGEX", value: ".*" });
    expect(note).toContain("did not create it");
  });

  it("is narrowed when this tool made it", () => {
    const { settings } = wantedClaim(live, { filter: asked, chosen: asked, groups: ["Akto A"], own: true });
    expect(settings).toMatchObject(asked);
  });

  it("is freed of scopes that Akto never asks for", () => {
    const bound = { ...live, scopes: ["groups"] };
    expect(wantedClaim(bound, { filter: undefined, chosen: asked, groups: [], own: false }).settings?.scopes).toEqual(
      [],
    );
  });
});

describe("access to the app", () => {
  const rule = accessRule({ name: "Any" });
  const policy = accessPolicy({ name: "All", rules: [rule] });

  it("is open by a policy for all clients, and closed by one for another app", () => {
    expect(accessOf([policy], "app").kind).toBe("open");
    expect(accessOf([{ ...policy, clients: ["other"] }], "app")).toEqual({ kind: "closed", policy: null, rule: null });
  });

  it("that is held to some people is respected", () => {
    const held = { ...policy, rules: [{ ...rule, groups: ["staff"] }] };
    expect(accessOf([held], "app")).toEqual({ kind: "restricted", policy: "All", rule: "Any" });
  });

  it("is widened and never narrowed", () => {
    expect(wantedRule({ ...rule, scopes: ["offline_access"], grantTypes: ["implicit"], groups: ["staff"] })).toEqual({
      active: true,
      grantTypes: ["implicit", "authorization_code"],
      scopes: ["offline_access", "openid", "email", "profile"],
      groups: ["staff"],
      users: [],
    });
  });
});
