/** Everyone who could sign in, each with the role that Akto would give: the rows, their reasons and the totals. */

import { askPolicies, hangsOnGroups } from "../access/policy.ts";
import { askSignInPolicy, type SignInPolicyAnswer } from "../access/sign-in-policy.ts";
import { maySignIn, statusWords } from "../access/user-status.ts";
import { claimGroupLimit } from "../claim/filter.ts";
import { emailDomain } from "../email-domain.ts";
import type { Fact } from "../evidence.ts";
import { type Doubt, issuesNoToken, type RoleSetup, simulateRole, type UserGroups } from "../login/simulate.ts";
import type { TeamMember } from "../model/akto.ts";
import type { AccessPolicy } from "../model/okta.ts";
import type { SignInPolicy } from "../model/sign-in-policy.ts";
import type { DecidedBy, GroupSource } from "../roles/resolve.ts";
import { roleLabel, rolePriority } from "../roles/roles.ts";
import { quoted, thousands } from "../text.ts";
import type { Mappings } from "./groups.ts";

/** A person who is assigned to the app. */
export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** `null` for none; `undefined` where the token's owner may not see it. */
  readonly email: string | null | undefined;
  /** Okta's status, such as `ACTIVE` or `SUSPENDED`. */
  readonly status: string;
}

/** What is known of a person in Akto. */
export type InAkto = Pick<TeamMember, "storedRole" | "scopedRoles" | "invited">;

/** What is known of a person's groups. */
export interface KnownGroups extends UserGroups {
  /** Whether all that the claim's filter lets through are among them: then it is sure whether the token has any. */
  readonly passing: boolean;
  /** The ids of the groups that an access rule may name. */
  readonly ids: readonly string[];
}

/** Why somebody would not get in. */
export type TurnedAway = "not_active" | "sign_in_policy" | "policy" | "no_token" | "no_email" | "email_domain";

/** Why a role isn't certain: the way of the groups, or that the mapping itself isn't known. */
export type RoleDoubt = Doubt["kind"] | "mapping";

/** The role that one mapping gives. */
export interface PreviewRole {
  readonly id: string;
  readonly label: string;
  readonly decidedBy: DecidedBy;
  readonly group: string | null;
  /** `null` where only groups that decide nothing would tell, and those weren't asked for. */
  readonly source: GroupSource | null;
  /** Whether the role is certain, see `GroupPath`. */
  readonly certain: boolean;
  /** Why it isn't. */
  readonly doubt: RoleDoubt | null;
}

/** One person's line: a role, or why they are turned away. */
export type PreviewRow = PreviewSubject & Outcome;

type Outcome =
  | {
      readonly turnedAway: null;
      readonly role: PreviewRole;
      /** The role under the other mapping, where there is one to compare with. */
      readonly other?: PreviewRole;
    }
  | { readonly turnedAway: TurnedAway; readonly role: null; readonly other?: undefined };

interface PreviewSubject {
  readonly person: Person;
  /** `null`: not in Akto's team, nor invited. `undefined`: Akto was not asked. */
  readonly inAkto: InAkto | null | undefined;
}

/** What a preview goes by. */
export interface PreviewSetup extends RoleSetup, Mappings {
  readonly clientId: string;
  /** `null` where they can't be read. */
  readonly policies: readonly AccessPolicy[] | null;
  /** The app's authentication policy; `null` where there is none, or it can't be read. */
  readonly signInPolicy: SignInPolicy | null;
  /** Why the mapping isn't known; it is empty then. */
  readonly mappingUnseen?: string | undefined;
  /** Akto's email domain: one that nobody named turns nobody away. */
  readonly organizationDomain: Fact<string>;
  /** Akto's team by login in lower case; `null` when it isn't known. */
  readonly team: ReadonlyMap<string, InAkto> | null;
}

