/** Facts from the Akto account and the profile. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { type OktaDomain, parseOktaDomain, redirectUri } from "../../core/address.ts";
import { differingFromSso } from "../../core/agreement.ts";
import { organizationDomain } from "../../core/email-domain.ts";
import { isFailure } from "../../core/failure.ts";
import type { AktoSso } from "../../core/model/akto.ts";
import type { SecretName } from "../../core/model/secret.ts";
import type { AktoTokenFact, SetupFact, SsoFact } from "../../core/picture.ts";
import { sameMapping } from "../../core/roles/mapping.ts";
import { clean, listed, quoted } from "../../core/text.ts";
import { missingSettings, type SettingName, settingDefinitions } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import { madeFor } from "../provision/ledger.ts";
import { tellsRefusal } from "./okta.ts";
import { fact, graded, need, type Picture, Unseen } from "./read.ts";

/** What is known from Akto and the profile, whoever signs in. */
export type AktoFacts = Pick<
  Picture,
  | "setup"
  | "domain"
  | "aktoKey"
  | "sso"
  | "mapping"
  | "customRoles"
  | "team"
  | "aktoGroups"
  | "aktoToken"
  | "ownClaims"
  | "organizationDomain"
>;

// A longer list may end where Okta's first page does, beyond which Akto does not read.
const pageOfGroups = 200;

/**
 * The facts, each read when it is first asked for.
 *
 * @param givenDomain the organization's email domain, where the person names it
 */
