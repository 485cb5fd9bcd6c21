import type { AccessPolicy, AccessRule, OktaApp, ServerClaim } from "../src/core/model/okta.ts";
import type { SignInPolicy, SignInRule } from "../src/core/model/sign-in-policy.ts";

/** The groups claim as Akto needs it, of the groups whose names begin with “Akto”; `changes` spoil it. */
export function groupsClaim(changes: Partial<ServerClaim> = {}): ServerClaim {
  return {
    id: "ocl1",
    name: "groups",
    status: "ACTIVE",
    claimType: "RESOURCE",
    valueType: "GROUPS",
    groupFilterType: "STARTS_WITH",
    value: "Akto",
    scopes: [],
    ...changes,
  };
}

/** A web app as Akto needs it; `changes` spoil it. */
export function oktaApp(changes: Partial<OktaApp> = {}): OktaApp {
  return {
    id: "0oa1",
    label: "Akto",
    clientId: "0oa1",
    active: true,
    applicationType: "web",
    redirectUris: ["https://app.akto.io/authorization-code/callback"],
    grantTypes: ["authorization_code"],
    responseTypes: ["code"],
    clientAuthMethod: "client_secret_post",
    pkceRequired: false,
    dpopRequired: false,
    initiateLoginUri: null,
    idpInitiatedLogin: "DISABLED",
    onDashboard: false,
    implicitAssignment: false,
    wildcardRedirect: false,
    signInPolicyId: null,
    ...changes,
  };
}

/** A rule that lets everyone in by the authorization code grant, for any scope; `changes` spoil it. */
export function accessRule(changes: Partial<AccessRule> = {}): AccessRule {
  return {
    id: "0pr1",
    name: "All",
    active: true,
    system: false,
    grantTypes: ["authorization_code"],
    scopes: ["*"],
    groups: ["EVERYONE"],
    users: [],
    excludedGroups: [],
    excludedUsers: [],
    inlineHook: null,
    ...changes,
  };
}

/** An active policy for all clients with one such rule; `changes` spoil it. */
export function accessPolicy(changes: Partial<AccessPolicy> = {}): AccessPolicy {
  return {
    id: "00p1",
    name: "Akto",
    active: true,
    system: false,
    clients: ["ALL_CLIENTS"],
    rules: [accessRule()],
    ...changes,
  };
}

/** The app's authentication policy, which ends with Okta's own catch-all rule. */
export function signInPolicy(...rules: readonly Partial<SignInRule>[]): SignInPolicy {
  return {
    id: "rst1",
    name: "Any two factors",
    active: true,
    rules: [...rules, { name: "Catch-all Rule" }].map((changes, at) => ({
      id: `rul${at}`,
      name: `Rule ${at}`,
      active: true,
      access: "allow",
      users: { include: [], exclude: [] },
      groups: { include: [], exclude: [] },
      others: [],
      ...changes,
    })),
  };
}
