/** Everyone who could sign in, each with the role that Akto would give: the rows, their reasons and the totals. */
import type { ClaimGroup } from "./claim.ts";
import { findGroupsClaim } from "./claim.ts";
import { claimGroupLimit } from "./claim-filter.ts";
import { claimValue } from "./claim-value.ts";
import { emailDomain } from "./email-domain.ts";
import { conventionRole, type DecidedBy, type GroupSource, resolveGroups } from "./resolve.ts";
import { roleLabel, rolePriority } from "./roles.ts";
import { type RoleSetup, simulateRole } from "./simulate.ts";
import { clean, quoted } from "./text.ts";

/** A person who is assigned to the app. */
export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  /** Okta's status, such as `ACTIVE` or `SUSPENDED`. */
  readonly status: string;
}

/** What is known of a person in Akto. */
export interface InAkto {
  readonly role: string;
  readonly productScoped: boolean;
}

/** Why somebody would not get in. */
export type TurnedAway = "no_email" | "email_domain" | "not_active" | "too_many_groups";

/** The role that one mapping gives. */
export interface PreviewRole {
  readonly id: string;
  readonly label: string;
  readonly decidedBy: DecidedBy;
  readonly group: string | null;
}

/** One person's line. */
export interface PreviewRow extends PreviewRole {
  readonly person: Person;
  /** `null` where the groups that don't matter would tell, and weren't asked for. */
  readonly source: GroupSource | null;
  /** Whether the role is certain, see `GroupPath`. */
  readonly certain: boolean;
  readonly turnedAway: TurnedAway | null;
  /** `null`: not in Akto yet. `undefined`: Akto was not asked. */
  readonly inAkto: InAkto | null | undefined;
  /** The role under the other mapping, with `--against`. */
  readonly other?: PreviewRole;
}

/** What a preview goes by. */
export interface PreviewSetup extends RoleSetup {
  /** Akto's e-mail domain; `null` when it isn't known. */
  readonly organisationDomain: string | null;
  /** The mapping to compare with. */
  readonly against?: RoleSetup["mapping"] | undefined;
  /** Akto's team by e-mail address in lower case; `null` when it isn't known. */
  readonly team: ReadonlyMap<string, InAkto> | null;
}

// The states in which Okta lets a user sign in (Okta behaviour).
export const signInStatuses = new Set(["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT", "PROVISIONED"]);

/**
 * A person's line.
 *
 * @param groups the person's groups in Okta's order
 * @param complete whether these are all of them, or only those that matter, see {@link decidable}
 */
export function previewRow(
  person: Person,
  groups: readonly ClaimGroup[],
  setup: PreviewSetup,
  complete: boolean = true,
): PreviewRow {
  const { role, label, decidedBy, group, path } = simulateRole(groups, setup);
  const { against, team, organisationDomain } = setup;
  const other = against && simulateRole(groups, { ...setup, mapping: against });
  return {
    person,
    id: role,
    label,
    decidedBy,
    group,
    source: complete || groups.length > 0 ? path.source : null,
    certain: path.certain,
    turnedAway: path.prediction?.kind === "too_many" ? "too_many_groups" : turnedAway(person, organisationDomain),
    inAkto: team ? (team.get((person.email ?? "").toLowerCase()) ?? null) : undefined,
    ...(other ? { other: { id: other.role, label: other.label, decidedBy: other.decidedBy, group: other.group } } : {}),
  };
}

function turnedAway({ email, status }: Person, organisationDomain: string | null): TurnedAway | null {
  if (!signInStatuses.has(status)) return "not_active";
  if (email === null) return "no_email";
  return organisationDomain !== null && emailDomain(email) !== organisationDomain.toLowerCase() ? "email_domain" : null;
}

/** Whether the group can decide a role under one of the mappings: by an entry, or by its name. */
export function isRelevant(name: string, { mapping, against }: Pick<PreviewSetup, "mapping" | "against">): boolean {
  return mapping.has(name) || against?.has(name) === true || conventionRole(name) !== undefined;
}

/**
 * Whether the groups that can decide a role tell it alone, without the user's other groups. If not, the user's groups
 * have to be asked for.
 *
 * @param relevant those of the user's groups that {@link isRelevant} names, in any order
 * @param orgMatches how many of the org's groups the claim's filter lets through; `null` when that wasn't counted
 */
