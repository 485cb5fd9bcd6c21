/** What a report on a sign-in needs of Akto, whoever signs in. */
import { known, valueIn } from "../../core/evidence.ts";
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

/** What of a report's facts is the account's, whoever signs in. */
type AccountFacts = Pick<
  LoginFacts,
  | "mapping"
  | "mappingUnseen"
  | "mappingCopied"
  | "customRoles"
  | "customRolesUnseen"
  | "organizationDomain"
  | "domainWithoutSso"
>;

/** Those facts. */
export function accountFacts({ source, team, teamUnseen, token, org, ...facts }: Account): AccountFacts {
  return facts;
}

/** The account as Akto has it, or as the profile has it without a connection. */
export interface Account extends AccountFacts {
  readonly source: MappingAccess["source"];
  /** `undefined` without a connection to Akto, or where its key may not see the team. */
  readonly team: readonly TeamMember[] | undefined;
  /** Why the team isn't known, though Akto was asked: a sentence. */
  readonly teamUnseen?: string | undefined;
  readonly token: AktoTokenFact;
  /** The org to ask in Akto's place; `null` without an API token for it. */
  readonly org: OktaOrg | null;
}

const copied = "The mapping is the local copy: Akto wasn't asked whether it has the same.";

/** Reads it. Where Akto is connected and doesn't tell its mapping, that is thrown: its own is what counts. */
export async function readAccount(world: World): Promise<Account> {
  const { context, settings } = world;
  const connected = (await context.aktoIfAny(settings)) !== null;
  const [sso, customRoles, team, domain, token, org] = await Promise.all([
    world.sso(),
    world.customRoles(),
    world.team(),
    domainOf(world),
    world.aktoToken(),
    world.org(),
  ]);
  const rest = { ...domain, token: insist(token), org: valueIn(org) ?? null };
  if (connected) {
    const found = insist(sso);
    if (found.kind === "other") throw found.failure;
    const mapping = found.kind === "okta" ? found.sso.mapping : new Map<string, string>();
    return {
      source: "akto",
      mapping,
      customRoles: valueIn(customRoles) ?? [],
      customRolesUnseen: customRoles.known ? undefined : customRoles.why,
      team: valueIn(team),
      teamUnseen: team.known ? undefined : team.why,
      ...rest,
    };
  }
  const profile = await (await context.profiles()).read();
  const mapping = localCopy(profile, world.settings);
  const why = sso.known ? "" : ` ${sso.why}`;
  const mappingUnseen =
    profile.mapping === undefined ? `The mapping isn't known here: the profile has none.${why}` : undefined;
  return {
    source: "profile",
    mapping,
    mappingUnseen,
    mappingCopied: mappingUnseen === undefined ? copied : undefined,
    customRoles: profile.customRoles ?? [],
    team: undefined,
    ...rest,
  };
}

/**
 * The account's email domain. Akto never tells it, but sends whoever starts with an address of it to Okta: where it does
 * so for the domain of most of the team, that is the account's.
 */
async function domainOf(world: World): Promise<Pick<Account, "organizationDomain" | "domainWithoutSso">> {
  const domain = await world.organizationDomain();
  if (!domain.known || domain.grade !== "guessed") return { organizationDomain: domain };
  const start = valueIn(await world.startByEmail());
  if (start && leadsToOkta(start)) return { organizationDomain: known(domain.value, "seen") };
  const nowhere = start?.leads.kind === "nowhere";
  return { organizationDomain: domain, ...(nowhere && { domainWithoutSso: start.domain }) };
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
  if (userId === "") {
    return { kind: "unasked", message: "The Okta API can't be asked for groups: the token does not say whose it is." };
  }
  const { org, token } = account;
  if (!org) {
    return {
      kind: "unasked",
      message:
        "Akto asks Okta for the user's groups with the API token that it stores; there is no Okta API token here to ask with.",
      hint: "Give one in OKTA_CLIENT_TOKEN or --okta-token-file.",
    };
  }
  try {
    const names = await org.firstPageOfUserGroups(userId);
    // Everybody is in the group Everyone (Okta behavior).
    if (names.length === 0) {
      return {
        kind: "unasked",
        message:
          "This API token shows no group of the user, and everybody is in the group Everyone: its owner may not see groups.",
        hint: "Use the token of an admin who can see groups.",
      };
    }
    const shown = token.sees ? names.filter((name) => token.sees?.has(name)) : names;
    return { kind: "answered", names: shown, hidden: names.length - shown.length, assumed: token.state === "own" };
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // It is our token that was refused, and Akto asks with its own.
    return {
      kind: "unasked",
      message: `What the Okta API gives Akto can't be told: ${error.message}`,
      hint: "Check the token given here: is it still valid, can its owner see users and groups, is it limited to a network zone?",
    };
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
