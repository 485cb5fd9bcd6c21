import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServerClaim } from "../../src/core/claim.ts";
import { claimValue } from "../../src/core/claim-value.ts";
import {
  decidable,
  describeRow,
  isChanged,
  isRelevant,
  type Person,
  type PreviewSetup,
  previewRow,
  previewTotals,
} from "../../src/core/preview.ts";

const claim: ServerClaim = {
  id: "ocl1",
  name: "groups",
  status: "ACTIVE",
  claimType: "RESOURCE",
  valueType: "GROUPS",
  groupFilterType: "STARTS_WITH",
  value: "Akto",
  scopes: [],
};
const setup = (changes: Partial<PreviewSetup> = {}): PreviewSetup => ({
  claims: [claim],
  aktoHasToken: true,
  mapping: new Map([
    ["Akto Admins", "ADMIN"],
    ["Akto Devs", "DEVELOPER"],
    ["Contractors", "GUEST"],
  ]),
  customRoles: [{ name: "lead", baseRole: "ADMIN" }],
  organisationDomain: "acme.com",
  team: new Map([["ada@acme.com", { role: "DEVELOPER", productScoped: false }]]),
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
const row = (names: string[], changes: Partial<Person> = {}, more: Partial<PreviewSetup> = {}) =>
  previewRow(person(changes), groups(...names), setup(more));

describe("the preview", () => {
  it("gives each person the role that the token's groups lead to, and the API's where the token has none", () => {
    expect(row(["Everyone", "Akto Devs", "Contractors"])).toMatchObject({ id: "DEVELOPER", source: "access_token" });
    expect(row(["Everyone", "Contractors"])).toMatchObject({ id: "GUEST", source: "management_api" });
    expect(row(["Everyone", "Contractors"], {}, { aktoHasToken: false })).toMatchObject({
      id: "MEMBER",
      source: "none",
      decidedBy: "default",
    });
  });

  it.each([
    [{ email: null }, "no_email", "has no e-mail address"],
    [{ email: "ada@other.org" }, "email_domain", "has another e-mail domain"],
    [{ status: "SUSPENDED" }, "not_active", "is suspended in Okta"],
  ] as const)("turns away a person with %j", (changes, turnedAway, words) => {
    const turned = row(["Akto Devs"], changes);
    expect(turned.turnedAway).toBe(turnedAway);
    expect(describeRow(turned)).toBe(words);
  });

  it("turns away a person in over 100 groups of the claim", () => {
    expect(row(Array.from({ length: 101 }, (_, at) => `Akto ${at}`)).turnedAway).toBe("too_many_groups");
  });

  it("compares with another mapping, and counts whose role it changes", () => {
    const against = new Map([["Akto Devs", "ADMIN"]]);
    const rows = [
      row(["Akto Devs"], {}, { against }),
      row(["Akto Admins"], { email: "bob@acme.com" }, { against }),
      row(["Sales"], {}, { against }),
      row(["Akto Devs"], { status: "SUSPENDED" }, { against }),
    ];
    expect(rows.map(isChanged)).toEqual([true, true, false, false]);
    expect(rows[1]).toMatchObject({ inAkto: null, other: { id: "MEMBER", decidedBy: "default" } });
    expect(previewTotals(rows, setup())).toEqual({
      roles: [
        { id: "ADMIN", label: "Admin", people: 1, byDefault: 0 },
        { id: "MEMBER", label: "Security Engineer", people: 1, byDefault: 1 },
        { id: "DEVELOPER", label: "Developer", people: 1, byDefault: 0 },
      ],
      people: 4,
      turnedAway: 1,
      changed: 2,
    });
    expect(rows.map(describeRow)).toEqual([
      "“Akto Devs”",
      "“Akto Admins”",
      "default: no group decides",
      "is suspended in Okta",
    ]);
  });

  it("asks for a user's groups where a claim could be full, and where it isn't known whether it is empty", () => {
    expect(decidable(groups("Akto Admins"), setup(), 101)).toBe(false);
    expect(decidable(groups("Akto Admins"), setup(), null)).toBe(false);
    expect(decidable(groups("Contractors"), setup(), 5)).toBe(false);
    expect(decidable(groups("Contractors"), setup({ aktoHasToken: false }), 5)).toBe(true);
    expect(decidable(groups(), setup(), 5)).toBe(true);
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
    [{ ...claim, valueType: "EXPRESSION", value: '{"Akto Devs"}' }],
    [{ ...claim, valueType: "EXPRESSION", value: '"Akto Devs"' }],
  );
  const mappings = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), roles), { selector: ([name]) => name, maxLength: 5 })
    .map((entries) => new Map(entries));

  it("tells the same role from the groups that matter alone as from all of them, whenever it says that it can", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names),
        fc.infiniteStream(fc.nat()),
        claims,
        fc.boolean(),
        mappings,
        fc.option(mappings, { nil: undefined }),
        (all, order, someClaims, aktoHasToken, mapping, against) => {
          const given = setup({ claims: someClaims, aktoHasToken, mapping, against });
          const relevant = groups(...all.filter((name) => isRelevant(name, given)))
            .map((group) => ({ group, at: order.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ group }) => group);
          if (!decidable(relevant, given, names.length)) return;
          const brief = previewRow(person(), relevant, given);
          const whole = previewRow(person(), groups(...all), given);
          expect([brief.id, brief.decidedBy, brief.other?.id]).toEqual([whole.id, whole.decidedBy, whole.other?.id]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("can decide most people by the groups that matter when nothing is unusual", () => {
    expect(claimValue(claim).kind).toBe("filter");
    for (const relevant of [["Akto Admins"], ["Akto Admins", "Contractors"], []]) {
      expect(decidable(groups(...relevant), setup(), 20)).toBe(true);
    }
  });
});
