/** The endpoints of all authorization servers of the org, its sign-in page included. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import type { ServiceToken } from "../caller.ts";
import { errorBody, newErrorId, notFound } from "../errors.ts";
import { appEntity, unknownActor, userEntity } from "../log/entities.ts";
import { logRequest } from "../log/requests.ts";
import { appOfClient } from "../state.ts";
import type { OktaState } from "../types.ts";
import { type Issuer, issuerAt, type Origins } from "./issuers.ts";
import type { SigningKey, SigningKeys } from "./keys.ts";
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
    const username = new URLSearchParams(await readText(request)).get("username")?.toLowerCase();
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
    async handle(request, response, url) {
      const issuer = issuerAt(url.pathname, url.origin, origins, state);
      if (issuer === undefined) return false;
      if (issuer === null) {
        noSuchServer(response, url.pathname);
        return true;
      }
      const keys = await signing.all();
      const provider = providerOf(issuer, keys);
      const path = url.pathname.slice(issuer.mountPath.length);
      if (path.startsWith("/signin/")) await signIn(request, response, provider);
      else if (path.endsWith("/v1/userinfo")) await userinfo(request, response, { issuer, state, keys, provider, now });
      else await serve(provider, request, response, url, issuer);
      return true;
    },
  };
}

/** A browser gets a page, a program Okta's error. */
function noSuchServer(response: ServerResponse, path: string): void {
  const error = notFound(path.split("/")[2] ?? "", "AuthorizationServer");
  if (path.endsWith("/v1/authorize")) {
    response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
    response.end(errorPage(404, error.code, error.message));
    return;
  }
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify(errorBody(error, newErrorId())));
}

/** Hands the request to the provider, as from the place where that is mounted. */
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
  Object.assign(request, { originalUrl: `${issuer.mountPath}${served}${url.search}`, url: `${served}${url.search}` });
  await provider.callback()(request, response);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > 10_000) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
