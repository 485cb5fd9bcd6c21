/** What an Okta org holds, as far as Akto's single sign-on goes: one type a thing, everyone's. */

/** An Okta group. */
export interface OktaGroup {
  readonly id: string;
  readonly name: string;
  /** `OKTA_GROUP`, `APP_GROUP` (imported) or `BUILT_IN`. */
  readonly type: string;
  readonly description: string;
  /** How many users it has; only when it was asked for. */
  readonly members?: number;
}

/** A group as the claims see it: its id counts for those that list ids alone. */
export interface ClaimGroup extends Pick<OktaGroup, "name" | "type"> {
  readonly id?: string;
}

/** An Okta user. */
export interface OktaUser {
  readonly id: string;
  readonly login: string;
  /** `null` for none; `undefined` where the token's owner may not see it. */
  readonly email: string | null | undefined;
  readonly name: string;
  /** Empty where Okta doesn't show it. */
  readonly status: string;
}

/** An API token's own facts, as far as its owner may see them. */
export interface ApiTokenInfo {
  readonly name: string;
  /** ISO 8601, or `null` when it does not expire by date. */
  readonly expiresAt: string | null;
  /** `ANYWHERE`, or that it is held to network zones. */
  readonly network: "anywhere" | "restricted";
}

/** What can be seen of the API token that is used: Okta shows an admin their tokens, and not which of them this is. */
export type ApiTokenSight =
  | { readonly kind: "seen"; readonly info: ApiTokenInfo }
  /** Its owner may not see API tokens. */
  | { readonly kind: "hidden" }
  /** Its owner has several, and which of them is used can't be told. */
  | { readonly kind: "several" };

export type IdpInitiatedLogin = "DISABLED" | "SPEC" | "OKTA";

/** An OpenID Connect app. Its secret isn't part of it. */
export interface OktaApp {
  readonly id: string;
  readonly label: string;
  readonly clientId: string;
  readonly active: boolean;
  /** `web`, `native`, `browser` or `service`. */
  readonly applicationType: string;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly responseTypes: readonly string[];
  /** `client_secret_post`, `private_key_jwt`, `none` … */
  readonly clientAuthMethod: string;
  readonly pkceRequired: boolean;
  readonly dpopRequired: boolean;
  readonly initiateLoginUri: string | null;
  /**
   * What a start from Okta's own dashboard does: `DISABLED`, nothing, the app alone starts; `SPEC`, Okta opens the
   * initiate-login URI; `OKTA`, Okta sends an ID token to the app itself, which is not what Akto needs (Okta behavior).
   */
  readonly idpInitiatedLogin: IdpInitiatedLogin;
  /** Whether Okta's own dashboard shows a tile for it: without one nobody can start it there. */
  readonly onDashboard: boolean;
  /** Federation Broker Mode: everybody in the org may sign in, and the app takes no assignments (Okta behavior). */
  readonly implicitAssignment: boolean;
  /** Whether a `*` in a redirect URI's host stands for one label (Okta: `wildcard_redirect`). */
  readonly wildcardRedirect: boolean;
  /** The id of its authentication policy; `null` where Okta shows none, as in an org of the Classic Engine. */
  readonly signInPolicyId: string | null;
}

/** A group that an app is assigned to. */
export interface AssignedGroup {
  readonly id: string;
  /** `null` when Okta doesn't say it with the assignment. */
  readonly name: string | null;
}

/** A custom authorization server. */
export interface AuthServer {
  readonly id: string;
  readonly name: string;
  /** What its tokens and its discovery document say. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly active: boolean;
}

/** How a claim of the value type `GROUPS` compares a group's name: all but `REGEX` ignore case (Okta behavior). */
export type ClaimFilterType = "STARTS_WITH" | "EQUALS" | "CONTAINS" | "REGEX";

/** A claim of a custom authorization server, as Okta's API has it. */
export interface ServerClaim {
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "INACTIVE";
  /** `RESOURCE` goes into the access token, `IDENTITY` into the ID token. */
  readonly claimType: "RESOURCE" | "IDENTITY";
  readonly valueType: "GROUPS" | "EXPRESSION" | "SYSTEM";
  /** Only with the value type `GROUPS`. */
  readonly groupFilterType: ClaimFilterType | null;
  /** What the filter compares with, or an expression in Okta's own language. */
  readonly value: string;
  /** The scopes that bring the claim; none means any (Okta behavior). */
  readonly scopes: readonly string[];
}

/** A rule of an access policy. */
export interface AccessRule {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Okta's own, which can't be deleted. */
  readonly system: boolean;
  readonly grantTypes: readonly string[];
  /** `*` stands for all. */
  readonly scopes: readonly string[];
  /** Group ids; `EVERYONE` stands for all. */
  readonly groups: readonly string[];
  /** User ids. */
  readonly users: readonly string[];
  /** Group ids: their members are not covered. */
  readonly excludedGroups: readonly string[];
  /** User ids that are not covered. */
  readonly excludedUsers: readonly string[];
  /** The token inline hook that the rule calls: it can add, change or take away any claim. */
  readonly inlineHook: string | null;
}

/** An access policy, its rules in order of priority. */
export interface AccessPolicy {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Okta's own, which can't be deleted. */
  readonly system: boolean;
  /** Client ids; `ALL_CLIENTS` stands for all. */
  readonly clients: readonly string[];
  readonly rules: readonly AccessRule[];
}
