/** Okta's `search` and `filter` language: SCIM comparisons joined by `and`, `or`, `not` and parentheses. */
import { badSearch } from "./errors.ts";

type Value = string | number | boolean | null;
/** Reads a property of a record by its dotted name: its value, the values of a list, `undefined` where it has none. */
export type Property<T> = (record: T, name: string) => Value | readonly Value[] | undefined;
type Test<T> = (record: T) => boolean;

const operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"] as const;
export type Operator = (typeof operators)[number];

const token = /\s*(?:([()])|("(?:[^"\\]|\\.)*")|([^\s()"]+))/gy;

function tokens(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const match = token.exec(text);
    if (!match) throw badSearch("The expression could not be read.");
    found.push(match[1] ?? match[2] ?? match[3] ?? "");
  }
  return found;
}

function literal(word: string): Value {
  if (word.startsWith('"')) {
    try {
      return String(JSON.parse(word));
    } catch {
      throw badSearch("A string could not be read.");
    }
  }
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  throw badSearch(`The value ${word} must be in double quotes.`);
}

function compare(actual: Value | readonly Value[] | undefined, operator: Operator, expected: Value): boolean {
  // A list matches if any of its values does (RFC 7644 section 3.4.2.2).
  if (isList(actual)) return actual.some((value) => compare(value, operator, expected));
  if (operator === "pr") return actual !== undefined && actual !== null && actual !== "";
  if (actual === undefined || actual === null) return operator === "ne";
  // Okta ignores case in every comparison of strings.
  const left = typeof actual === "string" ? actual.toLowerCase() : actual;
  const right = typeof expected === "string" ? expected.toLowerCase() : (expected ?? "");
  switch (operator) {
    case "eq":
      return left === right;
    case "ne":
      return left !== right;
    case "co":
      return String(left).includes(String(right));
    case "sw":
      return String(left).startsWith(String(right));
    case "ew":
      return String(left).endsWith(String(right));
    case "gt":
      return left > right;
    case "ge":
      return left >= right;
    case "lt":
      return left < right;
    case "le":
      return left <= right;
  }
}

const isList = (value: Value | readonly Value[] | undefined): value is readonly Value[] => Array.isArray(value);

/** How deep parentheses and negations may be within each other. */
const deepest = 100;

/**
 * A test for records from an expression such as `type eq "APP_GROUP" and profile.name sw "Akto"`.
 *
 * @param names whether a property may be searched, with this operator
 * @throws ApiError E0000031 for an expression that Okta would refuse
 */
export function parseFilter<T>(
  text: string,
  property: Property<T>,
  names: (name: string, operator: Operator) => boolean,
): Test<T> {
  const words = tokens(text);
  let position = 0;
  let depth = 0;
  const peek = () => words[position]?.toLowerCase();
  const take = () => words[position++];

  const comparison = (): Test<T> => {
    const name = take();
    const operator = operators.find((candidate) => candidate === words[position]?.toLowerCase());
    if (name === undefined || operator === undefined) throw badSearch("An operator is missing or unknown.");
    if (!names(name, operator)) throw badSearch(`The property ${name} cannot be searched.`);
    position += 1;
    if (operator === "pr") return (record) => compare(property(record, name), operator, null);
    const word = take();
    if (word === undefined) throw badSearch(`A value is missing after ${operator}.`);
    const value = literal(word);
    return (record) => compare(property(record, name), operator, value);
  };
  const factor = (): Test<T> => {
    depth += 1;
    if (depth > deepest) throw badSearch("The expression is nested too deeply.");
    const test = nested();
    depth -= 1;
    return test;
  };
  function nested(): Test<T> {
    if (peek() === "not") {
      take();
      const inner = factor();
      return (record) => !inner(record);
    }
    if (peek() !== "(") return comparison();
    take();
    const inner = disjunction();
    if (take() !== ")") throw badSearch("A parenthesis is not closed.");
    return inner;
  }
  const conjunction = (): Test<T> => {
    const parts = [factor()];
    while (peek() === "and") {
      take();
      parts.push(factor());
    }
    return (record) => parts.every((part) => part(record));
  };
  function disjunction(): Test<T> {
    const parts = [conjunction()];
    while (peek() === "or") {
      take();
      parts.push(conjunction());
    }
    return (record) => parts.some((part) => part(record));
  }

  const test = disjunction();
  if (position < words.length) throw badSearch("The expression does not end where it should.");
  return test;
}
