/** Facts about the people who may sign in, and about the groups that bring them a role or lose it. */

import { maySignIn } from "../../core/access/user-status.ts";
import { claimedValue } from "../../core/claim/claim.ts";
import { claimGroupLimit } from "../../core/claim/filter.ts";
import type { ClaimValue } from "../../core/claim/value.ts";
import type { UnassignedGroup } from "../../core/doctor/facts.ts";
import type { ServerClaim } from "../../core/model/okta.ts";
import { once } from "../../core/once.ts";
import { conventionRole } from "../../core/roles/resolve.ts";
import { inTurns } from "../in-turns.ts";
import type { AktoFacts } from "./akto-facts.ts";
import { firstOf, mostGroups, type OktaFacts } from "./okta-facts.ts";
import { type Gatherers, Unknown } from "./source.ts";

// Like `mostGroups`: of a large org only this much is looked at.
const mostPeople = 1_000;
const mostPeopleAsked = 50;

type PeopleFacts = Pick<Gatherers, "people" | "unassigned" | "conventions" | "reach" | "shadowed">;

/** Gathers them. Of a large org only a part is looked at, and the facts say so. */
export function peopleFacts({ org, app, claims, mappedGroups }: OktaFacts, akto: AktoFacts): PeopleFacts {
  const users = once(async () => {
    const found = await app();
    if (!found) throw new Unknown("There is no such app in Okta.");
    const { items, complete } = await firstOf((await org()).apps.users(found.id), mostPeople);
    return { users: items.filter(({ status }) => maySignIn(status)), complete };
  });
  const groupsOf = keyed(async (userId) => (await org()).userGroups(userId));
  const unassigned = async (): Promise<UnassignedGroup[]> => {
    const found = await app();
    if (!found) throw new Unknown("There is no such app in Okta.");
    const okta = await org();
    const [{ users: people, complete }, assigned, everyone] = await Promise.all([
      users(),
      firstOf(okta.apps.groups(found.id), mostGroups),
      okta.groupsNamed("Everyone"),
    ]);
    const direct = new Set(assigned.items.map(({ id }) => id));
    if (everyone.some(({ id, type }) => type === "BUILT_IN" && direct.has(id))) return [];
    if (!complete) throw new Unknown("Too many people are assigned to the app to compare them with the mapped groups.");
    const able = new Set(people.map(({ id }) => id));
    const others = (await mappedGroups()).flatMap(({ name, groups }) =>
      groups.filter(({ id }) => !direct.has(id)).map(({ id }) => ({ id, name })),
    );
    const outside = await inTurns(others, async ({ id, name }) => {
      const { items } = await firstOf(okta.groupUsers(id), mostPeople);
      const people = items.filter((user) => maySignIn(user.status) && !able.has(user.id));
      return { id, name, people: people.map((user) => user.name) };
    });
    return outside.filter(({ people }) => people.length > 0);
  };

  return {
    unassigned,
    conventions: async () => {
      const mapping = await akto.mapping();
      const { items } = await firstOf((await org()).groups({ search: "akto" }), mostGroups);
      return items.flatMap(({ name }) => {
        const role = mapping.has(name) ? undefined : conventionRole(name);
        return role === undefined ? [] : [{ name, role }];
      });
    },
    people: async () => {
      const { users: people, complete } = await users();
      return { users: people.map(({ name, email }) => ({ name, email: email || null })), complete };
    },
    reach: async () => {
      const filter = readableValue(await claims());
      if (filter.kind === "constant")
        return { orgGroups: filter.names.length, usersOver: [], usersAsked: 0, complete: true };
      const { items } = await firstOf((await org()).groups({ search: filter.search }), mostGroups);
      const orgGroups = items.filter(filter.passes).length;
      if (orgGroups <= claimGroupLimit) return { orgGroups, usersOver: [], usersAsked: 0, complete: true };
      const { users: people, complete } = await users();
      const asked = people.slice(0, mostPeopleAsked);
      const counted = await inTurns(asked, async ({ id, name }) => ({
        name,
        groups: (await groupsOf(id)).filter(filter.passes).length,
      }));
      return {
        orgGroups,
        usersOver: counted.filter(({ groups }) => groups > claimGroupLimit),
        usersAsked: asked.length,
        complete: complete && asked.length === people.length,
      };
    },
    shadowed: async () => {
      const filter = readableValue(await claims());
      if (filter.kind === "constant") throw new Unknown("The claim holds the same names for everyone.");
      const keptOut = (await mappedGroups()).flatMap(({ name, groups }) =>
        groups.filter(({ type }) => !filter.passes({ name, type })).map(({ id }) => ({ id, name })),
      );
      const found = await inTurns(keptOut, async ({ id, name: group }) => {
        const { items, complete } = await firstOf((await org()).groupUsers(id), mostPeopleAsked);
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
    },
  };
}

/** What the claim that Akto reads does with a user's groups, where that can be told here. */
function readableValue(claims: readonly ServerClaim[]): Extract<ClaimValue, { kind: "filter" | "constant" }> {
  const value = claimedValue(claims);
  if (!value) throw new Unknown("There is no claim that Akto reads.");
  if (value.kind === "filter" || value.kind === "constant") return value;
  throw new Unknown("Only Okta can evaluate the claim.");
}

function keyed<Value>(make: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const made = new Map<string, Promise<Value>>();
  return (key) => {
    let value = made.get(key);
    if (!value) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}
