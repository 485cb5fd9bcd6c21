/** `/api/v1/authorizationServers/{authServerId}/policies` and their rules, both in order of priority. */
import { notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, created, isoTime, link, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newPolicy, newRule, ruleGrantTypes } from "../state.ts";
import type { AuthorizationServerRecord, Lifecycle, PolicyRecord, RuleRecord } from "../types.ts";
import { serverOf } from "./authorization-servers.ts";

/** Records are made here from ids that are already checked. */
const byId = { groupId: (id: string) => id, userId: (id: string) => id };
const statuses = ["ACTIVE", "INACTIVE"] as const;

/** Puts the record at its place, counted from 1; without one it keeps its place, and a new one goes last. */
function place<T>(records: T[], record: T, priority: number | undefined): void {
  const present = records.indexOf(record);
  if (present >= 0 && priority === undefined) return;
  if (present >= 0) records.splice(present, 1);
  records.splice(priority === undefined ? records.length : priority - 1, 0, record);
}

function lifecycleLinks(self: string, status: Lifecycle) {
  const change = status === "ACTIVE" ? "deactivate" : "activate";
  return {
    self: link(self, "GET", "PUT", "DELETE"),
    [change]: link(`${self}/lifecycle/${change}`, "POST"),
  };
}

function policyView(policy: PolicyRecord, server: AuthorizationServerRecord, origin: string) {
  const self = `${origin}/api/v1/authorizationServers/${server.id}/policies/${policy.id}`;
  return {
    type: "OAUTH_AUTHORIZATION_POLICY",
    id: policy.id,
    status: policy.status,
    name: policy.name,
    description: policy.description,
    priority: server.policies.indexOf(policy) + 1,
    system: policy.system,
    conditions: { clients: { include: policy.clients } },
    created: isoTime(policy.created),
    lastUpdated: isoTime(policy.lastUpdated),
    _links: { ...lifecycleLinks(self, policy.status), rules: link(`${self}/rules`, "GET") },
  };
}

/** @throws ApiError E0000007 */
function policyOf(call: Call, server: AuthorizationServerRecord): PolicyRecord {
  const id = call.param("policyId");
  const policy = server.policies.find((candidate) => candidate.id === id);
  if (!policy) throw notFound(id, "Policy");
  return policy;
}

function readPolicy(call: Call) {
  const fields = new Fields(call.body);
  const settings = {
    name: fields.requiredText("name", 100),
    description: fields.requiredText("description", 255),
    status: fields.oneOf("status", statuses) ?? ("ACTIVE" as const),
    clients: fields.texts("conditions.clients.include") ?? [],
  };
  fields.oneOf("type", ["OAUTH_AUTHORIZATION_POLICY"]);
  const priority = fields.number("priority", 1, 1000);
  if (settings.clients.length === 0) fields.complain("conditions", "'clients' must include a client or ALL_CLIENTS.");
  const known = new Set(Array.from(call.state.apps.values(), (app) => app.clientId));
  for (const client of settings.clients) {
    if (client !== "ALL_CLIENTS" && !known.has(client)) {
      fields.complain("conditions", `The client '${client}' does not exist.`);
    }
  }
  fields.done();
  return { settings, priority };
}

function createPolicy(call: Call): Reply {
  const server = serverOf(call);
  const { settings, priority } = readPolicy(call);
  const policy = { ...newPolicy({ rules: [] }, call.making, byId), ...settings };
  place(server.policies, policy, priority);
  return created(policyView(policy, server, call.origin));
}

function replacePolicy(call: Call): Reply {
  const server = serverOf(call);
  const policy = policyOf(call, server);
  const { settings, priority } = readPolicy(call);
  Object.assign(policy, settings, { lastUpdated: call.making.now() });
  place(server.policies, policy, priority);
  return ok(policyView(policy, server, call.origin));
}

function deletePolicy(call: Call): Reply {
  const server = serverOf(call);
  server.policies.splice(server.policies.indexOf(policyOf(call, server)), 1);
  return noContent();
}

function ruleView(rule: RuleRecord, policy: PolicyRecord, server: AuthorizationServerRecord, origin: string) {
  const self = `${origin}/api/v1/authorizationServers/${server.id}/policies/${policy.id}/rules/${rule.id}`;
  return {
    type: "RESOURCE_ACCESS",
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: policy.rules.indexOf(rule) + 1,
    created: isoTime(rule.created),
    lastUpdated: isoTime(rule.lastUpdated),
    system: rule.system,
    conditions: {
      people: { users: { include: rule.users, exclude: [] }, groups: { include: rule.groups, exclude: [] } },
      grantTypes: { include: rule.grantTypes },
      scopes: { include: rule.scopes },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: rule.accessTokenLifetimeMinutes,
        refreshTokenLifetimeMinutes: rule.refreshTokenLifetimeMinutes,
        refreshTokenWindowMinutes: rule.refreshTokenWindowMinutes,
      },
    },
    _links: lifecycleLinks(self, rule.status),
  };
}

/** @throws ApiError E0000007 */
function ruleOf(call: Call, policy: PolicyRecord): RuleRecord {
  const id = call.param("ruleId");
  const rule = policy.rules.find((candidate) => candidate.id === id);
  if (!rule) throw notFound(id, "PolicyRule");
  return rule;
}

