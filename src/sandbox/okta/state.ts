/** What the org holds, built from its seed. */
import { randomBytes } from "node:crypto";
import type { JWK } from "jose";
import { type IdKind, idMaker } from "./ids.ts";
import { SystemLog } from "./log/system-log.ts";
import { Table } from "./table.ts";
import type {
  AppRecord,
  AppSeed,
  AuthorizationServerRecord,
  AuthorizationServerSeed,
  ClaimRecord,
  ClaimSeed,
  GroupRecord,
  GroupSeed,
  Memberships,
  OktaSeed,
  OktaState,
  PolicyRecord,
  PolicySeed,
  RuleRecord,
  RuleSeed,
  ScopeRecord,
  UserRecord,
  UserSeed,
} from "./types.ts";

export type NewId = (kind: IdKind) => string;

/** The id of a signing key. */
export const newKeyId = () => randomBytes(32).toString("base64url");

/** An API token lives for this long after its last use (Okta behavior). */
const tokenLifetime = 30 * 24 * 3600 * 1000;

/** The grant types that Okta offers in a rule of a custom authorization server. */
export const ruleGrantTypes: readonly string[] = [
  "authorization_code",
  "implicit",
  "password",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
];

/** The scopes that every authorization server has from the start, and what they ask for. */
const describedScopes = {
  openid: "Signals that a request is an OpenID request.",
  profile: "Asks for the user's name and the other parts of their profile.",
  email: "Asks for the user's email address.",
  address: "Asks for the user's postal address.",
  phone: "Asks for the user's phone number.",
  offline_access: "Asks for a refresh token, which works while the user is away.",
  device_sso: "Asks for a token that other apps on the device can sign in with.",
};

/** The names of the scopes that every authorization server has from the start. */
export const standardScopes: readonly string[] = Object.keys(describedScopes);

const nobody: ReadonlySet<string> = new Set();

function memberships(): Memberships {
  const users = new Map<string, Set<string>>();
  const groups = new Map<string, Set<string>>();
  const entry = (index: Map<string, Set<string>>, key: string) => {
    const found = index.get(key) ?? new Set<string>();
    index.set(key, found);
    return found;
  };
  return {
    add(groupId, userId) {
      entry(users, groupId).add(userId);
      entry(groups, userId).add(groupId);
    },
    remove(groupId, userId) {
      users.get(groupId)?.delete(userId);
      groups.get(userId)?.delete(groupId);
    },
    usersOf: (groupId) => users.get(groupId) ?? nobody,
    groupsOf: (userId) => groups.get(userId) ?? nobody,
    dropGroup(groupId) {
      for (const userId of users.get(groupId) ?? nobody) groups.get(userId)?.delete(groupId);
      users.delete(groupId);
    },
    dropUser(userId) {
      for (const groupId of groups.get(userId) ?? nobody) users.get(groupId)?.delete(userId);
      groups.delete(userId);
    },
  };
}

/** What the builders of records need: ids and the time. */
export interface Making {
  readonly newId: NewId;
  readonly now: () => number;
}

const dates = (making: Making) => ({ created: making.now(), lastUpdated: making.now() });

/** A user record with Okta's defaults. */
export function newUser(seed: UserSeed, making: Making): UserRecord {
  return {
    id: seed.id ?? making.newId("user"),
    status: seed.status ?? "ACTIVE",
    statusChanged: making.now(),
    lastLogin: null,
    hasPassword: true,
    ...dates(making),
    profile: {
      firstName: seed.firstName ?? "",
      lastName: seed.lastName ?? "",
      login: seed.login,
      email: seed.email ?? seed.login,
    },
    roles: [...(seed.roles ?? [])],
  };
}

/** The app that stands for the company's directory: imported groups are from it unless their seed says. */
export const directoryId = "0oaAktoSbxDirectory0";

/** A group record. */
export function newGroup(seed: GroupSeed, making: Making): GroupRecord {
  const type = seed.type ?? "OKTA_GROUP";
  return {
    id: seed.id ?? making.newId("group"),
    type,
    source: type === "APP_GROUP" ? (seed.source ?? directoryId) : null,
    name: seed.name,
    description: seed.description ?? null,
    lastMembershipUpdated: making.now(),
    ...dates(making),
  };
}

