/** `/api/v1/apps`: OpenID Connect apps, the only kind that the sandbox holds. */
import { ApiError, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Property, parseFilter } from "../filter.ts";
import { type Call, isFalse, isoTime, noContent, ok, paged, type Reply, type Route, route } from "../routes.ts";
import { useOwnPolicy } from "../sign-on/evaluate.ts";
import type { AppRecord } from "../types.ts";
import { createFrom, updateFrom } from "./app-settings.ts";
import { appView } from "./app-view.ts";

/** @throws ApiError E0000007 */
export function appOf(call: Call): AppRecord {
  const id = call.param("appId");
  const app = call.state.apps.get(id);
  if (!app) throw notFound(id, "AppInstance");
  return app;
}

const property: Property<AppRecord> = (app, name) => {
  switch (name) {
    case "id":
      return app.id;
    case "status":
      return app.status;
    case "name":
      return "oidc_client";
    case "credentials.oauthClient.client_id":
      return app.clientId;
    case "lastUpdated":
      return isoTime(app.lastUpdated);
    default:
      return undefined;
  }
};
const filterable = (name: string) => /^(id|status|name|lastUpdated|credentials\.oauthClient\.client_id)$/.test(name);

function listApps(call: Call): Reply {
  const filter = call.query.get("filter");
  const q = call.query.get("q")?.toLowerCase();
  const test = filter ? parseFilter(filter, property, filterable) : () => true;
  return paged(
    call,
    call.state.apps,
    { standard: 20, most: 200 },
    (app) => test(app) && (!q || app.label.toLowerCase().startsWith(q) || "oidc_client".startsWith(q)),
    (app) => appView(app, call.origin),
  );
}

function createApp(call: Call): Reply {
  const app = createFrom(new Fields(call.body), call);
  useOwnPolicy(app, call.state);
  if (isFalse(call.query.get("activate"))) app.status = "INACTIVE";
  call.state.apps.put(app);
  return ok(appView(app, call.origin, { secret: true }));
}

function replaceApp(call: Call): Reply {
  const app = appOf(call);
  updateFrom(new Fields(call.body), app, call);
  app.lastUpdated = call.making.now();
  return ok(appView(app, call.origin, { secret: true }));
}

function deleteApp(call: Call): Reply {
  const app = appOf(call);
  if (app.status === "ACTIVE") {
    throw new ApiError(403, "E0000056", "Delete application forbidden.", [
      "The application must be deactivated before deletion.",
    ]);
  }
  call.state.apps.delete(app.id);
  return noContent();
}

function setStatus(call: Call, status: AppRecord["status"]): Reply {
  const app = appOf(call);
  app.status = status;
  app.lastUpdated = call.making.now();
  return ok({});
}

export const appRoutes: readonly Route[] = [
  route("GET", "/api/v1/apps", "apps.read", listApps),
  route("POST", "/api/v1/apps", "apps.manage", createApp),
  route("GET", "/api/v1/apps/{appId}", "apps.read", (call) => ok(appView(appOf(call), call.origin))),
  route("PUT", "/api/v1/apps/{appId}", "apps.manage", replaceApp),
  route("DELETE", "/api/v1/apps/{appId}", "apps.manage", deleteApp),
  route("POST", "/api/v1/apps/{appId}/lifecycle/activate", "apps.manage", (call) => setStatus(call, "ACTIVE")),
  route("POST", "/api/v1/apps/{appId}/lifecycle/deactivate", "apps.manage", (call) => setStatus(call, "INACTIVE")),
];
