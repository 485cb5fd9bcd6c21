/**
 * Whose role a change of the mapping changes, and whose it doesn't: the reasoning of `login preview` for the members of the
 * changed groups alone, in a bounded number of requests.
 */
import type { Context } from "../../context.ts";
import { keptOutWarnings } from "../../core/claim/kept-out.ts";
import { derive, type Fact, unknown, valueIn } from "../../core/evidence.ts";
import { canGoOn } from "../../core/failure.ts";
import type { OktaApp, OktaGroup, OktaUser } from "../../core/model/okta.ts";
import {
  describeEffects,
  describeMembers,
  type Effect,
  effectOn,
  type MappingStep,
  notAssigned,
} from "../../core/preview/effects.ts";
import type { Person } from "../../core/preview/preview.ts";
import { diffMappings } from "../../core/roles/mapping.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Settings } from "../../settings/settings.ts";
import { inTurns } from "../in-turns.ts";
import { aktoAsks } from "../login/account.ts";
import { groupsByUser } from "../preview/memberships.ts";
import { teamByLogin } from "../preview/preview.ts";
import { assignments } from "../world/assignments.ts";
import { need, type Picture, Unseen } from "../world/read.ts";
import { createWorld, type World } from "../world/world.ts";

// One request for each group, two for each person: for more than this `login preview` is the way to look.
const mostGroups = 8;
const mostPeople = 30;

const seePreview = "`akto-okta login preview` shows whose role changes.";

/** The picture, of which no answer is waited for. */
export function impatientWorld(context: Context, settings: Settings): EffectWorld {
  const impatient: Context = {
    ...context,
    oktaIfAny: (own, options) => context.oktaIfAny(own, { ...options, patient: false }),
    aktoIfAny: (own, options) => context.aktoIfAny(own, { ...options, patient: false }),
  };
  const world = createWorld(impatient, settings);
  return { ...world, clientId: async () => derive(await world.setup(), ({ clientId }) => clientId) };
}

/**
 * Warns of groups that are about to be mapped, and that the claim doesn't bring to Akto. It takes one request, for the
 * claims: what can't be had at once is not waited for.
 *
 * @param groups the groups in Okta that have the names
 */
export async function warnOfKeptOut(
  { terminal }: Context,
  world: EffectWorld,
  groups: readonly OktaGroup[],
): Promise<void> {
  for (const warning of await keptOutOf(world, groups)) terminal.warn(warning);
}

const stored = { works: "stored", none: "none", refused: "refused", own: "unknown" } as const;

/** Those warnings; none where the claims can't be seen. */
export async function keptOutOf(
  { claims, aktoToken }: Pick<EffectWorld, "claims" | "aktoToken">,
  groups: readonly OktaGroup[],
): Promise<readonly string[]> {
  if (groups.length === 0) return [];
  const found = await claims();
  if (!found.known) return [];
  const names = [...new Set(groups.map(({ name }) => name))];
  const mapped = names.map((name) => ({ name, groups: groups.filter((group) => group.name === name) }));
  // Only where something is kept out does it matter what Akto has to ask with.
  if (keptOutWarnings(mapped, found.value, "unknown").length === 0) return [];
  return keptOutWarnings(mapped, found.value, stored[valueIn(await aktoToken())?.state ?? "own"]);
}

/**
 * Says whom a change that was made concerns. Nothing of this fails or holds up the command: without an Okta API token,
 * offline, or when Okta doesn't answer at once, nothing is said. With `--no-input` a script runs, which gets no more than
 * the member counts, by the one request a group: `login preview` is there for more.
 *
 * @param title stands over it, where the line before is about something else
 */
export async function sayEffects(
  context: Context,
  world: EffectWorld,
  step: MappingStep,
  title?: string,
): Promise<void> {
  const { offline, json, quiet, input } = context.globals;
  if (offline || json || quiet) return;
  const lines = await effectLines(context, world, step, input ? "all" : "counts");
  if (title !== undefined && lines.length > 0) context.terminal.note(title);
  for (const line of lines) context.terminal.note(`  ${line}`);
}

/**
 * The same in lines; none where nothing is known.
 *
 * @param extent `counts`: only how many members the groups have
 */
export async function effectLines(
  { terminal, signal }: Context,
  world: EffectWorld,
  step: MappingStep,
  extent: "all" | "counts",
): Promise<readonly string[]> {
  const changed = diffMappings(step.before, step.after).map(({ group }) => group);
  if (changed.length === 0) return [];
  if (changed.length > mostGroups) return [seePreview];
  try {
    return await terminal.during("Working out whose role changes …", () => told(world, step, changed, extent));
  } catch (error) {
    if (!(error instanceof Unseen) && !canGoOn(error)) throw error;
    signal.throwIfAborted();
    terminal.debug(`Could not find out whose role changes: ${error.message}`);
    return [];
  }
}

