/** `/api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules`, in order of priority. */
import { notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, created, isoTime, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newRule, ruleGrantTypes } from "../state.ts";
import type { AuthorizationServerRecord, PolicyRecord, RuleRecord } from "../types.ts";
import { lifecycles, serverOf } from "./authorization-servers.ts";
import { byId, lifecycleLinks, place, policyOf, statuses } from "./policies.ts";

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
      people: rule.people,
      grantTypes: { include: rule.grantTypes },
      scopes: { include: rule.scopes },
    },
    actions: {
      token: {
        accessTokenLifetimeMinutes: rule.accessTokenLifetimeMinutes,
        refreshTokenLifetimeMinutes: rule.refreshTokenLifetimeMinutes,
        refreshTokenWindowMinutes: rule.refreshTokenWindowMinutes,
        ...(rule.inlineHook === null ? {} : { inlineHook: { id: rule.inlineHook } }),
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

/** Grants that give a token for somebody, so that a rule for them must say for whom. */
const forUsers = (grant: string) => ["authorization_code", "implicit", "password"].includes(grant);

/** The lists of people, those that were sent. */
function readPeople(fields: Fields): RuleRecord["people"] {
  const lists = (of: string) => {
    const include = fields.texts(`conditions.people.${of}.include`);
    const exclude = fields.texts(`conditions.people.${of}.exclude`);
    return { ...(include && { include }), ...(exclude && { exclude }) };
  };
  return { users: lists("users"), groups: lists("groups") };
}

function readRule(call: Call) {
  const fields = new Fields(call.body);
  const settings = {
    name: fields.requiredText("name", 100),
    status: fields.oneOf("status", statuses) ?? ("ACTIVE" as const),
    grantTypes: fields.texts("conditions.grantTypes.include") ?? [],
    scopes: fields.texts("conditions.scopes.include") ?? [],
    people: readPeople(fields),
    inlineHook: fields.text("actions.token.inlineHook.id") ?? null,
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
  const { users, groups } = settings.people;
  const included = [...(users.include ?? []), ...(groups.include ?? [])];
  if (included.length === 0 && settings.grantTypes.some(forUsers)) {
    fields.complain(
      "conditions.people",
      "At least one of 'conditions.people.users.include' or 'conditions.people.groups.include' must contain a valid user or group when 'conditions.grantTypes' contains one or more of [authorization_code, implicit, password].",
    );
  }
  for (const group of [...(groups.include ?? []), ...(groups.exclude ?? [])]) {
    if (group !== "EVERYONE" && !call.state.groups.has(group)) {
      fields.complain("conditions.people", `The group '${group}' does not exist.`);
    }
  }
  for (const user of [...(users.include ?? []), ...(users.exclude ?? [])]) {
    if (!call.state.users.has(user)) fields.complain("conditions.people", `The user '${user}' does not exist.`);
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

const rules = "/api/v1/authorizationServers/{authServerId}/policies/{policyId}/rules";
const rule = `${rules}/{ruleId}`;

export const ruleRoutes: readonly Route[] = [
  route("GET", rules, "authorizationServers.read", listRules),
  route("POST", rules, "authorizationServers.manage", createRule),
  route("GET", rule, "authorizationServers.read", getRule),
  route("PUT", rule, "authorizationServers.manage", replaceRule),
  route("DELETE", rule, "authorizationServers.manage", deleteRule),
  ...lifecycles(rule, (call) => ruleOf(call, policyOf(call, serverOf(call)))),
];
