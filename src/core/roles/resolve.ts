/**
 * How Akto turns a sign-in into a role, step by step, as its own code does it.
 *
 * Everything here is pure: a token is decoded and never verified, since that is what Akto does too.
 */

import { isRecord } from "../json.ts";
import type { CustomRole } from "../model/akto.ts";
import { builtInRoles, defaultRoleId, roleLabel, rolePriority } from "./roles.ts";

/** Where the groups that Akto goes by came from. `management_api` when it was asked, whatever it gave. */
export type GroupSource = "access_token" | "management_api" | "none";

/** What decided the role: an entry of the mapping, a group named by Akto's convention, or Akto's fallback. */
export type DecidedBy = "mapping" | "convention" | "default";

/** What Akto finds when it looks for the groups in an access token. */
export type ClaimReading =
  | { readonly kind: "groups"; readonly groups: readonly string[] }
  | {
      /**
       * `opaque`: not a JWT · `undecodable`: the payload is no base64url JSON object · `no_claim`: no such claim ·
       * `not_array`, `not_strings`: Akto takes an array of strings and nothing else · `empty`: an empty array.
       */
      readonly kind: "opaque" | "undecodable" | "no_claim" | "not_array" | "not_strings" | "empty";
      readonly groups: readonly [];
    };

/** One candidate that the resolver looked at. */
export interface Candidate {
  readonly group: string;
  readonly role: string;
  readonly via: "mapping" | "convention";
  readonly outcome:
    | "won"
    | "lower_priority"
    /** The same priority, but its group stands later in the user's list. */
    | "later_in_list"
    | "unknown_role"
    | "base_role_unresolvable";
}

/** The input of {@link resolveRole}. */
export interface ResolveInput {
  /** What the token endpoint returned as `access_token`. */
  readonly accessToken: string;
  /** The names that the Okta API gave for the user; `null` when it could not be asked (no token stored). */
  readonly groupsFromApi: readonly string[] | null;
  /** `[group, role id]` pairs. */
  readonly mapping: Iterable<readonly [string, string]>;
  readonly customRoles: readonly CustomRole[];
}

/** The answer of {@link resolveRole}. */
export interface Resolution {
  /** A built-in id or a custom role's name. */
  readonly role: string;
  readonly label: string;
  /** The group names that Akto goes by, in their order. */
  readonly groups: readonly string[];
  readonly source: GroupSource;
  readonly decidedBy: DecidedBy;
  /** The group that decided, or `null` when none did. */
  readonly group: string | null;
}

/** A resolution with the path to it. */
export interface RoleTrace extends Resolution {
  readonly claim: ClaimReading;
  readonly candidates: readonly Candidate[];
}

const noGroups = (kind: Exclude<ClaimReading["kind"], "groups">): ClaimReading => ({ kind, groups: [] });

/**
 * The payload of a JWT, decoded and not verified, as Akto decodes it: base64url without `+` and `/`, two parts or more.
 *
 * @returns the payload's object, or which way it failed
 */
export function decodeAccessToken(accessToken: string): Record<string, unknown> | "opaque" | "undecodable" {
  const part = accessToken.split(".")[1];
  if (part === undefined) return "opaque";
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(part)) return "undecodable";
  try {
    const payload: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isRecord(payload) ? payload : "undecodable";
  } catch {
    return "undecodable";
  }
}

/**
 * The groups that Akto reads from an access token: the claim `groups`, an array of strings.
 *
 * A string, an object, `null`, or one non-string among the strings counts as no groups at all. The ID token and
 * userinfo are never looked at (Akto behavior).
 */
export function readGroupsClaim(accessToken: string): ClaimReading {
  const payload = decodeAccessToken(accessToken);
  if (typeof payload === "string") return noGroups(payload);
  if (!Object.hasOwn(payload, "groups")) return noGroups("no_claim");
  const claim = payload.groups;
  if (!Array.isArray(claim)) return noGroups("not_array");
  if (!claim.every((name) => typeof name === "string")) return noGroups("not_strings");
  return claim.length === 0 ? noGroups("empty") : { kind: "groups", groups: claim };
}

const conventionRoles = new Map(
  builtInRoles
    .filter((role) => role.offered)
    .map((role) => [`akto_${role.label.toLowerCase().replaceAll(" ", "_")}`, role.id]),
);

/**
 * The role that Akto gives to a group by its name alone, such as `akto_security_engineer` or `Akto Security Engineer`.
 *
 * Lower case first, then spaces to `_`, and the trim last: a space at an end has become `_` by then and does not match.
 */
export function conventionRole(group: string): string | undefined {
  return conventionRoles.get(javaTrim(group.toLowerCase().replaceAll(" ", "_")));
}

// Java's String.trim takes off U+0000 to U+0020 only, JavaScript's much more.
function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/**
 * The role for a user in these groups, with every candidate that was looked at.
 *
 * @param groups the user's groups in Okta's order: on a tie the first wins
 */
export function resolveGroups(
  groups: readonly string[],
  mapping: Iterable<readonly [string, string]>,
  customRoles: readonly CustomRole[],
): Pick<RoleTrace, "role" | "label" | "decidedBy" | "group" | "candidates"> {
  const roleByGroup = new Map(mapping);
  const candidates: Candidate[] = [];
  const unique = [...new Set(groups)];
  for (const via of ["mapping", "convention"] as const) {
    const roleOf = via === "mapping" ? (name: string) => roleByGroup.get(name) : conventionRole;
    const won = best(unique, roleOf, via, customRoles, candidates);
    if (won) return { role: won.role, label: roleLabel(won.role), decidedBy: via, group: won.group, candidates };
  }
  return { role: defaultRoleId, label: roleLabel(defaultRoleId), decidedBy: "default", group: null, candidates };
}

function best(
  groups: readonly string[],
  roleOf: (group: string) => string | undefined,
  via: Candidate["via"],
  customRoles: readonly CustomRole[],
  candidates: Candidate[],
): { group: string; role: string } | undefined {
  const ranked: { group: string; role: string; priority: number }[] = [];
  for (const group of groups) {
    const role = roleOf(group);
    if (role === undefined) continue;
    const rank = rolePriority(role, customRoles);
    if ("skipped" in rank) candidates.push({ group, role, via, outcome: rank.skipped });
    else ranked.push({ group, role, priority: rank.priority });
  }
  const top = Math.min(...ranked.map(({ priority }) => priority));
  const winner = ranked.find(({ priority }) => priority === top);
  for (const entry of ranked) {
    const outcome = entry === winner ? "won" : entry.priority === top ? "later_in_list" : "lower_priority";
    candidates.push({ group: entry.group, role: entry.role, via, outcome });
  }
  return winner;
}

/** {@link resolveRole} with the path: what the token's claim held, and each candidate's outcome. */
export function traceRole({ accessToken, groupsFromApi, mapping, customRoles }: ResolveInput): RoleTrace {
  const claim = readGroupsClaim(accessToken);
  const source: GroupSource = claim.kind === "groups" ? "access_token" : groupsFromApi ? "management_api" : "none";
  const groups = claim.kind === "groups" ? claim.groups : (groupsFromApi ?? []);
  return { ...resolveGroups(groups, mapping, customRoles), groups, source, claim };
}

/**
 * The role that Akto gives at a sign-in. Pure, no I/O, never throws on a malformed token.
 *
 * @param input the access token, the groups from the Okta API (asked by Akto only when the token has none), the
 *   mapping and the account's custom roles
 */
export function resolveRole(input: ResolveInput): Resolution {
  const { role, label, groups, source, decidedBy, group } = traceRole(input);
  return { role, label, groups, source, decidedBy, group };
}