/** A client secret as Okta makes them. */
export function newSecret(making: Making, secret: string = randomBytes(48).toString("base64url")) {
  return { id: making.newId("secret"), secret, status: "ACTIVE" as const, ...dates(making) };
}

/** An OpenID Connect app with Okta's defaults for what the seed leaves out; nothing assigned yet. */
export function newApp(seed: AppSeed, making: Making): AppRecord {
  const id = seed.id ?? making.newId("app");
  const applicationType = seed.applicationType ?? "web";
  const clientAuthMethod = seed.clientAuthMethod ?? "client_secret_basic";
  const hasSecret = clientAuthMethod.startsWith("client_secret_");
  const service = applicationType === "service";
  return {
    id,
    label: seed.label,
    status: seed.status ?? "ACTIVE",
    clientId: seed.clientId ?? id,
    clientAuthMethod,
    pkceRequired: seed.pkceRequired ?? clientAuthMethod === "none",
    secrets: hasSecret ? [newSecret(making, seed.clientSecret)] : [],
    signingKeyId: newKeyId(),
    client: {
      application_type: applicationType,
      redirect_uris: [...(seed.redirectUris ?? [])],
      grant_types: [...(seed.grantTypes ?? [service ? "client_credentials" : "authorization_code"])],
      response_types: [...(seed.responseTypes ?? [service ? "token" : "code"])],
      initiate_login_uri: seed.initiateLoginUri,
      idp_initiated_login: { mode: seed.idpInitiatedLogin ?? "DISABLED", default_scope: [] },
      dpop_bound_access_tokens: seed.dpopBoundAccessTokens ?? false,
      wildcard_redirect: seed.wildcardRedirect ?? "DISABLED",
      ...(seed.jwks && { jwks: { keys: withKeyIds(seed.jwks.keys, making) } }),
    },
    implicitAssignment: seed.implicitAssignment ?? false,
    rest: seed.onDashboard ? { visibility: { hide: { iOS: false, web: false } } } : {},
    idTokenClaim: {},
    groups: new Map(),
    users: new Map(),
    oktaScopes: [...(seed.oktaScopes ?? [])],
    roles: [...(seed.roles ?? [])],
    signOnPolicyId: "",
    ...dates(making),
  };
}

/** An app's public keys as Okta keeps them: each has an id and a status of its own. */
export function withKeyIds(keys: readonly JWK[], making: Making): JWK[] {
  return keys.map((key) => ({ id: making.newId("key"), status: "ACTIVE", ...key }));
}

/** A scope record. */
export function newScope(name: string, making: Making, description: string | null = null): ScopeRecord {
  return {
    id: making.newId("scope"),
    name,
    displayName: null,
    description,
    consent: "IMPLICIT",
    metadataPublish: "NO_CLIENTS",
    default: false,
    optional: false,
    system: false,
  };
}

/** A claim record: a groups claim in the access token where the seed says nothing else. */
export function newClaim(seed: ClaimSeed, making: Making) {
  const valueType = seed.valueType ?? "GROUPS";
  return {
    id: making.newId("claim"),
    name: seed.name,
    claimType: seed.claimType ?? "RESOURCE",
    valueType,
    groupFilterType: valueType === "GROUPS" ? (seed.groupFilterType ?? "STARTS_WITH") : null,
    value: seed.value,
    scopes: [...(seed.scopes ?? [])],
    status: seed.status ?? "ACTIVE",
    alwaysIncludeInToken: seed.alwaysIncludeInToken ?? true,
    system: false,
  } as const;
}

