/** What a claim's value does with a user's groups, as far as it can be told without Okta. */

import type { ClaimFilterType, ClaimGroup, ServerClaim } from "../model/okta.ts";
import { claimGroupLimit, nameTest } from "./filter.ts";

/** What a claim does with a user's groups. */
export type ClaimValue =
  | {
      readonly kind: "filter";
      readonly passes: (group: ClaimGroup) => boolean;
      readonly limit: number;
      /** A text that every group which passes has in its name, whatever its case; to search the org by. */
      readonly search: string | undefined;
    }
  /** The same names for everyone. */
  | { readonly kind: "constant"; readonly names: readonly string[] }
  | { readonly kind: "not_list" }
  | { readonly kind: "unknown"; readonly reason: "expression" | "regex" | "unseen" };

/** Reads a claim's value: a filter or, of the expressions, the few forms that can be read without Okta. */
export function claimValue(claim: ServerClaim): ClaimValue {
  if (claim.valueType !== "GROUPS") return expressionValue(claim.value);
  const type = claim.groupFilterType ?? "EQUALS";
  const passes = groupNameFilter(type, claim.value);
  if (!passes) return { kind: "unknown", reason: "regex" };
  const search = type === "REGEX" ? undefined : claim.value;
  return { kind: "filter", passes: ({ name }) => passes(name), limit: claimGroupLimit, search };
}

/**
 * A filter on group names. All but `REGEX` ignore case; a regular expression must match the whole name (Okta behaviour:
 * its own examples write `.*Name.*`).
 *
 * @returns `undefined` for a regular expression that only Java reads
 */
export function groupNameFilter(type: ClaimFilterType, value: string): ((name: string) => boolean) | undefined {
  return nameTest({ filter: type, value });
}

// Okta's group functions, with literal arguments: Groups.startsWith("OKTA", "Akto", 100).
const groupFunction =
  /^\s*Groups\.(startsWith|contains|endsWith)\(\s*(["'])OKTA\2\s*,\s*(["'])([^"'\\]*)\3\s*,\s*(\d{1,3})\s*\)\s*$/;
// Okta's tests of membership, which give true or false: isMemberOfGroupName("Akto Admins").
const membershipTest = /^\s*isMemberOf(?:AnyGroup|Group(?:Name(?:StartsWith|Contains|Regex)?)?)\(/;
const textLiteral = /^\s*(?:"[^"\\]*"|'[^'\\]*')\s*$/;
const listLiteral = /^\s*\{\s*((?:"[^"\\]*"|'[^'\\]*')(?:\s*,\s*(?:"[^"\\]*"|'[^'\\]*'))*)\s*\}\s*$/;

/** Whether the expression is one such test and no more: of a larger one, only Okta can tell what it gives. */
const isOneTest = (expression: string) => membershipTest.test(expression) && /^[^()]*\([^()]*\)\s*$/.test(expression);

function expressionValue(expression: string): ClaimValue {
  if (textLiteral.test(expression) || isOneTest(expression)) return { kind: "not_list" };
  const list = listLiteral.exec(expression)?.[1];
  if (list !== undefined) {
    return { kind: "constant", names: Array.from(list.matchAll(/"([^"]*)"|'([^']*)'/g), ([, a, b]) => a ?? b ?? "") };
  }
  const [, name, , , text = "", limit = ""] = groupFunction.exec(expression) ?? [];
  if (name === undefined || Number(limit) < 1 || Number(limit) > claimGroupLimit) {
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
    search: text,
  };
}
