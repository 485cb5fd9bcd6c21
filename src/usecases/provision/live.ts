/** Reads what is live, as far as a plan needs it. */

import {
  type ClaimChoice,
  type ClaimFilter,
  type ClaimList,
  chooseFilter,
  claimGroupLimit,
  filterCovers,
  isCheap,
  listedNames,
  nameTest,
} from "../../core/claim/filter.ts";
import { allowListOf } from "../../core/claim/value.ts";
import { known } from "../../core/evidence.ts";
import { Failure } from "../../core/failure.ts";
import type { OktaApp, OktaGroup } from "../../core/model/okta.ts";
import { samePlace } from "../../core/model/place.ts";
import type { CreatedObject, Profile, ReplacedSso } from "../../core/model/profile.ts";
import { claimSettings, liveGroupsClaim, plannedClaim } from "../../core/plan/access.ts";
import { knownAfterwards } from "../../core/plan/akto.ts";
import { findApp } from "../../core/plan/app.ts";
import type { Live } from "../../core/plan/diff.ts";
import type { LiveAkto, LiveApp, LiveOkta, LiveServer } from "../../core/plan/live.ts";
import { claimedGroups, labelOf, type SsoSpec } from "../../core/plan/spec.ts";
import { clean, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { everyoneIn } from "../everyone.ts";
import { demandSightOfGroups } from "../groups/groups.ts";
import { inTurns } from "../in-turns.ts";
import { serverFacts } from "../world/okta.ts";
import { insist } from "../world/read.ts";
import type { Clients } from "./clients.ts";
import { adoptable, madeFor, ruleParent, ssoOfSpec } from "./ledger.ts";

/** What was read: the live state, and the filter to use if the document names none. */
export interface Reading {
  readonly live: Live;
  readonly chosenFilter: ClaimChoice;
  /** Whether the groups claim, as it will be, lets more groups of the org through than a claim can carry. */
  readonly crowdedClaim: boolean;
}

/** Reads both systems. Nothing is written. */
export async function readLive(spec: SsoSpec, { okta, akto, profiles }: Clients): Promise<Reading> {
  const profile = await profiles.read();
  const [liveOkta, liveAkto] = await Promise.all([
    okta && readOkta(spec, okta, profile),
    akto && readAkto(spec, akto, profile),
  ]);
  const chosenFilter = await filterFor(spec, okta, liveOkta);
  return {
    live: { okta: liveOkta, akto: liveAkto },
    chosenFilter,
    crowdedClaim: okta && liveOkta ? await willCrowd(spec, okta, liveOkta, chosenFilter) : false,
  };
}

async function readOkta(spec: SsoSpec, okta: OktaOrg, profile: Profile): Promise<LiveOkta> {
  const { assignments, unassign = [] } = spec.okta.app;
  const names = new Set([...assignments, ...unassign, ...claimedGroups(spec)]);
  const [app, server] = await Promise.all([readApp(spec, okta), readServer(okta, spec.okta.authorizationServerId)]);
  const bearers = new Map(
    await Promise.all(Array.from(names, async (name) => [name, await okta.groupsNamed(name)] as const)),
  );
  // That there is none at all may be no more than what the token shows.
  if (names.size > 0 && [...bearers.values()].every((bearing) => bearing.length === 0)) {
    await demandSightOfGroups(okta);
  }
  const groups = new Map(
    Array.from(bearers, ([name, bearing]) => [name, meantBy(bearing, app?.assignedGroups)?.id ?? null] as const),
  );
  const forEveryone = app !== null && (await isForEveryone(okta, app));
  const live = { groups, bearers, app, forEveryone, server };
  const place = ssoOfSpec(spec);
  const own = [...madeFor(profile, place), ...adoptable(profile, foundObjects(spec, live), place)];
  return { ...live, own: new Set(own.map(({ id }) => id)) };
}

/** Which of the things this tool can create exist now, as the notes would list them. */
export function foundObjects(spec: SsoSpec, live: Omit<LiveOkta, "own">): CreatedObject[] {
  const { groups, app, server } = live;
  const serverId = spec.okta.authorizationServerId;
  const claim = server ? liveGroupsClaim(server.claims) : undefined;
  const policies = server?.policies.filter(({ clients }) => clients.length === 1 && clients[0] === app?.clientId) ?? [];
  return [
    ...Array.from(groups, ([name, id]) => (id === null ? [] : [{ kind: "group" as const, name, id }])).flat(),
    ...(app ? [{ kind: "app" as const, name: app.label, id: app.id }] : []),
    ...(claim ? [{ kind: "claim" as const, name: claim.name, id: claim.id, parent: serverId }] : []),
    ...policies.flatMap(({ id, name, rules }) => [
      { kind: "policy" as const, name, id, parent: serverId },
      ...rules.map((rule) => ({
        kind: "rule" as const,
        name: rule.name,
        id: rule.id,
        parent: ruleParent(serverId, id),
      })),
    ]),
  ];
}

/** The app that the document means, with its assignments, or `null`. Throws what `findApp` throws. */
export async function readApp(spec: SsoSpec, okta: OktaOrg): Promise<LiveApp | null> {
  const { clientId } = spec.okta.app;
  const label = labelOf(spec.okta.app);
  const named = clientId === undefined ? null : await okta.apps.byClientId(clientId);
  if (named) return withAssignments(okta, named);
  const labeled: OktaApp[] = [];
  for await (const app of okta.apps.all()) if (app.label === label) labeled.push(app);
  const found = findApp(spec, labeled);
  return found && withAssignments(okta, found);
}

async function withAssignments(okta: OktaOrg, app: OktaApp): Promise<LiveApp> {
  return { ...app, assignedGroups: await assignedGroups(okta, app.id) };
}

/** Whether everybody in the org may sign in to the app, by its assignments. */
export async function isForEveryone(okta: OktaOrg, { assignedGroups }: LiveApp): Promise<boolean> {
  const all = assignedGroups.length === 0 ? undefined : await everyoneIn(okta);
  return all !== undefined && assignedGroups.includes(all.id);
}

async function assignedGroups(okta: OktaOrg, appId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of okta.apps.groups(appId)) ids.push(id);
  return ids;
}

