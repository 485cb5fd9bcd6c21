/** What the Okta org offers to the commands; see `org.ts` for the SDK behind it. */

import type { SystemLogEvent } from "../core/model/log.ts";
import type {
  AccessPolicy,
  AccessRule,
  ApiTokenSight,
  AssignedGroup,
  AuthServer,
  OktaApp,
  OktaGroup,
  OktaUser,
  ServerClaim,
} from "../core/model/okta.ts";
import type { PolicySimulation, SignInPolicy } from "../core/model/sign-in-policy.ts";
import type { AppSettings } from "../core/plan/app.ts";

/** What to list. */
export interface GroupQuery {
  /** Groups whose name contains this text, whatever its case. */
  readonly search?: string | undefined;
  readonly type?: string | undefined;
  readonly members?: boolean | undefined;
}

/** An app to create: always a web app with a secret, for the authorization code grant. */
export type NewApp = Pick<
  OktaApp,
  "label" | "redirectUris" | "clientAuthMethod" | "initiateLoginUri" | "idpInitiatedLogin" | "onDashboard"
>;

/** What to change of an app; what is absent stays as it is, and so does every setting that this tool doesn't know. */
export type AppChange = Partial<Omit<AppSettings, "active">>;

/** The org's OpenID Connect apps. */
export interface OktaApps {
  /** The app with this client id, or `null`. */
  byClientId(clientId: string): Promise<OktaApp | null>;
  /** Every OpenID Connect app, page by page. */
  all(): AsyncIterable<OktaApp>;
  /** Creates an app and activates it. @returns the app and its client secret */
  create(app: NewApp): Promise<{ app: OktaApp; clientSecret: string }>;
  /** Changes an app: reads it, changes what is named, writes it back whole. @returns the app as Okta answers it */
  change(appId: string, change: AppChange): Promise<OktaApp>;
  /** @returns whether it was added; `false` when it was there */
  addRedirectUri(appId: string, uri: string): Promise<boolean>;
  /** @returns whether it was removed; `false` when it wasn't there */
  removeRedirectUri(appId: string, uri: string): Promise<boolean>;
  activate(appId: string): Promise<void>;
  /** Deactivates the app and deletes it: Okta deletes no active one. */
  remove(appId: string): Promise<void>;
  /** An active client secret of the app, or `null` when there is none or the token may not see it. */
  clientSecret(appId: string): Promise<string | null>;
  /** The groups that it is assigned to, page by page. */
  groups(appId: string): AsyncIterable<AssignedGroup>;
  /** Everyone who may sign in to it, alone or by a group, page by page. */
  users(appId: string): AsyncIterable<OktaUser>;
  /** The same in Okta's pages, to be read to the end: the next one is on its way while one is read. */
  userPages(appId: string): AsyncIterable<readonly OktaUser[]>;
  /** Whether the user may sign in to it, assigned alone or by a group. */
  isAssigned(appId: string, userId: string): Promise<boolean>;
  assignGroup(appId: string, groupId: string): Promise<void>;
  unassignGroup(appId: string, groupId: string): Promise<void>;
}

/** A claim to write. */
export type NewClaim = Omit<ServerClaim, "id">;

/** A policy to create, active. */
export interface NewPolicy {
  readonly name: string;
  readonly description: string;
  /** Client ids, or `ALL_CLIENTS`. */
  readonly clients: readonly string[];
}

/** A rule to create, active, with token lifetimes as Okta presets them. */
export type NewRule = Pick<AccessRule, "name" | "grantTypes" | "scopes" | "groups">;

/** What a rule lets through, and whom. */
export type RuleChange = Pick<AccessRule, "grantTypes" | "scopes" | "groups" | "users">;

