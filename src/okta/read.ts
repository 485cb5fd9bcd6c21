/**
 * The parts of Okta's answers, read by guards: the SDK's models say which fields there are, but promise more about their
 * content than can be relied on.
 */
import { isRecord, strings } from "../core/json.ts";
import { unexpectedAnswer } from "./errors.ts";

type Fields<Model> = keyof Model & string;
/** What a field of a model holds; anything where the model doesn't say. */
type Within<Field> = keyof NonNullable<Field> extends never ? Record<string, unknown> : NonNullable<Field> & object;

/**
 * Things that Okta asks one after the other, in that order.
 *
 * @param noun what they are, for the failure where the order isn't told
 */
export function inOrder<Thing extends { readonly priority: number | undefined }>(
  things: readonly Thing[],
  noun: string,
): Thing[] {
  const placed = things.flatMap((thing) => (thing.priority === undefined ? [] : [{ thing, at: thing.priority }]));
  if (things.length > 1 && placed.length < things.length) {
    throw unexpectedAnswer(`the order of the ${noun} can't be told, since one has no priority`);
  }
  return things.length === 1 ? [...things] : placed.sort((a, b) => a.at - b.at).map(({ thing }) => thing);
}

/** One object of an answer, read field by field: by the SDK's model of it, or by any name without one. */
export class Reader<Model extends object = Record<string, unknown>> {
  readonly #record: Record<string, unknown>;
  readonly #noun: string;

  /** @param noun what it is, for the failure when it is no object */
  constructor(value: unknown, noun: string) {
    if (!isRecord(value)) throw unexpectedAnswer(`the ${noun} is not an object`);
    this.#record = value;
    this.#noun = noun;
  }

  /** Whether there is such a field, whatever it holds. */
  has(name: Fields<Model>): boolean {
    return Object.hasOwn(this.#record, name);
  }

  /** An object within; an empty one when it isn't there. */
  within<Name extends Fields<Model>>(name: Name): Reader<Within<Model[Name]>> {
    return new Reader(this.#record[name] ?? {}, this.#part(name));
  }

  /** The same object by another model, for what Okta answers and the SDK's model leaves out. */
  as<Other extends object>(): Reader<Other> {
    return new Reader(this.#record, this.#noun);
  }

  /** As {@link within}, of what must be there: nothing follows from an object that isn't shown. */
  part<Name extends Fields<Model>>(name: Name): Reader<Within<Model[Name]>> {
    return new Reader(this.#record[name], this.#part(name));
  }

  /** What a field is called: `the app's settings.oauthClient`. */
  #part(name: Fields<Model>): string {
    return `${this.#noun}${this.#noun.includes("'s ") ? "." : "'s "}${name}`;
  }

  /** A text that must be there. */
  text(name: Fields<Model>): string {
    const value = this.#record[name];
    if (typeof value === "string") return value;
    throw unexpectedAnswer(`the ${this.#part(name)} is not text`);
  }

  /** A text, or `null` when it is absent or anything else. */
  optional(name: Fields<Model>): string | null {
    const value = this.#record[name];
    return typeof value === "string" ? value : null;
  }

  flag(name: Fields<Model>): boolean {
    return this.#record[name] === true;
  }

  number(name: Fields<Model>): number | undefined {
    const value = this.#record[name];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  /** The strings of a list that must be there: that something isn't in it tells something. */
  list(name: Fields<Model>): string[] {
    if (Array.isArray(this.#record[name])) return this.texts(name);
    throw unexpectedAnswer(`the ${this.#part(name)} is not a list`);
  }

  /** The strings of a list; none when it isn't there. */
  texts(name: Fields<Model>): string[] {
    return strings(this.#record[name]);
  }

  /** A moment as ISO 8601, or `null` when it is absent or none. */
  moment(name: Fields<Model>): string | null {
    const value = this.#record[name];
    const date = new Date(typeof value === "string" ? value : Number.NaN);
    return Number.isNaN(date.getTime()) ? null : date.toISOString();
  }
}
