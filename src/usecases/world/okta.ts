/** Facts that the Okta org tells by its API token: the token, the app, the authorization server, the mapped groups. */
import { parseAuthServerId } from "../../core/address.ts";
import { type Fact, valueIn } from "../../core/evidence.ts";
import { type Failure, isFailure } from "../../core/failure.ts";
import { isAtServer, serverNames } from "../../core/history/sign-ins.ts";
import type { ApiTokenSight } from "../../core/model/okta.ts";
import { once } from "../../core/once.ts";
import type { Facts, GroupSight, MappedGroup, RecentFact, ServerFact, TokenFact } from "../../core/picture.ts";
import { suggestNames } from "../../core/similar.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { everyoneIn } from "../everyone.ts";
import { readSignIns } from "../history/sign-ins.ts";
import { inTurns } from "../in-turns.ts";
import { fact, graded, need, type Picture, Unseen } from "./read.ts";

// Of a large org only this much is looked at: the checks are for traps, `login preview` is for everyone.
export const mostGroups = 5_000;
const mostSignIns = 500;

/** What the org tells of Akto's client and server. */
export type ServerFacts = Pick<Picture, "app" | "signInPolicy" | "recentSignIns" | "server" | "claims" | "policies">;

/** What Okta's sign-in endpoints tell without a token, where they can be asked. */
export type Endpoints = Pick<Picture, "issuer" | "probe">;

/** Whose app and server they are. */
export type Place = Pick<Facts["setup"], "clientId" | "authServerId">;

/**
 * The app, the authorization server, its claims and its policies, each read when it is first asked for. What the token
 * doesn't show may be there all the same: only the endpoints, asked without one, can tell that it is not.
 *
 * @param endpoints `null` where they can't be asked
 */
export function serverFacts(
  org: () => Promise<Fact<OktaOrg>>,
  place: () => Promise<Place>,
  endpoints: Endpoints | null,
): ServerFacts {
  const server = fact(async (): Promise<ServerFact> => {
    const id = parseAuthServerId((await place()).authServerId);
    try {
      const found = await (await need(org)).authServers.byId(id);
      if (found) return { kind: "found", server: found };
    } catch (error) {
      if (isFailure(error, "okta.feature_missing")) return { kind: "not_in_plan" };
      throw error;
    }
    const issuer = await endpoints?.issuer();
    if (issuer?.known && issuer.value.kind === "failed" && issuer.value.absent) return { kind: "missing" };
    throw new Unseen(
      issuer?.known && issuer.value.kind !== "failed"
        ? `This API token can't see the authorization server ${quoted(id)}, which answers: it may belong to an admin with limited rights.`
        : `This API token shows no authorization server ${quoted(id)}: there is none, or an admin with limited rights owns the token.`,
    );
  });
  /** Reads something of the server. */
  const within = async <Value>(
    what: string,
    read: (authServers: OktaOrg["authServers"], id: string) => Promise<Value>,
  ) => {
    const id = parseAuthServerId((await place()).authServerId);
    try {
      return await read((await need(org)).authServers, id);
    } catch (error) {
      if (!isFailure(error, "okta.not_found") && !isFailure(error, "okta.token_powerless")) throw error;
      const found = await server();
      if (found.known && found.value.kind === "missing") throw new Unseen("The org has no such authorization server.");
      throw new Unseen(
        `The ${what} of the authorization server can't be seen with this API token: ${error.message}`,
        error,
      );
    }
  };

  /** Whether a server may have no access policy: unless Okta itself says so, it is a sign of a token that sees none. */
  const mayLackPolicies = async () => endpoints === null || valueIn(await endpoints.probe())?.kind === "access_denied";

  const app = fact(async () => {
    const { clientId } = await place();
    const found = await (await need(org)).apps.byClientId(clientId);
    if (found) return found;
    const probe = await endpoints?.probe();
    // Okta itself says it, whoever asks.
    if (probe?.known && probe.value.kind === "wrong_client") return graded(null, "seen");
    throw new Unseen(
      probe?.known
        ? `This API token can't see the app: Okta knows the client ${quoted(clientId)}, and shows no app with it.`
        : `This API token shows no app with the client id ${quoted(clientId)}: there is none, or an admin with limited rights owns the token.`,
    );
  });

  return {
    server,
    app,
    recentSignIns: fact(async (): Promise<RecentFact> => {
      const { clientId } = await place();
      const now = new Date();
      const window = { since: new Date(now.getTime() - 24 * 3600_000), until: now, open: true };
      const about = { clientId, appId: valueIn(await app())?.id ?? clientId };
      const { signIns } = await readSignIns(await need(org), about, { window, limit: mostSignIns });
      // What nobody signed in for is an app's own try, this tool's too.
      const names = serverNames((await place()).authServerId, valueIn(await server()));
      return { signIns: signIns.filter((one) => one.user !== null && isAtServer(one, names)), now };
    }, "recorded"),
    signInPolicy: fact(async () => {
      const found = await need(app);
      if (!found) throw new Unseen("There is no such app in Okta.");
      // Not that it has none: the Classic Engine's sign-on rules have no API (Okta behavior).
      if (found.signInPolicyId === null) {
        throw new Unseen(
          "Okta shows no authentication policy for the app: in an org of the Classic Engine the rules are on the app's Sign On tab, where this tool can't read them.",
        );
      }
      const unseen = "The app's authentication policy can't be seen with this API token";
      try {
        const policy = await (await need(org)).signInPolicies.byId(found.signInPolicyId);
        if (policy) return policy;
      } catch (error) {
        if (isFailure(error, "okta.token_powerless")) throw new Unseen(`${unseen}: ${error.message}`, error);
        throw error;
      }
      throw new Unseen(`${unseen}.`);
    }),
    claims: fact(async () => {
      try {
        const found = await within("claims", (authServers, id) => authServers.claims(id));
        // Every server has claims of Okta's own, such as "sub" (Okta behavior).
        if (found.length > 0) return found;
        throw new Unseen(
          "This API token shows no claim of the authorization server, and every one has some of Okta's own: its owner may not see them.",
        );
      } catch (error) {
        if (isFailure(error, "okta.feature_missing")) return null;
        throw error;
      }
    }),
    policies: fact(async () => {
      try {
        const found = await within("access policies", (authServers, id) => authServers.policies(id));
        if (found.length > 0 || (await mayLackPolicies())) return found;
        throw new Unseen(
          "This API token shows no access policy of the authorization server: there is none, or its owner may not see them.",
        );
      } catch (error) {
        if (!isFailure(error, "okta.feature_missing")) throw error;
        throw new Unseen("Without API Access Management the org doesn't show its access policies.", error);
      }
    }),
  };
}