/**
 * The authorization server's claim and access, or `null` when the org lacks API Access Management.
 *
 * @throws Failure `okta.auth_server_not_found` where the token shows none, and what Okta throws
 */
export async function readServer(okta: OktaOrg, authServerId: string): Promise<LiveServer | null> {
  const facts = serverFacts(
    async () => known(okta),
    async () => ({ clientId: "", authServerId }),
    null,
  );
  const found = await facts.server();
  if (!found.known && !found.failure) {
    throw new Failure("usage", "okta.auth_server_not_found", found.why, {
      hint: "Its id is in Okta's admin console under Security → API → Authorization Servers, such as “default”.",
    });
  }
  const server = insist(found);
  if (server.kind !== "found") return null;
  const [claims, policies] = await Promise.all([facts.claims(), facts.policies()]);
  return { active: server.server.active, claims: insist(claims) ?? [], policies: insist(policies) };
}

/**
 * The id of the group of this name: of several the one that the app is assigned to, else Okta's own rather than an
 * imported one.
 */
export async function groupId(okta: OktaOrg, name: string, assigned: readonly string[] = []): Promise<string | null> {
  return meantBy(await okta.groupsNamed(name), assigned)?.id ?? null;
}

function meantBy(groups: readonly OktaGroup[], assigned: readonly string[] = []): OktaGroup | undefined {
  return groups.find(({ id }) => assigned.includes(id)) ?? groups.find(({ type }) => type !== "APP_GROUP") ?? groups[0];
}

/**
 * The claim as a list of the mapped groups, where one of them is imported: no filter carries that (Okta behavior). `null`
 * where all are Okta's own.
 */
export function listOfGroups(spec: SsoSpec, bearers: LiveOkta["bearers"]): ClaimList | null {
  const mapped = claimedGroups(spec).map((name) => bearers.get(name) ?? []);
  if (!mapped.flat().some(({ type }) => type === "APP_GROUP")) return null;
  const ids = [...new Set(mapped.flat().map(({ id }) => id))].sort();
  // A group that the run makes itself has no id before.
  return {
    filter: "EXPRESSION",
    value: allowListOf(mapped.some((each) => each.length === 0) ? [...ids, knownAfterwards] : ids),
  };
}

