import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PreviewRole, PreviewRow } from "../../../src/core/preview/preview.ts";
import { describeInAkto, nextSignIn, rolePaths, uncertainRows } from "../../../src/core/preview/review.ts";
import { review } from "../../browser/reviews.ts";

const person = { id: "00u1", login: "ada@acme.com", name: "Ada", email: "ada@acme.com", status: "ACTIVE" };
const developer: PreviewRole = {
  id: "DEVELOPER",
  label: "Developer",
  decidedBy: "mapping",
  group: "Akto Developers",
  source: "access_token",
  certain: true,
  doubt: null,
};
const row = (inAkto: PreviewRow["inAkto"], role: PreviewRole = developer): PreviewRow => ({
  person,
  role,
  turnedAway: null,
  inAkto,
});

describe("the ways to a role", () => {
  it("count everybody who gets in once, and name every entry, also one that decides for nobody", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 50 }), (people, moreGroups) => {
        const { rows, totals, paths } = review({ people, moreGroups });
        expect(paths.reduce((sum, path) => sum + path.people, 0)).toBe(totals.admitted);
        for (const { id, people: those, byDefault } of totals.roles) {
          const own = paths.filter(({ role }) => role === id);
          expect(own.reduce((sum, path) => sum + path.people, 0)).toBe(those);
          expect(own.filter(({ group }) => group === null).map((path) => path.people)).toEqual(
            byDefault > 0 ? [byDefault] : [],
          );
        }
        expect(paths.filter(({ people: those }) => those === 0).length).toBeGreaterThanOrEqual(moreGroups);
        expect(rolePaths(rows, new Map()).every(({ people: those }) => those > 0)).toBe(true);
      }),
    );
  });

  it("come in the roles' order, the fallback after a role's groups", () => {
    const { paths, totals } = review({ people: 200 });
    const order = [...new Set(paths.filter(({ people }) => people > 0).map(({ role }) => role))];
    expect(order).toEqual(totals.roles.map(({ id }) => id));
    const engineers = paths.filter(({ role }) => role === "MEMBER").map(({ group }) => group);
    expect(engineers.at(-1)).toBe(null);
    expect(engineers.length).toBeGreaterThan(1);
  });
});

describe("the next sign-in", () => {
  const scopedRoles = new Map<string, string>();
  it.each([
    ["same", "stores what is stored", row({ storedRole: "DEVELOPER", scopedRoles, invited: false })],
    ["changes", "stores another role", row({ storedRole: "ADMIN", scopedRoles, invited: false })],
    [
      "changes",
      "stores one where none is, which works as another",
      row({ storedRole: null, scopedRoles, invited: false }),
    ],
    [
      "same",
      "finds none stored, which works as the same",
      row({ storedRole: null, scopedRoles, invited: false }, { ...developer, id: "MEMBER" }),
    ],
    ["new", "is somebody's first", row(null)],
    [
      "outranked",
      "doesn't change access per product",
      row({ storedRole: "ADMIN", scopedRoles: new Map([["API", "GUEST"]]), invited: false }),
    ],
    ["outranked", "doesn't outrank an invitation", row({ storedRole: null, scopedRoles, invited: true })],
    ["unknown", "can't be told where Akto was not asked", row(undefined)],
    ["unknown", "does not come", { person, role: null, turnedAway: "not_active", inAkto: null } satisfies PreviewRow],
  ] as const)("%s: it %s", (expected, _, given) => {
    expect(nextSignIn(given)).toBe(expected);
  });

  it("starts from what Akto has, in words", () => {
    expect(describeInAkto(row(undefined))).toBe("not asked");
    expect(describeInAkto(row(null))).toBe("not in the account's team yet");
    expect(describeInAkto(row({ storedRole: "ADMIN", scopedRoles, invited: false }))).toBe("Admin now");
  });
});

it("a role that is a guess is counted as one, under either mapping", () => {
  const guess: PreviewRole = { ...developer, certain: false, doubt: "regex" };
  const rows = [
    row(null),
    row(null, guess),
    { ...row(null), role: developer, turnedAway: null, other: guess },
  ] as const;
  expect(uncertainRows(rows)).toEqual(rows.slice(1));
});
