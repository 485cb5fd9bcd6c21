/** What a setup has to know before it can be submitted. */

import { issuerOf, type OktaDomain } from "../../core/address.ts";
import type { Profile } from "../../core/model/profile.ts";

export interface Answers {
  readonly aktoUrl: string;
  readonly aktoAccountId: number | undefined;
  readonly domain: OktaDomain;
  readonly authServerId: string;
  /** Only where it isn't the one on the org's own domain. */
  readonly issuer: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What this tool itself asks Okta with. */
  readonly oktaToken: string | undefined;
  /** Without one nothing is submitted: it is saved, and said what to type where. */
  readonly aktoKey: string | undefined;
}

/** What a sign-in needs of them. */
export type Client = Pick<Answers, "aktoUrl" | "domain" | "authServerId" | "issuer" | "clientId" | "clientSecret">;

/** The issuer that a sign-in with these answers uses. */
export function issuerFor({
  issuer,
  domain,
  authServerId,
}: Pick<Answers, "issuer" | "domain" | "authServerId">): string {
  return issuer ?? issuerOf(domain, authServerId);
}

/** What the profile keeps of them: no secret. */
export function profileFrom({ aktoUrl, aktoAccountId, domain, authServerId, issuer, clientId }: Answers): Profile {
  return {
    aktoUrl,
    ...(aktoAccountId === undefined ? {} : { aktoAccountId }),
    ...domainFields(domain),
    authServerId,
    ...(issuer === undefined ? {} : { issuer }),
    clientId,
  };
}

/** A domain as the profile keeps it: the bare host, and the origin only where the host alone would not give it. */
export function domainFields({ host, origin }: OktaDomain): Pick<Profile, "domain" | "origin"> {
  return origin === `https://${host}` ? { domain: host } : { domain: host, origin };
}
