/** `/api/v1/policies`: authentication policies, the only kind that the sandbox holds, and which apps are under them. */
import { isRecord } from "../../../core/json.ts";
import { forbidden, invalid, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, isoTime, link, listed, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { policyOfApp, useOwnPolicy } from "../sign-on/evaluate.ts";
import { catchAll, newSignOnPolicy, signOnActions, signOnConditions } from "../sign-on/records.ts";
import type { SignOnPolicyRecord, SignOnRuleRecord } from "../types.ts";
import { appOf } from "./apps.ts";
import { byId, place, statuses } from "./policies.ts";

const type = "ACCESS_POLICY";
/** The priority that Okta gives its own last rule. */
const lastPriority = 99;

const lifecycleLink = (self: string, { status, system }: SignOnPolicyRecord | SignOnRuleRecord) => {
  const change = status === "ACTIVE" ? "deactivate" : "activate";
  return system ? {} : { [change]: link(`${self}/lifecycle/${change}`, "POST") };
};

function policyView(policy: SignOnPolicyRecord, call: Call) {
  const self = `${call.origin}/api/v1/policies/${policy.id}`;
  return {
    id: policy.id,
    status: policy.status,
    name: policy.name,
    description: policy.description,
    priority: 1,
    system: policy.system,
    conditions: null,
    created: isoTime(policy.created),
    lastUpdated: isoTime(policy.lastUpdated),
    _links: {
      mappings: link(`${self}/mappings`, "GET", "POST"),
      self: link(self, "GET", "PUT", "DELETE"),
      rules: link(`${self}/rules`, "GET", "POST"),
      ...lifecycleLink(self, policy),
    },
    type,
  };
}

function ruleView(rule: SignOnRuleRecord, policy: SignOnPolicyRecord, call: Call) {
  const self = `${call.origin}/api/v1/policies/${policy.id}/rules/${rule.id}`;
  return {
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.system ? lastPriority : policy.rules.indexOf(rule),
    created: isoTime(rule.created),
    lastUpdated: isoTime(rule.lastUpdated),
    system: rule.system,
    conditions: rule.conditions,
    actions: rule.actions,
    _links: { self: link(self, "GET", "PUT", "DELETE"), ...lifecycleLink(self, rule) },
    type,
  };
}

/** @throws ApiError E0000007 */
function policyOf(call: Call): SignOnPolicyRecord {
  const id = call.param("policyId");
  const policy = call.state.signOnPolicies.get(id);
  if (!policy) throw notFound(id, "Policy");
  return policy;
}

/** @throws ApiError E0000007 */
function ruleOf(call: Call, policy: SignOnPolicyRecord): SignOnRuleRecord {
  const id = call.param("ruleId");
  const rule = policy.rules.find((candidate) => candidate.id === id);
  if (!rule) throw notFound(id, "PolicyRule");
  return rule;
}

function listPolicies(call: Call): Reply {
  const wanted = call.query.get("type");
  if (!wanted) throw invalid("type", ["type: The policy type is required."]);
  const status = call.query.get("status");
  const rows = [...call.state.signOnPolicies.values()]
    .filter((policy) => wanted === type && (!status || policy.status === status))
    .map((policy) => ({ ...policyView(policy, call), _embedded: { resourceType: "APP" } }));
  return listed(call, { rows, next: undefined }, 20);
}

function readPolicy(call: Call) {
  const fields = new Fields(call.body);
  const settings = {
    name: fields.requiredText("name", 255),
    description: fields.text("description", 255) ?? "",
    status: fields.oneOf("status", statuses) ?? ("ACTIVE" as const),
  };
  fields.requiredText("type");
  fields.oneOf("type", [type]);
  fields.done();
  return settings;
}

function createPolicy(call: Call): Reply {
  const settings = readPolicy(call);
  const policy = { ...newSignOnPolicy(settings, call.making, byId), ...settings };
  return ok(policyView(call.state.signOnPolicies.put(policy), call));
}

function replacePolicy(call: Call): Reply {
  const policy = policyOf(call);
  Object.assign(policy, readPolicy(call), { lastUpdated: call.making.now() });
  return ok(policyView(policy, call));
}

/** Apps that were under it come under the org's own policy. */
function deletePolicy(call: Call): Reply {
  const policy = policyOf(call);
  if (policy.system) throw forbidden();
  call.state.signOnPolicies.delete(policy.id);
  for (const app of call.state.apps.values()) if (app.signOnPolicyId === policy.id) useOwnPolicy(app, call.state);
  return noContent();
}

function listMappings(call: Call): Reply {
  const policy = policyOf(call);
  const self = `${call.origin}/api/v1/policies/${policy.id}`;
  const apps = [...call.state.apps.values()].filter((app) => policyOfApp(app, call.state) === policy);
  return ok(
    apps.map(({ id }) => ({
      id: `map${id.slice(3)}`,
      _links: {
        self: link(`${self}/mappings/map${id.slice(3)}`, "GET", "DELETE"),
        application: link(`${call.origin}/api/v1/apps/${id}`, "GET"),
        policy: link(self, "GET", "PUT", "DELETE"),
      },
    })),
  );
}

function readRule(call: Call) {
  const fields = new Fields(call.body);
  const name = fields.requiredText("name", 255);
  const status = fields.oneOf("status", statuses) ?? ("ACTIVE" as const);
  const priority = fields.number("priority", 0, 1000);
  fields.oneOf("actions.appSignOn.access", ["ALLOW", "DENY"]);
  if (!isRecord(fields.at("actions.appSignOn"))) fields.complain("actions", "The field cannot be left blank");
  fields.done();
  return {
    settings: {
      name,
      status,
      conditions: signOnConditions(fields.object("conditions")),
      actions: signOnActions(fields.object("actions.appSignOn")),
    },
    priority,
  };
}

/** Puts the rule at its place, and in any case before the catch-all. */
function placeRule(policy: SignOnPolicyRecord, rule: SignOnRuleRecord, priority: number | undefined): void {
  const last = policy.rules.filter(({ system }) => system);
  const others = policy.rules.filter(({ system }) => !system);
  place(others, rule, priority === undefined ? undefined : priority + 1);
  policy.rules = [...others, ...last];
}

function createRule(call: Call): Reply {
  const policy = policyOf(call);
  const { settings, priority } = readRule(call);
  const rule = { ...catchAll(call.making), system: false, ...settings };
  placeRule(policy, rule, priority);
  return ok(ruleView(rule, policy, call));
}

function replaceRule(call: Call): Reply {
  const policy = policyOf(call);
  const rule = ruleOf(call, policy);
  const { settings, priority } = readRule(call);
  const { conditions, ...rest } = settings;
  // The catch-all stays for everybody, whatever is sent (Okta behavior).
  Object.assign(rule, rest, rule.system ? {} : { conditions }, { lastUpdated: call.making.now() });
  if (!rule.system) placeRule(policy, rule, priority);
  return ok(ruleView(rule, policy, call));
}

function deleteRule(call: Call): Reply {
  const policy = policyOf(call);
  const rule = ruleOf(call, policy);
  if (rule.system) throw forbidden();
  policy.rules = policy.rules.filter((other) => other !== rule);
  return noContent();
}

const setStatus = (of: (call: Call) => SignOnPolicyRecord | SignOnRuleRecord, status: SignOnRuleRecord["status"]) => {
  return (call: Call): Reply => {
    const record = of(call);
    if (record.system) throw forbidden();
    Object.assign(record, { status, lastUpdated: call.making.now() });
    return noContent();
  };
};

function assignPolicy(call: Call): Reply {
  const app = appOf(call);
  app.signOnPolicyId = policyOf(call).id;
  return noContent();
}

const policies = "/api/v1/policies";
const policy = `${policies}/{policyId}`;
const rules = `${policy}/rules`;
const rule = `${rules}/{ruleId}`;
const ruleAt = (call: Call) => ruleOf(call, policyOf(call));

export const signOnPolicyRoutes: readonly Route[] = [
  route("GET", policies, "policies.read", listPolicies),
  route("POST", policies, "policies.manage", createPolicy),
  route("GET", policy, "policies.read", (call) => ok(policyView(policyOf(call), call))),
  route("PUT", policy, "policies.manage", replacePolicy),
  route("DELETE", policy, "policies.manage", deletePolicy),
  route("POST", `${policy}/lifecycle/activate`, "policies.manage", setStatus(policyOf, "ACTIVE")),
  route("POST", `${policy}/lifecycle/deactivate`, "policies.manage", setStatus(policyOf, "INACTIVE")),
  route("GET", `${policy}/mappings`, "policies.read", listMappings),
  route("GET", rules, "policies.read", (call) =>
    ok(policyOf(call).rules.map((one) => ruleView(one, policyOf(call), call))),
  ),
  route("POST", rules, "policies.manage", createRule),
  route("GET", rule, "policies.read", (call) => ok(ruleView(ruleAt(call), policyOf(call), call))),
  route("PUT", rule, "policies.manage", replaceRule),
  route("DELETE", rule, "policies.manage", deleteRule),
  route("POST", `${rule}/lifecycle/activate`, "policies.manage", setStatus(ruleAt, "ACTIVE")),
  route("POST", `${rule}/lifecycle/deactivate`, "policies.manage", setStatus(ruleAt, "INACTIVE")),
  route("PUT", "/api/v1/apps/{appId}/policies/{policyId}", "apps.manage", assignPolicy),
];
