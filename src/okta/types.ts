/** What the Okta org offers to the commands; see `org.ts` for the SDK behind it. */

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

/** An Okta user. */
export interface OktaUser {
  readonly id: string;
  readonly login: string;
  readonly email: string | null;
  readonly name: string;
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

/** What to list. */
export interface GroupQuery {
  /** Groups whose name contains this text, whatever its case. */
  readonly search?: string | undefined;
  readonly type?: string | undefined;
  readonly members?: boolean | undefined;
}

/** The Okta org, seen with an API token. Every method throws a `Failure` of kind `auth`, `rule`, `usage` or `unavailable`. */
export interface OktaOrg {
  /** Whose token it is. */
  whoAmI(): Promise<OktaUser>;
  /** All groups that match, page by page as they are read. */
  groups(query?: GroupQuery): AsyncIterable<OktaGroup>;
  /** The groups of exactly this name: an imported group may bear the same name as Okta's own. */
  groupsNamed(name: string): Promise<readonly OktaGroup[]>;
  createGroup(name: string, description?: string): Promise<OktaGroup>;
  /** The user with this id, login or e-mail, or `null`. */
  user(idOrLogin: string): Promise<OktaUser | null>;
  userGroups(userId: string): Promise<readonly OktaGroup[]>;
  /**
   * The names that Akto gets when it asks for a user's groups: the first page only, in Okta's order.
   */
  firstPageOfUserGroups(userId: string): Promise<readonly string[]>;
}