export function decidable(relevant: readonly ClaimGroup[], setup: PreviewSetup, orgMatches: number | null): boolean {
  const { claims, aktoHasToken, mapping, against } = setup;
  const found = claims && findGroupsClaim(claims);
  let seen = relevant;
  if (found?.kind === "found") {
    const value = claimValue(found.claim);
    if (value.kind === "constant") return true;
    if (value.kind === "filter") {
      // Somebody could be in more groups than the claim can carry.
      if (orgMatches === null || orgMatches > Math.min(value.limit, claimGroupLimit)) return false;
      seen = relevant.filter(value.passes);
      // Whether Akto asks for the others depends on groups that don't matter otherwise.
      if (seen.length === 0) return relevant.length === 0 || !aktoHasToken;
    }
  }
  return [mapping, ...(against ? [against] : [])].every((each) => !isTied(seen, each, setup));
}

/** Whether the order of the groups decides: the top role is given by two groups of the same priority. */
function isTied(groups: readonly ClaimGroup[], mapping: RoleSetup["mapping"], { customRoles }: RoleSetup): boolean {
  const names = groups.map(({ name }) => name);
  const { group, decidedBy } = resolveGroups(names, mapping, customRoles);
  if (group === null) return false;
  const roleOf = decidedBy === "mapping" ? (name: string) => mapping.get(name) : conventionRole;
  const priority = (name: string) => {
    const role = roleOf(name);
    const rank = role === undefined ? undefined : rolePriority(role, customRoles);
    return rank && "priority" in rank ? rank.priority : undefined;
  };
  return names.some((name) => name !== group && priority(name) === priority(group) && roleOf(name) !== roleOf(group));
}

/** How many people get a role. */
export interface RoleTotal {
  readonly id: string;
  readonly label: string;
  readonly people: number;
  /** Of these, those who get it only because nothing decided. */
  readonly byDefault: number;
}

export interface PreviewTotals {
  /** By role, the highest first; those who are turned away aren't counted. */
  readonly roles: readonly RoleTotal[];
  readonly people: number;
  readonly turnedAway: number;
  /** With another mapping: whose role it changes. */
  readonly changed: number;
}

/** The totals of a preview. */
export function previewTotals(
  rows: readonly PreviewRow[],
  { customRoles }: Pick<RoleSetup, "customRoles">,
): PreviewTotals {
  const totals = new Map<string, { people: number; byDefault: number }>();
  for (const row of rows) {
    if (row.turnedAway !== null) continue;
    const total = totals.get(row.id) ?? { people: 0, byDefault: 0 };
    totals.set(row.id, {
      people: total.people + 1,
      byDefault: total.byDefault + (row.decidedBy === "default" ? 1 : 0),
    });
  }
  const rank = (id: string) => {
    const found = rolePriority(id, customRoles);
    return "priority" in found ? found.priority : Number.POSITIVE_INFINITY;
  };
  return {
    roles: Array.from(totals, ([id, total]) => ({ id, label: roleLabel(id), ...total })).sort(
      (a, b) => rank(a.id) - rank(b.id),
    ),
    people: rows.length,
    turnedAway: rows.filter((row) => row.turnedAway !== null).length,
    changed: rows.filter(isChanged).length,
  };
}

/** Whether the other mapping gives another role. */
export function isChanged({ id, other, turnedAway }: PreviewRow): boolean {
  return turnedAway === null && other !== undefined && other.id !== id;
}

const turnedAwayWords: Readonly<Record<TurnedAway, string>> = {
  no_email: "has no e-mail address",
  email_domain: "has another e-mail domain",
  not_active: "is not active in Okta",
  too_many_groups: `is in over ${claimGroupLimit} groups of the claim`,
};

/** Why the person gets the role, or doesn't get in, in a few words. */
export function describeRow({ turnedAway, decidedBy, group, source, person }: PreviewRow): string {
  if (turnedAway === "not_active") return `is ${clean(person.status.toLowerCase().replaceAll("_", " "))} in Okta`;
  if (turnedAway !== null) return turnedAwayWords[turnedAway];
  const through = source === "management_api" ? ", by API token" : "";
  if (decidedBy === "mapping") return `${quoted(group)}${through}`;
  if (decidedBy === "convention") return `${quoted(group)}, by its name${through}`;
  return "default: no group decides";
}
