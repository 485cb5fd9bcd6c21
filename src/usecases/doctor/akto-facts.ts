/** Facts from the Akto account and the profile. */

import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { type OktaDomain, parseOktaDomain, redirectUri } from "../../core/address.ts";
import type { SetupFact } from "../../core/doctor/facts.ts";
import { organisationDomain } from "../../core/email-domain.ts";
import { canGoOn, isFailure } from "../../core/failure.ts";
import type { AktoSso } from "../../core/model/akto.ts";
import { once } from "../../core/once.ts";
import { sameMapping } from "../../core/roles/mapping.ts";
import { listed, quoted } from "../../core/text.ts";
import { type SettingName, type Settings, settingDefinitions } from "../../settings.ts";
import { type Gatherers, Unknown } from "./source.ts";

/** What Akto has, read once. */
type Account =
  | { readonly kind: "none" }
  | { readonly kind: "other" }
  | { readonly kind: "okta"; readonly sso: AktoSso };

export interface AktoFacts
  extends Pick<
    Gatherers,
    "setup" | "aktoKey" | "sso" | "ownClaims" | "mapping" | "customRoles" | "team" | "aktoGroups" | "organisationDomain"
  > {
  /** The org's address as the setup has it. Throws what `parseOktaDomain` throws. */
  readonly domain: () => Promise<OktaDomain>;
}

/**
 * Gathers them, each once.
 *
 * @param givenDomain the organisation's e-mail domain, where the person names it
 */
export function aktoFacts(context: Context, settings: Settings, givenDomain: string | undefined): AktoFacts {
  const profile = once(async () => (await context.profiles()).read());
  const dashboard = async (): Promise<AktoDashboard> => {
    const found = await context.aktoIfAny(settings);
    if (found) return found;
    throw new Unknown(
      context.globals.offline ? "Akto isn't asked with --offline." : `There is no ${needed("aktoKey")}.`,
    );
  };
  const account = once(async (): Promise<Account> => {
    try {
      const sso = await (await dashboard()).fetchSso();
      return sso ? { kind: "okta", sso } : { kind: "none" };
    } catch (error) {
      if (isFailure(error, "akto.other_sso")) return { kind: "other" };
      throw error;
    }
  });
  /** Akto's SSO, or `null` where it can't be had and the profile must do. */
  const ssoIfAny = async (): Promise<AktoSso | null> => {
    try {
      const found = await account();
      return found.kind === "okta" ? found.sso : null;
    } catch (error) {
      if (error instanceof Unknown || canGoOn(error)) return null;
      throw error;
    }
  };

  const setup = once(async (): Promise<SetupFact> => {
    const sso = await ssoIfAny();
    if (sso) {
      return {
        source: "akto",
        domain: sso.oktaDomain,
        authServerId: sso.authorisationServerId,
        clientId: sso.clientId,
        redirectUri: sso.redirectUri,
      };
    }
    const domain = (await settings.domain())?.host;
    const { authServerId, clientId } = settings;
    if (domain === undefined || authServerId === undefined || clientId === undefined) {
      const missing = [
        ...(domain === undefined ? (["domain"] as const) : []),
        ...(authServerId === undefined ? (["authServerId"] as const) : []),
        ...(clientId === undefined ? (["clientId"] as const) : []),
      ];
      throw new Unknown(`Neither Akto nor the profile tells the ${listed(missing.map(named))}.`);
    }
    return { source: "profile", domain, authServerId, clientId, redirectUri: redirectUri(settings.aktoUrl) };
  });

  const team = once(async () => (await (await dashboard()).team()).filter(({ invited }) => !invited));

  return {
    setup,
    team,
    domain: async () => {
      const { domain } = await setup();
      const own = await settings.domain();
      // The setting knows the scheme of a loopback org, which the bare host does not.
      return own?.host === domain ? own : parseOktaDomain(domain);
    },
    aktoKey: async () => {
      try {
        await account();
        return { kind: "accepted" };
      } catch (error) {
        if (!isFailure(error) || !["auth", "unavailable"].includes(error.kind)) throw error;
        return { kind: "refused", message: error.message, hint: error.hint };
      }
    },
    sso: async () => {
      const found = await account();
      if (found.kind !== "okta") return found;
      const { sso } = found;
      const { mapping } = await profile();
      const differences = [
        ...difference("client id", settings.clientId, sso.clientId),
        ...difference("authorization server", settings.authServerId, sso.authorisationServerId),
        ...difference("Okta domain", (await settings.domain())?.host, sso.oktaDomain),
        ...(mapping !== undefined && !sameMapping(new Map(mapping), sso.mapping) ? ["the mapping"] : []),
      ];
      return {
        kind: "okta",
        redirectUri: sso.redirectUri,
        expectedRedirectUri: redirectUri(settings.aktoUrl),
        hasApiToken: sso.hasManagementApiToken,
        differences,
      };
    },
    mapping: async () => {
      const sso = await ssoIfAny();
      if (sso) return sso.mapping;
      const { mapping } = await profile();
      if (mapping) return new Map(mapping);
      // Why Akto does not tell it is what is missing.
      await account();
      throw new Unknown("Okta SSO is not set up in Akto, and the profile has no mapping.");
    },
    ownClaims: async () =>
      new Set(((await profile()).created ?? []).filter(({ kind }) => kind === "claim").map(({ id }) => id)),
    customRoles: async () => (await dashboard()).customRoles(),
    aktoGroups: async () => {
      const found = await account();
      if (found.kind !== "okta") throw new Unknown("Okta SSO is not set up in Akto.");
      if (!found.sso.hasManagementApiToken) throw new Unknown("Akto keeps no Okta API token.");
      return (await dashboard()).fetchGroups();
    },
    organisationDomain: async () => {
      if (givenDomain !== undefined) return givenDomain;
      const told = organisationDomain((await team()).map(({ login }) => login));
      if (told !== null) return told;
      throw new Unknown("Akto's team has several e-mail domains: --organisation-domain names the account's.");
    },
  };
}

function difference(what: string, here: string | undefined, inAkto: string): string[] {
  return here === undefined || here === inAkto ? [] : [`the ${what} ${quoted(here)}, in Akto ${quoted(inAkto)}`];
}

const named = (name: SettingName) => settingDefinitions[name].title;

/** A setting that is missing, with its flag and its variable. */
export function needed(name: SettingName): string {
  const { title, flag, argument, env } = settingDefinitions[name];
  return `${title} (${env} or ${flag} ${argument})`;
}