/** A rule record with Okta's presets: every grant, every scope, everyone. */
export function newRule(seed: RuleSeed, making: Making, find: Finder): RuleRecord {
  const users = (seed.users ?? []).map(find.userId);
  const groups = (seed.groups ?? []).map(find.groupId);
  return {
    id: making.newId("rule"),
    name: seed.name ?? "Default Policy Rule",
    status: seed.status ?? "ACTIVE",
    system: false,
    grantTypes: [...(seed.grantTypes ?? ruleGrantTypes)],
    scopes: [...(seed.scopes ?? ["*"])],
    people: {
      users: { include: users, exclude: (seed.exceptUsers ?? []).map(find.userId) },
      groups: {
        include: groups.length + users.length === 0 ? ["EVERYONE"] : groups,
        exclude: (seed.exceptGroups ?? []).map(find.groupId),
      },
    },
    inlineHook: seed.inlineHook ?? null,
    accessTokenLifetimeMinutes: seed.accessTokenLifetimeMinutes ?? 60,
    refreshTokenLifetimeMinutes: 0,
    refreshTokenWindowMinutes: 10_080,
    ...dates(making),
  };
}

/** A policy record, for every client and with one rule where the seed says nothing else. */
export function newPolicy(seed: PolicySeed, making: Making, find: Finder): PolicyRecord {
  return {
    id: making.newId("policy"),
    name: seed.name ?? "Default Policy",
    description: "Default policy for the authorization server",
    status: seed.status ?? "ACTIVE",
    system: false,
    clients: [...(seed.clients ?? ["ALL_CLIENTS"])],
    rules: (seed.rules ?? [{}]).map((rule) => newRule(rule, making, find)),
    ...dates(making),
  };
}

/** The claims that every server has: who the access token is about, and OpenID Connect's own in the ID token. */
const systemClaims: readonly Omit<ClaimRecord, "id">[] = [
  {
    name: "sub",
    claimType: "RESOURCE",
    valueType: "EXPRESSION",
    value: "(appuser != null) ? appuser.userName : app.clientId",
    alwaysIncludeInToken: true,
    scopes: [] as string[],
  } as const,
  ...Object.entries({
    profile:
      "name preferred_username nickname given_name middle_name family_name profile picture website gender birthdate zoneinfo locale updated_at",
    email: "email email_verified",
    address: "address",
    phone: "phone_number",
  }).flatMap(([scope, names]) =>
    names.split(" ").map((name) => ({
      name,
      claimType: "IDENTITY" as const,
      valueType: "SYSTEM" as const,
      value: "",
      scopes: [scope],
      alwaysIncludeInToken: false,
    })),
  ),
].map((claim) => ({ ...claim, groupFilterType: null, status: "ACTIVE" as const, system: true }));

/** An authorization server with its standard scopes. */
export function newAuthorizationServer(
  seed: AuthorizationServerSeed,
  making: Making,
  find: Finder,
): AuthorizationServerRecord {
  const scopes = new Table<ScopeRecord>();
  for (const [name, description] of Object.entries(describedScopes)) {
    const standard = { displayName: name, metadataPublish: "ALL_CLIENTS", system: true } as const;
    scopes.put({ ...newScope(name, making, description), ...standard });
  }
  for (const scope of seed.scopes ?? []) scopes.put(newScope(scope.name, making, scope.description));
  const claims: AuthorizationServerRecord["claims"] = new Table();
  for (const claim of systemClaims) claims.put({ id: making.newId("claim"), ...claim });
  for (const claim of seed.claims ?? []) claims.put({ ...newClaim(claim, making), scopes: [...(claim.scopes ?? [])] });
  return {
    id: seed.id ?? making.newId("authorizationServer"),
    name: seed.name,
    description: seed.description ?? null,
    rotationMode: "AUTO",
    audiences: [...(seed.audiences ?? ["api://default"])],
    issuerMode: seed.issuerMode ?? "ORG_URL",
    status: seed.status ?? "ACTIVE",
    claims,
    scopes,
    policies: (seed.policies ?? [{}]).map((policy) => newPolicy(policy, making, find)),
    ...dates(making),
  };
}

/** Finds records by the names that a seed uses for them. */
export interface Finder {
  groupId(name: string): string;
  userId(login: string): string;
}

const defaultServer: AuthorizationServerSeed = {
  id: "default",
  name: "default",
  description: "Default Authorization Server for your Applications",
};

/**
 * The state of a new org.
 *
 * @throws Error when the seed names a group or user that it does not define
 */
