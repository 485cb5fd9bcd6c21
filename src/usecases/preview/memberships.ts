/**
 * Which groups people are in, as far as it decides their role, in as few requests as can be.
 *
 * There are two ways to ask Okta. By user: one request for each, and everything is told. By group: the members of those
 * groups alone that can decide a role, 200 a request. A mapping holds a handful of groups, so for 20,000 people that is
 * some hundred requests instead of 20,000. It doesn't tell the order of a person's groups, nor what else they are in; for
 * the few on whom that depends, `decidable` says so, and they are asked for by user.
 */

import { seenValue } from "../../core/login/simulate.ts";
import type { ClaimGroup, OktaGroup } from "../../core/model/okta.ts";
import { decidable, decidingRuleGroups, type Extent, signInRuleGroups } from "../../core/preview/groups.ts";
import { type KnownGroups, type Person, type PreviewSetup, turnedAwayAtOnce } from "../../core/preview/preview.ts";
import { conventionRole } from "../../core/roles/resolve.ts";
import { count, thousands } from "../../core/text.ts";
import { pageSize } from "../../okta/connection.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { inTurns } from "../in-turns.ts";
import { groupsOfUser } from "../login/user.ts";

/** Is told what is being done, in a few words. */
export type OnProgress = (label: string) => void;

/**
 * The groups of these people.
 *
 * @returns by user id; nobody who is turned away whatever their groups are
 */
export async function readMemberships(
  org: OktaOrg,
  everyone: readonly Person[],
  setup: PreviewSetup,
  onProgress: OnProgress,
): Promise<ReadonlyMap<string, KnownGroups>> {
  const people = everyone.filter((person) => turnedAwayAtOnce(person, setup) === null);
  onProgress("Looking up the groups that decide …");
  const relevant = await relevantGroups(org, setup);
  const ruleIds = [
    ...new Set([...decidingRuleGroups(setup.policies, setup.clientId), ...signInRuleGroups(setup.signInPolicy)]),
  ];
  const members = memberLists(org, people, onProgress);
  if (people.length <= requests(relevant) + ruleIds.length) return groupsByUser(org, people, onProgress);

  await members.read(relevant);
  await members.readRules(ruleIds);
  const matching = await matchingGroups(org, setup.claims, people.length);
  const extent: Extent = {
    known: "relevant",
    orgMatches: matching?.length ?? null,
    onePage: await fitsOnePage(org, setup),
  };
  const undecided = (given: Extent) => people.filter(({ id }) => !decidable(members.groupsOf(id), setup, given));
  let left = undecided(extent);
  let passing = seenValue(setup.claims)?.kind !== "filter";
  if (matching && requests(members.unread(matching)) < left.length) {
    await members.read(members.unread(matching));
    passing = true;
    left = undecided({ ...extent, known: "passing" });
  }
  return byUser(org, left, members.known(passing), onProgress);
}

/** All groups of these people, asked for one by one. */
export function groupsByUser(
  org: OktaOrg,
  people: readonly Person[],
  onProgress: OnProgress = () => {},
): Promise<ReadonlyMap<string, KnownGroups>> {
  return byUser(org, people, new Map(), onProgress);
}

/** Asks for the groups of these people one by one, and adds them to what is known. */
async function byUser(
  org: OktaOrg,
  people: readonly Person[],
  known: Map<string, KnownGroups>,
  onProgress: OnProgress,
): Promise<Map<string, KnownGroups>> {
  let done = 0;
  const say = () =>
    onProgress(`Asking for people's groups … ${thousands(done)} of ${count(people.length, "person", "people")}`);
  if (people.length > 0) say();
  await inTurns(people, async ({ id }) => {
    const { all, firstPage } = await groupsOfUser(org, id);
    known.set(id, { all: all.map(brief), firstPage, ids: all.map((group) => group.id), passing: true });
    done += 1;
    if (done % 20 === 0) say();
  });
  return known;
}

// Descriptions of a hundred thousand memberships would be kept for nothing.
const brief = ({ id, name, type }: OktaGroup): ClaimGroup => ({ id, name, type });

/** How many requests it takes to read the members of these groups. */
function requests(groups: readonly OktaGroup[]): number {
  return groups.reduce((sum, { members = 0 }) => sum + Math.max(1, Math.ceil(members / pageSize)), 0);
}

/** The groups that an entry or their own name gives a role, with how many members they have. */
async function relevantGroups(org: OktaOrg, setup: PreviewSetup): Promise<OktaGroup[]> {
  const names = [...new Set([...setup.mapping.keys(), ...(setup.against?.keys() ?? [])])];
  const found = new Map<string, OktaGroup>();
  for (const groups of await inTurns(names, (name) => org.groupsNamed(name, { members: true }))) {
    for (const group of groups) found.set(group.id, group);
  }
  for await (const group of org.groups({ search: "akto", members: true })) {
    if (conventionRole(group.name) !== undefined) found.set(group.id, group);
  }
  return [...found.values()];
}

/**
 * The org's groups that the claim's filter lets through, with how many members they have.
 *
 * @param most gives up where it takes more requests than this
 * @returns `null` where there is no filter, or it was given up
 */
async function matchingGroups(org: OktaOrg, claims: PreviewSetup["claims"], most: number): Promise<OktaGroup[] | null> {
  const filter = seenValue(claims);
  if (filter?.kind !== "filter") return null;
  const matching: OktaGroup[] = [];
  let seen = 0;
  for await (const group of org.groups({ search: filter.search, members: true })) {
    seen += 1;
    if (seen / pageSize > most) return null;
    if (filter.passes(group)) matching.push(group);
  }
  return matching;
}

/** Whether nobody's groups can fill more than one page of Okta's list. */
async function fitsOnePage(org: OktaOrg, { aktoHasToken }: PreviewSetup): Promise<boolean> {
  if (!aktoHasToken) return true;
  let seen = 0;
  for await (const _ of org.groups()) {
    seen += 1;
    if (seen > pageSize) return false;
  }
  return true;
}

/** The members of groups, of these people alone, as they are read. */
function memberLists(org: OktaOrg, people: readonly Person[], onProgress: OnProgress) {
  const ids = new Set(people.map(({ id }) => id));
  const groups = new Map<string, ClaimGroup[]>();
  const rules = new Map<string, string[]>();
  const read = new Set<string>();
  const each = async (groupId: string, found: (userId: string) => void) => {
    for await (const { id } of org.groupUsers(groupId)) if (ids.has(id)) found(id);
  };
  const groupsOf = (userId: string): readonly ClaimGroup[] => groups.get(userId) ?? [];

  return {
    groupsOf,
    async read(these: readonly OktaGroup[]): Promise<void> {
      let done = 0;
      await inTurns(these, async (group) => {
        const known = brief(group);
        await each(group.id, (userId) => push(groups, userId, known));
        read.add(group.id);
        done += 1;
        onProgress(`Reading members … ${done} of ${count(these.length, "group")}`);
      });
    },
    async readRules(groupIds: readonly string[]): Promise<void> {
      await inTurns(groupIds, (id) => each(id, (userId) => push(rules, userId, id)));
    },
    unread: (these: readonly OktaGroup[]) => these.filter(({ id }) => !read.has(id)),
    known: (passing: boolean): Map<string, KnownGroups> =>
      new Map(
        Array.from(ids, (id) => {
          const all = groupsOf(id);
          return [id, { all, firstPage: all.length, ids: rules.get(id) ?? [], passing }];
        }),
      ),
  };
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
