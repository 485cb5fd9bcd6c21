/** The sandbox's public interface: how to start one, and the handle to a running one. */
import type { OktaSeed } from "./okta/types.ts";

/** A user who is in Akto before anybody signs in. */
export interface AktoMemberSeed {
  readonly login: string;
  readonly name?: string;
  /** None stored, which counts as Akto's default, Security Engineer, unless given. */
  readonly role?: string;
  /** Product → role, when the access was set per product: it outranks the role. */
  readonly scopeRoleMapping?: Readonly<Record<string, string>>;
}

/** Somebody who was invited and has not signed in yet. */
export interface AktoInvitationSeed {
  readonly login: string;
  readonly role: string;
  /** Product → role, which following the invitation gives; Security Engineer for `API` unless given. */
  readonly scopeRoleMapping?: Readonly<Record<string, string>>;
}

/** The account's Okta SSO to start with. What is left out fits the seeded app. */
export interface AktoSsoSeed {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly authorisationServerId?: string;
  readonly oktaDomain?: string;
  readonly redirectUri?: string;
  /** Akto's own token unless given; `null` for none. */
  readonly managementApiToken?: string | null;
  /** The email domain that users must have; the key owner's unless given. */
  readonly organizationDomain?: string;
  readonly syncGroupsToUserTags?: boolean;
}

/** An Akto account to start with. */
export interface AktoSeed {
  readonly accountId?: number;
  /** `saas` unless given; they differ in the `state` that they send to Okta. */
  readonly deployment?: "saas" | "self-hosted";
  /**
   * Login and role of the API key's owner; the Okta actions need an `ADMIN`. A member whose access is set per product has
   * the role of the product that a call names, and none in the others.
   */
  readonly keyOwner?: string;
  readonly keyOwnerRole?: string;
  /** Whether the plan has SSO; it has unless given. */
  readonly planHasSso?: boolean;
  /** Whether an SSO of another kind is active. */
  readonly otherSsoActive?: boolean;
  readonly customRoles?: readonly {
    readonly name: string;
    readonly baseRole: string;
    readonly defaultInviteRole?: boolean;
  }[];
  readonly members?: readonly AktoMemberSeed[];
  readonly invitations?: readonly AktoInvitationSeed[];
  /** Who has a login in another account of this Akto: they get their role at the first sign-in. */
  readonly elsewhere?: readonly string[];
  /**
   * Whether Akto keeps what it read in memory, as the real one does: a user's role for two minutes, and, self-hosted,
   * the SSO with its mapping for one. Not unless given.
   */
  readonly caches?: boolean;
  /** The Okta SSO; none, the default, leaves it to be set up. */
  readonly sso?: AktoSsoSeed | null;
  /** Okta group → Akto role. With a mapping the SSO is set up too. */
  readonly mapping?: ReadonlyMap<string, string>;
}

/**
 * What a sandbox starts with. Each part that is given replaces the default one, but users and groups, which belong
 * together: a seed with either has none of the default ones.
 */
export interface SandboxSeed {
  readonly okta?: OktaSeed;
  readonly akto?: AktoSeed;
}

/** How to start a sandbox. Without options: free ports, seeded users and groups, nothing wrong. */
export interface SandboxOptions {
  /** The Okta org's port; 0, the default, takes a free one. */
  readonly port?: number;
  /** The Akto dashboard's port; 0, the default, takes a free one. */
  readonly aktoPort?: number;
  /** Whether Okta SSO is already set up in Akto, with an empty mapping. */
  readonly aktoConfigured?: boolean;
  readonly seed?: SandboxSeed;
  /** A named way in which something is wrong; see `scenarios`. */
  readonly scenario?: string;
  /** Faults to start with, such as `429,times=3`; see `faults.ts`. */
  readonly faults?: readonly string[];
  /** Speaks https, with a certificate created at startup. */
  readonly tls?: boolean;
  /** Takes a line about each sign-in to Akto. */
  readonly log?: (line: string) => void;
}

/** A user of the org. */
export interface SandboxUser {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** A running sandbox. */
export interface Sandbox {
  readonly okta: {
    /** The org's origin, such as `http://127.0.0.1:40001`. */
    readonly url: string;
    /** An API token of a super admin. */
    readonly token: string;
    /** The API token made for Akto: an own one, so that it can be worse than the admin's. */
    readonly tokenForAkto: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly authServerId: string;
  };
  readonly akto: { readonly url: string; readonly apiKey: string; readonly accountId: number };
  /** The variables that point the program at it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly users: readonly SandboxUser[];
  /** The certificate to trust, in PEM, when it speaks https. */
  readonly certificate: string | null;
  /** The faults that are active, as they were given. */
  readonly faults: { list(): readonly string[]; set(specs: readonly string[]): void };
  /** Stops both servers and drops what they hold. */
  close(): Promise<void>;
}
