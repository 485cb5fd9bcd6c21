/** The Okta half of the sandbox: what an org is seeded with, what it holds, and the handle to it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SystemLog } from "./log/system-log.ts";
import type { Table } from "./table.ts";

export type UserStatus =
  | "ACTIVE"
  | "DEPROVISIONED"
  | "LOCKED_OUT"
  | "PASSWORD_EXPIRED"
  | "PROVISIONED"
  | "RECOVERY"
  | "STAGED"
  | "SUSPENDED";
export type GroupType = "OKTA_GROUP" | "APP_GROUP" | "BUILT_IN";
export type Lifecycle = "ACTIVE" | "INACTIVE";
export type IssuerMode = "ORG_URL" | "CUSTOM_URL" | "DYNAMIC";
export type ClaimType = "RESOURCE" | "IDENTITY";
export type ClaimValueType = "GROUPS" | "EXPRESSION" | "SYSTEM";
export type GroupFilterType = "STARTS_WITH" | "EQUALS" | "CONTAINS" | "REGEX";
export type ClientAuthMethod =
  | "client_secret_basic"
  | "client_secret_post"
  | "client_secret_jwt"
  | "private_key_jwt"
  | "none";
export type OverHundredGroups = "carried" | "cut" | "refused";
export type AdminRole =
  | "SUPER_ADMIN"
  | "ORG_ADMIN"
  | "APP_ADMIN"
  | "USER_ADMIN"
  | "HELP_DESK_ADMIN"
  | "READ_ONLY_ADMIN"
  | "REPORT_ADMIN"
  | "API_ACCESS_MANAGEMENT_ADMIN"
  | "GROUP_MEMBERSHIP_ADMIN";

export interface UserSeed {
  readonly id?: string;
  readonly login: string;
  /** The login, unless given. */
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** `ACTIVE` unless given. */
  readonly status?: UserStatus;
  readonly roles?: readonly AdminRole[];
  /** Names of the groups that the user's group and help-desk roles are limited to; all groups unless given. */
  readonly groupTargets?: readonly string[];
}

export interface GroupSeed {
  readonly id?: string;
  readonly name: string;
  /** `OKTA_GROUP` unless given. */
  readonly type?: GroupType;
  /** Of an imported group: the id of the app that it is from, a directory unless given. */
  readonly source?: string;
  readonly description?: string;
  /** Logins. Every user is in `Everyone` without being named. */
  readonly members?: readonly string[];
}

/** Public keys as JSON (RFC 7517). */
export interface JsonWebKeySet {
  readonly keys: readonly JsonWebKey[];
}

/** A public key as JSON; what else it says of itself stays as it is. */
export interface JsonWebKey {
  readonly kty?: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly [name: string]: unknown;
}

/** An OpenID Connect app. Without settings: a web app with a secret, the authorization-code grant and no PKCE demand. */
export interface AppSeed {
  readonly id?: string;
  readonly label: string;
  /** The app's id unless given, as in Okta. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly status?: Lifecycle;
  readonly applicationType?: "web" | "native" | "browser" | "service";
  readonly redirectUris?: readonly string[];
  readonly initiateLoginUri?: string;
  readonly idpInitiatedLogin?: "DISABLED" | "SPEC" | "OKTA";
  readonly grantTypes?: readonly string[];
  readonly responseTypes?: readonly string[];
  readonly clientAuthMethod?: ClientAuthMethod;
  readonly pkceRequired?: boolean;
  readonly dpopBoundAccessTokens?: boolean;
  /** `SUBDOMAIN` lets a `*` stand for the first label of a redirect URI's host; `DISABLED` unless given. */
  readonly wildcardRedirect?: "DISABLED" | "SUBDOMAIN";
  /** Federation Broker Mode: everybody may sign in, nobody is assigned. */
  readonly implicitAssignment?: boolean;
  /** Whether users see it on their dashboard; they do not unless given. */
  readonly onDashboard?: boolean;
  /** Public keys of a client that signs its assertions (`private_key_jwt`). */
  readonly jwks?: JsonWebKeySet;
  /** `okta.…` scopes granted to a service app. */
  readonly oktaScopes?: readonly string[];
  /** Admin roles of a service app. */
  readonly roles?: readonly AdminRole[];
  /** Names of the groups assigned to it; `["Everyone"]` unless given. */
  readonly groups?: readonly string[];
  /** Logins of the users assigned to it. */
  readonly users?: readonly string[];
  /** The name of its authentication policy; the org's default one unless given. */
  readonly signOnPolicy?: string;
}

