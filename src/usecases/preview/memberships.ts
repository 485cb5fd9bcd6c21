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
import { onceEach } from "../../core/once.ts";
import { decidable, decidingRuleGroups, type Extent, signInRuleGroups } from "../../core/preview/groups.ts";
import { type KnownGroups, type Person, type PreviewSetup, turnedAwayAtOnce } from "../../core/preview/preview.ts";
import { conventionRole } from "../../core/roles/resolve.ts";
import { count, quoted, thousands } from "../../core/text.ts";
import { pageSize } from "../../okta/connection.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { inTurns } from "../in-turns.ts";
import { groupsOfUser } from "../login/user.ts";
import type { Everyone, OnProgress } from "./everyone.ts";

/**
 * The groups of these people. What takes no knowledge of all of them is asked for while they are still being read.
 *
 * @param mapped what is known of groups by name already
 * @param hidden why the org may have groups that the token doesn't show: a sentence
 * @returns by user id; nobody who is turned away whatever their groups are
 */
export async function readMemberships(
  org: OktaOrg,
  everyone: Everyone,
  setup: PreviewSetup,
  mapped: ReadonlyMap<string, readonly OktaGroup[]>,
  onProgress: OnProgress,
  hidden?: string,
): Promise<ReadonlyMap<string, KnownGroups>> {
  onProgress("Looking up the groups that decide …");
  const [named, conventional] = await Promise.all([namedGroups(org, setup, mapped), groupsOfConvention(org)]);
  const byConvention = conventional.filter(({ name }) => conventionRole(name) !== undefined);
  const relevant = [...new Map([...named, ...byConvention].map((group) => [group.id, group])).values()];
  const ruleIds = new Set([
    ...decidingRuleGroups(setup.policies, setup.clientId),
    ...signInRuleGroups(setup.signInPolicy),
  ]);
  const others = [...ruleIds].filter((id) => !relevant.some((group) => group.id === id));
  const isAble = (person: Person) => turnedAwayAtOnce(person, setup) === null;
  const able = async () => (await everyone.all()).filter(isAble);
  if (!(await everyone.moreThan(requests(relevant) + others.length, isAble))) {
    return groupsByUser(org, await able(), onProgress);
  }

  const members = memberLists(org, ruleIds, onProgress, hidden);
  const [matching, onePage] = await Promise.all([
    matchingGroups(org, setup.claims, conventional, (most) => everyone.moreThan(most, isAble)),
    fitsOnePage(org, setup),
    members.read(relevant).then(() => members.readRules(others)),
  ]);
  const undecided = (extent: Extent) => {
    const decided = onceEach((groups: readonly ClaimGroup[]) => decidable(groups, setup, extent));
    return (person: Person) => isAble(person) && !decided(members.groupsOf(person.id));
  };
  const extent: Extent = { known: "relevant", orgMatches: matching?.length ?? null, onePage };
  let isLeft = undecided(extent);
  let passing = seenValue(setup.claims)?.kind !== "filter";
  if (matching) {
    const unread = members.unread(matching);
    if (await everyone.moreThan(requests(unread), isLeft)) {
      await members.read(unread);
      isLeft = undecided({ ...extent, known: "passing" });
      passing = true;
    }
  }
  const people = await able();
  return byUser(org, people.filter(isLeft), members.known(people, passing), onProgress);
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
    const { all, firstPage, hidden } = await groupsOfUser(org, id);
    const ids = all.map((group) => group.id);
    known.set(id, { all: all.map(brief), firstPage, ids, passing: true, hidden });
    done += 1;
    if (done % 20 === 0) say();
  });
  return known;
}

// Descriptions of a hundred thousand memberships would be kept for nothing.
const brief = ({ id, name, type }: OktaGroup) => ({ id, name, type }) satisfies ClaimGroup;

/** How many requests it takes to read the members of these groups. */
function requests(groups: readonly OktaGroup[]): number {
  return groups.reduce((sum, { members = 0 }) => sum + Math.max(1, Math.ceil(members / pageSize)), 0);
}

/** What every group that has a role by its own name has in it, whatever its case. */
const convention = "akto";

/** The org's groups with that in their names, with how many members they have. */
async function groupsOfConvention(org: OktaOrg): Promise<readonly OktaGroup[]> {
  const found: OktaGroup[] = [];
  for await (const page of org.groupPages({ search: convention, members: true })) found.push(...page);
  return found;
}