export function seededState(seed: OktaSeed, making: Making, logDelay: () => number = () => 0): OktaState {
  const subdomain = seed.subdomain ?? "acme";
  const state: OktaState = {
    org: {
      id: making.newId("org"),
      companyName: seed.companyName ?? "Acme",
      subdomain,
      ...dates(making),
    },
    apiAccessManagement: seed.apiAccessManagement ?? true,
    overHundredGroups: seed.overHundredGroups ?? "carried",
    inlineHooks: seed.inlineHooks ?? new Map(),
    customServersSignIn: seed.customServersSignIn ?? seed.apiAccessManagement ?? true,
    signing: { kid: newKeyId(), lastRotated: making.now() },
    rateLimit: seed.rateLimit ?? 600,
    users: new Table(),
    groups: new Table(),
    apps: new Table(),
    authorizationServers: new Table(),
    apiTokens: new Table(),
    memberships: memberships(),
    signOnPolicies: new Table(),
    policySimulation: seed.policySimulation ?? false,
    log: new SystemLog(making.now, logDelay),
  };
  const everyone = state.groups.put(
    newGroup({ name: "Everyone", type: "BUILT_IN", description: "All users in your organization" }, making),
  );
  const groupIds = new Map([["Everyone", everyone.id]]);
  const userIds = new Map<string, string>();
  const find: Finder = {
    groupId: (name) => known(groupIds.get(name), "group", name),
    userId: (login) => known(userIds.get(login), "user", login),
  };

  const users = [...(seed.users ?? [])];
  if (!users.some((user) => user.roles?.includes("SUPER_ADMIN"))) {
    // An Okta org always has a super admin.
    users.push({
      login: `okta.admin@${subdomain}.example`,
      firstName: "Okta",
      lastName: "Admin",
      roles: ["SUPER_ADMIN"],
    });
  }
  for (const user of users) {
    const record = state.users.put(newUser(user, making));
    userIds.set(user.login, record.id);
    state.memberships.add(everyone.id, record.id);
  }
  for (const group of seed.groups ?? []) {
    if (group.type === "BUILT_IN" && group.name === "Everyone") continue;
    const record = state.groups.put(newGroup(group, making));
    groupIds.set(group.name, record.id);
    for (const login of group.members ?? []) state.memberships.add(record.id, find.userId(login));
  }
  for (const { login, groupTargets } of users) {
    const user = groupTargets && state.users.get(find.userId(login));
    if (user) user.groupTargets = new Set(groupTargets.map(find.groupId));
  }
  for (const app of seed.apps ?? []) {
    const record = state.apps.put(newApp(app, making));
    const nobody = record.client.application_type === "service" || record.implicitAssignment;
    (app.groups ?? (nobody ? [] : ["Everyone"])).forEach((name, priority) => {
      record.groups.set(find.groupId(name), { priority, lastUpdated: making.now(), profile: {} });
    });
    for (const login of app.users ?? []) {
      record.users.set(find.userId(login), { userName: login, profile: {}, ...dates(making) });
    }
  }
  for (const server of seed.authorizationServers ?? [defaultServer]) {
    state.authorizationServers.put(newAuthorizationServer(server, making, find));
  }
  const superAdmin = [...state.users.values()].find((user) => user.roles.includes("SUPER_ADMIN"));
  for (const token of seed.apiTokens ?? []) {
    state.apiTokens.put({
      id: making.newId("apiToken"),
      token: token.token,
      name: token.name ?? "Akto",
      userId: token.owner === undefined ? (superAdmin?.id ?? "") : find.userId(token.owner),
      expiresAt: token.expiresAt ?? making.now() + tokenLifetime,
      zones: [...(token.zones ?? [])],
      ...dates(making),
    });
  }
  return state;
}

function known(id: string | undefined, kind: string, name: string): string {
  if (id === undefined) throw new Error(`The seed names a ${kind} that it does not define: ${name}`);
  return id;
}

/** The app of a client id. */
export function appOfClient(state: OktaState, clientId: string | undefined): AppRecord | undefined {
  return [...state.apps.values()].find((app) => app.clientId === clientId);
}

/** What records are made with, for one org. */
export function makingOf(now: () => number): Making {
  return { newId: idMaker(), now };
}
