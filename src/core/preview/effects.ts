/**
 * What a changed mapping does to the members of the groups that it changes, by the reasoning of `login preview`: whose
 * role changes, from what to what and when, and why the others keep theirs. Pure.
 */
import { groupPath, simulateRole } from "../login/simulate.ts";
import type { Mapping } from "../model/akto.ts";
import type { OktaApp } from "../model/okta.ts";
import { defaultRoleId, roleLabel } from "../roles/roles.ts";
import { clean, count, listed, quoted } from "../text.ts";
import { describeDoubt, describeRow, type KnownGroups, type Person, type PreviewSetup, previewRow } from "./preview.ts";

/** The mapping as it is, and as it is to be. */
export interface MappingStep {
  readonly before: Mapping;
  readonly after: Mapping;
}

/** What the effects go by beside the mapping. */
export interface EffectSetup extends Omit<PreviewSetup, "mapping" | "against"> {
  /** Whether Akto is only taken to store an Okta API token: if it does isn't known. */
  readonly assumesToken: boolean;
}

/** What it does to one person. */
export type Effect = { readonly person: Person } & (
  | {
      readonly kind: "changes";
      /** Role ids: what they have in Akto now or, where that isn't known, what the mapping gives them now. */
      readonly from: string;
      readonly to: string;
      /** Whether they are new to the account; `undefined` where its team isn't known. */
      readonly isNew: boolean | undefined;
      /** Why it isn't certain, in a few words. */
      readonly doubt: string | null;
    }
  /** `why` in a few words. */
  | { readonly kind: "stays"; readonly why: string }
  /** `why` is a sentence. */
  | { readonly kind: "unknown"; readonly why: string }
);

/** Somebody whom the app lets in nothing of this reaches. */
export function notAssigned(person: Person, { label }: Pick<OktaApp, "label">): Effect {
  return { person, kind: "stays", why: `not assigned to the app ${quoted(label)} in Okta` };
}

/**
 * The effect on one member of the changed groups.
 *
 * @param changed the names of the groups whose entries change
 */
export function effectOn(
  person: Person,
  groups: KnownGroups,
  setup: EffectSetup,
  { before, after }: MappingStep,
  changed: ReadonlySet<string>,
): Effect {
  const row = previewRow(person, groups, { ...setup, mapping: before, against: after });
  const stays = (why: string): Effect => ({ person, kind: "stays", why });
  if (row.turnedAway !== null || row.other === undefined) return stays(describeRow(row));
  const { role, other, inAkto } = row;
  if (role.id === other.id && groups.hidden !== undefined) return { person, kind: "unknown", why: groups.hidden };
  if (role.id === other.id) return stays(whyTheSame(groups, setup, after, changed));
  if (inAkto?.invited) return stays("invited to Akto, and what the invitation says outranks the role");
  if (inAkto && inAkto.scopedRoles.size > 0) return stays("access per product in Akto outranks the role");
  const from = inAkto ? (inAkto.storedRole ?? defaultRoleId) : role.id;
  if (from === other.id) return stays(`${clean(other.label)} in Akto already`);
  const doubt = other.doubt ?? role.doubt;
  const assumed = setup.assumesToken && other.source === "management_api";
  return {
    person,
    kind: "changes",
    from,
    to: other.id,
    isNew: inAkto === undefined ? undefined : inAkto === null,
    doubt: doubt !== null ? describeDoubt(doubt) : assumed ? "Akto is assumed to store an Okta API token" : null,
  };
}