/** What of the picture it takes. */
export type EffectWorld = Pick<
  Picture,
  "app" | "claims" | "policies" | "signInPolicy" | "customRoles" | "team" | "aktoToken"
> &
  Pick<World, "org" | "context"> & { readonly clientId: () => Promise<Fact<string>> };

async function told(
  world: EffectWorld,
  step: MappingStep,
  changed: readonly string[],
  extent: "all" | "counts",
): Promise<readonly string[]> {
  const org = await need(world.org);
  const groups = (await inTurns(changed, (name) => org.groupsNamed(name, { members: true }))).flat();
  const counts = changed.map((name) => ({
    name,
    members: groups
      .filter((group) => group.name === name)
      .reduce<number | undefined>(
        (sum, { members }) => (sum !== undefined && members !== undefined ? sum + members : undefined),
        0,
      ),
  }));
  const known = groups.length > 0 ? describeMembers(counts) : null;
  const only = (why: string) => (known === null ? [] : [`${known} ${why}`]);
  if (groups.length > 0 && counts.every(({ members }) => members === 0)) return describeEffects([], changed);
  const all = counts.reduce((sum, { members = 0 }) => sum + members, 0);
  if (extent === "counts" || all > mostPeople) return only(seePreview);
  try {
    const [app] = await Promise.all([need(world.app), need(world.claims)]);
    if (!app) return only("Okta doesn't know Akto's client: nobody signs in.");
    if (!app.active) return only(`The app ${quoted(app.label)} is inactive in Okta: nobody signs in.`);
    const members = await membersOf(org, groups);
    if (members.length > mostPeople) return only(seePreview);
    if (members.length === 0 && groups.length > 0) {
      return only("It can't be said whose role changes: this API token shows none of the members.");
    }
    return describeEffects(await effectsOn(world, org, app, members, step, new Set(changed)), changed);
  } catch (error) {
    if (!(error instanceof Unseen) && !canGoOn(error)) throw error;
    return only(`It can't be said whose role changes: ${error.message}`);
  }
}

/** The members of these groups, each once, or of some of them where they are too many. */
async function membersOf(org: OktaOrg, groups: readonly OktaGroup[]): Promise<readonly OktaUser[]> {
  const found = new Map<string, OktaUser>();
  await inTurns(groups, async ({ id }) => {
    for await (const user of org.groupUsers(id)) {
      if (found.size > mostPeople) return;
      found.set(user.id, user);
    }
  });
  return [...found.values()];
}

async function effectsOn(
  world: EffectWorld,
  org: OktaOrg,
  app: OktaApp,
  members: readonly OktaUser[],
  step: MappingStep,
  changed: ReadonlySet<string>,
): Promise<readonly Effect[]> {
  const people = members.map(({ id, login, name, email, status }): Person => ({ id, login, name, email, status }));
  const isAssigned = assignments(org, app.id);
  const idsOf = async (userId: string) => (await org.userGroups(userId)).map(({ id }) => id);
  const [clientId, claims, policies, signInPolicy, customRoles, team, token, assigned] = await Promise.all([
    need(world.clientId),
    world.claims(),
    world.policies(),
    world.signInPolicy(),
    rolesOf(world),
    world.team(),
    need(world.aktoToken),
    inTurns(people, async ({ id }) => app.implicitAssignment || (await isAssigned(id, () => idsOf(id)))),
  ]);
  const able = people.filter((_, at) => assigned[at] === true);
  const groups = await groupsByUser(org, able);
  const inTeam = valueIn(team);
  return people.map((person) => {
    const known = groups.get(person.id);
    if (!known) return notAssigned(person, app);
    return effectOn(
      person,
      known,
      {
        claims,
        ...aktoAsks({ token, org }),
        customRoles,
        clientId,
        policies: valueIn(policies) ?? null,
        signInPolicy: valueIn(signInPolicy) ?? null,
        // Akto never tells it, and a guess turns nobody away.
        organizationDomain: unknown("It isn't asked for here."),
        team: inTeam ? teamByLogin(inTeam) : null,
        assumesToken: token.state === "own",
      },
      step,
      changed,
    );
  });
}

/** The account's own roles: Akto's, or those that the profile remembers. */
async function rolesOf({ customRoles, context }: EffectWorld) {
  const roles = valueIn(await customRoles());
  return roles ?? (await (await context.profiles()).read()).customRoles ?? [];
}
