/** What a report on a sign-in needs of Akto, whoever signs in. */
import { type Fact, known, valueIn } from "../../core/evidence.ts";
import { canGoOn } from "../../core/failure.ts";
import type { ApiGroups, LoginFacts } from "../../core/login/facts.ts";
import type { PathSetup } from "../../core/login/simulate.ts";
import type { TeamMember } from "../../core/model/akto.ts";
import { type AktoTokenFact, leadsToOkta, type SetupFact } from "../../core/picture.ts";
import { readGroupsClaim } from "../../core/roles/resolve.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { localCopy } from "../mapping/local-copy.ts";
import type { MappingAccess } from "../mapping/mapping.ts";
import { insist } from "../world/read.ts";
import type { World } from "../world/world.ts";

/** The account as Akto has it, or as the profile has it without a connection. */
export interface Account extends Pick<LoginFacts, "mapping" | "customRoles" | "organizationDomain"> {
  readonly source: MappingAccess["source"];
  /** `undefined` without a connection to Akto. */
  readonly team: readonly TeamMember[] | undefined;
  readonly token: AktoTokenFact;
  /** The org to ask in Akto's place; `null` without an API token for it. */
  readonly org: OktaOrg | null;
}

/** Reads it. Where Akto is connected, what it refuses is thrown: its own mapping is what counts. */
export async function readAccount(world: World): Promise<Account> {
  const { context, settings } = world;
  const connected = (await context.aktoIfAny(settings)) !== null;
  const [sso, customRoles, team, organizationDomain, token, org] = await Promise.all([
    world.sso(),
    world.customRoles(),
    world.team(),
    organizationDomainOf(world),
    world.aktoToken(),
    world.org(),
  ]);
  const rest = { organizationDomain, token: insist(token), org: valueIn(org) ?? null };
  if (connected) {
    const found = insist(sso);
    if (found.kind === "other") throw found.failure;
    const mapping = found.kind === "okta" ? found.sso.mapping : new Map<string, string>();
    return { source: "akto", mapping, customRoles: insist(customRoles), team: insist(team), ...rest };
  }
  const profile = await (await context.profiles()).read();
  const mapping = localCopy(profile, world.settings);
  return { source: "profile", mapping, customRoles: profile.customRoles ?? [], team: undefined, ...rest };
}

/**
 * The account's email domain. Akto never tells it, but sends whoever starts with an address of it to Okta: where it does
 * so for the domain of most of the team, that is the account's.
 */
async function organizationDomainOf(world: World): Promise<Fact<string>> {
  const domain = await world.organizationDomain();
  if (!domain.known || domain.grade !== "guessed") return domain;
  const start = valueIn(await world.startByEmail());
  return start && leadsToOkta(start) ? known(domain.value, "seen") : domain;
}

/** Whether Akto gets an answer when it asks Okta for a user's groups, and what it sees. */
export function aktoAsks({ token, org }: Pick<Account, "token" | "org">): Pick<PathSetup, "aktoHasToken" | "aktoSees"> {
  return { aktoHasToken: token.state === "works" || (token.state === "own" && org !== null), aktoSees: token.sees };
}

/** What comes of it where Akto gets none. */
export function unanswered({ token }: Account): ApiGroups {
  return token.state === "refused"
    ? {
        kind: "failed",
        message: "Okta refuses the API token that Akto stores, or doesn't answer.",
      }
    : { kind: "no_token" };
}

/** The groups by API token, exactly when Akto asks for them: only if the access token brought none. */
export async function apiGroups(account: Account, accessToken: string, userId: string): Promise<ApiGroups> {
  if (readGroupsClaim(accessToken).kind === "groups") return { kind: "not_needed" };
  if (!aktoAsks(account).aktoHasToken) return unanswered(account);
  if (userId === "") return { kind: "failed", message: "The token does not say whose it is." };
  const { org, token } = account;
  if (!org) return { kind: "failed", message: "Akto stores an API token, but this tool has none to ask with." };
  try {
    const names = await org.firstPageOfUserGroups(userId);
    const shown = token.sees ? names.filter((name) => token.sees?.has(name)) : names;
    return { kind: "answered", names: shown, hidden: names.length - shown.length, assumed: token.state === "own" };
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return { kind: "failed", message: error.message };
  }
}

/** Where the settings here speak of another sign-on than Akto does, in words. */
export async function differencesToAkto(world: World): Promise<readonly string[]> {
  const sso = valueIn(await world.sso());
  return sso?.kind === "okta" ? sso.differences : [];
}

/** Whether somebody who signs in with the client of the settings signs in with Akto's, at Akto's server. */
export async function signsInAsAkto(world: World): Promise<boolean> {
  const setup: SetupFact | undefined = valueIn(await world.setup());
  const { clientId, authServerId } = world.settings;
  return setup !== undefined && setup.clientId === clientId && setup.authServerId === authServerId;
}
