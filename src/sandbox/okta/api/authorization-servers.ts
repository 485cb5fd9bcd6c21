/** `/api/v1/authorizationServers`: custom authorization servers. */
import { invalid, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { issuerUrl } from "../oidc/issuers.ts";
import { type Call, created, isoTime, link, noContent, ok, paged, type Reply, type Route, route } from "../routes.ts";
import { newAuthorizationServer } from "../state.ts";
import type { AuthorizationServerRecord, Lifecycle } from "../types.ts";

/** How long a key signs before Okta makes a new one, in milliseconds. */
const rotation = 90 * 24 * 3600 * 1000;

/** A server as Okta shows it. */
function serverView(server: AuthorizationServerRecord, call: Call) {
  const { origin, state } = call;
  const self = `${origin}/api/v1/authorizationServers/${server.id}`;
  const change = server.status === "ACTIVE" ? "deactivate" : "activate";
  return {
    id: server.id,
    name: server.name,
    description: server.description,
    audiences: server.audiences,
    issuer: issuerUrl(server, origin, call.origins),
    issuerMode: server.issuerMode,
    status: server.status,
    created: isoTime(server.created),
    lastUpdated: isoTime(server.lastUpdated),
    credentials: {
      signing: {
        kid: state.signing.kid,
        rotationMode: server.rotationMode,
        lastRotated: isoTime(state.signing.lastRotated),
        ...(server.rotationMode === "AUTO" ? { nextRotation: isoTime(state.signing.lastRotated + rotation) } : {}),
      },
    },
    default: server.id === "default",
    _links: {
      rotateKey: link(`${self}/credentials/lifecycle/keyRotate`, "POST"),
      self: link(self, "GET", "DELETE", "PUT"),
      keys: link(`${self}/credentials/keys`, "GET"),
      scopes: link(`${self}/scopes`, "GET", "POST"),
      claims: link(`${self}/claims`, "GET", "POST"),
      policies: link(`${self}/policies`, "GET", "POST"),
      metadata: ["oauth-authorization-server", "openid-configuration"].map((name) => ({
        name,
        ...link(`${origin}/oauth2/${server.id}/.well-known/${name}`, "GET"),
      })),
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

function listServers(call: Call): Reply {
  const q = call.query.get("q")?.toLowerCase() ?? "";
  return paged(
    call,
    call.state.authorizationServers,
    { standard: 200, most: 200, endless: true },
    (server) => [server.name, ...server.audiences].some((text) => text.toLowerCase().includes(q)),
    (server) => serverView(server, call),
  );
}

function readServer(call: Call, except?: AuthorizationServerRecord) {
  const fields = new Fields(call.body);
  const name = fields.requiredText("name", 100);
  const description = fields.text("description", 500) ?? null;
  const audiences = fields.texts("audiences") ?? [];
  const issuerMode = fields.oneOf("issuerMode", ["ORG_URL", "CUSTOM_URL", "DYNAMIC"] as const) ?? "ORG_URL";
  const rotationMode = fields.oneOf("credentials.signing.rotationMode", ["AUTO", "MANUAL"] as const) ?? "AUTO";
  if (audiences.length !== 1 || audiences[0] === "") {
    fields.complain("audiences", "'audiences' must hold one audience.");
  }
  fields.done();
  for (const server of call.state.authorizationServers.values()) {
    if (server !== except && server.name === name) {
      throw invalid("name", ["name: An object with this field already exists in the current organization"]);
    }
  }
  return { name, description, audiences, issuerMode, rotationMode };
}

function createServer(call: Call): Reply {
  // A new server comes without policies: it lets nobody in before it has one (Okta behavior).
  const find = { groupId: (name: string) => name, userId: (login: string) => login };
  const settings = readServer(call);
  const server = Object.assign(
    newAuthorizationServer({ name: settings.name, policies: [] }, call.making, find),
    settings,
  );
  return created(serverView(call.state.authorizationServers.put(server), call));
}

function replaceServer(call: Call): Reply {
  const server = serverOf(call);
  Object.assign(server, readServer(call, server), { lastUpdated: call.making.now() });
  return ok(serverView(server, call));
}

function deleteServer(call: Call): Reply {
  call.state.authorizationServers.delete(serverOf(call).id);
  return noContent();
}

/** The routes that switch an authorization server, or a part of one, at this path on and off. */
export function lifecycles(
  path: string,
  record: (call: Call) => { status: Lifecycle; lastUpdated: number },
): readonly Route[] {
  const change = (name: string, status: Lifecycle) =>
    route("POST", `${path}/lifecycle/${name}`, "authorizationServers.manage", (call) => {
      Object.assign(record(call), { status, lastUpdated: call.making.now() });
      return noContent();
    });
  return [change("activate", "ACTIVE"), change("deactivate", "INACTIVE")];
}

/** The org's servers share their keys here; in Okta each has its own. */
async function listKeys(call: Call): Promise<Reply> {
  const { id } = serverOf(call);
  const keys = await call.signing.all();
  const self = `${call.origin}/api/v1/authorizationServers/${id}/credentials/keys`;
  const rows = keys.map((key, index) => ({
    status: index === 0 ? "ACTIVE" : "EXPIRED",
    alg: "RS256",
    kid: key.id,
    use: "sig",
    ...key.publicKey.export({ format: "jwk" }),
    _links: { self: link(`${self}/${key.id}`, "GET") },
  }));
  return ok(rows);
}

function rotateKeys(call: Call): Promise<Reply> {
  serverOf(call);
  const fields = new Fields(call.body);
  fields.requiredText("use");
  fields.oneOf("use", ["sig"]);
  fields.done();
  call.signing.rotate();
  return listKeys(call);
}

const path = "/api/v1/authorizationServers";
const one = `${path}/{authServerId}`;

export const authorizationServerRoutes: readonly Route[] = [
  route("GET", path, "authorizationServers.read", listServers),
  route("POST", path, "authorizationServers.manage", createServer),
  route("GET", one, "authorizationServers.read", (call) => ok(serverView(serverOf(call), call))),
  route("PUT", one, "authorizationServers.manage", replaceServer),
  route("DELETE", one, "authorizationServers.manage", deleteServer),
  route("GET", `${one}/credentials/keys`, "authorizationServers.read", listKeys),
  route("POST", `${one}/credentials/lifecycle/keyRotate`, "authorizationServers.manage", rotateKeys),
  ...lifecycles(one, serverOf),
];
