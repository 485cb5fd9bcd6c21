/**
 * What people who review access ask of a preview: which group gives which role to how many, what the next sign-in changes
 * in Akto, and how sure all of it is. Pure.
 */

import { describeMembership } from "../login/membership.ts";
import type { Mapping } from "../model/akto.ts";
import { type MappingChange, mappingRows } from "../roles/mapping.ts";
import type { DecidedBy } from "../roles/resolve.ts";
import { defaultRoleId, roleLabel } from "../roles/roles.ts";
import type { LeftMember } from "./left.ts";
import type { PreviewRow, PreviewTotals } from "./preview.ts";

/** Everything that a review tells. */
export interface AccessReview {
  /** ISO 8601. */
  readonly made: string;
  /** The app's name in Okta. */
  readonly app: string;
  /** What it was made from, each under its name. */
  readonly origin: readonly (readonly [label: string, value: string])[];
  /** By role, the highest first. */
  readonly rows: readonly PreviewRow[];
  readonly totals: PreviewTotals;
  readonly paths: readonly RolePath[];
  /** Why nobody gets in as it is: a sentence. */
  readonly blocked: string | null;
  /** Another mapping, where there is one to compare with. */
  readonly against: { readonly file: string; readonly entries: readonly MappingChange[] } | null;
  /** Members of Akto's team whom no sign-in brings back; `null` where Akto was not asked. */
  readonly left: readonly LeftMember[] | null;
  /** What could not be known or taken into account: sentences. */
  readonly unknown: readonly string[];
}

/** A group, what it gives, and to how many. */
export interface RolePath {
  /** `null`: no group decides. */
  readonly group: string | null;
  readonly via: DecidedBy;
  readonly role: string;
  readonly label: string;
  /** Whose role it decides: none where everybody in it gets another group's. */
  readonly people: number;
}

/**
 * The ways to a role: every entry of the mapping, each group whose name alone decides somebody's role, and the fallback
 * where somebody gets it.
 *
 * @param rows everyone, in the order of `totals.roles`
 * @returns by role as `rows` have them, what decides the most first; roles that nobody gets come last
 */
export function rolePaths(rows: readonly PreviewRow[], mapping: Mapping): RolePath[] {
  const paths = new Map<string, RolePath & { people: number }>();
  const path = (group: string | null, via: DecidedBy, role: string) => {
    const key = JSON.stringify([group, via, role]);
    const found = paths.get(key) ?? { group, via, role, label: roleLabel(role), people: 0 };
    paths.set(key, found);
    return found;
  };
  for (const { group, role } of mappingRows(mapping)) path(group, "mapping", role);
  const ranks = new Map<string, number>();
  for (const { role } of rows) {
    if (role === null) continue;
    path(role.group, role.decidedBy, role.id).people += 1;
    if (!ranks.has(role.id)) ranks.set(role.id, ranks.size);
  }
  const rank = ({ role }: RolePath) => ranks.get(role) ?? Number.MAX_SAFE_INTEGER;
  // The sort is stable: what the mapping has in order stays so.
  return [...paths.values()].sort(
    (a, b) => rank(a) - rank(b) || before(a.role, b.role) || isFallback(a) - isFallback(b) || b.people - a.people,
  );
}

const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const isFallback = ({ group }: RolePath) => Number(group === null);

/** What the next sign-in makes of what Akto has for a person. */
export type NextSignIn =
  /** Akto was not asked, or the person is turned away. */
  | "unknown"
  | "same"
  /** Akto stores the role in place of another, or of none. */
  | "changes"
  /** Not in Akto's team yet. */
  | "new"
  /** Access per product outranks the role: it was set already, or comes with an invitation (Akto behavior). */
  | "outranked";

/** What becomes of a person's role in Akto. */
export function nextSignIn({ role, inAkto }: PreviewRow): NextSignIn {
  if (role === null || inAkto === undefined) return "unknown";
  if (inAkto === null) return "new";
  if (inAkto.invited || inAkto.scopedRoles.size > 0) return "outranked";
  return (inAkto.storedRole ?? defaultRoleId) === role.id ? "same" : "changes";
}

/** What Akto has for the person now, in a few words. */
export function describeInAkto({ inAkto }: PreviewRow): string {
  if (inAkto === undefined) return "not asked";
  if (inAkto === null) return describeMembership({ kind: "new" });
  if (inAkto.invited) return describeMembership({ kind: "invited" });
  const { storedRole, scopedRoles } = inAkto;
  return describeMembership({ kind: "member", storedRole, scopedRoles });
}

/** People whose role is a guess. */
export function uncertainRows(rows: readonly PreviewRow[]): PreviewRow[] {
  return rows.filter(({ role, other }) => role?.certain === false || other?.certain === false);
}
