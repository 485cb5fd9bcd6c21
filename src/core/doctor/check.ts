/** A check: what it is called, which facts it goes by, and what it makes of them. Pure. */
import { type Fact, type Grade, lower } from "../evidence.ts";
import { Failure } from "../failure.ts";
import type { Check } from "../login/report.ts";
import type { FactName, Facts } from "../picture.ts";
import type { Fix } from "./fix.ts";
import { type Means, meansOf } from "./means.ts";

/** What a check found. Unless it passed, it can have a hint of its own in place of the check's remedy. */
export interface Finding {
  readonly status: Check["status"];
  readonly message: string;
  readonly hint?: string | undefined;
  /** What can be done about it by API. */
  readonly fix?: Fix | undefined;
  /** What it is known from, where that is not what the needed facts are known from. */
  readonly evidence?: Grade | undefined;
}

type More = Omit<Finding, "status" | "message">;

/** The check found nothing wrong. */
export const pass = (message: string, more: Pick<Finding, "evidence"> = {}): Finding => ({
  status: "pass",
  message,
  ...more,
});
/** It works for now, or for most. */
export const warn = (message: string, more: More = {}): Finding => ({ status: "warn", message, ...more });
/** It stands in the way of a sign-in or of the right role. Without a hint, the check's own remedy is shown. */
export const fail = (message: string, more: More = {}): Finding => ({ status: "fail", message, ...more });
/** It could not be looked at, or means nothing here. */
export const skip = (message: string): Finding => ({ status: "skip", message });

/** What a check is made of. */
interface CheckDefinition<Need extends FactName, Want extends FactName> {
  /** Stable: scripts name it in `--only` and `--skip`. */
  readonly id: string;
  /** What is looked at, as a question's end: "the redirect URI is Akto's". */
  readonly title: string;
  /** What to do when it fails. */
  readonly remedy: string;
  /** The facts without which there is no answer. */
  readonly needs: readonly Need[];
  /** Facts that make the answer better, `undefined` where they aren't known. */
  readonly wants?: readonly Want[];
  readonly check: (
    facts: Pick<Facts, Need> & { readonly [Key in Want]?: Facts[Key] },
    /** What each of them is known from. */
    grades: ReadonlyMap<FactName, Grade>,
  ) => Finding;
}

/** The state of every fact that was gathered. */
export type FactStates = { readonly [Name in FactName]?: Fact<Facts[Name]> };

/** A check of the catalog. */
export interface DoctorCheck {
  readonly id: string;
  readonly title: string;
  readonly remedy: string;
  readonly needs: readonly FactName[];
  readonly wants: readonly FactName[];
  /** What a person must have at hand. */
  readonly means: readonly Means[];
  /** The outcome: `skip`, with the reason, where a fact that it needs isn't known. */
  evaluate(facts: FactStates): Outcome;
}

/** A check's outcome, with what can be done about it by API. */
export interface Outcome {
  readonly check: Check;
  readonly fix: Fix | undefined;
}

/** Makes a check of the catalog. */
export function defineCheck<const Need extends FactName, const Want extends FactName = never>(
  definition: CheckDefinition<Need, Want>,
): DoctorCheck {
  const { id, title, remedy, needs, wants = [], check } = definition;
  return {
    id,
    title,
    remedy,
    needs,
    wants,
    means: meansOf(needs),
    evaluate: (states) => {
      const values = new Map<FactName, unknown>();
      const grades = new Map<FactName, Grade>();
      let evidence: Grade = "seen";
      for (const name of needs) {
        const state = states[name];
        if (!state?.known) return outcome(id, remedy, skip(state?.why ?? `The fact “${name}” was not gathered.`));
        values.set(name, state.value);
        grades.set(name, state.grade);
        // The setup is what is asked about; what is found of it is no better than what answers.
        if (name !== "setup" || needs.length === 1) evidence = lower(evidence, state.grade);
      }
      for (const name of wants) {
        const state = states[name];
        if (state?.known) values.set(name, state.value);
      }
      // Each value stands under its own fact's name: what the map can't say, the loops above just did.
      const finding = check(Object.fromEntries(values) as Parameters<typeof check>[0], grades);
      return outcome(id, remedy, { evidence, ...finding });
    },
  };
}

function outcome(id: string, remedy: string, { status: found, message, hint, fix, evidence }: Finding): Outcome {
  // A guess warns, it never fails.
  const status = found === "fail" && evidence === "guessed" ? "warn" : found;
  const advice = status === "pass" || status === "skip" ? undefined : (hint ?? remedy);
  const basis = status === "skip" || evidence === undefined ? {} : { evidence };
  return { check: { id, status, message, ...(advice === undefined ? {} : { hint: advice }), ...basis }, fix };
}

/** The message and the hint of a refusal, for a finding. */
export function refusal(error: unknown): { message: string; hint?: string | undefined } {
  if (!(error instanceof Failure)) throw error;
  return { message: error.message, hint: error.hint };
}
