/** Readers of plain data: each checks a value and returns it with its type, or says where it is wrong. */
import { listed, quoted, thousands } from "../core/text.ts";

/** The way from the document's root to a value. */
export type Path = readonly (string | number)[];

/** What is wrong, and where. */
export class ShapeError extends Error {
  readonly path: Path;

  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

/** Checks a value; throws {@link ShapeError}. */
export type Reader<Value> = (value: unknown, path: Path) => Value;

const wrong = (path: Path, what: string) => {
  const key = path.at(-1);
  const subject = typeof key === "string" ? quoted(key) : key === undefined ? "The file" : `Entry ${key + 1}`;
  return new ShapeError(path, `${subject} must be ${what}.`);
};

/** Text that is not empty. */
export const text: Reader<string> = (value, path) => {
  if (typeof value === "string" && value !== "") return value;
  throw wrong(path, "text");
};

/** `true` or `false`. */
export const flag: Reader<boolean> = (value, path) => {
  if (typeof value === "boolean") return value;
  throw wrong(path, "true or false");
};

/** An object of any shape. */
export const json: Reader<Record<string, unknown>> = (value, path) => Object.fromEntries(entries(value, path));

/** A whole number from `low` to `high`. */
export function integer(low: number, high: number): Reader<number> {
  return (value, path) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
    throw wrong(path, `a whole number from ${low} to ${thousands(high)}`);
  };
}

/** One of these words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Reader<Word> {
  return (value, path) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw wrong(path, listed(words, "or"));
  };
}

/** What the reader takes, or nothing at all: `null`. */
export function orNull<Value>(reader: Reader<Value>): Reader<Value | null> {
  return (value, path) => (value === null ? null : reader(value, path));
}

/** A list. */
export function list<Value>(item: Reader<Value>): Reader<Value[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, "a list");
    return value.map((entry: unknown, index) => item(entry, [...path, index]));
  };
}

/** Names that the file chooses, each with a value. */
export function dictionary<Value>(item: Reader<Value>): Reader<Map<string, Value>> {
  return (value, path) => new Map(entries(value, path).map(([key, entry]) => [key, item(entry, [...path, key])]));
}

type Readers<Values> = { readonly [Key in keyof Values]: Reader<Values[Key]> };

/** An object with these keys and no others. */
export function object<Required extends object, Optional extends object>(
  required: Readers<Required>,
  optional: Readers<Optional>,
): Reader<Required & Partial<Optional>> {
  const readers = new Map<string, Reader<unknown>>(Object.entries({ ...required, ...optional }));
  return (value, path) => {
    const given = entries(value, path);
    for (const [key] of given) {
      if (!readers.has(key)) {
        throw new ShapeError(
          [...path, key],
          `${quoted(key)} is not known here; known are ${listed([...readers.keys()])}.`,
        );
      }
    }
    for (const key of Object.keys(required)) {
      if (!given.some(([name]) => name === key)) throw new ShapeError(path, `${quoted(key)} is missing.`);
    }
    const read = given.map(([key, entry]) => [key, readers.get(key)?.(entry, [...path, key])]);
    // Every key was read by the reader of its own type.
    return Object.fromEntries(read) as Required & Partial<Optional>;
  };
}

function entries(value: unknown, path: Path): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, "an object");
  return Object.entries(value);
}
