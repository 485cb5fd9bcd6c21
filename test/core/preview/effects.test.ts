import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known as fact, unknown } from "../../../src/core/evidence.ts";
import {
  describeEffects,
  describeMembers,
  type Effect,
  type EffectSetup,
  effectOn,
  notAssigned,
} from "../../../src/core/preview/effects.ts";
import type { InAkto, KnownGroups, Person } from "../../../src/core/preview/preview.ts";
import { previewRow } from "../../../src/core/preview/preview.ts";
import { diffMappings } from "../../../src/core/roles/mapping.ts";
import { groupsClaim } from "../../okta-things.ts";

const ada: Person = { id: "00u1", login: "ada@acme.com", name: "Ada", email: "ada@acme.com", status: "ACTIVE" };
const inTeam = (changes: Partial<InAkto> = {}): EffectSetup["team"] =>
  new Map([[ada.login, { storedRole: "DEVELOPER", scopedRoles: new Map(), invited: false, ...changes }]]);
const setup = (changes: Partial<EffectSetup> = {}): EffectSetup => ({
  claims: fact([groupsClaim()]),
  aktoHasToken: true,
  assumesToken: false,
  customRoles: [],
  clientId: "0oa1",
  policies: null,
  signInPolicy: null,
  organizationDomain: unknown("It isn't asked for here."),
  team: inTeam(),
  ...changes,
});
const groups = (...names: string[]): KnownGroups => ({
  all: names.map((name) => ({ name, type: "OKTA_GROUP" })),
  firstPage: names.length,
  ids: [],
  passing: true,
});
const step = (before: Record<string, string>, after: Record<string, string>) => ({
  before: new Map(Object.entries(before)),
  after: new Map(Object.entries(after)),
});
const effect = (
  names: string[],
  change: ReturnType<typeof step>,
  changes: Partial<EffectSetup> = {},
  person: Person = ada,
) =>
  effectOn(
    person,
    groups(...names),
    setup(changes),
    change,
    new Set(diffMappings(change.before, change.after).map(({ group }) => group)),
  );

const guest = step({}, { "Akto Guests": "GUEST" });

describe("what a changed mapping does to a member of the group", () => {
  it("changes the role that Akto stores now, at the next sign-in", () => {
    expect(effect(["Akto Guests"], guest)).toMatchObject({
      kind: "changes",
      from: "DEVELOPER",
      to: "GUEST",
      isNew: false,
    });
    // Without a role of their own they are Security Engineers.
    expect(effect(["Akto Guests"], guest, { team: inTeam({ storedRole: null }) })).toMatchObject({ from: "MEMBER" });
    expect(effect(["Akto Guests"], guest, { team: inTeam({ storedRole: "GUEST" }) })).toMatchObject({
      kind: "stays",
      why: "Guest in Akto already",
    });
  });

  it("counts for who is new to Akto, and where the team isn't known, from what the mapping gives", () => {
    expect(effect(["Akto Guests"], guest, { team: new Map() })).toMatchObject({
      from: "MEMBER",
      to: "GUEST",
      isNew: true,
    });
    expect(effect(["Akto Guests"], guest, { team: null })).toMatchObject({ from: "MEMBER", isNew: undefined });
  });

  it.each<[why: string, ReturnType<typeof effect>]>([
    [
      "“Akto Admins” decides, which gives Admin",
      effect(
        ["Akto Admins", "Akto Guests"],
        step({ "Akto Admins": "ADMIN" }, { "Akto Admins": "ADMIN", "Akto Guests": "GUEST" }),
      ),
    ],
    [
      "the access token brings other groups, and “Contractors” isn't among them",
      effect(["Akto Admins", "Contractors"], step({}, { Contractors: "GUEST" })),
    ],
    [
      "“Contractors” doesn't reach Akto, neither by the claim nor by an API token",
      effect(["Contractors"], step({}, { Contractors: "GUEST" }), { aktoHasToken: false }),
    ],
    [
      "“Contractors” isn't among the groups that Akto's API token shows",
      effect(["Contractors"], step({}, { Contractors: "GUEST" }), { aktoSees: new Set(["Everyone"]) }),
    ],
    [
      "access per product in Akto outranks the role",
      effect(["Akto Guests"], guest, { team: inTeam({ scopedRoles: new Map([["API", "GUEST"]]) }) }),
    ],
    [
      "invited to Akto, and what the invitation says outranks the role",
      effect(["Akto Guests"], guest, { team: inTeam({ invited: true }) }),
    ],
    ["suspended in Okta", effect(["Akto Guests"], guest, {}, { ...ada, status: "SUSPENDED" })],
    ["no email address", effect(["Akto Guests"], guest, {}, { ...ada, email: null })],
    ["not assigned to the app “Akto” in Okta", notAssigned(ada, { label: "Akto" })],
    [
      "Akto skips the entry for “Akto Team”, whose role it can't resolve",
      effect(["Akto Team"], step({}, { "Akto Team": "gone" })),
    ],
    ["Security Engineer, as before", effect(["Akto Team"], step({}, { "Akto Team": "MEMBER" }))],
  ])("leaves the role where %s", (why, found) => {
    expect(found).toMatchObject({ kind: "stays", why });
  });

  it("is a guess where only Okta can evaluate the claim, or Akto's token is only assumed", () => {
    const expression = fact([groupsClaim({ valueType: "EXPRESSION", value: "user.memberships" })]);
    expect(effect(["Akto Guests"], guest, { claims: expression })).toMatchObject({
      kind: "changes",
      doubt: "only Okta can evaluate the claim",
    });
    const byToken = step({}, { Contractors: "GUEST" });
    expect(effect(["Contractors"], byToken, { assumesToken: true })).toMatchObject({
      doubt: "Akto is assumed to store an Okta API token",
    });
    expect(effect(["Contractors"], byToken)).toMatchObject({ doubt: null });
  });

  it("never changes anybody whose role the preview has as the same, and always to what the preview says", () => {
    const names = ["Akto A", "Akto B", "Other"];
    const mapping = fc.dictionary(fc.constantFrom(...names), fc.constantFrom("ADMIN", "MEMBER", "GUEST", "gone"), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(mapping, mapping, fc.subarray(names), fc.boolean(), (before, after, member, aktoHasToken) => {
        const change = step(before, after);
        const own = setup({ aktoHasToken });
        const found = effectOn(ada, groups(...member), own, change, new Set(names));
        const row = previewRow(ada, groups(...member), { ...own, mapping: change.before, against: change.after });
        if (found.kind === "changes") {
          expect(found.to).toBe(row.other?.id);
          expect(row.role?.id).not.toBe(row.other?.id);
          expect(found.from).not.toBe(found.to);
        } else expect(row.role?.id === row.other?.id || row.other?.id === "DEVELOPER").toBe(true);
      }),
    );
  });
});

