/** `/api/v1/authorizationServers/{authServerId}/scopes`. */
import { forbidden, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, created, link, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newScope } from "../state.ts";
import type { AuthorizationServerRecord, ScopeRecord } from "../types.ts";
import { serverOf } from "./authorization-servers.ts";

function scopeView(scope: ScopeRecord, server: AuthorizationServerRecord, origin: string) {
  const self = `${origin}/api/v1/authorizationServers/${server.id}/scopes/${scope.id}`;
  return {
    id: scope.id,
    name: scope.name,
    ...(scope.displayName === null ? {} : { displayName: scope.displayName }),
    description: scope.description,
    system: scope.system,
    metadataPublish: scope.metadataPublish,
    consent: scope.consent,
    optional: scope.optional,
    apiResourceId: null,
    default: scope.default,
    _links: { self: link(self, "GET", "PUT", "DELETE") },
  };
}

function listScopes(call: Call): Reply {
  const server = serverOf(call);
  const q = call.query.get("q")?.toLowerCase() ?? "";
  const scopes = Array.from(server.scopes.values()).filter((scope) => scope.name.toLowerCase().includes(q));
  return ok(scopes.map((scope) => scopeView(scope, server, call.origin)));
}

/** @throws ApiError E0000007 */
function scopeOf(call: Call, server: AuthorizationServerRecord): ScopeRecord {
  const id = call.param("scopeId");
  const scope = server.scopes.get(id);
  if (!scope) throw notFound(id, "OAuth2Scope");
  return scope;
}

function getScope(call: Call): Reply {
  const server = serverOf(call);
  return ok(scopeView(scopeOf(call, server), server, call.origin));
}

function readScope(call: Call, server: AuthorizationServerRecord, except?: ScopeRecord) {
  const fields = new Fields(call.body);
  const settings = {
    name: fields.requiredText("name", 100),
    displayName: fields.text("displayName", 40) ?? null,
    description: fields.text("description", 255) ?? null,
    consent: fields.oneOf("consent", ["IMPLICIT", "REQUIRED", "FLEXIBLE"] as const) ?? "IMPLICIT",
    metadataPublish: fields.oneOf("metadataPublish", ["ALL_CLIENTS", "NO_CLIENTS"] as const) ?? "NO_CLIENTS",
    default: fields.flag("default") ?? false,
    optional: fields.flag("optional") ?? false,
  };
  const { name } = settings;
  if (/[\s"\\]/.test(name)) fields.complain("name", "The name must not contain spaces, quotes or backslashes.");
  for (const scope of server.scopes.values()) {
    if (scope !== except && scope.name === name) {
      fields.complain("name", "An object with this field already exists in the current organization");
    }
  }
  fields.done();
  return settings;
}

function createScope(call: Call): Reply {
  const server = serverOf(call);
  const settings = readScope(call, server);
  const scope = { ...newScope(settings.name, call.making), ...settings };
  return created(scopeView(server.scopes.put(scope), server, call.origin));
}

/** @throws ApiError E0000006: the standard scopes stay as they are */
function ownScope(call: Call, server: AuthorizationServerRecord): ScopeRecord {
  const scope = scopeOf(call, server);
  if (scope.system) throw forbidden();
  return scope;
}

function replaceScope(call: Call): Reply {
  const server = serverOf(call);
  const scope = ownScope(call, server);
  Object.assign(scope, readScope(call, server, scope));
  return ok(scopeView(scope, server, call.origin));
}

function deleteScope(call: Call): Reply {
  const server = serverOf(call);
  server.scopes.delete(ownScope(call, server).id);
  return noContent();
}

const scopes = "/api/v1/authorizationServers/{authServerId}/scopes";
const scope = `${scopes}/{scopeId}`;

export const scopeRoutes: readonly Route[] = [
  route("GET", scopes, "authorizationServers.read", listScopes),
  route("POST", scopes, "authorizationServers.manage", createScope),
  route("GET", scope, "authorizationServers.read", getScope),
  route("PUT", scope, "authorizationServers.manage", replaceScope),
  route("DELETE", scope, "authorizationServers.manage", deleteScope),
];
