/** Facts that a report on a sign-in needs, whether somebody signed in or not. */

import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { organisationDomain } from "../../core/email-domain.ts";
import { canGoOn, isFailure } from "../../core/failure.ts";
import type { ApiGroups } from "../../core/login/facts.ts";
import type { NotLookedAt } from "../../core/login/okta-side.ts";
import type { Membership } from "../../core/login/report.ts";
import type { AktoSso, CustomRole, Mapping, TeamMember } from "../../core/model/akto.ts";
import { readGroupsClaim } from "../../core/roles/resolve.ts";
import { pageSize } from "../../okta/connection.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Settings } from "../../settings.ts";
import { type MappingAccess, openMapping } from "../mapping/mapping.ts";

/** What Akto and the profile say, whoever signs in. */
export interface LoginSetup {
  readonly source: MappingAccess["source"];
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
  /** `null` without a connection to Akto, or without an SSO there. */
  readonly sso: AktoSso | null;
  /** `undefined` without a connection to Akto. */
  readonly team: readonly TeamMember[] | undefined;
  /** The e-mail domain that Akto lets in: the given one, else what its team tells. */
  readonly organisationDomain: string | null;
  readonly domainToldByTeam: boolean;
  readonly aktoToken: AktoToken;
  /** The names of the groups that this token shows to Akto; `undefined` where it shows all, or that isn't known. */
  readonly aktoSees: ReadonlySet<string> | undefined;
}

/** The API token with which Akto asks Okta for groups; `own` stands for our own where Akto can't be asked about its. */
export type AktoToken = "works" | "refused" | "none" | "own";

/** Reads what a sign-in depends on beside the user. Throws what Akto throws. */
export async function loginSetup(
  context: Context,
  settings: Settings,
  givenDomain: string | undefined,
): Promise<LoginSetup> {
  const dashboard = await context.aktoIfAny(settings);
  const [{ source, sso, mapping, customRoles }, team] = await Promise.all([
    openMapping(context, settings),
    dashboard?.team(),
  ]);
  const told = team ? organisationDomain(team.filter(({ invited }) => !invited).map(({ login }) => login)) : null;
  return {
    source,
    mapping,
    customRoles: customRoles ?? [],
    sso,
    team,
    organisationDomain: givenDomain ?? told,
    domainToldByTeam: givenDomain === undefined && told !== null,
    ...(await tokenOf(dashboard, sso)),
  };
}

async function tokenOf(
  dashboard: AktoDashboard | null,
  sso: AktoSso | null,
): Promise<Pick<LoginSetup, "aktoToken" | "aktoSees">> {
  if (!dashboard || !sso) return { aktoToken: "own", aktoSees: undefined };
  if (!sso.hasManagementApiToken) return { aktoToken: "none", aktoSees: undefined };
  try {
    const names = await dashboard.fetchGroups();
    // Every org has a group, Everyone: Akto sees none when Okta refuses its token (Akto behaviour).
    if (names.length === 0) return { aktoToken: "refused", aktoSees: undefined };
    // A longer list may end where Okta's first page does, beyond which Akto does not read.
    return { aktoToken: "works", aktoSees: names.length < pageSize ? new Set(names) : undefined };
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return { aktoToken: "works", aktoSees: undefined };
  }
}

/** Whether Akto gets an answer when it asks Okta for a user's groups. */
export function aktoCanAsk({ aktoToken }: LoginSetup, org: OktaOrg | null): boolean {
  return aktoToken === "works" || (aktoToken === "own" && org !== null);
}

/** What comes of it where Akto can't. */
export function unanswered({ aktoToken }: LoginSetup): ApiGroups {
  return aktoToken === "refused"
    ? { kind: "failed", message: "Okta refuses the API token that Akto keeps." }
    : { kind: "no_token" };
}

/** A setting as Akto has it, unless a flag or the environment says otherwise. */
export async function asInAkto(
  settings: Settings,
  name: "clientId" | "authServerId",
  sso: AktoSso | null,
): Promise<string | undefined> {
  const origin = await settings.origin(name);
  if (origin === "flag" || origin === "environment") return settings[name];
  return (name === "clientId" ? sso?.clientId : sso?.authorisationServerId) || settings[name];
}

/**
 * What the team says of a user.
 *
 * @param team `undefined` without a connection to Akto
 */
export function membershipOf(team: readonly TeamMember[] | undefined, email: string | null): Membership {
  if (!team) return { kind: "unknown" };
  const member = team.find(({ login }) => login.toLowerCase() === (email ?? "").toLowerCase());
  if (!member) return { kind: "new" };
  const { invited, storedRole, scopedRoles } = member;
  return invited ? { kind: "invited" } : { kind: "member", storedRole, scopedRoles };
}

/** Okta's answer to us, as Akto would get it with its own token. */
function answered(names: readonly string[], { aktoSees, aktoToken }: LoginSetup): ApiGroups {
  const shown = aktoSees ? names.filter((name) => aktoSees.has(name)) : names;
  return { kind: "answered", names: shown, hidden: names.length - shown.length, assumed: aktoToken === "own" };
}

/** The groups by API token, exactly when Akto asks for them: only if the access token brought none. */
export async function apiGroups(
  org: OktaOrg | null,
  setup: LoginSetup,
  accessToken: string,
  userId: string,
): Promise<ApiGroups> {
  if (readGroupsClaim(accessToken).kind === "groups") return { kind: "not_needed" };
  if (!aktoCanAsk(setup, org)) return unanswered(setup);
  if (userId === "") return { kind: "failed", message: "The token does not say whose it is." };
  if (!org) return { kind: "failed", message: "Akto stores an API token, but this tool has none to ask with." };
  try {
    return answered(await org.firstPageOfUserGroups(userId), setup);
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return { kind: "failed", message: error.message };
  }
}

// What an API token may not see, or an org doesn't have: it says nothing about the sign-in.
const outOfSight = new Set(["okta.token_powerless", "okta.feature_missing", "okta.not_found"]);

/** What Okta answers, or why it couldn't be looked at. */
export async function ifInSight<Value>(what: string, ask: () => Promise<Value>): Promise<Value | NotLookedAt> {
  try {
    return await ask();
  } catch (error) {
    if (!isFailure(error) || !outOfSight.has(error.code)) throw error;
    return { kind: "unknown", why: `${what} not looked at: ${error.message}` };
  }
}

/** The server's claims, none where there is no such server; `null` without API Access Management, where none can be. */
export async function claimsIfAny(org: OktaOrg, authServerId: string) {
  try {
    return await org.authServers.claims(authServerId);
  } catch (error) {
    if (isFailure(error, "okta.feature_missing")) return null;
    if (isFailure(error, "okta.not_found")) return [];
    throw error;
  }
}
