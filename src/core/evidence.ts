/**
 * What is known, and from what: the grades of evidence, and how pieces of evidence become a verdict. Nothing here knows
 * what the question is. The rules that hold everywhere:
 *
 * - a lower grade never overrules a higher one;
 * - what can't be seen is unknown, not absent, and unknown spreads instead of becoming a wrong answer;
 * - a guess never says no;
 * - a verdict is certain only if all that decides it is known.
 */
import type { Failure } from "./failure.ts";

/**
 * The grades, from the highest. `seen`: it happened in this run. `recorded`: Okta wrote down that it happened. `told`: a
 * system says how it is set up. `predicted`: reasoned from what is told. `guessed`: it stands for what can't be asked.
 */
export const grades = ["seen", "recorded", "told", "predicted", "guessed"] as const;
export type Grade = (typeof grades)[number];

/** Something that is known, with its grade. */
export interface Known<Value> {
  readonly known: true;
  readonly value: Value;
  readonly grade: Grade;
}

/** Something that isn't known. */
export interface Unknown {
  readonly known: false;
  /** Why: a sentence. */
  readonly why: string;
  /** What was thrown when it was asked for, with its hint, for a command that can't go on without it. */
  readonly failure?: Failure | undefined;
}

/** A fact: known, or unknown with the reason. */
export type Fact<Value> = Known<Value> | Unknown;

/** A known fact. */
export function known<Value>(value: Value, grade: Grade = "told"): Known<Value> {
  return { known: true, value, grade };
}

/** A fact that isn't known. `why` is a sentence. */
export function unknown(why: string, failure?: Failure): Unknown {
  return { known: false, why, failure };
}

/** The value of a fact, or `undefined`. */
export function valueIn<Value>(fact: Fact<Value> | undefined): Value | undefined {
  return fact?.known ? fact.value : undefined;
}

/** What follows from a fact: of its grade, or of a lower one that is named; unknown as long as the fact is. */
export function derive<From, To>(
  fact: Fact<From>,
  make: (value: From) => To,
  grade: Grade = fact.known ? fact.grade : "told",
): Fact<To> {
  return fact.known ? known(make(fact.value), lower(fact.grade, grade)) : fact;
}

/** Whether `a` is a higher grade than `b`. */
export function outranks(a: Grade, b: Grade): boolean {
  return grades.indexOf(a) < grades.indexOf(b);
}

/** The lower of two grades: what rests on two facts is no better than the weaker one. */
export function lower(a: Grade, b: Grade): Grade {
  return outranks(a, b) ? b : a;
}

/** One piece of evidence on a question that is answered by yes or no. */
export interface Testimony {
  /** `open`: it can't be told. It was not looked at, or only the system itself can tell. */
  readonly says: "yes" | "no" | "open";
  /** Of an open one: what it would be, were it known. */
  readonly grade: Grade;
  /** What it says, as a sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** What the pieces of evidence on one question come to. */
export interface Weighed {
  readonly says: Testimony["says"];
  /** Whether nothing that is missing could change it. */
  readonly certain: boolean;
  /** The piece that decides; of an open question the one that left it open. `undefined` without any. */
  readonly leading: Testimony | undefined;
  /** Pieces of a lower grade that say the opposite. */
  readonly overruled: readonly Testimony[];
  /** Why it isn't certain: sentences. */
  readonly because: readonly string[];
}

/**
 * Weighs the evidence on one question. The highest grade that says yes or no decides; of the same grade no goes before
 * yes, since one of several obstacles is enough. A guessed no leaves the question open.
 */
export function weigh(testimonies: readonly Testimony[]): Weighed {
  const fair = testimonies.map((each) => (isGuessedNo(each) ? { ...each, says: "open" as const } : each));
  const decisive = fair.filter(({ says }) => says !== "open");
  const leading = [...decisive].sort(
    (a, b) => grades.indexOf(a.grade) - grades.indexOf(b.grade) || Number(b.says === "no") - Number(a.says === "no"),
  )[0];
  const open = fair.filter(({ says, grade }) => says === "open" && !(leading && outranks(leading.grade, grade)));
  if (!leading) {
    return {
      says: "open",
      certain: false,
      leading: open[0],
      overruled: [],
      because: open.length > 0 ? open.map(({ message }) => message) : ["Nothing is known about it."],
    };
  }
  const guess = leading.grade === "guessed" ? [leading.message] : [];
  const because = [...guess, ...open.map(({ message }) => message)];
  return {
    says: leading.says,
    certain: because.length === 0,
    leading,
    overruled: decisive.filter(({ says, grade }) => says !== leading.says && outranks(leading.grade, grade)),
    because,
  };
}

const isGuessedNo = ({ says, grade }: Testimony) => says === "no" && grade === "guessed";

/** A question that must be answered by yes for the whole to be so, and who would say no. */
export interface Gate<By> {
  readonly by: By;
  readonly answer: Weighed;
}

/** Whether all gates are passed. */
export interface Verdict<By> {
  /** `no` only when it is certain. */
  readonly says: "yes" | "no";
  /** Who says no: the first certain one. */
  readonly by: By | null;
  readonly certain: boolean;
  /** Why it isn't certain: sentences, each once. */
  readonly because: readonly string[];
}

/**
 * The verdict over gates that must all be passed. Only a certain no is a no: a likely one is among the reasons for which
 * the yes isn't certain.
 */
export function judge<By>(gates: readonly Gate<By>[]): Verdict<By> {
  const closed = gates.find(({ answer }) => answer.says === "no" && answer.certain);
  if (closed) return { says: "no", by: closed.by, certain: true, because: [] };
  const because = gates.flatMap(({ answer: { says, certain, leading, because } }) =>
    certain ? [] : says === "no" && leading ? [leading.message, ...because] : because,
  );
  return { says: "yes", by: null, certain: because.length === 0, because: [...new Set(because)] };
}