/** The groups that have the mapped names now. */
export async function bearersOf(okta: OktaOrg, spec: SsoSpec): Promise<LiveOkta["bearers"]> {
  return new Map(await inTurns(claimedGroups(spec), async (name) => [name, await okta.groupsNamed(name)] as const));
}

/**
 * Reads the SSO in Akto.
 *
 * @throws Failure `akto.other_sso` and those of a dashboard that can't be asked
 */
async function readAkto(spec: SsoSpec, akto: NonNullable<Clients["akto"]>, { replacing }: Profile): Promise<LiveAkto> {
  const [sso, customRoles] = await Promise.all([akto.fetchSso(), akto.customRoles()]);
  return {
    sso,
    customRoles,
    syncBefore: replacedIn(replacing, spec.akto)?.syncGroupsToUserTags,
  };
}

/** What was removed from this Akto account and is to be put back, if a run was cut off in between. */
export function replacedIn(
  replacing: ReplacedSso | undefined,
  { url, accountId }: Pick<SsoSpec["akto"], "url" | "accountId">,
): ReplacedSso | undefined {
  return replacing && samePlace(replacing, { aktoUrl: url, aktoAccountId: accountId }) ? replacing : undefined;
}

/** The filter to use if the document names none: the existing one, unless it won't do for the mapping. */
async function filterFor(spec: SsoSpec, okta: OktaOrg | null, live: LiveOkta | null): Promise<ClaimChoice> {
  const groups = claimedGroups(spec);
  if (spec.okta.groupsClaim) return spec.okta.groupsClaim;
  const list = live && listOfGroups(spec, live.bearers);
  if (list) return list;
  const claim = live?.server ? liveGroupsClaim(live.server.claims) : undefined;
  const now = claim ? claimSettings(claim) : null;
  if (claim && now && now.filter !== "EXPRESSION" && filterCovers({ ...now, filter: now.filter }, groups) !== false) {
    // Somebody else's claim is not narrowed, however much it lets through.
    if (!okta || !live?.own.has(claim.id) || !(await crowds(okta, now)))
      return { filter: now.filter, value: now.value };
  }
  return chooseFilter(groups, okta ? (filter) => countMatching(okta, filter) : undefined);
}

/** Whether the server's resulting claim lets more groups through than it can carry. */
async function willCrowd(spec: SsoSpec, okta: OktaOrg, { server, own }: LiveOkta, chosen: ClaimChoice) {
  const settings = server && plannedClaim(spec, server, own, chosen).settings;
  return settings !== null && crowds(okta, settings);
}

async function crowds(okta: OktaOrg, { filter: type, value }: ClaimChoice): Promise<boolean> {
  if (type === "EXPRESSION") return false;
  const filter = { filter: type, value };
  return (listedNames(filter) ?? (await countMatching(okta, filter))) > claimGroupLimit;
}

// What an expression lets through can only be counted among all groups: at most this many.
const lookedAt = 2_000;

/**
 * How many of the org's groups the filter lets through, as far as that can be told. Counting stops once a claim could
 * not carry them.
 */
async function countMatching(okta: OktaOrg, filter: ClaimFilter): Promise<number> {
  const passes = isCheap(filter) ? nameTest(filter) : undefined;
  if (!passes) return 0;
  let matching = 0;
  let looked = 0;
  const expression = filter.filter === "REGEX";
  for await (const { name } of okta.groups(expression ? {} : { search: filter.value })) {
    if (passes(name)) matching += 1;
    looked += 1;
    if (matching > claimGroupLimit || (expression && looked >= lookedAt)) break;
  }
  return matching;
}

/** The failure for an app that should exist and doesn't. */
export function appMissing(spec: SsoSpec): Failure {
  return new Failure("usage", "okta.app_not_found", `Okta has no app ${quoted(labelOf(spec.okta.app))} for Akto.`, {
    hint: `It was there a moment ago in ${clean(spec.okta.domain.host)}: run the command again.`,
  });
}
