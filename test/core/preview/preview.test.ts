import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimValue } from "../../../src/core/claim/value.ts";
import { known as fact } from "../../../src/core/evidence.ts";
import type { AccessPolicy, AccessRule, ServerClaim } from "../../../src/core/model/okta.ts";
import type { SignInRule } from "../../../src/core/model/sign-in-policy.ts";
import {
  decidable,
  decidingRuleGroups,
  type Extent,
  isRelevant,
  signInRuleGroups,
} from "../../../src/core/preview/groups.ts";
import {
  createPreviewer,
  describeAdmitted,
  describeRow,
  isChanged,
  type KnownGroups,
  type Person,
  type PreviewSetup,
  previewRow,
  previewTotals,
  sortRows,
} from "../../../src/core/preview/preview.ts";
import { accessPolicy, accessRule, groupsClaim, signInPolicy } from "../../okta-things.ts";

const claim = groupsClaim();
const setup = (changes: Partial<PreviewSetup> = {}): PreviewSetup => ({
  claims: fact([claim]),
  aktoHasToken: true,
  mapping: new Map([
    ["Akto Admins", "ADMIN"],
    ["Akto Devs", "DEVELOPER"],
    ["Contractors", "GUEST"],
  ]),
  customRoles: [{ name: "lead", baseRole: "ADMIN" }],
  clientId: "0oa1",
  policies: null,
  signInPolicy: null,
  organizationDomain: fact("acme.com"),
  team: new Map([["ada@acme.com", { storedRole: "DEVELOPER", scopedRoles: new Map(), invited: false }]]),
  ...changes,
});
const person = (changes: Partial<Person> = {}): Person => ({
  id: "00u1",
  login: "ada@acme.com",
  name: "Ada",
  email: "ada@acme.com",
  status: "ACTIVE",
  ...changes,
});
const groups = (...names: string[]) => names.map((name) => ({ name, type: "OKTA_GROUP" }));
const known = (names: readonly string[], changes: Partial<KnownGroups> = {}): KnownGroups => ({
  all: groups(...names),
  firstPage: names.length,
  ids: [],
  passing: true,
  ...changes,
});
const row = (names: string[], changes: Partial<Person> = {}, more: Partial<PreviewSetup> = {}) =>
  previewRow(person(changes), known(names), setup(more));
const policy = (rule: Partial<AccessRule>) =>
  accessPolicy({ clients: ["0oa1"], rules: [accessRule({ name: "staff", ...rule })] });