/** A rule of an authentication policy: for everyone unless people are named. */
export interface SignOnRuleSeed {
  readonly name: string;
  readonly status?: Lifecycle;
  /** `ALLOW` unless given. */
  readonly access?: "ALLOW" | "DENY";
  /** Names of groups. */
  readonly groups?: readonly string[];
  readonly exceptGroups?: readonly string[];
  /** Logins. */
  readonly users?: readonly string[];
  readonly exceptUsers?: readonly string[];
  /** Further conditions as Okta has them: `network`, `device`, `riskScore`, `platform`, `elCondition` … */
  readonly conditions?: Readonly<Record<string, unknown>>;
}

/** An authentication policy for apps. */
export interface SignOnPolicySeed {
  readonly name: string;
  /** In order of priority, before the catch-all rule. */
  readonly rules?: readonly SignOnRuleSeed[];
  /** What the catch-all rule does; `ALLOW` unless given. */
  readonly otherwise?: "ALLOW" | "DENY";
}

/** Something that happened before the sandbox started, for the System Log. */
export type PastSeed =
  | {
      readonly kind: "membership";
      readonly change: "add" | "remove";
      readonly minutesAgo: number;
      /** Logins of who did it, and of whom it was done to; the group's name. */
      readonly by: string;
      readonly user: string;
      readonly group: string;
    }
  | {
      /** A sign-in to the first app. */
      readonly kind: "sign-in";
      readonly minutesAgo: number;
      readonly user: string;
      /** Whether Okta turned it away, since the user was not assigned; it went well unless given. */
      readonly unassigned?: boolean;
    };

export interface ClaimSeed {
  readonly name: string;
  /** `RESOURCE` (access token) unless given. */
  readonly claimType?: ClaimType;
  /** `GROUPS` unless given. */
  readonly valueType?: ClaimValueType;
  /** `STARTS_WITH` unless given; only for `GROUPS`. */
  readonly groupFilterType?: GroupFilterType;
  readonly value: string;
  /** The scopes it is bound to; none, the default, is any. */
  readonly scopes?: readonly string[];
  readonly status?: Lifecycle;
  readonly alwaysIncludeInToken?: boolean;
}

export interface ScopeSeed {
  readonly name: string;
  readonly description?: string;
}

export interface RuleSeed {
  readonly name?: string;
  readonly status?: Lifecycle;
  /** `authorization_code` and the other usual ones unless given. */
  readonly grantTypes?: readonly string[];
  /** `["*"]` unless given. */
  readonly scopes?: readonly string[];
  /** Names of groups; everyone unless groups or users are given. */
  readonly groups?: readonly string[];
  /** Logins. */
  readonly users?: readonly string[];
  /** Names of groups whose members it is not for. */
  readonly exceptGroups?: readonly string[];
  /** Logins of users whom it is not for. */
  readonly exceptUsers?: readonly string[];
  /** The id of a token inline hook; see `inlineHooks`. */
  readonly inlineHook?: string;
  readonly accessTokenLifetimeMinutes?: number;
}

export interface PolicySeed {
  readonly name?: string;
  readonly status?: Lifecycle;
  /** Client ids; all clients unless given. */
  readonly clients?: readonly string[];
  /** In order of priority; one rule that allows everything unless given. */
  readonly rules?: readonly RuleSeed[];
}

export interface AuthorizationServerSeed {
  /** `default` for the built-in one. */
  readonly id?: string;
  readonly name: string;
  readonly description?: string;
  /** `["api://default"]` unless given. */
  readonly audiences?: readonly string[];
  /** `ORG_URL` unless given. */
  readonly issuerMode?: IssuerMode;
  readonly status?: Lifecycle;
  readonly claims?: readonly ClaimSeed[];
  /** Beside the standard ones. */
  readonly scopes?: readonly ScopeSeed[];
  /** In order of priority; one policy that allows everything unless given. `[]` leaves the server without any. */
  readonly policies?: readonly PolicySeed[];
}

export interface ApiTokenSeed {
  readonly token: string;
  readonly name?: string;
  /** The login of the user whose roles the token carries; the first super admin unless given. */
  readonly owner?: string;
  /** Epoch milliseconds; a token lives for 30 days after its last use unless given. */
  readonly expiresAt?: number;
  /** Network zones it may be used from. The sandbox's callers are in one alone, see `callersZone`. */
  readonly zones?: readonly string[];
}

