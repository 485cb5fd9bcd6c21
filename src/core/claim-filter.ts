/** The filter of a groups claim: which group names it lets through, and which filter to choose for a mapping. */
import { Failure } from "./failure.ts";

export const claimFilterTypes = ["STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"] as const;
export type ClaimFilterType = (typeof claimFilterTypes)[number];

/** What Okta calls `group_filter_type` and `value` of a claim with value type `GROUPS`. */
export interface ClaimFilter {
  readonly filter: ClaimFilterType;
  readonly value: string;
}

/** A user in more matching groups than this gets no token at all: the token request fails (Okta behaviour). */
export const claimGroupLimit = 100;

/** The longest regular expression this tool writes into a claim, in characters. */
export const claimValueLimit = 1_000;

/**
 * Whether the filter lets a group of this name through.
 *
 * `STARTS_WITH`, `EQUALS` and `CONTAINS` ignore case, `REGEX` does not (Okta behaviour). An expression that this engine
 * can't read lets nothing through.
 */
export function filterMatches({ filter, value }: ClaimFilter, group: string): boolean {
  if (filter === "REGEX") {
    const pattern = regexOf(value);
    return pattern?.test(group) ?? false;
  }
  const name = group.toLowerCase();
  const wanted = value.toLowerCase();
  if (filter === "STARTS_WITH") return name.startsWith(wanted);
  return filter === "EQUALS" ? name === wanted : name.includes(wanted);
}

/** The groups that the filter keeps out. */
export function uncovered(filter: ClaimFilter, groups: Iterable<string>): string[] {
  return [...groups].filter((group) => !filterMatches(filter, group));
}

// Okta holds a name against the whole expression.
function regexOf(value: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${value})$`, "su");
  } catch {
    return undefined;
  }
}

/** Whether a value can be a filter's at all; for a regular expression, whether it can be read. */
export function isUsableFilter({ filter, value }: ClaimFilter): boolean {
  return value !== "" && (filter !== "REGEX" || regexOf(value) !== undefined);
}

/** The filter for a mapping without a group: the names that Akto knows by convention all start so. */
const conventionFilter: ClaimFilter = { filter: "STARTS_WITH", value: "akto" };

/**
 * The prefixes that could serve these names, best first: `akto` where all start so, else what they have in common up to
 * the end of a word.
 */
export function prefixCandidates(groups: readonly string[]): string[] {
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
  const words = whole ? shared : shared.replace(/[\p{L}\p{N}]+$/u, "");
  const prefix = words.replace(/[^\p{L}\p{N}]+$/u, "");
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
  return anyOf(groups.map((value) => ({ filter: "REGEX", value: escapeRegex(value) })));
}

/**
 * One filter that lets through what any of these lets through.
 *
 * @throws Failure `claim.filter_too_long`
 */
export function anyOf(filters: readonly ClaimFilter[]): ClaimFilter {
  const parts = [...new Set(filters.map(asRegex))].map((part) => stripAnchors(part));
  const value = parts.length === 1 ? `^${group(parts)}$` : `^${group(parts)}$`;
  if (value.length > claimValueLimit) {
    throw new Failure(
      "rule",
      "claim.filter_too_long",
      `A regular expression that names each group would be ${value.length} characters long.`,
      {
        hint: "Give the mapped groups a common prefix such as “Akto ”, or name the filter in the file under okta.groupsClaim.",
      },
    );
  }
  return { filter: "REGEX", value };
}

const group = (parts: readonly string[]): string => `(?:${parts.join("|")})`;

function asRegex({ filter, value }: ClaimFilter): string {
  if (filter === "REGEX") return value;
  const literal = Array.from(value, caseless).join("");
  if (filter === "EQUALS") return literal;
  return filter === "STARTS_WITH" ? `${literal}.*` : `.*${literal}.*`;
}

/** `^(?:a|b)$` as `(?:a|b)`, so that joining what was joined before does not nest for ever. */
function stripAnchors(expression: string): string {
  return /^\^\(\?:[^()|]*(?:\|[^()|]*)*\)\$$/.test(expression) ? expression.slice(4, -2) : expression;
}

// A character class per letter: an inline flag such as (?i) is not every engine's.
function caseless(letter: string): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
  return lower === upper || Array.from(upper).length !== 1 || Array.from(lower).length !== 1
    ? escapeRegex(letter)
    : `[${upper}${lower}]`;
}

/** The text as a regular expression that matches it and nothing else. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
