/** `/api/v1/authorizationServers/{authServerId}/claims`. */
import { forbidden, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { isExpression } from "../oidc/expressions.ts";
import { type Call, created, link, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newClaim } from "../state.ts";
import type { AuthorizationServerRecord, ClaimRecord } from "../types.ts";
import { serverOf } from "./authorization-servers.ts";

const claimTypes = ["RESOURCE", "IDENTITY"] as const;
const valueTypes = ["GROUPS", "EXPRESSION"] as const;
const filterTypes = ["STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"] as const;
const statuses = ["ACTIVE", "INACTIVE"] as const;

function claimView(claim: ClaimRecord, server: AuthorizationServerRecord, origin: string) {
  const self = `${origin}/api/v1/authorizationServers/${server.id}/claims/${claim.id}`;
  return {
    id: claim.id,
    name: claim.name,
    status: claim.status,
    claimType: claim.claimType,
    valueType: claim.valueType,
    ...(claim.valueType === "SYSTEM" ? {} : { value: claim.value }),
    conditions: { scopes: claim.scopes },
    system: claim.system,
    alwaysIncludeInToken: claim.alwaysIncludeInToken,
    ...(claim.groupFilterType === null ? {} : { group_filter_type: claim.groupFilterType }),
    _links: { self: link(self, "GET", "PUT", "DELETE") },
  };
}

/** @throws ApiError E0000007 */
function claimOf(call: Call, server: AuthorizationServerRecord): ClaimRecord {
  const id = call.param("claimId");
  const claim = server.claims.get(id);
  if (!claim) throw notFound(id, "OAuth2Claim");
  return claim;
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function readClaim(call: Call, server: AuthorizationServerRecord, except?: ClaimRecord) {
  const fields = new Fields(call.body);
  const name = fields.requiredText("name", 100);
  const claimType = fields.oneOf("claimType", claimTypes) ?? "RESOURCE";
  const valueType = fields.oneOf("valueType", valueTypes) ?? "EXPRESSION";
  const value = fields.requiredText("value", 1024);
  const filterType = fields.oneOf("group_filter_type", filterTypes) ?? null;
  const status = fields.oneOf("status", statuses) ?? "ACTIVE";
  const scopes = fields.texts("conditions.scopes") ?? [];
  const always = fields.flag("alwaysIncludeInToken") ?? true;

  if (valueType === "GROUPS" && filterType === null) {
    fields.complain("group_filter_type", "'group_filter_type' is required when 'valueType' is 'GROUPS'.");
  }
  if (filterType === "REGEX" && !isRegex(value)) fields.complain("value", "The regular expression is not valid.");
  if (valueType === "EXPRESSION" && value !== "" && !isExpression(value)) {
    fields.complain("value", "Invalid expression.");
  }
  const known = new Set(Array.from(server.scopes.values(), (scope) => scope.name));
  for (const scope of scopes) {
    if (!known.has(scope)) fields.complain("conditions", `The scope '${scope}' does not exist.`);
  }
  for (const claim of server.claims.values()) {
    if (claim !== except && claim.name === name && claim.claimType === claimType) {
      fields.complain("name", "An object with this field already exists in the current organization");
    }
  }
  fields.done();
  return {
    name,
    claimType,
    valueType,
    value,
    groupFilterType: valueType === "GROUPS" ? filterType : null,
    status,
    scopes,
    // An access token has every claim that is for it (Okta behavior).
    alwaysIncludeInToken: claimType === "RESOURCE" || always,
  };
}

function listClaims(call: Call): Reply {
  const server = serverOf(call);
  return ok(Array.from(server.claims.values(), (claim) => claimView(claim, server, call.origin)));
}

function createClaim(call: Call): Reply {
  const server = serverOf(call);
  const settings = readClaim(call, server);
  const claim = { ...newClaim({ name: settings.name, value: settings.value }, call.making), ...settings };
  return created(claimView(server.claims.put(claim), server, call.origin));
}

function replaceClaim(call: Call): Reply {
  const server = serverOf(call);
  const claim = claimOf(call, server);
  if (claim.system) throw forbidden();
  Object.assign(claim, readClaim(call, server, claim));
  return ok(claimView(claim, server, call.origin));
}

function deleteClaim(call: Call): Reply {
  const server = serverOf(call);
  const claim = claimOf(call, server);
  if (claim.system) throw forbidden();
  server.claims.delete(claim.id);
  return noContent();
}

function getClaim(call: Call): Reply {
  const server = serverOf(call);
  return ok(claimView(claimOf(call, server), server, call.origin));
}

const path = "/api/v1/authorizationServers/{authServerId}";

export const claimRoutes: readonly Route[] = [
  route("GET", `${path}/claims`, "authorizationServers.read", listClaims),
  route("POST", `${path}/claims`, "authorizationServers.manage", createClaim),
  route("GET", `${path}/claims/{claimId}`, "authorizationServers.read", getClaim),
  route("PUT", `${path}/claims/{claimId}`, "authorizationServers.manage", replaceClaim),
  route("DELETE", `${path}/claims/{claimId}`, "authorizationServers.manage", deleteClaim),
];
