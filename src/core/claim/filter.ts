/** The filter of a groups claim: which group names it lets through, and which filter to choose for a mapping. */

import { Failure } from "../failure.ts";
import type { ClaimFilterType } from "../model/okta.ts";
import { javaPattern } from "./java-regex.ts";

export const claimFilterTypes = [
  "STARTS_WITH",
  "EQUALS",
  "CONTAINS",
  "REGEX",
] as const satisfies readonly ClaimFilterType[];

/** What Okta calls `group_filter_type` and `value` of a claim with value type `GROUPS`. */
export interface ClaimFilter {
  readonly filter: ClaimFilterType;
  readonly value: string;
}

/** An expression that lists the groups that may be in the claim, by id: see `allowListOf`. */
export interface ClaimList {
  readonly filter: "EXPRESSION";
  readonly value: string;
}

/** What this tool writes into a claim: a filter, or a list where an imported group is mapped, which no filter carries. */
export type ClaimChoice = ClaimFilter | ClaimList;

/** How many groups a claim is made for: what comes of more is disputed, see `disputed.ts`. */
export const claimGroupLimit = 100;

/** The longest regular expression this tool writes into a claim, in characters. */
const claimValueLimit = 1_000;

/**
 * The filter as a test on a group's name. `STARTS_WITH`, `EQUALS` and `CONTAINS` ignore case, `REGEX` does not
 * (Okta behavior).
 *
 * @returns `undefined` when only Okta can tell: a regular expression of Java's own kind
 */
export function nameTest({ filter, value }: ClaimFilter): ((name: string) => boolean) | undefined {
  const folded = value.toLowerCase();
  switch (filter) {
    case "STARTS_WITH":
      return (name) => name.toLowerCase().startsWith(folded);
    case "EQUALS":
      return (name) => name.toLowerCase() === folded;
    case "CONTAINS":
      return (name) => name.toLowerCase().includes(folded);
    case "REGEX": {
      const pattern = javaPattern(value);
      return pattern && ((name) => pattern.test(name));
    }
  }
}

/** Whether the filter lets all of these through; `undefined` when only Okta can tell. */
export function filterCovers(filter: ClaimFilter, groups: Iterable<string>): boolean | undefined {
  const passes = nameTest(filter);
  return passes && [...groups].every(passes);
}

/** Whether every name that `narrow` lets through gets through `wide` as well, as far as that can be told by reading them. */
export function filterIncludes(wide: ClaimFilter, narrow: ClaimFilter): boolean {
  if (wide.filter === narrow.filter && wide.value === narrow.value) return true;
  if (wide.filter === "REGEX") {
    if (/^\^?\.\*\$?$/.test(wide.value)) return true;
    return (
      narrow.filter === "REGEX" && alternatives(narrow.value).every((part) => alternatives(wide.value).includes(part))
    );
  }
  if (narrow.filter === "REGEX") return false;
  const [outer, inner] = [wide.value.toLowerCase(), narrow.value.toLowerCase()];
  if (wide.filter === "CONTAINS") return inner.includes(outer);
  if (wide.filter === "STARTS_WITH") return narrow.filter !== "CONTAINS" && inner.startsWith(outer);
  return narrow.filter === "EQUALS" && inner === outer;
}

const literal = String.raw`[^\\^$.*+?()[\]{}|]|\\[^\p{L}\p{N}]`;
const nameOnly = new RegExp(`^(?:${literal})*$`, "u");
const namePattern = new RegExp(String.raw`^\^?(?:${literal}|\.\*|\[[^\]\\^&[]*\])*\$?$`, "u");

/** How many names a regular expression lists that lists names alone, as {@link chooseFilter} writes it; else `null`. */
export function listedNames({ filter, value }: ClaimFilter): number | null {
  if (filter !== "REGEX") return null;
  const parts = alternatives(value);
  return parts.every((part) => nameOnly.test(part)) ? parts.length : null;
}

/** Whether names can be held against the filter by the thousand: a regular expression could take for ever over one. */
export function isCheap({ filter, value }: ClaimFilter): boolean {
  return filter !== "REGEX" || alternatives(value).every((part) => namePattern.test(part));
}

