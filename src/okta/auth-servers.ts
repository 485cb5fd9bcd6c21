/** The org's custom authorization servers: their claims, scopes and access policies. */
import type {
  AuthorizationServer,
  AuthorizationServerPolicy,
  AuthorizationServerPolicyRule,
  OAuth2Claim,
  OAuth2Scope,
} from "@okta/okta-sdk-nodejs";
import { isRecord } from "../core/json.ts";
import type { AccessPolicy, AccessRule, AuthServer, ClaimFilterType, ServerClaim } from "../core/model/okta.ts";
import { type Connection, pageSize } from "./connection.ts";
import { pathTo } from "./links.ts";
import { inOrder, Reader } from "./read.ts";
import type { NewClaim, OktaAuthServers } from "./types.ts";

/** A custom authorization server as Okta answers it. */
export function readAuthServer(value: unknown): AuthServer {
  const server = new Reader<AuthorizationServer>(value, "authorization server");
  return {
    id: server.text("id"),
    name: server.text("name"),
    issuer: server.text("issuer"),
    audiences: server.list("audiences"),
    active: server.text("status") === "ACTIVE",
  };
}

const filterTypes = new Map<string | null, ClaimFilterType>([
  ["STARTS_WITH", "STARTS_WITH"],
  ["EQUALS", "EQUALS"],
  ["CONTAINS", "CONTAINS"],
  ["REGEX", "REGEX"],
]);
const valueTypes = new Map<string | null, ServerClaim["valueType"]>([
  ["GROUPS", "GROUPS"],
  ["SYSTEM", "SYSTEM"],
]);

/** A claim as Okta answers it. A kind of value that is unknown here counts as an expression: only Okta can evaluate it. */
export function readClaim(value: unknown): ServerClaim {
  const claim = new Reader<OAuth2Claim>(value, "claim");
  const valueType = valueTypes.get(claim.text("valueType")) ?? "EXPRESSION";
  return {
    id: claim.text("id"),
    name: claim.text("name"),
    status: claim.text("status") === "INACTIVE" ? "INACTIVE" : "ACTIVE",
    claimType: claim.text("claimType") === "RESOURCE" ? "RESOURCE" : "IDENTITY",
    valueType,
    groupFilterType: filterTypes.get(claim.optional("group_filter_type")) ?? null,
    // Okta's own claims, such as “sub”, have none.
    value: valueType === "SYSTEM" ? (claim.optional("value") ?? "") : claim.text("value"),
    scopes: claim.part("conditions").list("scopes"),
  };
}

/** Whom a rule covers. */
interface Covered {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A rule as Okta answers it, and its place in the order. */
export function readRule(value: unknown): { rule: AccessRule; priority: number | undefined } {
  const rule = new Reader<AuthorizationServerPolicyRule>(value, "rule");
  const conditions = rule.part("conditions");
  const people = conditions.part("people").as<{ readonly groups: Covered; readonly users: Covered }>();
  return {
    rule: {
      id: rule.text("id"),
      name: rule.text("name"),
      active: rule.text("status") === "ACTIVE",
      system: rule.flag("system"),
      grantTypes: conditions.part("grantTypes").list("include"),
      scopes: conditions.part("scopes").texts("include"),
      groups: people.within("groups").texts("include"),
      users: people.within("users").texts("include"),
      excludedGroups: people.within("groups").texts("exclude"),
      excludedUsers: people.within("users").texts("exclude"),
      inlineHook: rule.within("actions").within("token").within("inlineHook").optional("id"),
    },
    priority: rule.number("priority"),
  };
}

/** A policy as Okta answers it, without its rules, and its place in the order. */
export function readPolicy(value: unknown): {
  policy: Omit<AccessPolicy, "rules">;
  priority: number | undefined;
} {
  const policy = new Reader<AuthorizationServerPolicy>(value, "policy");
  return {
    policy: {
      id: policy.text("id"),
      name: policy.text("name"),
      active: policy.text("status") === "ACTIVE",
      system: policy.flag("system"),
      clients: policy.part("conditions").part("clients").list("include"),
    },
    priority: policy.number("priority"),
  };
}

function claimBody({ name, status, claimType, valueType, groupFilterType, value, scopes }: NewClaim) {
  return {
    name,
    status,
    claimType,
    valueType,
    value,
    alwaysIncludeInToken: true,
    conditions: { scopes: [...scopes] },
    ...(groupFilterType === null ? {} : { group_filter_type: groupFilterType }),
  };
}

const part = (of: unknown): Record<string, unknown> => (isRecord(of) ? of : {});

/** A condition with another list of what it includes; what it excludes stays excluded. */
const including = (condition: unknown, include: readonly string[]) => ({ ...part(condition), include: [...include] });

/** The custom authorization servers of an org. */
export function oktaAuthServers(connection: Connection): OktaAuthServers {
  const rulesOf = async (authServerId: string, policyId: string): Promise<AccessRule[]> => {
    const rules = await connection.all(
      pathTo`/api/v1/authorizationServers/${authServerId}/policies/${policyId}/rules`,
      readRule,
    );
    return inOrder(rules, "access policy's rules").map(({ rule }) => rule);
  };

  return {
    all: () => connection.all("/api/v1/authorizationServers", readAuthServer, { limit: pageSize }),

    async byId(authServerId) {
      const found = await connection.find(pathTo`/api/v1/authorizationServers/${authServerId}`);
      return found === null ? null : readAuthServer(found);
    },

    activate: (authServerId) =>
      connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.activateAuthorizationServer({ authServerId }),
      ),

    claims: (authServerId) => connection.all(pathTo`/api/v1/authorizationServers/${authServerId}/claims`, readClaim),
    createClaim: async (authServerId, claim) =>
      readClaim(
        await connection.write(({ authorizationServerApi }) =>
          authorizationServerApi.createOAuth2Claim({ authServerId, oAuth2Claim: claimBody(claim) }),
        ),
      ),
    replaceClaim: async (authServerId, claimId, claim) =>
      readClaim(
        await connection.write(({ authorizationServerApi }) =>
          authorizationServerApi.replaceOAuth2Claim({ authServerId, claimId, oAuth2Claim: claimBody(claim) }),
        ),
      ),
    removeClaim: (authServerId, claimId) =>
      connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.deleteOAuth2Claim({ authServerId, claimId }),
      ),

