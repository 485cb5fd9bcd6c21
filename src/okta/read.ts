/** The parts of Okta's answers, read by guards: the SDK's types promise more than the network keeps. */
import { isRecord, strings } from "../core/json.ts";
import { unexpectedAnswer } from "./errors.ts";

/** One object of an answer, read field by field. */
export class Reader {
  readonly #record: Record<string, unknown>;
  readonly #noun: string;

  /** @param noun what it is, for the failure when it is no object */
  constructor(value: unknown, noun: string) {
    if (!isRecord(value)) throw unexpectedAnswer(`the ${noun} is no object`);
    this.#record = value;
    this.#noun = noun;
  }

  /** An object within; an empty one when it isn't there. */
  within(name: string): Reader {
    return new Reader(this.#record[name] ?? {}, `${this.#noun}'s ${name}`);
  }

  /** A text that must be there. */
  text(name: string): string {
    const value = this.#record[name];
    if (typeof value === "string") return value;
    throw unexpectedAnswer(`the ${this.#noun}'s ${name} is no text`);
  }

  /** A text, or `null` when it is absent or anything else. */
  optional(name: string): string | null {
    const value = this.#record[name];
    return typeof value === "string" ? value : null;
  }

  flag(name: string): boolean {
    return this.#record[name] === true;
  }

  number(name: string): number | undefined {
    const value = this.#record[name];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  /** The strings of a list; none when it isn't there. */
  texts(name: string): string[] {
    return strings(this.#record[name]);
  }

  /** A moment as ISO 8601: the SDK turns those it knows into dates. */
  moment(name: string): string | null {
    const value = this.#record[name];
    const date = typeof value === "string" ? new Date(value) : value;
    return date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
  }
}
