/** What a claim's value does with a user's groups, as far as it can be told without Okta. */

import type { ClaimFilterType, ClaimGroup, ServerClaim } from "../model/okta.ts";
import { claimGroupLimit, nameTest } from "./filter.ts";

/** What a claim does with a user's groups. */
export type ClaimValue =
  | {
      readonly kind: "filter";
      readonly passes: (group: ClaimGroup) => boolean;
      /** What the token carries of a group that passes: its name, or its id, which no mapping has. */
      readonly shows: "name" | "id";
      readonly limit: number;
      /** A text that every group which passes has in its name, whatever its case; to search the org by. */
      readonly search: string | undefined;
      /** The ids of the only groups that can pass, where the claim lists them. */
      readonly ids?: ReadonlySet<string>;
    }
  /** The same names for everyone. */
  | { readonly kind: "constant"; readonly names: readonly string[] }
  | { readonly kind: "not_list" }
  /** Okta can't evaluate it, and issues no token. */
  | { readonly kind: "fails" }
  | { readonly kind: "unknown"; readonly reason: "expression" | "regex" | "filter" | "unseen" };

/** Reads a claim's value: a filter or, of the expressions, the few forms that can be read without Okta. */
export function claimValue(claim: ServerClaim): ClaimValue {
  if (claim.valueType !== "GROUPS") return expressionValue(claim.value);
  const type = claim.groupFilterType;
  if (type === null) return { kind: "unknown", reason: "filter" };
  const passes = groupNameFilter(type, claim.value);
  if (!passes) return { kind: "unknown", reason: "regex" };
  const search = type === "REGEX" ? undefined : claim.value;
  // Imported groups never pass a filter, whatever their name (Okta behavior: its article on AD groups in OIDC claims).
  const ownOnly = (group: ClaimGroup) => group.type !== "APP_GROUP" && passes(group.name);
  return { kind: "filter", passes: ownOnly, shows: "name", limit: claimGroupLimit, search };
}

/**
 * A filter on group names. All but `REGEX` ignore case; a regular expression must match the whole name (Okta behavior:
 * its own examples write `.*Name.*`).
 *
 * @returns `undefined` for a regular expression that only Java reads
 */
export function groupNameFilter(type: ClaimFilterType, value: string): ((name: string) => boolean) | undefined {
  return nameTest({ filter: type, value });
}

// Okta's group functions, with literal arguments: Groups.startsWith("OKTA", "Akto", 100).
const groupFunction =
  /^\s*Groups\.(startsWith|contains|endsWith)\(\s*(["'])([^"'\\]*)\2\s*,\s*(["'])([^"'\\]*)\4\s*,\s*(\d{1,9})\s*\)\s*$/;
// Okta's static allow list: getFilteredGroups({"00g…", "00g…"}, "group.name", 100).
const allowList =
  /^\s*getFilteredGroups\(\s*\{((?:\s*(["'])[A-Za-z0-9]+\2\s*,?)*)\}\s*,\s*(["'])group\.(name|id)\3\s*,\s*(\d{1,9})\s*\)\s*$/;
// Whatever comes of it is joined to one text.
const joined = /^\s*Arrays\.toCsvString\(/;
// Okta's tests of membership, which give true or false: isMemberOfGroupName("Akto Admins").
const membershipTest = /^\s*isMemberOf(?:AnyGroup|Group(?:Name(?:StartsWith|Contains|Regex)?)?)\(/;
const textLiteral = /^\s*(?:"[^"\\]*"|'[^'\\]*')\s*$/;
const listLiteral = /^\s*\{\s*((?:"[^"\\]*"|'[^'\\]*')(?:\s*,\s*(?:"[^"\\]*"|'[^'\\]*'))*)\s*\}\s*$/;

/** Whether the expression is one such test and no more: of a larger one, only Okta can tell what it gives. */
const isOneTest = (expression: string) => membershipTest.test(expression) && /^[^()]*\([^()]*\)\s*$/.test(expression);

function expressionValue(expression: string): ClaimValue {
  if (textLiteral.test(expression) || isOneTest(expression) || joined.test(expression)) return { kind: "not_list" };
  const list = listLiteral.exec(expression)?.[1];
  if (list !== undefined) {
    return { kind: "constant", names: Array.from(list.matchAll(/"([^"]*)"|'([^']*)'/g), ([, a, b]) => a ?? b ?? "") };
  }
  const listed = allowList.exec(expression);
  if (listed) return allowListValue(listed[1] ?? "", listed[4] === "id" ? "id" : "name", Number(listed[5]));
  const [, name, , source = "", , text = "", limit = ""] = groupFunction.exec(expression) ?? [];
  if (name === undefined || Number(limit) < 1) return { kind: "unknown", reason: "expression" };
  // "The 'groups' user claim could not be evaluated." (Okta's article on dynamic allow lists)
  if (Number(limit) > claimGroupLimit) return { kind: "fails" };
  // Which imported groups are of a directory or an app, their type alone does not say.
  if (source !== "OKTA") return { kind: "unknown", reason: "expression" };
  const compare =
    name === "startsWith"
      ? (group: string) => group.startsWith(text)
      : name === "endsWith"
        ? (group: string) => group.endsWith(text)
        : (group: string) => group.includes(text);
  return {
    kind: "filter",
    passes: (group) => group.type !== "APP_GROUP" && compare(group.name),
    shows: "name",
    limit: Number(limit),
    search: text,
  };
}

/** The groups with these ids, Okta's own and imported ones alike (Okta's Expression Language reference). */
function allowListValue(list: string, shows: "name" | "id", limit: number): ClaimValue {
  if (limit > claimGroupLimit) return { kind: "fails" };
  const ids = new Set(list.match(/[A-Za-z0-9]+/g) ?? []);
  const passes = ({ id }: ClaimGroup) => id !== undefined && ids.has(id);
  return { kind: "filter", passes, shows, limit, search: undefined, ids };
}

/** The ids that an expression of {@link allowListOf}'s kind lists, or `null` where it is of another. */
export function listedIds(expression: string): readonly string[] | null {
  const value = expressionValue(expression);
  return value.kind === "filter" && value.shows === "name" && value.ids ? [...value.ids] : null;
}

/** An expression that carries exactly the groups with these ids that a user is in, by their names as they are then. */
export function allowListOf(ids: readonly string[]): string {
  return `getFilteredGroups({${ids.map((id) => JSON.stringify(id)).join(", ")}}, "group.name", ${claimGroupLimit})`;
}