/** Whether a value can be a filter's at all. A regular expression that only Java reads is taken on trust. */
export function isUsableFilter({ value }: ClaimFilter): boolean {
  return value !== "" && value.length <= claimValueLimit;
}

/** The filter for a mapping without a group: the names that Akto knows by convention all start so. */
const conventionFilter: ClaimFilter = { filter: "STARTS_WITH", value: "akto" };

/**
 * The prefixes that could serve these names, best first: `akto` where all start so, else what they have in common up to
 * the end of a word.
 */
function prefixCandidates(groups: readonly string[]): string[] {
  const [first = "", ...rest] = groups;
  let common = Array.from(first);
  for (const group of rest) {
    const letters = Array.from(group);
    const differs = common.findIndex((letter, index) => letter.toLowerCase() !== letters[index]?.toLowerCase());
    if (differs !== -1) common = common.slice(0, differs);
  }
  const shared = common.join("");
  const whole = groups.every((group) => /^(?:$|[^\p{L}\p{N}])/u.test(group.slice(shared.length)));
  // A word cut in half ("Ad" of "Admins" and "Adepts") says nothing about who is meant.
  // Looked for from where a run begins alone: from each of its places it would take as long as it has squared.
  const words = whole ? shared : shared.replace(/(?<![\p{L}\p{N}])[\p{L}\p{N}]+$/u, "");
  const prefix = words.replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, "");
  const akto = /^akto(?![\p{L}\p{N}])/iu.exec(shared)?.[0];
  return [...new Set([...(akto === undefined ? [] : [akto]), ...(Array.from(prefix).length < 3 ? [] : [prefix])])];
}

/**
 * The filter that covers these groups and as little else as can be.
 *
 * @param groups the mapped names
 * @param matching how many of the org's groups a prefix lets through; without it a prefix is taken on trust
 * @throws Failure `claim.filter_too_long` when the names share no prefix and don't fit into a regular expression
 */
export async function chooseFilter(
  groups: readonly string[],
  matching?: (filter: ClaimFilter) => Promise<number>,
): Promise<ClaimFilter> {
  if (groups.length === 0) return conventionFilter;
  for (const value of prefixCandidates(groups)) {
    const filter: ClaimFilter = { filter: "STARTS_WITH", value };
    // No user can be in more groups than there are.
    if (!matching || (await matching(filter)) <= claimGroupLimit) return filter;
  }
  return anyOf(groups.map((name) => ({ filter: "REGEX", value: escapeRegex(name) })));
}

/**
 * One filter that lets through what any of these lets through.
 *
 * @throws Failure `claim.filter_too_long`
 */
export function anyOf(filters: readonly ClaimFilter[]): ClaimFilter {
  const parts = [...new Set(filters.flatMap((filter) => alternatives(asRegex(filter))))];
  const value = `^(?:${parts.join("|")})$`;
  if (value.length <= claimValueLimit) return { filter: "REGEX", value };
  throw new Failure(
    "rule",
    "claim.filter_too_long",
    `A regular expression that covers the mapped groups would be ${value.length} characters long.`,
    {
      hint: "Give the mapped groups a common prefix, such as “Akto ”, or choose the filter yourself (okta.groupsClaim in the file).",
    },
  );
}

function asRegex({ filter, value }: ClaimFilter): string {
  if (filter === "REGEX") return value;
  const literal = Array.from(value, caseless).join("");
  if (filter === "EQUALS") return literal;
  return filter === "STARTS_WITH" ? `${literal}.*` : `.*${literal}.*`;
}

/** The alternatives of `^(?:a|b)$`, which is what {@link anyOf} writes; any other expression is one alternative. */
function alternatives(expression: string): string[] {
  const inner = /^\^\(\?:((?:[^()\\]|\\.)*)\)\$$/s.exec(expression)?.[1];
  // An escaped bar is part of a name.
  if (inner !== undefined) return inner.match(/(?:[^|\\]|\\.)+/gs) ?? [];
  return [/[|]/.test(expression) ? `(?:${expression})` : expression];
}

// A character class per letter: an inline flag such as (?i) is not every engine's.
function caseless(letter: string): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
  return lower === upper || Array.from(upper).length !== 1 || Array.from(lower).length !== 1
    ? escapeRegex(letter)
    : `[${upper}${lower}]`;
}

/** The text as a regular expression that matches it and nothing else. */
function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