/** The groups that an entry gives a role, with how many members they have. */
async function namedGroups(
  org: OktaOrg,
  { mapping, against }: PreviewSetup,
  mapped: ReadonlyMap<string, readonly OktaGroup[]>,
): Promise<OktaGroup[]> {
  const names = [...new Set([...mapping.keys(), ...(against?.keys() ?? [])])];
  const find = async (name: string) => mapped.get(name) ?? (await org.groupsNamed(name, { members: true }));
  return (await inTurns(names, find)).flat();
}

/**
 * The org's groups that the claim's filter lets through, with how many members they have.
 *
 * @returns `null` where there is no filter, or to list them took more requests than there are people
 */
async function matchingGroups(
  org: OktaOrg,
  claims: PreviewSetup["claims"],
  conventional: readonly OktaGroup[],
  areMoreThan: (most: number) => Promise<boolean>,
): Promise<OktaGroup[] | null> {
  const filter = seenValue(claims);
  if (filter?.kind !== "filter") return null;
  if (filter.search?.toLowerCase().includes(convention)) return conventional.filter(filter.passes);
  const matching: OktaGroup[] = [];
  let pages = 0;
  for await (const page of org.groupPages({ search: filter.search, members: true })) {
    matching.push(...page.filter(filter.passes));
    if (!(await areMoreThan(pages++))) return null;
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

/**
 * The members of groups, as they are read.
 *
 * @param ruleIds the groups that rules name
 */
function memberLists(org: OktaOrg, ruleIds: ReadonlySet<string>, onProgress: OnProgress, hiddenGroups?: string) {
  const groups = listsOf<ClaimGroup & { readonly id: string }>(({ id }) => id);
  const rules = listsOf<string>((id) => id);
  const read = new Set<string>();
  let hidden = hiddenGroups;
  const members = async (groupId: string, found: (userId: string) => void): Promise<boolean> => {
    let some = false;
    for await (const page of org.memberPages(groupId)) {
      some ||= page.length > 0;
      page.forEach(found);
    }
    return some;
  };

  return {
    groupsOf: (userId: string): readonly ClaimGroup[] => groups.of(userId),
    async read(these: readonly OktaGroup[]): Promise<void> {
      let done = 0;
      await inTurns(these, async (group) => {
        const known = brief(group);
        const isNamed = ruleIds.has(group.id);
        const some = await members(group.id, (userId) => {
          groups.add(userId, known);
          if (isNamed) rules.add(userId, group.id);
        });
        if (!some && (group.members ?? 0) > 0) {
          hidden ??= `Okta counts ${count(group.members ?? 0, "member")} of the group ${quoted(group.name)}, and this API token shows none: its owner may not see them.`;
        }
        read.add(group.id);
        done += 1;
        onProgress(`Reading members … ${done} of ${count(these.length, "group")}`);
      });
    },
    /** Of groups that nothing but rules name. */
    async readRules(groupIds: readonly string[]): Promise<void> {
      await inTurns(groupIds, (id) => members(id, (userId) => rules.add(userId, id)));
    },
    unread: (these: readonly OktaGroup[]) => these.filter(({ id }) => !read.has(id)),
    /** Who is in the same groups has the same object. */
    known(people: readonly Person[], passing: boolean): Map<string, KnownGroups> {
      const alike = onceEach((all: readonly ClaimGroup[]) =>
        onceEach((ids: readonly string[]): KnownGroups => ({ all, firstPage: all.length, ids, passing, hidden })),
      );
      const found = new Map<string, KnownGroups>();
      for (const { id } of people) found.set(id, alike(groups.of(id))(rules.of(id)));
      return found;
    },
  };
}

// Who is in more groups than this is hardly in the same ones as somebody else.
const mostAlike = 8;

/** A list for each user. Those that hold the same few things are one list, so that it is thought about once. */
function listsOf<Item>(keyOf: (item: Item) => string) {
  const none: readonly Item[] = [];
  const lists = new Map<string, Item[]>();
  const alike = new Map<string, readonly Item[]>();
  return {
    add(userId: string, item: Item): void {
      const list = lists.get(userId);
      if (list) list.push(item);
      else lists.set(userId, [item]);
    },
    /** What there is so far. */
    of(userId: string): readonly Item[] {
      const own = lists.get(userId);
      if (!own) return none;
      if (own.length > mostAlike) return own;
      const key = own.map(keyOf).join(" ");
      const list = alike.get(key) ?? [...own];
      alike.set(key, list);
      return list;
    },
  };
}
