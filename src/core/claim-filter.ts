/** Which groups a claim lets through: the filters of Okta's claims, and the few expressions that can be read without Okta. */
import type { ClaimGroup, GroupFilterType, ServerClaim } from "./claim.ts";

/** The most groups one claim can carry: over it Okta fails the token request (Okta behaviour). */
export const groupsClaimLimit = 100;

/** What a claim does with a user's groups. */
export type ClaimFilter =
  | { readonly kind: "filter"; readonly passes: (group: ClaimGroup) => boolean; readonly limit: number }
  /** The same names for everyone. */
  | { readonly kind: "constant"; readonly names: readonly string[] }
  | { readonly kind: "not_list" }
  | { readonly kind: "unknown"; readonly reason: "expression" | "regex" };

/** Reads a claim's filter or, of its expressions, the few forms that can be read without Okta. */
export function claimFilter(claim: ServerClaim): ClaimFilter {
  if (claim.valueType !== "GROUPS") return expressionFilter(claim.value);
  const passes = groupNameFilter(claim.groupFilterType ?? "EQUALS", claim.value);
  return passes
    ? { kind: "filter", passes: ({ name }) => passes(name), limit: groupsClaimLimit }
    : { kind: "unknown", reason: "regex" };
}

/**
 * A filter on group names. All but `REGEX` ignore case; a regular expression must match the whole name (Okta behaviour:
 * its own examples write `.*Name.*`).
 *
 * @returns `undefined` for a regular expression that only Java reads
 */
export function groupNameFilter(type: GroupFilterType, value: string): ((name: string) => boolean) | undefined {
  const folded = value.toLowerCase();
  switch (type) {
    case "STARTS_WITH":
      return (name) => name.toLowerCase().startsWith(folded);
    case "EQUALS":
      return (name) => name.toLowerCase() === folded;
    case "CONTAINS":
      return (name) => name.toLowerCase().includes(folded);
    case "REGEX": {
      const pattern = wholeNamePattern(value);
      return pattern && ((name) => pattern.test(name));
    }
  }
}

/** A regular expression of Java's as one of JavaScript's, where the two certainly mean the same. */
function wholeNamePattern(source: string): RegExp | undefined {
  const inline = /^\(\?i\)/.exec(source);
  // Java takes any escaped punctuation, JavaScript's strict mode only some: written as its code it is the same in both.
  const portable = source
    .slice(inline?.[0].length ?? 0)
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => `\\x${mark.charCodeAt(0).toString(16).padStart(2, "0")}`);
  // A class within a class, or an intersection of classes, is Java's alone.
  if (/\[[^\]]*(\[|&&)/.test(portable)) return undefined;
  try {
    return new RegExp(`^(?:${portable})$`, inline ? "iu" : "u");
  } catch {
    return undefined;
  }
}

// Okta's group functions, with literal arguments: Groups.startsWith("OKTA", "Akto", 100).
const groupFunction =
  /^\s*Groups\.(startsWith|contains|endsWith)\(\s*(["'])OKTA\2\s*,\s*(["'])([^"'\\]*)\3\s*,\s*(\d{1,3})\s*\)\s*$/;
const textLiteral = /^\s*(?:"[^"\\]*"|'[^'\\]*')\s*$/;
const listLiteral = /^\s*\{\s*((?:"[^"\\]*"|'[^'\\]*')(?:\s*,\s*(?:"[^"\\]*"|'[^'\\]*'))*)\s*\}\s*$/;

function expressionFilter(expression: string): ClaimFilter {
  if (textLiteral.test(expression)) return { kind: "not_list" };
  const list = listLiteral.exec(expression)?.[1];
  if (list !== undefined) {
    return { kind: "constant", names: Array.from(list.matchAll(/"([^"]*)"|'([^']*)'/g), ([, a, b]) => a ?? b ?? "") };
  }
  const [, name, , , text = "", limit = ""] = groupFunction.exec(expression) ?? [];
  if (name === undefined || Number(limit) < 1 || Number(limit) > groupsClaimLimit) {
    return { kind: "unknown", reason: "expression" };
  }
  const compare =
    name === "startsWith"
      ? (group: string) => group.startsWith(text)
      : name === "endsWith"
        ? (group: string) => group.endsWith(text)
        : (group: string) => group.includes(text);
  return {
    kind: "filter",
    passes: (group) => group.type !== "APP_GROUP" && compare(group.name),
    limit: Number(limit),
  };
}
