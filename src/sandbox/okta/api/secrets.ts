/** `/api/v1/apps/{appId}/credentials/secrets`: an app's client secrets, two of them while they are rotated. */
import { createHash } from "node:crypto";
import { invalid, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, created, isoTime, link, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newSecret } from "../state.ts";
import type { AppRecord, Lifecycle, SecretRecord } from "../types.ts";
import { appOf } from "./apps.ts";

function secretView(secret: SecretRecord, app: AppRecord, origin: string) {
  const self = `${origin}/api/v1/apps/${app.id}/credentials/secrets/${secret.id}`;
  const links =
    secret.status === "ACTIVE"
      ? { deactivate: link(`${self}/lifecycle/deactivate`, "POST") }
      : { activate: link(`${self}/lifecycle/activate`, "POST"), delete: link(self, "DELETE") };
  return {
    id: secret.id,
    status: secret.status,
    client_secret: secret.secret,
    secret_hash: createHash("sha256").update(secret.secret).digest("base64url").slice(0, 22),
    created: isoTime(secret.created),
    lastUpdated: isoTime(secret.lastUpdated),
    _links: links,
  };
}

/** @throws ApiError E0000007 */
function secretOf(call: Call, app: AppRecord): SecretRecord {
  const id = call.param("secretId");
  const secret = app.secrets.find((candidate) => candidate.id === id);
  if (!secret) throw notFound(id, "OAuth2ClientSecretMediated");
  return secret;
}

const refuse = (why: string) => invalid("OAuth2ClientSecretMediated", [why]);

function createSecret(call: Call): Reply {
  const app = appOf(call);
  const fields = new Fields(call.body ?? {});
  const given = fields.text("client_secret", 100);
  const status = fields.oneOf("status", ["ACTIVE", "INACTIVE"] as const);
  if (given !== undefined && given.length < 14) {
    fields.complain("client_secret", "'client_secret' must be at least '14' characters long.");
  }
  fields.done();
  if (app.secrets.length >= 2) throw refuse("You've reached the maximum number of client secrets per client.");
  const secret = { ...newSecret(call.making, given), status: status ?? ("ACTIVE" as const) };
  app.secrets.push(secret);
  return created(secretView(secret, app, call.origin));
}

function setStatus(call: Call, status: Lifecycle): Reply {
  const app = appOf(call);
  const secret = secretOf(call, app);
  if (status === "INACTIVE" && !app.secrets.some((other) => other !== secret && other.status === "ACTIVE")) {
    throw refuse("You can't deactivate the only active client secret of a client.");
  }
  Object.assign(secret, { status, lastUpdated: call.making.now() });
  return ok(secretView(secret, app, call.origin));
}

function deleteSecret(call: Call): Reply {
  const app = appOf(call);
  const secret = secretOf(call, app);
  if (secret.status === "ACTIVE") throw refuse("You can only delete an inactive client secret.");
  app.secrets = app.secrets.filter((other) => other !== secret);
  return noContent();
}

function listSecrets(call: Call): Reply {
  const app = appOf(call);
  return ok(app.secrets.map((secret) => secretView(secret, app, call.origin)));
}

const path = "/api/v1/apps/{appId}/credentials/secrets";

export const secretRoutes: readonly Route[] = [
  route("GET", path, "apps.manage", listSecrets),
  route("POST", path, "apps.manage", createSecret),
  route("DELETE", `${path}/{secretId}`, "apps.manage", deleteSecret),
  route("POST", `${path}/{secretId}/lifecycle/activate`, "apps.manage", (call) => setStatus(call, "ACTIVE")),
  route("POST", `${path}/{secretId}/lifecycle/deactivate`, "apps.manage", (call) => setStatus(call, "INACTIVE")),
];
