/** An Okta org: its management API and its authorization servers, behind one request listener. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { managementApi } from "./api/api.ts";
import { wellKnownOrg } from "./api/org.ts";
import { errorBody, newErrorId, noSuchMethod } from "./errors.ts";
import { recordPast } from "./log/past.ts";
import type { OidcEndpoints } from "./oidc/endpoints.ts";
import { signingKeys } from "./oidc/keys.ts";
import { seedSignOnPolicies } from "./sign-on/seed.ts";
import { makingOf, seededState } from "./state.ts";
import type { OktaOrg, OktaOrgOptions } from "./types.ts";

/** The methods that each endpoint outside the management API takes. */
const methods: Readonly<Record<string, readonly string[]>> = {
  authorize: ["GET", "HEAD", "POST", "OPTIONS"],
  token: ["POST", "OPTIONS"],
  userinfo: ["GET", "POST", "OPTIONS"],
  introspect: ["POST", "OPTIONS"],
  revoke: ["POST", "OPTIONS"],
  keys: ["GET", "HEAD", "OPTIONS"],
  logout: ["GET", "HEAD", "POST"],
  "openid-configuration": ["GET", "HEAD", "OPTIONS"],
  "oauth-authorization-server": ["GET", "HEAD", "OPTIONS"],
  "okta-organization": ["GET", "HEAD"],
};

/** The methods that the path takes, or `undefined` for a path that is none of these. */
function methodsOf(path: string): readonly string[] | undefined {
  const [, name = ""] = /\/(?:oauth2\/(?:[^/]+\/)?v1|\.well-known)\/([a-z-]+)(?:\/oauth2\/[^/]+)?$/.exec(path) ?? [];
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}

/**
 * An org that holds what the seed says and answers as Okta does, at `origin` and `otherOrigin`.
 *
 * Nothing listens yet: hand `handler` to an HTTP server.
 *
 * @throws Error when the seed names a group or user that it does not define
 */
export function createOktaOrg(options: OktaOrgOptions): OktaOrg {
  const making = makingOf(options.now);
  const state = seededState(options.seed, making, options.logDelay);
  seedSignOnPolicies(state, options.seed, making);
  recordPast(state, options.seed.past ?? [], options.now());
  const origins = { own: options.origin, other: options.otherOrigin };

  const signing = signingKeys(state.signing, options.now);

  // The OpenID Connect half is the heavy one, and is loaded when the first request needs it.
  let loaded: Promise<OidcEndpoints> | undefined;
  const oidc = () => {
    loaded ??= import("./oidc/endpoints.ts").then((module) =>
      module.oidcEndpoints(state, signing, origins, options.now),
    );
    return loaded;
  };
  const api = managementApi(state, making, origins, signing, async (token) => (await oidc()).serviceToken(token));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = URL.canParse(request.url ?? "", "http://path")
      ? new URL(request.url ?? "", "http://path")
      : undefined;
    const other = options.otherOrigin;
    const origin = new URL(other).host === request.headers.host ? other : options.origin;
    // The path as it was sent: `//` in it is a path that Okta does not serve, not the start of a host.
    const url = new URL(origin);
    url.pathname = (request.url ?? "/").split("?")[0] ?? "/";
    url.search = asked?.search ?? "";
    response.setHeader("x-content-type-options", "nosniff");
    const allowed = methodsOf(url.pathname);
    if (allowed !== undefined && !allowed.includes(request.method ?? "")) {
      response.writeHead(405, { "content-type": "application/json", allow: allowed.join(", ") });
      response.end(JSON.stringify(errorBody(noSuchMethod(), newErrorId())));
    } else if (url.pathname === "/.well-known/okta-organization") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(wellKnownOrg(state, options.origin, options.otherOrigin)));
    } else if (url.pathname.startsWith("/api/")) {
      await api.handle(request, response, url);
    } else if (!(await (await oidc()).handle(request, response, url))) {
      response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
      response.end("<!doctype html><title>Page Not Found</title><h1>404</h1><p>Page Not Found</p>\n");
    }
  }

  return {
    state,
    handler(request, response) {
      answer(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  };
}
