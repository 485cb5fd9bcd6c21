/** `/api/v1/authorizationServers`: custom authorization servers. */
import { notFound } from "../errors.ts";
import { type Call, isoTime, ok, paged, type Route, route } from "../routes.ts";
import type { AuthorizationServerRecord } from "../types.ts";

/** A server as Okta shows it. */
function serverView(server: AuthorizationServerRecord, call: Call) {
  const { origin } = call;
  const self = `${origin}/api/v1/authorizationServers/${server.id}`;
  const change = server.status === "ACTIVE" ? "deactivate" : "activate";
  const link = (href: string, ...allow: string[]) => ({ href, hints: { allow } });
  return {
    id: server.id,
    name: server.name,
    description: server.description,
    audiences: server.audiences,
    issuer: `${origin}/oauth2/${server.id}`,
    issuerMode: server.issuerMode,
    status: server.status,
    created: isoTime(server.created),
    lastUpdated: isoTime(server.lastUpdated),
    credentials: { signing: { rotationMode: "AUTO", lastRotated: isoTime(server.created), kid: "sandbox" } },
    _links: {
      self: link(self, "GET", "DELETE", "PUT"),
      scopes: link(`${self}/scopes`, "GET"),
      claims: link(`${self}/claims`, "GET"),
      policies: link(`${self}/policies`, "GET"),
      metadata: ["oauth-authorization-server", "openid-configuration"].map((name) => ({
        name,
        ...link(`${origin}/oauth2/${server.id}/.well-known/${name}`, "GET"),
      })),
      rotateKey: link(`${self}/credentials/lifecycle/keyRotate`, "POST"),
      [change]: link(`${self}/lifecycle/${change}`, "POST"),
    },
  };
}

/** @throws ApiError E0000007 */
export function serverOf(call: Call): AuthorizationServerRecord {
  const id = call.param("authServerId");
  const server = call.state.authorizationServers.get(id);
  if (!server) throw notFound(id, "AuthorizationServer");
  return server;
}
export const authorizationServerRoutes: readonly Route[] = [
  route("GET", "/api/v1/authorizationServers", "authorizationServers.read", (call) => {
    const q = call.query.get("q")?.toLowerCase() ?? "";
    return paged(
      call,
      call.state.authorizationServers,
      { standard: 200, most: 200 },
      (server) => [server.name, ...server.audiences].some((text) => text.toLowerCase().includes(q)),
      (server) => serverView(server, call),
    );
  }),
  route("GET", "/api/v1/authorizationServers/{authServerId}", "authorizationServers.read", (call) =>
    ok(serverView(serverOf(call), call)),
  ),
];
