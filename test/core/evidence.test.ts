import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  derive,
  type Gate,
  type Grade,
  grades,
  judge,
  known,
  outranks,
  type Testimony,
  unknown,
  weigh,
} from "../../src/core/evidence.ts";

const grade = fc.constantFrom<Grade>(...grades);
const testimony = fc.record<Testimony>({
  says: fc.constantFrom("yes", "no", "open"),
  grade,
  message: fc.constantFrom("It is so.", "It was not looked at.", "The token can't see it."),
});
const testimonies = fc.array(testimony, { maxLength: 6 });
const gates = fc.array(testimonies, { maxLength: 5 });
const verdictOf = (all: readonly (readonly Testimony[])[]) =>
  judge(all.map((each, by): Gate<number> => ({ by, answer: weigh(each) })));
const decisive = ({ says, grade }: Testimony) => says === "yes" || (says === "no" && grade !== "guessed");

/** The highest grade that decides. */
const best = (all: readonly Testimony[]): Grade | undefined =>
  grades.find((grade) => all.some((each) => each.grade === grade && decisive(each)));

describe("the evidence on one question", () => {
  it("says what the highest grade says, whatever lower ones add", () => {
    fc.assert(
      fc.property(testimonies, testimony, (all, more) => {
        const top = best(all);
        fc.pre(top !== undefined && outranks(top, more.grade));
        const [before, after] = [weigh(all), weigh([...all, more])];
        expect(after.says).toBe(before.says);
        expect(after.leading).toEqual(before.leading);
        expect(after.certain).toBe(before.certain);
      }),
    );
  });

  it("names what it overrules", () => {
    const seen: Testimony = { says: "yes", grade: "seen", message: "It happened." };
    const told: Testimony = { says: "no", grade: "told", message: "It can't." };
    expect(weigh([told, seen])).toEqual({ says: "yes", certain: true, leading: seen, overruled: [told], because: [] });
  });

  it("lets no guess say no", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record<Testimony>({
            says: fc.constantFrom("no", "open"),
            grade: fc.constant("guessed" as const),
            message: fc.constant("A guess."),
          }),
        ),
        (all) => {
          expect(weigh(all)).toMatchObject({ says: "open", certain: false });
        },
      ),
    );
    const guess: Testimony = { says: "yes", grade: "guessed", message: "Most have it." };
    expect(weigh([guess])).toMatchObject({ says: "yes", certain: false, because: ["Most have it."] });
  });

  it("says no where the same grade says both: one obstacle is enough", () => {
    fc.assert(
      fc.property(testimonies, (all) => {
        const top = best(all);
        const nos = all.filter(({ says, grade }) => says === "no" && grade === top && grade !== "guessed");
        if (nos.length > 0) expect(weigh(all).says).toBe("no");
      }),
    );
  });

  it("is never more certain for knowing less", () => {
    fc.assert(
      fc.property(testimonies, fc.nat(), (all, which) => {
        fc.pre(all.length > 0);
        const lost = which % all.length;
        const fewer = all.map((each, index): Testimony => (index === lost ? { ...each, says: "open" } : each));
        if (!weigh(all).certain) expect(weigh(fewer).certain).toBe(false);
      }),
    );
  });
});

describe("a verdict", () => {
  it("does not change for a fact of a lower grade than those that decide each gate", () => {
    fc.assert(
      fc.property(gates, fc.nat(), testimony, (all, which, more) => {
        fc.pre(all.length > 0);
        const place = which % all.length;
        const top = best(all[place] ?? []);
        fc.pre(top !== undefined && outranks(top, more.grade));
        expect(verdictOf(all.map((each, index) => (index === place ? [...each, more] : each)))).toEqual(verdictOf(all));
      }),
    );
  });

  it("is never more certain when a fact becomes unknown", () => {
    fc.assert(
      fc.property(gates, fc.nat(), fc.nat(), (all, which, whichFact) => {
        const place = which % Math.max(1, all.length);
        const facts = all[place] ?? [];
        fc.pre(facts.length > 0);
        const lost = whichFact % facts.length;
        const fewer = facts.map((each, index): Testimony => (index === lost ? { ...each, says: "open" } : each));
        const before = verdictOf(all);
        const after = verdictOf(all.map((each, index) => (index === place ? fewer : each)));
        if (!before.certain) expect(after.certain).toBe(false);
      }),
    );
  });

  it("is no only for certain, and then of the first gate that is closed", () => {
    fc.assert(
      fc.property(gates, (all) => {
        const { says, certain, by, because } = verdictOf(all);
        if (says === "no") expect(certain).toBe(true);
        expect(by === null).toBe(says === "yes");
        expect(certain).toBe(because.length === 0);
        if (by !== null) {
          expect(weigh(all[by] ?? [])).toMatchObject({ says: "no", certain: true });
          for (const earlier of all.slice(0, by)) {
            const answer = weigh(earlier);
            expect(answer.says === "no" && answer.certain).toBe(false);
          }
        }
      }),
    );
  });

  it("passes nothing that nobody looked at", () => {
    fc.assert(
      fc.property(gates, (all) => {
        if (all.some((each) => each.every(({ says }) => says === "open"))) {
          const { says, certain } = verdictOf(all);
          expect(says === "yes" && certain).toBe(false);
        }
      }),
    );
  });
});

describe("what follows from a fact", () => {
  it("is no better than the fact, and unknown as long as it is", () => {
    fc.assert(
      fc.property(grade, grade, (from, to) => {
        const made = derive(known(1, from), (value) => value + 1, to);
        expect(made).toEqual(known(2, outranks(from, to) ? to : from));
      }),
    );
    const nothing = unknown("It was not asked.");
    expect(derive(nothing, () => 1)).toBe(nothing);
  });
});