/** Why somebody would not get in whatever their groups are, or `null`. */
export function turnedAwayAtOnce(
  { email, status }: Person,
  { organizationDomain }: Pick<PreviewSetup, "organizationDomain">,
): TurnedAway | null {
  if (!maySignIn(status)) return "not_active";
  if (email === null) return "no_email";
  const told = organizationDomain.known && organizationDomain.grade === "told";
  return told && email !== undefined && isOutside(email, organizationDomain.value) ? "email_domain" : null;
}

/** Whether the address is of another domain than the account's. */
export function isOutside(email: string, domain: string): boolean {
  return emailDomain(email) !== domain.toLowerCase();
}

/** Tells people's lines. */
export interface Previewer {
  /** @param groups `null` for who is turned away whatever their groups are: these weren't asked for */
  row(person: Person, groups: KnownGroups | null): PreviewRow;
  /** What the app's authentication policy says of a person. */
  signIn(person: Person, groups: KnownGroups): SignInPolicyAnswer | null;
}

/**
 * People of whom the same groups are known are thought about once: in a large org most are in none that decides. The same
 * groups are one object.
 */
export function createPreviewer(setup: PreviewSetup): Previewer {
  const { team } = setup;
  const named = namedUsers(setup);
  const told = new Map<KnownGroups, Told>();
  const tell = ({ id }: Person, groups: KnownGroups): Told => {
    if (named.has(id)) return tellOf(id, groups, setup);
    const known = told.get(groups) ?? tellOf(id, groups, setup);
    told.set(groups, known);
    return known;
  };
  return {
    row(person, groups) {
      const inAkto =
        team && person.email !== undefined ? (team.get((person.email ?? "").toLowerCase()) ?? null) : undefined;
      const atOnce = turnedAwayAtOnce(person, setup);
      if (atOnce !== null || groups === null) return { person, inAkto, role: null, turnedAway: atOnce ?? "not_active" };
      return { person, inAkto, ...tell(person, groups).outcome };
    },
    signIn: (person, groups) => tell(person, groups).signIn,
  };
}

/** A person's line, see {@link Previewer}. */
export function previewRow(person: Person, groups: KnownGroups | null, setup: PreviewSetup): PreviewRow {
  return createPreviewer(setup).row(person, groups);
}

/** The ids of the users of whom a rule says something of their own. */
function namedUsers({ policies, signInPolicy }: PreviewSetup): ReadonlySet<string> {
  const access =
    policies?.flatMap(({ rules }) => rules.flatMap((rule) => [...rule.users, ...rule.excludedUsers])) ?? [];
  const signIn = signInPolicy?.rules.flatMap(({ users }) => [...users.include, ...users.exclude]) ?? [];
  return new Set([...access, ...signIn]);
}

/** What a person's groups tell of whoever's they are. */
interface Told {
  readonly signIn: SignInPolicyAnswer | null;
  readonly outcome: Outcome;
}

function tellOf(userId: string, groups: KnownGroups, setup: PreviewSetup): Told {
  const { signInPolicy, policies, clientId, against } = setup;
  const { ids: groupIds, hidden } = groups;
  const signIn =
    signInPolicy && askSignInPolicy(signInPolicy, { userId, groupIds: hidden === undefined ? groupIds : null });
  const away = (turnedAway: TurnedAway): Told => ({ signIn, outcome: { role: null, turnedAway } });
  if (signIn?.kind === "denied") return away("sign_in_policy");
  const asked = policies && askPolicies(policies, clientId, { userId, groupIds });
  const policy = asked && hidden !== undefined && hangsOnGroups(asked) ? null : asked;
  if (policy?.kind === "denied") return away("policy");
  const inlineHook = policy?.inlineHook ?? null;

  const roleWith = (mapping: Mappings["mapping"]) => {
    const { role, label, decidedBy, group, path } = simulateRole(groups, { ...setup, mapping }, inlineHook);
    const doubt = path.doubts[0]?.kind ?? (setup.mappingUnseen === undefined ? null : "mapping");
    const source = groups.passing || path.source === "access_token" ? path.source : null;
    return {
      path,
      role: { id: role, label, decidedBy, group, source, certain: doubt === null, doubt } satisfies PreviewRole,
    };
  };
  const { role, path } = roleWith(setup.mapping);
  if (issuesNoToken(path)) return away("no_token");
  return { signIn, outcome: { role, turnedAway: null, ...(against && { other: roleWith(against).role }) } };
}

