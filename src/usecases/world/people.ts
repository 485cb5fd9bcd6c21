/** Facts about the people who may sign in, and about the groups that bring them a role or lose it. */
import { isKeptOut, rulesFor } from "../../core/access/policy.ts";
import { maySignIn } from "../../core/access/user-status.ts";
import { claimedValue } from "../../core/claim/claim.ts";
import { claimGroupLimit } from "../../core/claim/filter.ts";
import type { ClaimValue } from "../../core/claim/value.ts";
import type { Fact } from "../../core/evidence.ts";
import type { OktaApp, ServerClaim } from "../../core/model/okta.ts";
import { onceEach } from "../../core/once.ts";
import type { UnassignedGroup } from "../../core/picture.ts";
import { conventionRole } from "../../core/roles/resolve.ts";
import { count, quoted, thousands } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { everyoneIn } from "../everyone.ts";
import { inTurns } from "../in-turns.ts";
import { firstOf, mostGroups, type OrgFacts, type ServerFacts } from "./okta.ts";
import { fact, need, type Picture, Unseen } from "./read.ts";

// Like `mostGroups`: of a large org only this much is looked at.
const mostPeople = 1_000;
const mostPeopleAsked = 50;

/** What doctor looks at beside the settings. */
export type PeopleFacts = Pick<Picture, "people" | "unassigned" | "keptOut" | "conventions" | "reach" | "shadowed">;