/** What the org tells of its groups and of the token. */
export type OrgFacts = Pick<Picture, "oktaToken" | "groupSight" | "mappedGroups">;

/** Those facts, each read when it is first asked for. */
export function orgFacts(org: () => Promise<Fact<OktaOrg>>, mapping: Picture["mapping"]): OrgFacts {
  const allNames = once(async () => {
    const { items } = await firstOf((await need(org)).groups(), mostGroups);
    return items.map(({ name }) => name);
  });
  const sight = fact(async () => groupSight(await need(org)));
  return {
    oktaToken: fact(async () => tokenFact(await need(org)), "seen"),
    groupSight: sight,
    mappedGroups: fact(async () => {
      const asked = await need(org);
      const names = [...(await need(mapping)).keys()];
      const found = await inTurns(names, async (name): Promise<MappedGroup> => {
        const groups = await asked.groupsNamed(name, { members: true });
        return { name, groups, suggestions: groups.length === 0 ? suggestNames(name, await allNames(), 1) : [] };
      });
      if (found.some(({ groups }) => groups.length === 0) && (await need(sight)) === "none")
        throw new Unseen(seesNoGroup);
      return found;
    }),
  };
}

async function tokenFact(org: OktaOrg): Promise<TokenFact> {
  try {
    const { login } = await org.whoAmI();
    const message = `Okta accepts the API token, which is ${login}'s.`;
    const sight = await tokenSight(org);
    if (sight.kind !== "seen") return { state: "accepted", message, hint: undefined, info: sight };
    const { name, expiresAt, network } = sight.info;
    const expiresInDays = expiresAt === null ? null : Math.floor((Date.parse(expiresAt) - Date.now()) / 86_400_000);
    return { state: "accepted", message, hint: undefined, info: { kind: "seen", name, expiresInDays, network } };
  } catch (error) {
    if (!isFailure(error)) throw error;
    // What it may not do, it was taken for: a service app's has no user (Okta behavior).
    if (error.code === "okta.token_powerless") {
      const message = "Okta accepts the API token, and doesn't show whose it is.";
      return { state: "accepted", message, hint: undefined, info: { kind: "hidden" } };
    }
    if (!tellsRefusal(error)) throw error;
    return { state: "refused", message: error.message, hint: error.hint, info: { kind: "hidden" } };
  }
}

/**
 * Whether a failure says that a credential isn't taken, or that nobody is there to take it. An answer that doesn't name its
 * cause, such as a proxy's page or a service's own failure, says neither.
 */
export function tellsRefusal({ kind, code }: Failure): boolean {
  return kind === "auth" || (kind === "unavailable" && (code.startsWith("http.") || code === "akto.not_found"));
}

/** What the list of tokens shows of this one. That the list can't be had says nothing against the token itself. */
async function tokenSight(org: OktaOrg): Promise<ApiTokenSight> {
  try {
    return await org.tokenInfo();
  } catch (error) {
    if (!isFailure(error) || error.kind !== "unavailable") throw error;
    return { kind: "hidden" };
  }
}

/** Which of the org's groups the token shows. */
export async function groupSight(org: OktaOrg): Promise<GroupSight> {
  try {
    if (await everyoneIn(org)) return "all";
    for await (const _ of org.groups()) return "some";
  } catch (error) {
    if (!isFailure(error, "okta.token_powerless")) throw error;
  }
  return "none";
}

/** Why nothing can be said of groups with a token that shows none. */
export const seesNoGroup =
  "This API token can't see groups: every org has the group Everyone, and the token shows none at all.";

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