/** Whether the other mapping gives another role. */
export function isChanged({ role, other }: PreviewRow): boolean {
  return role !== null && other !== undefined && other.id !== role.id;
}

/** How many people get a role. */
export interface RoleTotal {
  readonly id: string;
  readonly label: string;
  readonly people: number;
  /** Of these, those who get it only because nothing decided. */
  readonly byDefault: number;
}

/** How many people another mapping moves from one role to another. */
export interface ChangeTotal {
  readonly from: string;
  readonly to: string;
  readonly people: number;
}

/** A preview in numbers. */
export interface PreviewTotals {
  readonly people: number;
  readonly admitted: number;
  readonly byDefault: number;
  readonly turnedAway: Readonly<Partial<Record<TurnedAway, number>>>;
  /** Those who are let in, by role, the highest first. */
  readonly roles: readonly RoleTotal[];
  /** With another mapping: whom it moves, the most first. */
  readonly changes: readonly ChangeTotal[];
  /** How many of those that it moves access per product or an invitation outranks the role for; left out for nobody. */
  readonly outranked?: number;
}

/** The totals of a preview. */
export function previewTotals(
  rows: readonly PreviewRow[],
  { customRoles }: Pick<RoleSetup, "customRoles">,
): PreviewTotals {
  const roles = new Map<string, RoleTotal>();
  const changes = new Map<string, ChangeTotal>();
  const turnedAway: Partial<Record<TurnedAway, number>> = {};
  let outranked = 0;
  for (const row of rows) {
    const { role, other } = row;
    if (row.turnedAway !== null) turnedAway[row.turnedAway] = (turnedAway[row.turnedAway] ?? 0) + 1;
    if (role === null) continue;
    const { people = 0, byDefault = 0 } = roles.get(role.id) ?? {};
    const isDefault = role.decidedBy === "default";
    roles.set(role.id, {
      id: role.id,
      label: role.label,
      people: people + 1,
      byDefault: byDefault + (isDefault ? 1 : 0),
    });
    if (other !== undefined && isChanged(row)) {
      const key = JSON.stringify([role.id, other.id]);
      changes.set(key, { from: role.id, to: other.id, people: (changes.get(key)?.people ?? 0) + 1 });
      if (outrankedBy(row.inAkto) !== "") outranked++;
    }
  }
  const sorted = [...roles.values()].sort((a, b) => roleRank(a.id, customRoles) - roleRank(b.id, customRoles));
  const sum = (of: (total: RoleTotal) => number) => sorted.reduce((all, total) => all + of(total), 0);
  return {
    people: rows.length,
    admitted: sum(({ people }) => people),
    byDefault: sum(({ byDefault }) => byDefault),
    turnedAway,
    roles: sorted,
    changes: [...changes.values()].sort((a, b) => b.people - a.people),
    ...(outranked > 0 && { outranked }),
  };
}

/** How many people another mapping moves. */
export function changedPeople({ changes }: PreviewTotals): number {
  return changes.reduce((sum, { people }) => sum + people, 0);
}

/** For how many of those whom another mapping moves the role isn't what counts, in a sentence; `null` for nobody. */
export function describeOutranked({ outranked = 0 }: PreviewTotals): string | null {
  if (outranked === 0) return null;
  return `${thousands(outranked)} of them ${outranked === 1 ? "has" : "have"} access per product, which outranks the role, or an invitation to Akto, which does once it is followed.`;
}

/** A role's place, the highest first; a role that Akto passes over comes last. */
function roleRank(id: string, customRoles: RoleSetup["customRoles"]): number {
  const found = rolePriority(id, customRoles);
  return "priority" in found ? found.priority : Number.MAX_SAFE_INTEGER;
}

