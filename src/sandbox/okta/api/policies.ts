/** `/api/v1/authorizationServers/{authServerId}/policies`, in order of priority. */
import { notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, created, isoTime, link, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newPolicy } from "../state.ts";
import type { AuthorizationServerRecord, Lifecycle, PolicyRecord } from "../types.ts";
import { lifecycles, serverOf } from "./authorization-servers.ts";

/** Records are only made from ids that were checked before. */
export const byId = { groupId: (id: string) => id, userId: (id: string) => id };
export const statuses = ["ACTIVE", "INACTIVE"] as const;

/** Puts the record at its place, counted from 1; without one it keeps its place, and a new one goes last. */
export function place<T>(records: T[], record: T, priority: number | undefined): void {
  const present = records.indexOf(record);
  if (present >= 0 && priority === undefined) return;
  if (present >= 0) records.splice(present, 1);
  records.splice(priority === undefined ? records.length : priority - 1, 0, record);
}

/** The links of a policy or a rule: to itself, and to what changes its status. */
export function lifecycleLinks(self: string, status: Lifecycle) {
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
export function policyOf(call: Call, server: AuthorizationServerRecord): PolicyRecord {
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

function listPolicies(call: Call): Reply {
  const server = serverOf(call);
  return ok(server.policies.map((policy) => policyView(policy, server, call.origin)));
}

function getPolicy(call: Call): Reply {
  const server = serverOf(call);
  return ok(policyView(policyOf(call, server), server, call.origin));
}

const policies = "/api/v1/authorizationServers/{authServerId}/policies";
const policy = `${policies}/{policyId}`;

export const policyRoutes: readonly Route[] = [
  route("GET", policies, "authorizationServers.read", listPolicies),
  route("POST", policies, "authorizationServers.manage", createPolicy),
  route("GET", policy, "authorizationServers.read", getPolicy),
  route("PUT", policy, "authorizationServers.manage", replacePolicy),
  route("DELETE", policy, "authorizationServers.manage", deletePolicy),
  ...lifecycles(policy, (call) => policyOf(call, serverOf(call))),
];