/** Why somebody in a changed group has the same role with both mappings. */
function whyTheSame(groups: KnownGroups, setup: EffectSetup, after: Mapping, changed: ReadonlySet<string>): string {
  const { names, source } = groupPath(groups, setup);
  const own = groups.all.filter(({ name }) => changed.has(name)).map(({ name }) => name);
  const lost = own.find((name) => !names.includes(name));
  if (lost !== undefined && own.every((name) => !names.includes(name))) {
    if (source === "access_token") return `the access token brings other groups, and ${quoted(lost)} isn't among them`;
    if (source === "none") return `${quoted(lost)} doesn't reach Akto, neither by the claim nor by an API token`;
    return `${quoted(lost)} isn't among the groups that Akto's API token shows`;
  }
  const { role, group, decidedBy, candidates } = simulateRole(groups, { ...setup, mapping: after });
  const unresolved = candidates.find(
    ({ group: its, outcome }) =>
      own.includes(its) && (outcome === "unknown_role" || outcome === "base_role_unresolvable"),
  );
  if (unresolved) return `Akto skips the entry for ${quoted(unresolved.group)}, whose role it can't resolve`;
  const label = clean(roleLabel(role));
  if (group !== null && !own.includes(group)) return `${quoted(group)} decides, which gives ${label}`;
  return decidedBy === "default" ? `${label} by default, as before` : `${label}, as before`;
}

// More names than this are counted.
const named = 3;

function names(people: readonly Person[]): string {
  const shown = people.slice(0, named).map(({ name, login }) => clean(name || login, 60));
  const rest = people.length - shown.length;
  return listed(rest > 0 ? [...shown, count(rest, "other")] : shown);
}

/** All of it in lines, those first whose role changes. */
export function describeEffects(effects: readonly Effect[], changed: readonly string[]): string[] {
  if (effects.length === 0) return [`Nobody's role changes: ${describeEmpty(changed)}`];
  const lines = new Map<string, { people: Person[]; line: (people: readonly Person[]) => string }>();
  const add = (key: readonly unknown[], person: Person, line: (people: readonly Person[]) => string) => {
    const id = JSON.stringify(key);
    const found = lines.get(id) ?? { people: [], line };
    found.people.push(person);
    lines.set(id, found);
  };
  const changes = effects.filter((effect) => effect.kind === "changes");
  for (const { person, from, to, isNew, doubt } of changes) {
    add(["changes", from, to, isNew, doubt], person, (people) => {
      const guess = doubt === null ? "" : ` A guess: ${doubt}.`;
      const [was, becomes] = [from, to].map((role) => clean(roleLabel(role)));
      if (isNew) {
        return `${count(people.length, "person", "people")} new to Akto: ${becomes} instead of ${was}, from their second sign-in on (${names(people)}); from the first with a login in another Akto account.${guess}`;
      }
      const later = isNew === undefined ? ", and anyone new to Akto at their second" : "";
      return `${count(people.length, "person", "people")}: ${was} → ${becomes}, at their next sign-in${later} (${names(people)}).${guess}`;
    });
  }
  for (const effect of effects) {
    if (effect.kind === "unknown") {
      add(["unknown", effect.why], effect.person, (people) => {
        const who = people.length > named ? `${count(people.length, "member")} (${names(people)})` : names(people);
        return `Whether anything changes for ${who} can't be said: ${effect.why}`;
      });
    }
    if (effect.kind !== "stays") continue;
    add(["stays", effect.why], effect.person, (people) => {
      const who = people.length > named ? `${count(people.length, "member")} (${names(people)})` : names(people);
      return `Nothing changes for ${who}: ${effect.why}.`;
    });
  }
  const told = Array.from(lines.values(), ({ people, line }) => line(people));
  return effects.every(({ kind }) => kind === "stays") ? ["Nobody's role changes.", ...told] : told;
}

/** What is known where no more is than how many members the groups have; `null` where not even that is. */
export function describeMembers(
  groups: readonly { readonly name: string; readonly members: number | undefined }[],
): string | null {
  if (groups.some(({ members }) => members === undefined)) return null;
  if (groups.every(({ members }) => members === 0)) return null;
  const some = groups.filter(({ members }) => members !== 0);
  return `${listed(some.map(({ name, members = 0 }) => `${quoted(name)} has ${count(members, "member")}`))} in Okta.`;
}

function describeEmpty(groups: readonly string[]): string {
  const shown = groups.slice(0, named).map(quoted);
  const rest = groups.length - shown.length;
  const all = listed(rest > 0 ? [...shown, count(rest, "other group")] : shown);
  return `${all} ${groups.length === 1 ? "has" : "have"} no members in Okta.`;
}