/** The rows by role, the highest first, those by default after the others, who is turned away at the end. */
export function sortRows(rows: readonly PreviewRow[], { customRoles }: Pick<RoleSetup, "customRoles">): PreviewRow[] {
  const ranks = new Map<string, number>();
  const rank = ({ role }: PreviewRow) => {
    if (role === null) return Number.POSITIVE_INFINITY;
    const found = ranks.get(role.id) ?? roleRank(role.id, customRoles);
    ranks.set(role.id, found);
    return found + (role.decidedBy === "default" ? 0.5 : 0);
  };
  const keyed = rows.map((row) => ({ row, rank: rank(row) }));
  const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return keyed
    .sort((a, b) => (a.rank === b.rank ? before(a.row.person.login, b.row.person.login) : a.rank < b.rank ? -1 : 1))
    .map(({ row }) => row);
}

const turnedAwayWords: Readonly<Record<TurnedAway, string>> = {
  not_active: "not active in Okta",
  sign_in_policy: "denied by the app's authentication policy",
  policy: "denied by Okta's access policies",
  no_token: "Okta can't evaluate the claim",
  no_email: "no email address",
  email_domain: "another email domain",
};

/** Why people are turned away, as a heading. */
export function describeTurnedAway(reason: TurnedAway): string {
  return turnedAwayWords[reason];
}

/** Why the person gets the role, or doesn't get in, in a few words. */
export function describeRow({ turnedAway, role, person, inAkto }: PreviewRow): string {
  if (turnedAway === null) return `${describeRole(role)}${outrankedBy(inAkto)}`;
  return turnedAway === "not_active" ? `${statusWords(person.status)} in Okta` : describeTurnedAway(turnedAway);
}

/** What decides the role now, what would under the other mapping, and what outranks either; empty without both. */
export function describeChangedRow({ role, other, inAkto }: PreviewRow): string {
  return role && other ? `${describeRole(role)} → ${describeRole(other)}${outrankedBy(inAkto)}` : "";
}

/** Access per product outranks the role: it was set already, or comes with an invitation (Akto behavior). */
function outrankedBy(inAkto: PreviewRow["inAkto"]): string {
  if (inAkto?.invited) return ", outranked if the invitation to Akto is followed";
  return inAkto && inAkto.scopedRoles.size > 0 ? ", outranked by access per product" : "";
}

const doubtWords: Readonly<Record<RoleDoubt, string>> = {
  mapping: "the mapping isn't known",
  expression: "only Okta can evaluate the claim",
  regex: "only Okta can evaluate the claim",
  filter: "only Okta can evaluate the claim",
  unseen: "the claims can't be seen",
  hidden: "some of the person's groups may not be seen",
  hook: "a token inline hook can change the claim",
  limit: `over ${claimGroupLimit} groups match the claim`,
};

/** Why a role isn't certain, in a few words. */
export function describeDoubt(doubt: RoleDoubt): string {
  return doubtWords[doubt];
}

/** What decides a role, in a few words. */
export function describeRole({ decidedBy, group, source, doubt }: PreviewRole): string {
  const through = source === "management_api" ? ", by API token" : "";
  const guess = doubt === null ? "" : `, a guess: ${describeDoubt(doubt)}`;
  switch (decidedBy) {
    case "mapping":
      return `${quoted(group)}${through}${guess}`;
    case "convention":
      return `${quoted(group)}, by its name${through}${guess}`;
    case "default":
      return `default: no group decides${guess}`;
  }
}

/** A change of role in words: `Guest → Developer`. */
export function describeChange({ from, to }: ChangeTotal): string {
  return `${roleLabel(from)} → ${roleLabel(to)}`;
}

/** How many of those who are assigned get in, for “…, and … would get in”. */
export function describeAdmitted({ people, admitted }: PreviewTotals): string {
  if (people === 1) return admitted === 1 ? "they would get in" : "they would not get in";
  if (admitted === 0) return "none would get in";
  return `${admitted === people ? "all" : thousands(admitted)} would get in`;
}