describe("the preview", () => {
  it("gives each person the role that the token's groups lead to, and the API's where the token has none", () => {
    const role = (...of: Parameters<typeof row>) => row(...of).role;
    expect(role(["Everyone", "Akto Devs", "Contractors"])).toMatchObject({ id: "DEVELOPER", source: "access_token" });
    expect(role(["Everyone", "Contractors"])).toMatchObject({ id: "GUEST", source: "management_api" });
    expect(role(["Everyone", "Contractors"], {}, { aktoHasToken: false })).toMatchObject({
      id: "MEMBER",
      source: "none",
      decidedBy: "default",
    });
  });

  it("takes no more groups from the API than stand on its first page", () => {
    const listed = known(["Everyone", "Contractors"], { firstPage: 1 });
    expect(previewRow(person(), listed, setup()).role).toMatchObject({ id: "MEMBER", decidedBy: "default" });
  });

  it.each([
    [{ email: null }, "no_email", "no email address"],
    [{ email: "ada@other.org" }, "email_domain", "another email domain"],
    [{ status: "SUSPENDED" }, "not_active", "suspended in Okta"],
    [{ status: "STAGED" }, "not_active", "staged in Okta"],
    [{ status: "LOCKED_OUT" }, "not_active", "locked out in Okta"],
    [{ status: "DEPROVISIONED" }, "not_active", "deactivated in Okta"],
  ] as const)("turns away a person with %j", (changes, turnedAway, words) => {
    const turned = row(["Akto Devs"], changes);
    expect(turned).toMatchObject({ turnedAway, role: null });
    expect(describeRow(turned)).toBe(words);
    expect(previewRow(person(changes), null, setup())).toEqual(turned);
  });

  it.each(["PASSWORD_EXPIRED", "RECOVERY", "PROVISIONED", "", "OF_TOMORROW"])(
    "counts on a person whose status is %j: what is to be done is theirs",
    (status) => {
      expect(row(["Akto Devs"], { status }).turnedAway).toBeNull();
    },
  );

  it("turns nobody away for over 100 groups of the claim, and calls their role uncertain", () => {
    const many = row(Array.from({ length: 101 }, (_, at) => `Akto ${at}`));
    expect(many).toMatchObject({ turnedAway: null, role: { certain: false, doubt: "limit" } });
    expect(describeRow(many)).toContain("over 100 groups match the claim");
  });

  it("turns everybody away where Okta can't evaluate the claim, and so issues no token", () => {
    const value = 'Groups.startsWith("OKTA", "Akto", 200)';
    const claims = fact([{ ...claim, valueType: "EXPRESSION", value } as const]);
    expect(row(["Akto Devs"], {}, { claims })).toMatchObject({ turnedAway: "no_token", role: null });
  });

  it("turns away whom no access rule covers, by person or by group", () => {
    const away = (rule: Partial<AccessRule>) =>
      previewRow(person(), known([], { ids: ["00g1"] }), setup({ policies: [policy(rule)] })).turnedAway;
    expect([
      away({}),
      away({ groups: ["00g1"] }),
      away({ groups: [], users: ["00u1"] }),
      away({ groups: ["00g2"] }),
      away({ scopes: ["openid"] }),
      away({ active: false }),
    ]).toEqual([null, null, null, "policy", "policy", "policy"]);
  });

  it("asks for the groups of rules only where people are treated differently", () => {
    const deciding = (...policies: AccessPolicy[]) => decidingRuleGroups(policies, "0oa1");
    expect(deciding(policy({}))).toEqual([]);
    expect(deciding(policy({ groups: ["00g1", "00g2"] }))).toEqual(["00g1", "00g2"]);
    expect(deciding(policy({ groups: ["00g1"] }), policy({}))).toEqual([]);
    expect(deciding(policy({ groups: ["00g1"], active: false }))).toEqual([]);
    expect(deciding({ ...policy({ groups: ["00g1"] }), clients: ["0oa2"] })).toEqual([]);
    expect(decidingRuleGroups(null, "0oa1")).toEqual([]);
  });

  it("turns away whom the app's authentication policy denies for certain, before the access policies are asked", () => {
    const away = (ids: string[], ...rules: Partial<SignInRule>[]) => {
      const more = { signInPolicy: signInPolicy(...rules), policies: [policy({ active: false })] };
      return previewRow(person(), known([], { ids }), setup(more)).turnedAway;
    };
    const deny = { access: "deny", groups: { include: ["00g1"], exclude: [] } } as const;
    expect(away(["00g1"], deny)).toBe("sign_in_policy");
    expect(away(["00g2"], deny)).toBe("policy");
    expect(away(["00g1"], { ...deny, others: ["network"] })).toBe("policy");
    const turned = previewRow(person(), known([], { ids: ["00g1"] }), setup({ signInPolicy: signInPolicy(deny) }));
    expect(describeRow(turned)).toBe("denied by the app's authentication policy");
    expect(previewTotals([turned], setup()).turnedAway).toEqual({ sign_in_policy: 1 });
  });

  it("asks for the groups of an authentication policy only where its rules differ", () => {
    const devs = { groups: { include: ["00g1"], exclude: ["00g2"] } };
    expect(signInRuleGroups(null)).toEqual([]);
    expect(signInRuleGroups(signInPolicy(devs))).toEqual([]);
    expect(signInRuleGroups(signInPolicy({ ...devs, access: "deny", active: false }))).toEqual([]);
    expect(signInRuleGroups(signInPolicy({ ...devs, access: "deny" }))).toEqual(["00g1", "00g2"]);
  });

  it("tells people of the same groups together what it tells them one by one", () => {
    const ids = ["00u1", "00u2", "00u3", "00u4"];
    const some = fc.subarray(ids);
    const groupIds = fc.subarray(["00g1", "00g2"]);
    const rules = fc.record({ groups: groupIds, users: some, excludedGroups: groupIds, excludedUsers: some });
    const signIn = fc.record({
      access: fc.constantFrom("allow" as const, "deny" as const),
      groups: fc.record({ include: groupIds, exclude: groupIds }),
      users: fc.record({ include: some, exclude: some }),
      others: fc.subarray(["network"]),
    });
    fc.assert(
      fc.property(
        fc.option(rules, { nil: undefined }),
        fc.option(signIn, { nil: undefined }),
        groupIds,
        fc.subarray(["Akto Admins", "Akto Devs", "Contractors", "Sales"]),
        (rule, signInRule, ownIds, names) => {
          const given = setup({
            policies: rule ? [policy(rule)] : null,
            signInPolicy: signInRule ? signInPolicy(signInRule) : null,
            against: new Map([["Sales", "ADMIN"]]),
          });
          const previewer = createPreviewer(given);
          const shared = known(names, { ids: ownIds });
          for (const id of ids) {
            const one = person({ id });
            expect(previewer.row(one, shared)).toEqual(previewRow(one, { ...shared }, given));
            expect(previewer.signIn(one, shared)).toEqual(createPreviewer(given).signIn(one, { ...shared }));
          }
        },
      ),
    );
  });

  it("compares with another mapping, and counts whose role it changes", () => {
    const against = new Map([["Akto Devs", "ADMIN"]]);
    const rows = [
      row(["Akto Devs"], { login: "a" }, { against }),
      row(["Akto Admins"], { login: "b", email: "bob@acme.com" }, { against }),
      row(["Sales"], { login: "c" }, { against }),
      row(["Akto Devs"], { login: "d", status: "SUSPENDED" }, { against }),
      row(["Akto Devs"], { login: "e" }, { against }),
    ];
    expect(rows.map(isChanged)).toEqual([true, true, false, false, true]);
    expect(rows[1]).toMatchObject({ inAkto: null, other: { id: "MEMBER", decidedBy: "default" } });
    expect(previewTotals(rows, setup())).toEqual({
      people: 5,
      admitted: 4,
      byDefault: 1,
      turnedAway: { not_active: 1 },
      roles: [
        { id: "ADMIN", label: "Admin", people: 1, byDefault: 0 },
        { id: "MEMBER", label: "Security Engineer", people: 1, byDefault: 1 },
        { id: "DEVELOPER", label: "Developer", people: 2, byDefault: 0 },
      ],
      changes: [
        { from: "DEVELOPER", to: "ADMIN", people: 2 },
        { from: "ADMIN", to: "MEMBER", people: 1 },
      ],
    });
    expect(
      sortRows(rows, setup()).map(({ person: { login }, ...rest }) => [
        login,
        describeRow({ person: person({ status: "SUSPENDED" }), ...rest }),
      ]),
    ).toEqual([
      ["b", "“Akto Admins”"],
      ["c", "default: no group decides"],
      ["a", "“Akto Devs”"],
      ["e", "“Akto Devs”"],
      ["d", "suspended in Okta"],
    ]);
  });

  it("says of a role that only Okta can evaluate that it is a guess", () => {
    const claims = fact([{ ...claim, valueType: "EXPRESSION", value: "user.getGroups()" } as const]);
    const guessed = row(["Akto Devs"], {}, { claims });
    expect(guessed.role).toMatchObject({ id: "DEVELOPER", certain: false });
    expect(describeRow(guessed)).toContain("a guess");
  });
});