    scopes: (authServerId) =>
      connection.all(
        pathTo`/api/v1/authorizationServers/${authServerId}/scopes`,
        (scope) => new Reader<OAuth2Scope>(scope, "scope").text("name"),
        { limit: pageSize },
      ),

    async policies(authServerId) {
      const policies = await connection.all(pathTo`/api/v1/authorizationServers/${authServerId}/policies`, readPolicy);
      return Promise.all(
        inOrder(policies, "access policies").map(async ({ policy }) => ({
          ...policy,
          rules: await rulesOf(authServerId, policy.id),
        })),
      );
    },
    async createPolicy(authServerId, { name, description, clients }) {
      const answer = await connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.createAuthorizationServerPolicy({
          authServerId,
          policy: {
            type: "OAUTH_AUTHORIZATION_POLICY",
            status: "ACTIVE",
            name,
            description,
            priority: 1,
            conditions: { clients: { include: [...clients] } },
          },
        }),
      );
      return { ...readPolicy(answer).policy, rules: [] };
    },
    async setPolicyClients(serverId, policyId, clients) {
      const path = pathTo`/api/v1/authorizationServers/${serverId}/policies/${policyId}`;
      await connection.change(path, (current) => {
        const conditions = part(current.conditions);
        return { ...current, conditions: { ...conditions, clients: including(conditions.clients, clients) } };
      });
    },
    activatePolicy: (authServerId, policyId) =>
      connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.activateAuthorizationServerPolicy({ authServerId, policyId }),
      ),
    removePolicy: (authServerId, policyId) =>
      connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.deleteAuthorizationServerPolicy({ authServerId, policyId }),
      ),

    async createRule(authServerId, policyId, { name, grantTypes, scopes, groups }) {
      const answer = await connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.createAuthorizationServerPolicyRule({
          authServerId,
          policyId,
          policyRule: {
            type: "RESOURCE_ACCESS",
            status: "ACTIVE",
            name,
            priority: 1,
            conditions: {
              people: { groups: { include: [...groups] }, users: { include: [] } },
              grantTypes: { include: [...grantTypes] },
              scopes: { include: [...scopes] },
            },
            actions: {
              token: {
                accessTokenLifetimeMinutes: 60,
                refreshTokenLifetimeMinutes: 0,
                refreshTokenWindowMinutes: 10_080,
              },
            },
          },
        }),
      );
      return readRule(answer).rule;
    },
    async changeRule(serverId, policyId, ruleId, { grantTypes, scopes, groups, users }) {
      const path = pathTo`/api/v1/authorizationServers/${serverId}/policies/${policyId}/rules/${ruleId}`;
      await connection.change(path, (current) => {
        const conditions = part(current.conditions);
        const people = part(conditions.people);
        return {
          ...current,
          conditions: {
            ...conditions,
            people: { ...people, groups: including(people.groups, groups), users: including(people.users, users) },
            grantTypes: including(conditions.grantTypes, grantTypes),
            scopes: including(conditions.scopes, scopes),
          },
        };
      });
    },
    activateRule: (authServerId, policyId, ruleId) =>
      connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.activateAuthorizationServerPolicyRule({ authServerId, policyId, ruleId }),
      ),
    removeRule: (authServerId, policyId, ruleId) =>
      connection.write(({ authorizationServerApi }) =>
        authorizationServerApi.deleteAuthorizationServerPolicyRule({ authServerId, policyId, ruleId }),
      ),
  };
}
