/** Facts that the Okta org tells by its API token: the token, the app, the authorization server, groups and people. */
import type { Context } from "../../context.ts";
import { findGroupsClaim, type ServerClaim } from "../../core/claim.ts";
import { claimGroupLimit } from "../../core/claim-filter.ts";
import { claimValue } from "../../core/claim-value.ts";
import type { MappedGroup, ServerFact, TokenFact } from "../../core/doctor/facts.ts";
import { isFailure } from "../../core/failure.ts";
import { signInStatuses } from "../../core/preview.ts";
import { suggestNames } from "../../core/similar.ts";
import type { OktaGroup, OktaOrg } from "../../okta/types.ts";
import type { Settings } from "../../settings.ts";
import { inTurns } from "../in-turns.ts";
import { type AktoFacts, needed } from "./akto-facts.ts";
import { type Gatherers, once, Unknown } from "./source.ts";

// Of a large org only this much is looked at: the checks are for traps, `login preview` is for everyone.
const mostGroups = 5_000;
const mostPeople = 1_000;
const mostPeopleAsked = 50;

type OktaFacts = Pick<
  Gatherers,
  "oktaToken" | "app" | "server" | "claims" | "policies" | "mappedGroups" | "people" | "reach" | "shadowed"
>;

export function oktaFacts(context: Context, settings: Settings, akto: AktoFacts): OktaFacts {
  const org = once(async (): Promise<OktaOrg> => {
    const found = await context.oktaIfAny(settings);
    if (found) return found;
    const token = await settings.secret("oktaToken");
    if (token === undefined) throw new Unknown(`There is no ${needed("oktaToken")}.`);
    return context.oktaWith(await akto.domain(), token);
  });

  const app = once(async () => (await org()).apps.byClientId((await akto.setup()).clientId));
  const server = once(async (): Promise<ServerFact> => {
    try {
      const found = await (await org()).authServers.byId((await akto.setup()).authServerId);
      return found ? { kind: "found", id: found.id, active: found.active } : { kind: "missing" };
    } catch (error) {
      if (isFailure(error, "okta.feature_missing")) return { kind: "not_in_plan" };
      throw error;
    }
  });
  const serverId = async () => {
    const found = await server();
    if (found.kind === "found") return found.id;
    throw new Unknown(
      found.kind === "missing"
        ? "The org has no such authorization server."
        : "Without API Access Management the org does not show its authorization servers.",
    );
  };
  const claims = once(async () => (await org()).authServers.claims(await serverId()));

  const users = once(async () => {
    const found = await app();
    if (!found) throw new Unknown("There is no such app in Okta.");
    const { items, complete } = await firstOf((await org()).apps.users(found.id), mostPeople);
    return { users: items.filter(({ status }) => signInStatuses.has(status)), complete };
  });
  const groupsOf = keyed(async (userId) => (await org()).userGroups(userId));
  const allNames = once(async () => {
    const { items } = await firstOf((await org()).groups(), mostGroups);
    return items.map(({ name }) => name);
  });

  const mappedGroups = once(async (): Promise<MappedGroup[]> => {
    const asked = await org();
    return inTurns([...(await akto.mapping()).keys()], async (name) => {
      const groups = await asked.groupsNamed(name, { members: true });
      return {
        name,
        groups: groups.map(({ id, type, members = null }) => ({ id, type, members })),
        suggestions: groups.length === 0 ? suggestNames(name, await allNames(), 1) : [],
      };
    });
  });

  return {
    app,
    server,
    claims,
    mappedGroups,
    oktaToken: async () => tokenFact(await org()),
    policies: async () => (await org()).authServers.policies(await serverId()),
    people: async () => {
      const { users: people, complete } = await users();
      return { users: people.map(({ name, email }) => ({ name, email: email || null })), complete };
    },
    reach: async () => {
      const filter = filterOf(await claims());
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
      const filter = filterOf(await claims());
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

async function tokenFact(org: OktaOrg): Promise<TokenFact> {
  try {
    const owner = await org.whoAmI();
    const [info, seesGroups] = await Promise.all([org.tokenInfo(), maySeeGroups(org)]);
    return {
      state: "accepted",
      message: `Okta takes the API token, which is ${owner.login}'s.`,
      hint: undefined,
      info: info && {
        name: info.name,
        expiresInDays:
          info.expiresAt === null ? null : Math.floor((Date.parse(info.expiresAt) - Date.now()) / 86_400_000),
        network: info.network,
      },
      seesGroups,
    };
  } catch (error) {
    if (!isFailure(error) || error.kind !== "auth") throw error;
    return { state: "refused", message: error.message, hint: error.hint, info: null, seesGroups: null };
  }
}

async function maySeeGroups(org: OktaOrg): Promise<boolean> {
  try {
    for await (const _ of org.groups()) return true;
    // Every org has a group at least, Everyone: who sees none may not see any.
    return false;
  } catch (error) {
    if (isFailure(error) && error.kind === "auth") return false;
    throw error;
  }
}

type ReadableFilter =
  | { readonly kind: "constant"; readonly names: readonly string[] }
  | {
      readonly kind: "filter";
      readonly passes: (group: Pick<OktaGroup, "name" | "type">) => boolean;
      readonly search: string | undefined;
    };

/** The filter of the claim that Akto reads, and a text that every group which passes has in its name. */
function filterOf(claims: readonly ServerClaim[]): ReadableFilter {
  const found = findGroupsClaim(claims);
  if (found.kind === "missing") throw new Unknown("There is no claim that Akto reads.");
  const value = claimValue(found.claim);
  if (value.kind === "constant") return value;
  if (value.kind !== "filter") throw new Unknown("Only Okta can evaluate the claim.");
  const plain = found.claim.valueType === "GROUPS" && found.claim.groupFilterType !== "REGEX";
  return { kind: "filter", passes: value.passes, search: plain ? found.claim.value : undefined };
}

/** The first items of a list, and whether there were no more. */
async function firstOf<Item>(list: AsyncIterable<Item>, most: number): Promise<{ items: Item[]; complete: boolean }> {
  const items: Item[] = [];
  for await (const item of list) {
    if (items.length === most) return { items, complete: false };
    items.push(item);
  }
  return { items, complete: true };
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