function readRule(call: Call) {
  const fields = new Fields(call.body);
  const settings = {
    name: fields.requiredText("name", 100),
    status: fields.oneOf("status", statuses) ?? ("ACTIVE" as const),
    grantTypes: fields.texts("conditions.grantTypes.include") ?? [],
    scopes: fields.texts("conditions.scopes.include") ?? [],
    groups: fields.texts("conditions.people.groups.include") ?? [],
    users: fields.texts("conditions.people.users.include") ?? [],
    accessTokenLifetimeMinutes: fields.number("actions.token.accessTokenLifetimeMinutes", 5, 1440) ?? 60,
    refreshTokenLifetimeMinutes: fields.number("actions.token.refreshTokenLifetimeMinutes", 0, 2_628_000) ?? 0,
    refreshTokenWindowMinutes: fields.number("actions.token.refreshTokenWindowMinutes", 10, 2_628_000) ?? 10_080,
  };
  fields.requiredText("type");
  fields.oneOf("type", ["RESOURCE_ACCESS"]);
  const priority = fields.number("priority", 1, 1000);
  if (settings.grantTypes.length === 0) fields.complain("conditions", "'grantTypes' must not be empty.");
  for (const grantType of settings.grantTypes) {
    if (!ruleGrantTypes.includes(grantType)) {
      fields.complain("grantTypes", `'${grantType}' is not a valid grant type.`);
    }
  }
  if (settings.scopes.length === 0) fields.complain("conditions", "'scopes' must not be empty.");
  for (const group of settings.groups) {
    if (group !== "EVERYONE" && !call.state.groups.has(group)) {
      fields.complain("conditions", `The group '${group}' does not exist.`);
    }
  }
  fields.done();
  return { settings, priority };
}

function createRule(call: Call): Reply {
  const server = serverOf(call);
  const policy = policyOf(call, server);
  const { settings, priority } = readRule(call);
  const rule = { ...newRule({}, call.making, byId), ...settings };
  place(policy.rules, rule, priority);
  return created(ruleView(rule, policy, server, call.origin));
}

function replaceRule(call: Call): Reply {
  const server = serverOf(call);
  const policy = policyOf(call, server);
  const rule = ruleOf(call, policy);
  const { settings, priority } = readRule(call);
  Object.assign(rule, settings, { lastUpdated: call.making.now() });
  place(policy.rules, rule, priority);
  return ok(ruleView(rule, policy, server, call.origin));
}

function deleteRule(call: Call): Reply {
  const policy = policyOf(call, serverOf(call));
  policy.rules.splice(policy.rules.indexOf(ruleOf(call, policy)), 1);
  return noContent();
}

function listPolicies(call: Call): Reply {
  const server = serverOf(call);
  return ok(server.policies.map((policy) => policyView(policy, server, call.origin)));
}

function getPolicy(call: Call): Reply {
  const server = serverOf(call);
  return ok(policyView(policyOf(call, server), server, call.origin));
}

function listRules(call: Call): Reply {
  const server = serverOf(call);
  const policy = policyOf(call, server);
  return ok(policy.rules.map((rule) => ruleView(rule, policy, server, call.origin)));
}

function getRule(call: Call): Reply {
  const server = serverOf(call);
  const policy = policyOf(call, server);
  return ok(ruleView(ruleOf(call, policy), policy, server, call.origin));
}

function setStatus(call: Call, record: { status: Lifecycle; lastUpdated: number }, status: Lifecycle): Reply {
  Object.assign(record, { status, lastUpdated: call.making.now() });
  return noContent();
}

const policies = "/api/v1/authorizationServers/{authServerId}/policies";
const policy = `${policies}/{policyId}`;
const rules = `${policy}/rules`;
const rule = `${rules}/{ruleId}`;

function lifecycles(path: string, record: (call: Call) => PolicyRecord | RuleRecord): Route[] {
  return (["ACTIVE", "INACTIVE"] as const).map((status) =>
    route(
      "POST",
      `${path}/lifecycle/${status === "ACTIVE" ? "activate" : "deactivate"}`,
      "authorizationServers.manage",
      (call) => setStatus(call, record(call), status),
    ),
  );
}

export const policyRoutes: readonly Route[] = [
  route("GET", policies, "authorizationServers.read", listPolicies),
  route("POST", policies, "authorizationServers.manage", createPolicy),
  route("GET", policy, "authorizationServers.read", getPolicy),
  route("PUT", policy, "authorizationServers.manage", replacePolicy),
  route("DELETE", policy, "authorizationServers.manage", deletePolicy),
  ...lifecycles(policy, (call) => policyOf(call, serverOf(call))),
  route("GET", rules, "authorizationServers.read", listRules),
  route("POST", rules, "authorizationServers.manage", createRule),
  route("GET", rule, "authorizationServers.read", getRule),
  route("PUT", rule, "authorizationServers.manage", replaceRule),
  route("DELETE", rule, "authorizationServers.manage", deleteRule),
  ...lifecycles(rule, (call) => ruleOf(call, policyOf(call, serverOf(call)))),
];
