/** What an Akto account holds, as far as its single sign-on goes. */

/** The account's Okta SSO as `fetchOktaSso` answers it. The client secret is never returned. */
export interface AktoSso {
  readonly clientId: string;
  readonly oktaDomain: string;
  readonly authorisationServerId: string;
  readonly redirectUri: string;
  readonly mapping: Mapping;
  readonly syncGroupsToUserTags: boolean;
  /** Whether Akto stores an Okta API token (it answers a row of asterisks for one). */
  readonly hasManagementApiToken: boolean;
}

/** A member of the account, as `getTeamData` answers it. */
export interface TeamMember {
  readonly login: string;
  readonly name: string;
  /**
   * The id of the role that Akto stores for the member, or `null` while it stores none: then the member works as
   * `MEMBER`. So is everyone after a first session by SSO, and who was only ever given access per product (Akto
   * behavior).
   */
  readonly storedRole: string | null;
  /** Product → role id, where the access was set per product, which outranks a role from Okta; else empty. */
  readonly scopedRoles: ReadonlyMap<string, string>;
  /** Invited, but not in the account yet. Akto doesn't tell with which role. */
  readonly invited: boolean;
}

/** A role that an Akto account made itself. `baseRole` is kept as Akto spells it: `THREAT ENGINEER` has a space. */
export interface CustomRole {
  readonly name: string;
  readonly baseRole: string;
}

/** Group name → role id. A Map, since group names are strangers' words: `__proto__` is an ordinary one. */
export type Mapping = ReadonlyMap<string, string>;