export function aktoFacts(context: Context, settings: Settings, givenDomain: string | undefined): AktoFacts {
  const profile = async () => (await context.profiles()).read();
  const dashboard = async (): Promise<AktoDashboard> => {
    const found = await context.aktoIfAny(settings);
    if (found) return found;
    throw new Unseen(
      context.globals.offline ? "Akto isn't asked, because of --offline." : `There is no ${needed("aktoKey")}.`,
    );
  };

  const sso = fact(async (): Promise<SsoFact> => {
    let found: AktoSso | null;
    try {
      found = await (await dashboard()).fetchSso();
    } catch (error) {
      if (isFailure(error, "akto.other_sso")) return { kind: "other", failure: error };
      throw error;
    }
    if (!found) return { kind: "none" };
    const { mapping } = await profile();
    const domain = await settings.domainText();
    const { clientId, authServerId } = settings;
    return {
      kind: "okta",
      sso: found,
      expectedRedirectUri: redirectUri(settings.aktoUrl),
      differences: differingFromSso(found, {
        clientId,
        authServerId,
        domain: domain && hostOf(domain),
      }).map(({ what, akto, here }) => `the ${what} ${quoted(here)}, in Akto ${quoted(akto)}`),
      mappingDiffers: mapping !== undefined && !sameMapping(new Map(mapping), found.mapping),
      comparable: [clientId, authServerId, domain, mapping].some((each) => each !== undefined),
    };
  });
  /** Akto's SSO, or `null` where it can't be had and the profile must do. */
  const ssoIfAny = async (): Promise<AktoSso | null> => {
    const found = await sso();
    return found.known && found.value.kind === "okta" ? found.value.sso : null;
  };

  const setup = fact(async (): Promise<SetupFact> => {
    const found = await ssoIfAny();
    const ownDomain = await settings.domainText();
    if (found) {
      // A flag says whose sign-on is meant. A variable that was left over does not: Akto's is what users meet.
      const byFlag = async (name: "clientId" | "authServerId") =>
        (await settings.origin(name)) === "flag" ? settings[name] : undefined;
      return {
        source: "akto",
        domain: found.oktaDomain,
        authServerId: (await byFlag("authServerId")) ?? found.authorisationServerId,
        clientId: (await byFlag("clientId")) ?? found.clientId,
        redirectUri: found.redirectUri,
        ownDomain,
      };
    }
    const { authServerId, clientId } = settings;
    if (ownDomain === undefined || authServerId === undefined || clientId === undefined) {
      const given = { domain: ownDomain, authServerId, clientId };
      const missing = (["domain", "authServerId", "clientId"] as const).filter((name) => given[name] === undefined);
      throw new Unseen(
        `Neither Akto nor the profile gives the ${listed(missing.map((name) => settingDefinitions[name].title))}.`,
        missingSettings(missing),
      );
    }
    const domain = hostOf(ownDomain);
    return { source: "profile", domain, authServerId, clientId, redirectUri: redirectUri(settings.aktoUrl), ownDomain };
  });
  const team = fact(async () => (await dashboard()).team());
  const aktoGroups = fact(async () => {
    const found = await need(sso);
    if (found.kind !== "okta") throw new Unseen("Okta SSO is not set up in Akto.");
    if (!found.sso.hasManagementApiToken) throw new Unseen("Akto stores no Okta API token.");
    return (await dashboard()).fetchGroups();
  });

  return {
    sso,
    setup,
    team,
    aktoGroups,
    domain: fact(async () => {
      const { domain } = await need(setup);
      const own = await settings.domain();
      // The setting knows the scheme of a loopback org, which the bare host does not.
      return own?.host === domain ? own : parseOktaDomain(domain);
    }),
    aktoKey: fact(async () => {
      const found = await sso();
      if (found.known) return { kind: "accepted" } as const;
      const { failure } = found;
      if (!failure || !tellsRefusal(failure)) throw new Unseen(found.why, failure);
      return { kind: "refused", message: failure.message, hint: failure.hint } as const;
    }),
    mapping: fact(async () => {
      const found = await ssoIfAny();
      if (found) return found.mapping;
      const { mapping } = await profile();
      if (mapping) return new Map(mapping);
      // Why Akto does not tell it is what is missing.
      await need(sso);
      throw new Unseen("Okta SSO is not set up in Akto, and the profile has no mapping.");
    }),
    ownClaims: fact(async () => {
      const made = madeFor(await profile(), settings.account);
      return new Set(made.filter(({ kind }) => kind === "claim").map(({ id }) => id));
    }),
    customRoles: fact(async () => (await dashboard()).customRoles()),
    aktoToken: fact(async (): Promise<AktoTokenFact> => {
      const found = await sso();
      if (!found.known || found.value.kind !== "okta") return { state: "own" };
      if (!found.value.sso.hasManagementApiToken) return { state: "none" };
      const shown = await aktoGroups();
      if (!shown.known) return { state: "works" };
      // Every org has a group, Everyone: Akto sees none when Okta refuses its token (Akto behavior).
      if (shown.value.length === 0) return { state: "refused" };
      return { state: "works", sees: shown.value.length < pageOfGroups ? new Set(shown.value) : undefined };
    }),
    organizationDomain: fact(async () => {
      if (givenDomain !== undefined) return givenDomain;
      const members = (await need(team)).filter(({ invited }) => !invited);
      const told = organizationDomain(members.map(({ login }) => login));
      if (told !== null) return graded(told, "guessed");
      throw new Unseen("Akto's team has several email domains: --organization-domain names the account's.");
    }),
  };
}

/** A setting that isn't a domain is compared and shown as it was given. */
function hostOf(text: string): string {
  try {
    return parseOktaDomain(text).host;
  } catch (error) {
    if (isFailure(error)) return text;
    throw error;
  }
}

/** Why there is no secret to send to an org that only Akto names. */
export async function notForOrg(settings: Settings, name: SecretName, { host }: OktaDomain): Promise<string> {
  if ((await settings.origin(name)) === undefined) return `There is no ${needed(name)}.`;
  const { title } = settingDefinitions[name];
  return `The ${title} here isn't sent to ${clean(host)}, which only Akto names: ${needed("domain")} says that it is for that org.`;
}

/** A setting that is missing, with its flag and its variable. */
export function needed(name: SettingName): string {
  const { title, flag, argument, env } = settingDefinitions[name];
  return `${title} (${env} or ${flag} ${argument})`;
}
