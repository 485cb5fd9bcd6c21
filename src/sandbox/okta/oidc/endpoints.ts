/** The endpoints of all authorization servers of the org, its sign-in page included. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import { readBody } from "../../guard.ts";
import type { ServiceToken } from "../caller.ts";
import { type ApiError, errorBody, featureOff, newErrorId, notFound } from "../errors.ts";
import { appEntity, unknownActor, userEntity } from "../log/entities.ts";
import { logRequest } from "../log/requests.ts";
import { appOfClient } from "../state.ts";
import type { OktaState } from "../types.ts";
import { introspection } from "./introspection.ts";
import { type Issuer, issuerAt, type Origins } from "./issuers.ts";
import type { SigningKey, SigningKeys } from "./keys.ts";
import { withOffline } from "./offline.ts";
import { errorPage, signInPage } from "./pages.ts";
import { createProvider } from "./provider.ts";
import { adapterFactory } from "./store.ts";
import { userinfo } from "./userinfo.ts";

export interface OidcEndpoints {
  /** Answers the request if it is for an authorization server; says whether it did. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>;
  /** Looks up an access token that the org server gave to a service app. */
  serviceToken(token: string): Promise<ServiceToken | undefined>;
}

/** The authorization servers of an org. */
export function oidcEndpoints(
  state: OktaState,
  signing: SigningKeys,
  origins: Origins,
  now: () => number,
): OidcEndpoints {
  const adapter = adapterFactory(state);
  const revoked = new Set<string>();
  const providers = new Map<string, { readonly madeFrom: string; readonly provider: Provider }>();

  /** The issuer's provider; a new one when what it was made from has changed since. */
  function providerOf(issuer: Issuer, keys: readonly SigningKey[]): Provider {
    const { server } = issuer;
    const madeFrom = JSON.stringify([
      keys.map((key) => key.id),
      [...(server?.scopes.values() ?? [])].map((scope) => scope.name),
      [...(server?.claims.values() ?? [])].map((claim) => claim.name),
    ]);
    const found = providers.get(issuer.url);
    if (found?.madeFrom === madeFrom) return found.provider;
    const provider = createProvider({ issuer, state, keys, adapter, now });
    providers.set(issuer.url, { madeFrom, provider });
    return provider;
  }

  async function signIn(request: IncomingMessage, response: ServerResponse, provider: Provider): Promise<void> {
    const html = { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache, no-store" };
    const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
    if (!interaction) {
      response.writeHead(400, html).end(errorPage(400, "invalid_session", "The sign-in has expired: start again."));
      return;
    }
    const active = [...state.users.values()].filter((user) => user.status === "ACTIVE");
    const app = appOfClient(state, String(interaction.params.client_id));
    const label = app?.label ?? "";
    if (request.method !== "POST") {
      response.writeHead(200, html).end(signInPage(state.org.companyName, label, active));
      return;
    }
    const username = new URLSearchParams(String(await readBody(request))).get("username")?.toLowerCase();
    const named = [...state.users.values()].find(({ profile }) => profile.login.toLowerCase() === username);
    const user = active.find((one) => one === named);
    const start = {
      eventType: "user.session.start",
      displayMessage: "User login to Okta",
      actor: named ? userEntity(named) : { ...unknownActor, alternateId: username ?? "unknown" },
      target: app ? [appEntity(app)] : [],
      request: logRequest(request, "/idp/idx/identify"),
      at: now(),
    };
    if (!user) {
      const reason = named?.status === "LOCKED_OUT" ? "LOCKED_OUT" : "VERIFICATION_ERROR";
      state.log.record({ ...start, result: "FAILURE", reason, session: null });
      response.writeHead(401, html).end(signInPage(state.org.companyName, label, active, "Unable to sign in"));
      return;
    }
    user.lastLogin = now();
    state.log.hold(interaction.uid, { ...start, result: "SUCCESS" });
    await provider.interactionFinished(request, response, { login: { accountId: user.id } });
  }

  return {
    async serviceToken(token) {
      const issuer: Issuer = { server: undefined, url: origins.own, mountPath: "" };
      const found = await providerOf(issuer, await signing.all()).ClientCredentials.find(token);
      if (!found?.isValid) return undefined;
      return { clientId: found.clientId ?? "", scopes: found.scopes, boundTo: found.jkt };
    },
    async handle(request, response, asked) {
      const url = new URL(asked);
      // RFC 8414 puts the issuer's own path behind the well-known one.
      url.pathname = url.pathname.replace(/^(\/\.well-known\/oauth-authorization-server)(\/oauth2\/[^/]+)$/, "$2$1");
      const issuer = issuerAt(url.pathname, url.origin, origins, state);
      if (issuer === undefined) return false;
      if (issuer === null) {
        refuse(response, url.pathname, notFound(url.pathname.split("/")[2] ?? "", "AuthorizationServer"));
        return true;
      }
      if (issuer.server && !state.customServersSignIn && url.pathname.includes("/v1/")) {
        refuse(response, url.pathname, featureOff());
        return true;
      }
      const keys = await signing.all();
      const provider = providerOf(issuer, keys);
      const path = url.pathname.slice(issuer.mountPath.length);
      const tokens = { issuer, state, keys, provider, revoked, now };
      const [, what] = /\/v1\/(introspect|revoke)$/.exec(path) ?? [];
      if (path.startsWith("/signin/")) await signIn(request, response, provider);
      else if (path.endsWith("/v1/userinfo")) await userinfo(request, response, tokens);
      else if (what === "introspect" || what === "revoke") await introspection(what, request, response, tokens);
      else await serve(provider, request, response, url, issuer);
      return true;
    },
  };
}

/** A browser gets a page, a program Okta's error. */
function refuse(response: ServerResponse, path: string, error: ApiError): void {
  if (path.endsWith("/v1/authorize")) {
    const off = error.code === "E0000015";
    const [status, code, message] = off
      ? ([400, "server_error", "The requested feature is not enabled in this environment."] as const)
      : ([error.status, error.code, error.message] as const);
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
    response.end(errorPage(status, code, message));
    return;
  }
  response.writeHead(error.status, { "content-type": "application/json" });
  response.end(JSON.stringify(errorBody(error, newErrorId())));
}

/** Hands the request to the provider as if it came from the path at which that is mounted. */
async function serve(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  issuer: Issuer,
): Promise<void> {
  const path = url.pathname.slice(issuer.mountPath.length);
  // The metadata of RFC 8414 is the same document.
  const served = path.replace(/^\/\.well-known\/oauth-authorization-server$/, "/.well-known/openid-configuration");
  const query = path.endsWith("/authorize") ? withOffline(url.searchParams) : url.searchParams;
  const search = query.size === 0 ? "" : `?${query}`;
  Object.assign(request, { originalUrl: `${issuer.mountPath}${served}${search}`, url: `${served}${search}` });
  await provider.callback()(request, response);
}