describe("which groups have to be known", () => {
  const extent = (changes: Partial<Extent> = {}): Extent => ({
    known: "relevant",
    orgMatches: 5,
    onePage: true,
    ...changes,
  });

  it("asks for a user's groups where a claim could be full, and where it isn't known whether it is empty", () => {
    expect(decidable(groups("Akto Admins"), setup(), extent({ orgMatches: 101 }))).toBe(false);
    expect(decidable(groups("Akto Admins"), setup(), extent({ orgMatches: null }))).toBe(false);
    expect(decidable(groups("Akto Admins"), setup(), extent({ known: "passing", orgMatches: 101 }))).toBe(true);
    expect(decidable(groups("Contractors"), setup(), extent())).toBe(false);
    expect(decidable(groups("Contractors"), setup(), extent({ known: "passing" }))).toBe(true);
    expect(decidable(groups("Contractors"), setup(), extent({ known: "passing", onePage: false }))).toBe(false);
    expect(decidable(groups("Contractors"), setup({ aktoHasToken: false }), extent())).toBe(true);
    expect(decidable(groups(), setup(), extent({ onePage: false }))).toBe(true);
  });

  it("asks for a user's groups where their order decides", () => {
    const customRoles = [{ name: "lead", baseRole: "DEVELOPER" }];
    const tied = setup({
      customRoles,
      mapping: new Map([
        ["Akto Devs", "DEVELOPER"],
        ["Akto Leads", "lead"],
      ]),
    });
    expect(decidable(groups("Akto Devs", "Akto Leads"), tied, extent())).toBe(false);
    expect(decidable(groups("Akto Devs"), tied, extent())).toBe(true);
    const against = new Map([
      ["Akto Devs", "lead"],
      ["Akto Fans", "DEVELOPER"],
    ]);
    expect(decidable(groups("Akto Devs", "Akto Fans"), setup({ customRoles, against }), extent())).toBe(false);
  });

  const names = [
    "Akto Admins",
    "Akto Devs",
    "akto_guest",
    "Akto Leads",
    "Contractors",
    "Testers",
    "Sales",
    "Akto Fans",
  ];
  const roles = fc.constantFrom("ADMIN", "DEVELOPER", "GUEST", "lead", "MEMBER");
  const claims = fc.constantFrom<readonly ServerClaim[] | null>(
    null,
    [],
    [claim],
    [{ ...claim, groupFilterType: "REGEX", value: ".*s" }],
    [{ ...claim, valueType: "EXPRESSION", value: 'Groups.startsWith("OKTA", "Akto", 100)' }],
    [{ ...claim, valueType: "EXPRESSION", value: 'Groups.startsWith("OKTA", "Akto", 2)' }],
    [{ ...claim, valueType: "EXPRESSION", value: '{"Akto Devs"}' }],
    [{ ...claim, valueType: "EXPRESSION", value: '"Akto Devs"' }],
    [{ ...claim, valueType: "EXPRESSION", value: "user.getGroups()" }],
  );
  const mappings = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), roles), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => new Map(entries));

  it("tells the same from the groups that were asked for as from all of them, whenever it says that it can", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names),
        fc.infiniteStream(fc.nat()),
        claims,
        fc.boolean(),
        mappings,
        fc.option(mappings, { nil: undefined }),
        fc.constantFrom("relevant", "passing"),
        fc.option(fc.nat({ max: 4 }), { nil: undefined }),
        fc.option(
          fc.subarray(names).map((seen) => new Set(seen)),
          { nil: undefined },
        ),
        (all, order, someClaims, aktoHasToken, mapping, against, extentOf, firstPage, aktoSees) => {
          const given = setup({ claims: fact(someClaims), aktoHasToken, aktoSees, mapping, against });
          const active = someClaims?.[0];
          const value = active && claimValue(active);
          const passes = (name: string) => value?.kind === "filter" && value.passes({ name, type: "OKTA_GROUP" });
          const brief = all
            .filter((name) => isRelevant(name, given) || (extentOf === "passing" && passes(name)))
            .map((name) => ({ name, at: order.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ name }) => name);
          const asked: Extent = {
            known: extentOf,
            orgMatches: names.filter(passes).length,
            onePage: firstPage === undefined,
          };
          if (!decidable(groups(...brief), given, asked)) return;
          const told = previewRow(
            person(),
            known(brief, { passing: extentOf === "passing" || value?.kind !== "filter" }),
            given,
          );
          const whole = previewRow(person(), known(all, { firstPage: firstPage ?? all.length }), given);
          const facts = ({ role, other, turnedAway }: typeof told) => [
            turnedAway,
            role && [role.id, role.decidedBy, role.group],
            other && [other.id, other.decidedBy, other.group],
          ];
          expect(facts(told)).toEqual(facts(whole));
          if (told.role?.source != null) expect(told.role.source).toBe(whole.role?.source);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("can decide most people by the groups that matter when nothing is unusual", () => {
    for (const relevant of [["Akto Admins"], ["Akto Admins", "Contractors"], []]) {
      expect(decidable(groups(...relevant), setup(), extent({ orgMatches: 20 }))).toBe(true);
    }
  });
});

describe("how many get in", () => {
  it.each([
    [1, 1, "they would get in"],
    [1, 0, "they would not get in"],
    [8, 8, "all would get in"],
    [8, 0, "none would get in"],
    [5000, 4999, "4,999 would get in"],
  ])("of %i people, %i, is said in words", (people, admitted, words) => {
    const totals = { people, admitted, byDefault: 0, turnedAway: {}, roles: [], changes: [] };
    expect(describeAdmitted(totals)).toBe(words);
  });
});