/** An org to start with. Plain data; everything left out gets the value a fresh Okta org has. */
export interface OktaSeed {
  readonly companyName?: string;
  readonly subdomain?: string;
  /** Whether the org has API Access Management; without it `/authorizationServers` answers E0000015. */
  readonly apiAccessManagement?: boolean;
  /**
   * What comes of over 100 groups in a filter claim; they are carried unless said otherwise. Sources differ: Okta's support
   * says that the limit is the implicit flow's alone, a report of 2021 tells of a refusal, others of a list that is cut.
   */
  readonly overHundredGroups?: OverHundredGroups;
  /**
   * Whether custom authorization servers accept sign-ins; as `apiAccessManagement` says unless given. Sources differ on what
   * an org without the feature does: Okta's support and four public reports tell of a page that says so, Akto's own page
   * tells of orgs whose server `default` still takes sign-ins.
   */
  readonly customServersSignIn?: boolean;
  readonly users?: readonly UserSeed[];
  readonly groups?: readonly GroupSeed[];
  readonly apps?: readonly AppSeed[];
  /** Custom authorization servers; one named `default` unless given. */
  readonly authorizationServers?: readonly AuthorizationServerSeed[];
  readonly apiTokens?: readonly ApiTokenSeed[];
  /** Authentication policies beside the default one, which lets everybody in. */
  readonly signOnPolicies?: readonly SignOnPolicySeed[];
  /** Whether the org offers `/policies/simulate`; few do, and it does not unless given. */
  readonly policySimulation?: boolean;
  /** Token inline hooks: id → the claims that each sets in an access token, or with `null` takes out of it. */
  readonly inlineHooks?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** What stands in the System Log from the start. */
  readonly past?: readonly PastSeed[];
  /** Requests a minute for each bucket; see `rate-limits.ts`. 600 unless given. */
  readonly rateLimit?: number;
}

/** When a record was made and last changed, in epoch milliseconds. */
export interface Dated {
  created: number;
  lastUpdated: number;
}

export interface UserRecord extends Dated {
  readonly id: string;
  status: UserStatus;
  statusChanged: number;
  lastLogin: number | null;
  /** Whether they have a password: who was created without one is `PROVISIONED` until they choose it. */
  hasPassword: boolean;
  /** `login`, `email`, `firstName`, `lastName` and whatever else was sent. */
  profile: UserProfile;
  roles: AdminRole[];
  /** Group ids that the group and help-desk roles are limited to; none is no limit. */
  groupTargets?: ReadonlySet<string>;
}

export interface UserProfile {
  login: string;
  email: string;
  firstName: string;
  lastName: string;
  [attribute: string]: unknown;
}

export interface GroupRecord extends Dated {
  readonly id: string;
  readonly type: GroupType;
  /** The id of the app that an imported group is from. */
  readonly source: string | null;
  name: string;
  description: string | null;
  lastMembershipUpdated: number;
}

/** One of an app's client secrets; Okta allows two. */
export interface SecretRecord extends Dated {
  readonly id: string;
  readonly secret: string;
  status: Lifecycle;
}

/** What Okta calls `settings.oauthClient`; names as on the wire. */
export interface OAuthClientSettings {
  application_type: "web" | "native" | "browser" | "service";
  redirect_uris: string[];
  grant_types: string[];
  response_types: string[];
  initiate_login_uri?: string | undefined;
  idp_initiated_login: { mode: "DISABLED" | "SPEC" | "OKTA"; default_scope: string[] };
  dpop_bound_access_tokens: boolean;
  wildcard_redirect: "DISABLED" | "SUBDOMAIN";
  jwks?: JsonWebKeySet | undefined;
  [setting: string]: unknown;
}

export interface AppRecord extends Dated {
  readonly id: string;
  label: string;
  status: Lifecycle;
  readonly clientId: string;
  clientAuthMethod: ClientAuthMethod;
  pkceRequired: boolean;
  secrets: SecretRecord[];
  /** The id of the key that signs for it, which means nothing for an OpenID Connect app. */
  readonly signingKeyId: string;
  client: OAuthClientSettings;
  /** Federation Broker Mode: everybody may sign in, and nobody is assigned. */
  implicitAssignment: boolean;
  /** Whatever else was sent of the app, where it stood: it has no effect here and is returned as it is. */
  rest: Readonly<Record<string, unknown>>;
  /** The app's own claim in the ID tokens of the org server, which custom servers ignore. */
  idTokenClaim: Readonly<Record<string, unknown>>;
  /** Group id → the assignment. */
  readonly groups: Map<string, AppGroupRecord>;
  /** User id → the assignment of that user alone. */
  readonly users: Map<string, AppUserRecord>;
  oktaScopes: string[];
  roles: AdminRole[];
  /** Its authentication policy. */
  signOnPolicyId: string;
}

/** A rule of an authentication policy, its conditions and actions as Okta has them. */
export interface SignOnRuleRecord extends Dated {
  readonly id: string;
  name: string;
  status: Lifecycle;
  readonly system: boolean;
  conditions: Readonly<Record<string, unknown>> | null;
  actions: Readonly<Record<string, unknown>>;
}

/** An authentication policy. */
export interface SignOnPolicyRecord extends Dated {
  readonly id: string;
  name: string;
  description: string;
  status: Lifecycle;
  readonly system: boolean;
  /** In order of priority; the last one is the catch-all. */
  rules: SignOnRuleRecord[];
}

