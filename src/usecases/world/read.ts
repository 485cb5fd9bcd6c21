/** Reading facts: each once a run, whoever asks, and what can't be read is unknown with its reason. */
import { type Fact, type Grade, type Known, known, unknown } from "../../core/evidence.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import { once } from "../../core/once.ts";
import type { FactName, Facts } from "../../core/picture.ts";

/** Every fact, to be asked for. Asking throws only when the program was interrupted, or has a bug. */
export type Picture = { readonly [Name in FactName]: () => Promise<Fact<Facts[Name]>> };

/** Thrown while a fact is read when its means are missing, or another fact rules it out. The message is a sentence. */
export class Unseen extends Error {
  /** What was thrown by the system that was asked. */
  readonly failure: Failure | undefined;

  constructor(why: string, failure?: Failure) {
    super(why);
    this.failure = failure;
  }
}

/**
 * A fact that is read when it is first asked for.
 *
 * @param read the value, or the value with a grade of its own; throws {@link Unseen} or a foreseen `Failure` where it can't
 *   be known
 * @param grade what it is known from
 */
export function fact<Value>(
  read: () => Promise<Value | Graded<Value>>,
  grade: Grade = "told",
): () => Promise<Fact<Value>> {
  return once(async () => {
    try {
      const value = await read();
      return value instanceof Graded ? known(value.value, value.grade) : known(value, grade);
    } catch (error) {
      if (error instanceof Unseen) return unknown(error.message, error.failure);
      if (canGoOn(error)) return unknown(error.message, error);
      throw error;
    }
  });
}

/** A value that is known from something else than the fact usually is. */
class Graded<Value> {
  readonly value: Value;
  readonly grade: Grade;

  constructor(value: Value, grade: Grade) {
    this.value = value;
    this.grade = grade;
  }
}

/** The value with a grade of its own, for a {@link fact}. */
export function graded<Value>(value: Value, grade: Grade): Graded<Value> {
  return new Graded(value, grade);
}

/** The value of a fact that another one needs to be read. Throws {@link Unseen} with its reason where it isn't known. */
export async function need<Value>(asked: () => Promise<Fact<Value>>): Promise<Value> {
  return (await needKnown(asked)).value;
}

/** As {@link need}, with the grade. */
async function needKnown<Value>(asked: () => Promise<Fact<Value>>): Promise<Known<Value>> {
  const answer = await asked();
  if (answer.known) return answer;
  throw new Unseen(answer.why, answer.failure);
}

/**
 * The value of a fact without which a command can't go on.
 *
 * @throws Failure what was thrown when it was asked for, else `input.unknown` with the reason
 */
export function insist<Value>(answer: Fact<Value>): Value {
  if (answer.known) return answer.value;
  throw answer.failure ?? new Failure("usage", "input.unknown", answer.why);
}
