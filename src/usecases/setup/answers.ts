/** What a setup has to know before it can be submitted. */

import { issuerOf, type OktaDomain } from "../../core/address.ts";

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