export interface AppGroupRecord {
  priority: number;
  lastUpdated: number;
  profile: Readonly<Record<string, unknown>>;
}

export interface AppUserRecord extends Dated {
  userName: string;
  profile: Readonly<Record<string, unknown>>;
}

export interface ClaimRecord {
  readonly id: string;
  name: string;
  claimType: ClaimType;
  valueType: ClaimValueType;
  groupFilterType: GroupFilterType | null;
  /** Nothing for OpenID Connect's own. */
  value: string;
  scopes: string[];
  status: Lifecycle;
  alwaysIncludeInToken: boolean;
  readonly system: boolean;
}

export interface ScopeRecord {
  readonly id: string;
  name: string;
  displayName: string | null;
  description: string | null;
  consent: "IMPLICIT" | "REQUIRED" | "FLEXIBLE";
  metadataPublish: "ALL_CLIENTS" | "NO_CLIENTS";
  default: boolean;
  optional: boolean;
  readonly system: boolean;
}

/** Whom a rule is for; group ids (or `EVERYONE`) and user ids. Okta gives back the lists that it was sent. */
export interface RulePeople {
  readonly users: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly groups: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
}

export interface RuleRecord extends Dated {
  readonly id: string;
  name: string;
  status: Lifecycle;
  readonly system: boolean;
  grantTypes: string[];
  scopes: string[];
  people: RulePeople;
  /** The id of a token inline hook, which can change the tokens. */
  inlineHook: string | null;
  accessTokenLifetimeMinutes: number;
  refreshTokenLifetimeMinutes: number;
  refreshTokenWindowMinutes: number;
}

export interface PolicyRecord extends Dated {
  readonly id: string;
  name: string;
  description: string;
  status: Lifecycle;
  readonly system: boolean;
  /** Client ids, or `ALL_CLIENTS`. */
  clients: string[];
  /** In order of priority. */
  rules: RuleRecord[];
}

export interface AuthorizationServerRecord extends Dated {
  readonly id: string;
  name: string;
  description: string | null;
  /** Whether Okta changes the signing key by itself. */
  rotationMode: "AUTO" | "MANUAL";
  audiences: string[];
  issuerMode: IssuerMode;
  status: Lifecycle;
  readonly claims: Table<ClaimRecord>;
  readonly scopes: Table<ScopeRecord>;
  /** In order of priority. */
  policies: PolicyRecord[];
}

export interface ApiTokenRecord extends Dated {
  readonly id: string;
  readonly token: string;
  name: string;
  readonly userId: string;
  expiresAt: number;
  /** Zones it is held to; empty is anywhere. */
  zones: string[];
}

/** All that the org holds. It may be changed directly: the next request sees the change. */
export interface OktaState {
  readonly org: {
    readonly id: string;
    companyName: string;
    subdomain: string;
  } & Dated;
  apiAccessManagement: boolean;
  overHundredGroups: OverHundredGroups;
  customServersSignIn: boolean;
  readonly inlineHooks: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The key that signs now. */
  readonly signing: { kid: string; lastRotated: number };
  /** Requests a minute for each bucket. */
  rateLimit: number;
  readonly users: Table<UserRecord>;
  readonly groups: Table<GroupRecord>;
  readonly apps: Table<AppRecord>;
  readonly authorizationServers: Table<AuthorizationServerRecord>;
  readonly apiTokens: Table<ApiTokenRecord>;
  readonly memberships: Memberships;
  readonly signOnPolicies: Table<SignOnPolicyRecord>;
  policySimulation: boolean;
  readonly log: SystemLog;
}

/** Who is in which group, readable from both ends. */
export interface Memberships {
  add(groupId: string, userId: string): void;
  remove(groupId: string, userId: string): void;
  /** The ids of a group's users, in the order in which they joined. */
  usersOf(groupId: string): ReadonlySet<string>;
  /** The ids of a user's groups, in the order in which they were joined. */
  groupsOf(userId: string): ReadonlySet<string>;
  dropGroup(groupId: string): void;
  dropUser(userId: string): void;
}

export interface OktaOrgOptions {
  readonly seed: OktaSeed;
  /** Where the org listens, such as `http://127.0.0.1:40001`. */
  readonly origin: string;
  /** Its second host name, as a custom domain is in Okta. */
  readonly otherOrigin: string;
  /** The org's clock, in epoch milliseconds. */
  readonly now: () => number;
  /** How late events reach the System Log, in milliseconds; at once unless given. */
  readonly logDelay?: () => number;
}

/** A running org without a server: hand its `handler` to one. */
export interface OktaOrg {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  readonly state: OktaState;
}