describe("the effects in words", () => {
  const changes = (name: string, over: Partial<Extract<Effect, { kind: "changes" }>> = {}): Effect => ({
    person: { ...ada, name },
    kind: "changes",
    from: "MEMBER",
    to: "GUEST",
    isNew: false,
    doubt: null,
    ...over,
  });

  it("are one line for those who are alike, who changes first", () => {
    expect(
      describeEffects(
        [
          { person: ada, kind: "stays", why: "suspended in Okta" },
          changes("Bo"),
          changes("Cy"),
          changes("Di", { isNew: true }),
          changes("Ed", { isNew: undefined, doubt: "the claims can't be seen" }),
        ],
        ["Akto Guests"],
      ),
    ).toEqual([
      "2 people: Security Engineer → Guest, at their next sign-in (Bo and Cy).",
      "1 person new to Akto: Guest instead of Security Engineer, from their second sign-in on (Di); from the first with a login in another Akto account.",
      "1 person: Security Engineer → Guest, at their next sign-in, and anyone new to Akto at their second (Ed). A guess: the claims can't be seen.",
      "Nothing changes for Ada: suspended in Okta.",
    ]);
  });

  it("leave open what changes for whom the API token doesn't show all groups", () => {
    const { before, after } = guest;
    const known = { ...groups("Everyone"), hidden: "Some may not be seen." };
    const open = effectOn(ada, known, setup(), { before, after }, new Set(["Akto Guests"]));
    expect(open).toEqual({ person: ada, kind: "unknown", why: "Some may not be seen." });
    expect(describeEffects([open], ["Akto Guests"])).toEqual([
      "Whether anything changes for Ada can't be said: Some may not be seen.",
    ]);
  });

  it("say that nobody's role changes", () => {
    expect(describeEffects([{ person: ada, kind: "stays", why: "suspended in Okta" }], ["A"])).toEqual([
      "Nobody's role changes.",
      "Nothing changes for Ada: suspended in Okta.",
    ]);
    expect(describeEffects([], ["A"])).toEqual(["Nobody's role changes: “A” has no members in Okta."]);
    expect(describeEffects([], ["A", "B", "C", "D"])).toEqual([
      "Nobody's role changes: “A”, “B”, “C”, and 1 other group have no members in Okta.",
    ]);
  });

  it("name three people and count the others, and show no name that could do harm as it is", () => {
    const [line] = describeEffects(
      ["A", "B", "C", "D", "E"].map((name) => changes(name)),
      ["G"],
    );
    expect(line).toBe("5 people: Security Engineer → Guest, at their next sign-in (A, B, C, and 2 others).");
    expect(describeEffects([changes("\u001b[2J")], ["G"])[0]).toContain("\\u{1b}[2J");
    expect(describeEffects([], ["\u001b[2J"])[0]).toContain("“\\u{1b}[2J”");
  });

  it("count members where no more is known, and say nothing where not even that is", () => {
    expect(describeMembers([{ name: "A", members: 1200 }])).toBe("“A” has 1,200 members in Okta.");
    expect(
      describeMembers([
        { name: "A", members: 1 },
        { name: "B", members: 0 },
        { name: "C", members: 2 },
      ]),
    ).toBe("“A” has 1 member and “C” has 2 members in Okta.");
    expect(
      describeMembers([
        { name: "A", members: 2 },
        { name: "B", members: undefined },
      ]),
    ).toBeNull();
    expect(describeMembers([{ name: "A", members: 0 }])).toBeNull();
  });
});