/** The facts, each read when it is first asked for. Of a large org only a part is looked at, and they say so. */
export function peopleFacts(
  org: () => Promise<Fact<OktaOrg>>,
  { app, claims, policies, mappedGroups }: ServerFacts & OrgFacts,
  mapping: Picture["mapping"],
): PeopleFacts {
  const theApp = async (): Promise<OktaApp> => {
    const found = await need(app);
    if (found) return found;
    throw new Unseen("There is no such app in Okta.");
  };
  const people = fact(async () => {
    const { id, implicitAssignment } = await theApp();
    const okta = await need(org);
    const { items, complete } = await firstOf(implicitAssignment ? okta.users() : okta.apps.users(id), mostPeople);
    if (items.length === 0) await agreesOnNobody(okta, id, implicitAssignment);
    return { users: items.filter(({ status }) => maySignIn(status)), complete };
  });
  const groupsOf = onceEach(async (userId: string) => {
    const found = await (await need(org)).userGroups(userId);
    // Everybody is in Everyone (Okta behavior).
    if (found.length > 0) return found;
    throw new Unseen("This API token shows no group of a user: its owner may not see them.");
  });

  return {
    people,
    unassigned: fact(async (): Promise<UnassignedGroup[]> => {
      const okta = await need(org);
      const { id: appId, implicitAssignment } = await theApp();
      if (implicitAssignment) return [];
      const [{ users: assignedPeople, complete }, assigned, everyone] = await Promise.all([
        need(people),
        firstOf(okta.apps.groups(appId), mostGroups),
        everyoneIn(okta),
      ]);
      const direct = new Set(assigned.items.map(({ id }) => id));
      if (everyone && direct.has(everyone.id)) return [];
      if (!complete)
        throw new Unseen("Too many people are assigned to the app to compare them with the mapped groups.");
      const able = new Set(assignedPeople.map(({ id }) => id));
      const others = (await need(mappedGroups)).flatMap(({ name, groups }) =>
        groups.filter(({ id }) => !direct.has(id)).map(({ id, members = 0 }) => ({ id, name, members })),
      );
      const outside = await inTurns(others, async ({ id, name, members }) => {
        let some = false;
        // One is enough, and none is only said after all members were read.
        for await (const user of okta.groupUsers(id)) {
          some = true;
          if (maySignIn(user.status) && !able.has(user.id)) return [{ id, name, people: [user.name] }];
        }
        if (some || members === 0) return [];
        throw new Unseen(
          `Okta counts ${count(members, "member")} of the group ${quoted(name)}, and this API token shows none.`,
        );
      });
      return outside.flat();
    }),
    keptOut: fact(async () => {
      const { id: appId, clientId, implicitAssignment } = await theApp();
      const all = await need(policies);
      const excluded = new Set(rulesFor(all, clientId).flatMap(({ excludedUsers }) => excludedUsers));
      const out = [...excluded].filter((id) => isKeptOut(all, clientId, id)).slice(0, mostPeopleAsked);
      const okta = await need(org);
      const names = await inTurns(out, async (id): Promise<string[]> => {
        if (!implicitAssignment && !(await okta.apps.isAssigned(appId, id))) return [];
        const user = await okta.user(id);
        return user && maySignIn(user.status) ? [user.name] : [];
      });
      return names.flat();
    }, "predicted"),
    conventions: fact(async () => {
      const mapped = await need(mapping);
      const { items, complete } = await firstOf((await need(org)).groups({ search: "akto" }), mostGroups);
      const found = items.flatMap(({ name }) => {
        const role = mapped.has(name) ? undefined : conventionRole(name);
        return role === undefined ? [] : [{ name, role }];
      });
      if (found.length > 0 || complete) return found;
      throw new Unseen(
        `Over ${thousands(mostGroups)} groups have “akto” in their names, and none of those that were looked at gives a role by it.`,
      );
    }),
    reach: fact(async () => {
      const filter = readableValue(await need(claims));
      if (filter.kind === "constant")
        return { orgGroups: filter.names.length, usersOver: [], usersAsked: 0, complete: true };
      const { items } = await firstOf((await need(org)).groups({ search: filter.search }), mostGroups);
      const orgGroups = items.filter(filter.passes).length;
      if (orgGroups <= claimGroupLimit) return { orgGroups, usersOver: [], usersAsked: 0, complete: true };
      const { users, complete } = await need(people);
      const asked = users.slice(0, mostPeopleAsked);
      const counted = await inTurns(asked, async ({ id, name }) => ({
        name,
        groups: (await groupsOf(id)).filter(filter.passes).length,
      }));
      return {
        orgGroups,
        usersOver: counted.filter(({ groups }) => groups > claimGroupLimit),
        usersAsked: asked.length,
        complete: complete && asked.length === users.length,
      };
    }),
    shadowed: fact(async () => {
      const filter = readableValue(await need(claims));
      if (filter.kind === "constant") throw new Unseen("The claim holds the same names for everyone.");
      const keptOut = (await need(mappedGroups)).flatMap(({ name, groups }) =>
        groups.filter(({ type }) => !filter.passes({ name, type })).map(({ id }) => ({ id, name })),
      );
      const found = await inTurns(keptOut, async ({ id, name: group }) => {
        const { items, complete } = await firstOf((await need(org)).groupUsers(id), mostPeopleAsked);
        const people = await inTurns(items, async (user) => ({
          name: user.name,
          group,
          lost: (await groupsOf(user.id)).some(filter.passes),
        }));
        return { people: people.filter(({ lost }) => lost), complete };
      });
      return {
        people: found.flatMap(({ people }) => people.map(({ name, group }) => ({ name, group }))),
        complete: found.every(({ complete }) => complete),
      };
    }),
  };
}

// So many of the groups that an app is assigned to are asked for a member.
const mostAsked = 5;

/** @throws Unseen where the token shows nobody, though there must be somebody: it may not show who is there */
async function agreesOnNobody(okta: OktaOrg, appId: string, everybody: boolean): Promise<void> {
  if (everybody) throw new Unseen("This API token shows no user of the org at all: its owner may not see them.");
  const { items } = await firstOf(okta.apps.groups(appId), mostAsked);
  for (const { id, name } of items) {
    for await (const _ of okta.groupUsers(id)) {
      throw new Unseen(
        `This API token shows nobody who is assigned to the app, though the app is assigned to ${quoted(name ?? id)}, which has members.`,
      );
    }
  }
}

/** What the claim that Akto reads does with a user's groups, where that can be told here. */
function readableValue(claims: readonly ServerClaim[] | null): Extract<ClaimValue, { kind: "filter" | "constant" }> {
  const value = claimedValue(claims);
  if (!value) throw new Unseen("There is no claim that Akto reads.");
  if (value.kind === "filter" || value.kind === "constant") return value;
  throw new Unseen("Only Okta can evaluate the claim.");
}
