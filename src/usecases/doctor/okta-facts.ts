/** Facts that the Okta org tells by its API token: the token, the app, the authorization server, the mapped groups. */
import type { Context } from "../../context.ts";
import { parseAuthServerId } from "../../core/address.ts";
import type { MappedGroup, ServerFact, TokenFact } from "../../core/doctor/facts.ts";
import { isFailure } from "../../core/failure.ts";
import { once } from "../../core/once.ts";
import { suggestNames } from "../../core/similar.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Settings } from "../../settings.ts";
import { inTurns } from "../in-turns.ts";
import { type AktoFacts, needed } from "./akto-facts.ts";
import { type Gatherers, Unknown } from "./source.ts";

// Of a large org only this much is looked at: the checks are for traps, `login preview` is for everyone.
export const mostGroups = 5_000;

/** The facts, and what the facts about people go on from. */
export interface OktaFacts
  extends Pick<Gatherers, "oktaToken" | "app" | "server" | "claims" | "policies" | "mappedGroups"> {
  readonly org: () => Promise<OktaOrg>;
}

/** Gathers them, each once, from the org that the setup names. */
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
      const id = parseAuthServerId((await akto.setup()).authServerId);
      const found = await (await org()).authServers.byId(id);
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
    org,
    app,
    server,
    claims,
    mappedGroups,
    oktaToken: async () => tokenFact(await org()),
    policies: async () => (await org()).authServers.policies(await serverId()),
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
    if (!isFailure(error) || !["auth", "unavailable"].includes(error.kind)) throw error;
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

/** The first items of a list, and whether there were no more. */
export async function firstOf<Item>(
  list: AsyncIterable<Item>,
  most: number,
): Promise<{ items: Item[]; complete: boolean }> {
  const items: Item[] = [];
  for await (const item of list) {
    if (items.length === most) return { items, complete: false };
    items.push(item);
  }
  return { items, complete: true };
}
