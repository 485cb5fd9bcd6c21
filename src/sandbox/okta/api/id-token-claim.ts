/**
 * `/api/v1/internal/apps/{appId}/settings/oauth/idToken`: an app's own claim, in the ID tokens of the org server. Custom
 * servers ignore it. Okta's Terraform provider reads and writes it with every OpenID Connect app.
 */
import { notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, ok, type Reply, type Route, route } from "../routes.ts";
import type { AppRecord } from "../types.ts";

const nobody = { issuer: null, orgUrl: null, customUrl: null, audience: null };

/** @throws ApiError E0000007 */
function appOf(call: Call): AppRecord {
  const id = call.param("appId");
  const app = call.state.apps.get(id);
  if (!app) throw notFound(id, "OAuth2AppInstance");
  return app;
}

function getClaim(call: Call): Reply {
  const app = appOf(call);
  return ok({
    ...nobody,
    issuer: call.origins.own,
    audience: app.clientId,
    issuerMode: "ORG_URL",
    ...app.idTokenClaim,
  });
}

function setClaim(call: Call): Reply {
  const app = appOf(call);
  const fields = new Fields(call.body);
  fields.oneOf("valueType", ["EXPRESSION", "GROUPS"]);
  fields.done();
  app.idTokenClaim = { issuerMode: "ORG_URL", ...fields.body };
  return ok({ ...nobody, ...app.idTokenClaim });
}

const path = "/api/v1/internal/apps/{appId}/settings/oauth/idToken";

export const idTokenClaimRoutes: readonly Route[] = [
  route("GET", path, "apps.read", getClaim),
  route("POST", path, "apps.manage", setClaim),
];