/** The org's custom authorization servers. Every method throws `okta.feature_missing` without API Access Management. */
export interface OktaAuthServers {
  all(): Promise<readonly AuthServer[]>;
  /** The server, or `null` when there is none with this id. */
  byId(id: string): Promise<AuthServer | null>;
  activate(serverId: string): Promise<void>;
  claims(serverId: string): Promise<readonly ServerClaim[]>;
  createClaim(serverId: string, claim: NewClaim): Promise<ServerClaim>;
  replaceClaim(serverId: string, claimId: string, claim: NewClaim): Promise<ServerClaim>;
  removeClaim(serverId: string, claimId: string): Promise<void>;
  /** The scopes' names. */
  scopes(serverId: string): Promise<readonly string[]>;
  /** The access policies with their rules, both in order of priority. */
  policies(serverId: string): Promise<readonly AccessPolicy[]>;
  createPolicy(serverId: string, policy: NewPolicy): Promise<AccessPolicy>;
  /** Sets which clients a policy covers; everything else of it stays. */
  setPolicyClients(serverId: string, policyId: string, clients: readonly string[]): Promise<void>;
  activatePolicy(serverId: string, policyId: string): Promise<void>;
  removePolicy(serverId: string, policyId: string): Promise<void>;
  createRule(serverId: string, policyId: string, rule: NewRule): Promise<AccessRule>;
  /** Sets what a rule lets through; everything else of it stays. */
  changeRule(serverId: string, policyId: string, ruleId: string, change: RuleChange): Promise<void>;
  activateRule(serverId: string, policyId: string, ruleId: string): Promise<void>;
  removeRule(serverId: string, policyId: string, ruleId: string): Promise<void>;
}

/** Which events of the System Log. Both bounds are always given. */
export interface LogQuery {
  readonly since: Date;
  readonly until: Date;
  /** Whether all is wanted that there is by now, whatever time that is by Okta's clock. */
  readonly open?: boolean | undefined;
  /** In Okta's filter language. */
  readonly filter?: string | undefined;
  /** The oldest first unless given. */
  readonly newestFirst?: boolean | undefined;
  /** 1000, Okta's most, unless given: the log's rate limit is small, and counts requests. */
  readonly pageSize?: number | undefined;
}

/** The org's System Log. */
export interface OktaLog {
  /** The events in order, page by page. What is no event, or has no time, is left out. */
  pages(query: LogQuery): AsyncIterable<readonly SystemLogEvent[]>;
}

/** The authentication policies of apps (Identity Engine). */
export interface OktaSignInPolicies {
  /** The policy with its rules, or `null` when there is none with this id. */
  byId(policyId: string): Promise<SignInPolicy | null>;
  /** What Okta says would be asked of this user at this app, or `null` where the org doesn't offer that. */
  simulate(appId: string, userId: string): Promise<PolicySimulation | null>;
}

/**
 * The Okta org, seen with an API token. Every method throws a `Failure` of kind `auth`, `rule`, `usage` or
 * `unavailable`; see `errors.ts` for the codes.
 */
export interface OktaOrg {
  readonly apps: OktaApps;
  readonly authServers: OktaAuthServers;
  readonly log: OktaLog;
  readonly signInPolicies: OktaSignInPolicies;
  /** Whose token it is. */
  whoAmI(): Promise<OktaUser>;
  /** What can be seen of the token that is used. */
  tokenInfo(): Promise<ApiTokenSight>;
  /** All groups that match, page by page as they are read. */
  groups(query?: GroupQuery): AsyncIterable<OktaGroup>;
  /** The same in the pages that Okta answers, an empty one among them where it has nothing to tell yet. */
  groupPages(query?: GroupQuery): AsyncIterable<readonly OktaGroup[]>;
  /** The groups of exactly this name: an imported group may bear the same name as Okta's own. */
  groupsNamed(name: string, options?: Pick<GroupQuery, "members">): Promise<readonly OktaGroup[]>;
  createGroup(name: string, description?: string): Promise<OktaGroup>;
  removeGroup(groupId: string): Promise<void>;
  /** Every user of the org who isn't deactivated, page by page (Okta behavior: its list leaves those out). */
  users(): AsyncIterable<OktaUser>;
  /** The same in Okta's pages, to be read to the end: the next one is on its way while one is read. */
  userPages(): AsyncIterable<readonly OktaUser[]>;
  /** A group's users, page by page. */
  groupUsers(groupId: string): AsyncIterable<OktaUser>;
  /** The ids of all of a group's users in Okta's pages, to be read to the end: the next one is on its way while one is read. */
  memberPages(groupId: string): AsyncIterable<readonly string[]>;
  /** The user with this id, login or email, or `null`. Throws `okta.user_ambiguous` when several have the email. */
  user(idOrLogin: string): Promise<OktaUser | null>;
  userGroups(userId: string): Promise<readonly OktaGroup[]>;
  /** As {@link userGroups}, by Okta's own pages: Akto reads the first alone. */
  userGroupPages(userId: string): AsyncIterable<readonly OktaGroup[]>;
  /**
   * The names that Akto gets when it asks for a user's groups: the first page only, in Okta's order.
   */
  firstPageOfUserGroups(userId: string): Promise<readonly string[]>;
}
