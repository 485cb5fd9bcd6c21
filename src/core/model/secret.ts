/** The secrets that are kept, and whose each of them is. */
import { type OktaDomain, parseOktaDomain } from "../address.ts";
import { clean } from "../text.ts";
import type { Profile } from "./profile.ts";

/** The secrets that belong to a profile. */
export type SecretName = "clientSecret" | "oktaToken" | "aktoKey";

/** Every secret there is. */
export const secretNames = ["clientSecret", "oktaToken", "aktoKey"] as const satisfies readonly SecretName[];

/** Whose a secret is: it is sent to this address and, where it is known as whose, for no other app or account. */
export interface SecretOwner {
  /** The Okta org's or the issuer's origin, or the Akto URL. */
  readonly at: string;
  /** The app's client id, or the Akto account's. */
  readonly as?: string | undefined;
}

/** A secret as it is kept: with its owner, as soon as that is known. Version 0.1.0 kept none with it. */
export interface StoredSecret {
  readonly value: string;
  readonly owner?: SecretOwner | undefined;
}

export type SecretOwners = Readonly<Partial<Record<SecretName, SecretOwner>>>;

/** What tells whose the secrets are. */
export interface SecretAddresses {
  readonly domain?: Pick<OktaDomain, "origin"> | undefined;
  /** Where it isn't on the org's own domain. */
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly aktoUrl?: string | undefined;
  readonly aktoAccountId?: number | undefined;
}

/** Whose the secrets are that go with these addresses, as far as that is known. */
export function ownersAt({ domain, issuer, clientId, aktoUrl, aktoAccountId }: SecretAddresses): SecretOwners {
  // The client secret goes to the issuer's token endpoint.
  const receiver = issuer === undefined ? domain?.origin : originOf(issuer);
  return {
    ...(domain && { oktaToken: { at: domain.origin } }),
    ...(receiver !== undefined && {
      clientSecret: { at: receiver, ...(clientId !== undefined && { as: clientId }) },
    }),
    ...(aktoUrl !== undefined && {
      aktoKey: { at: aktoUrl, ...(aktoAccountId !== undefined && { as: String(aktoAccountId) }) },
    }),
  };
}

/** Whose the secrets of a profile are. Throws what `parseOktaDomain` throws. */
export function ownersIn({ domain, origin, ...addresses }: Profile): SecretOwners {
  return ownersAt({ ...addresses, domain: domain === undefined ? undefined : parseOktaDomain(origin ?? domain) });
}

/** Whether both mean the same, as far as both say it: an Akto account's id, say, is not always known. */
export function sameOwner(a: SecretOwner, b: SecretOwner): boolean {
  return a.at === b.at && (a.as === undefined || b.as === undefined || a.as === b.as);
}

/** An owner in words: `acme.okta.com`, `the app 0oa1 at acme.okta.com`, `the account 7 at https://app.akto.io`. */
export function describeOwner(name: SecretName, { at, as }: SecretOwner): string {
  const where = clean(name === "aktoKey" ? at : at.replace(/^https:\/\//, ""));
  if (as === undefined) return where;
  return `the ${name === "aktoKey" ? "account" : "app"} ${clean(as)} at ${where}`;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
