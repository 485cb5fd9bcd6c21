/** What is kept here between two runs. Secrets are never part of it. */
import type { OktaDomain } from "../address.ts";
import type { CustomRole } from "./akto.ts";

/** Where a run has the name of its profile from; `choice` is what `profile use` wrote down. */
export type ProfileOrigin = "flag" | "environment" | "choice" | "default";

/** One profile. Every field is absent until it is known. */
export interface Profile {
  readonly aktoUrl?: string;
  readonly aktoAccountId?: number;
  /** The product of Akto that calls name, where its default is out of the key owner's reach. */
  readonly aktoProduct?: string;
  /** The bare Okta host, see `parseOktaDomain`. */
  readonly domain?: string;
  /** The org's origin where it isn't what the bare host alone would give: a loopback org with TLS. */
  readonly origin?: string;
  readonly authServerId?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  /** `[group, role id]` pairs, so that a name like `__proto__` stays an ordinary one. */
  readonly mapping?: readonly (readonly [string, string])[];
  readonly syncGroupsToUserTags?: boolean;
  /** Custom roles last seen in Akto, for work without a connection. */
  readonly customRoles?: readonly CustomRole[];
  /** What this tool made in Okta, by id: the only things `sso remove --okta` takes away. */
  readonly created?: readonly CreatedObject[];
  /**
   * What this tool was about to make in Okta when it last wrote this: noted before the request is sent, so that a run
   * which was killed before it got the id still knows the object for its own.
   */
  readonly creating?: readonly Omit<CreatedObject, "id">[];
  /** What the SSO in Akto held before it was taken out to be changed: noted before, and kept until all is back. */
  readonly replacing?: ReplacedSso;
  /** Redirect URIs that a `login test` added to an app and has not taken off yet. */
  readonly temporaryRedirectUris?: readonly TemporaryRedirectUri[];
  /** The wizard's answers so far, kept until it ends, so that an interrupted one can go on. */
  readonly setup?: SetupDraft;
}

/** What a profile says of an SSO: no secret. An origin only where the host alone would not give it. */
export function profileOf(sso: {
  readonly aktoUrl: string;
  readonly aktoAccountId: number | undefined;
  readonly domain: OktaDomain;
  readonly authServerId: string;
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
}): Profile {
  const { aktoUrl, aktoAccountId, domain, authServerId, issuer, clientId } = sso;
  return {
    aktoUrl,
    ...(aktoAccountId === undefined ? {} : { aktoAccountId }),
    domain: domain.host,
    ...(domain.origin === `https://${domain.host}` ? {} : { origin: domain.origin }),
    authServerId,
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

/** A redirect URI that is on an app for the time of one `login test`. */
export interface TemporaryRedirectUri {
  /** The Okta org's host. */
  readonly domain: string;
  readonly clientId: string;
  readonly uri: string;
  /** The process that added it, see `ownerName`. */
  readonly by: string;
  /** When, in ISO 8601. */
  readonly at: string;
}

/** Which SSO something belongs to: the Okta org and the Akto account. Each is absent where it isn't known. */
export interface SsoPlace {
  /** The org's origin. */
  readonly org?: string | undefined;
  readonly aktoUrl?: string | undefined;
  readonly aktoAccountId?: number | undefined;
}

/** Something this tool made in Okta, with the SSO it was made for. */
export interface CreatedObject extends SsoPlace {
  readonly kind: "app" | "claim" | "policy" | "rule" | "group";
  readonly id: string;
  readonly name: string;
  /** The authorization server or policy it belongs to. */
  readonly parent?: string;
}

/** An SSO that was taken out of Akto in order to put another in its place. */
export interface ReplacedSso {
  readonly aktoUrl: string;
  readonly aktoAccountId?: number;
  readonly mapping: readonly (readonly [string, string])[];
  readonly syncGroupsToUserTags: boolean;
  /** Whether Akto kept an Okta API token, which is lost with the SSO. */
  readonly hadManagementApiToken: boolean;
}

/** An answer as it is kept: JSON without a secret in it. */
export type DraftValue = string | number | boolean | null | readonly string[];

/** An answer of the wizard's. */
export interface DraftAnswer {
  /** The question's. */
  readonly id: string;
  /** What was asked for, and the answer in words. */
  readonly title: string;
  readonly shown: string;
  readonly value: DraftValue;
}

/** The wizard's answers so far, in the order in which they were given. */
export interface SetupDraft {
  readonly answers: readonly DraftAnswer[];
}
