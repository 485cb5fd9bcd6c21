/** The management API: from a request to Okta's answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../../guard.ts";
import { identify, type ServiceToken } from "../caller.ts";
import {
  ApiError,
  challenge,
  errorBody,
  featureOff,
  malformed,
  newErrorId,
  noSuchMethod,
  noSuchPath,
  rateLimited,
  ScopeMissing,
} from "../errors.ts";
import { watchChange } from "../log/changes.ts";
import { logRequest, transactionOf } from "../log/requests.ts";
import type { Origins } from "../oidc/issuers.ts";
import type { SigningKeys } from "../oidc/keys.ts";
import { type RateLimit, rateLimits } from "../rate-limits.ts";
import { type Call, matchPath, type Reply, type Route } from "../routes.ts";
import type { Making } from "../state.ts";
import type { OktaState } from "../types.ts";
import { appRoutes } from "./apps.ts";
import { assignmentRoutes } from "./assignments.ts";
import { authorizationServerRoutes } from "./authorization-servers.ts";
import { claimRoutes } from "./claims.ts";
import { groupRoutes } from "./groups.ts";
import { idTokenClaimRoutes } from "./id-token-claim.ts";
import { logRoutes } from "./logs.ts";
import { orgRoutes } from "./org.ts";
import { policyRoutes } from "./policies.ts";
import { ruleRoutes } from "./rules.ts";
import { scopeRoutes } from "./scopes.ts";
import { secretRoutes } from "./secrets.ts";
import { signOnPolicyRoutes } from "./sign-on-policies.ts";
import { simulationRoutes } from "./simulate.ts";
import { tokenRoutes } from "./tokens.ts";
import { userChangeRoutes } from "./user-changes.ts";
import { userRoutes } from "./users.ts";

/** Every route of the management API. */
export const routes: readonly Route[] = [
  ...groupRoutes,
  ...userRoutes,
  ...userChangeRoutes,
  ...appRoutes,
  ...secretRoutes,
  ...assignmentRoutes,
  ...authorizationServerRoutes,
  ...claimRoutes,
  ...scopeRoutes,
  ...policyRoutes,
  ...ruleRoutes,
  ...idTokenClaimRoutes,
  ...tokenRoutes,
  ...orgRoutes,
  ...logRoutes,
  ...signOnPolicyRoutes,
  ...simulationRoutes,
];

/** @throws ApiError E0000003 for anything but JSON */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  if (body === undefined) throw malformed();
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw malformed();
  }
}

function send(response: ServerResponse, reply: Reply, limit: RateLimit | undefined, requestId: string): void {
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.setHeader("x-okta-request-id", requestId);
  response.setHeader("cache-control", "no-cache, no-store");
  if (limit) {
    response.setHeader("x-rate-limit-limit", limit.limit);
    response.setHeader("x-rate-limit-remaining", limit.remaining);
    response.setHeader("x-rate-limit-reset", limit.reset);
  }
  if (reply.body === undefined) {
    response.end();
    return;
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(reply.body));
}

/** Answers `/api/v1/…` requests. */
export interface Api {
  /** @param url the request's address on the origin that the caller used */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

/** The management API of one org. `serviceToken` looks up an access token that the org gave to a service app. */
export function managementApi(
  state: OktaState,
  making: Making,
  origins: Origins,
  signing: SigningKeys,
  serviceToken: (token: string) => Promise<ServiceToken | undefined>,
): Api {
  const count = rateLimits(making.now);

  async function answer(request: IncomingMessage, url: URL, limit: RateLimit): Promise<Reply> {
    const caller = await identify(request, url, state, making.now(), serviceToken);
    if (limit.exceeded) throw rateLimited();
    // A slash at the end is nothing to Okta.
    const segments = url.pathname.replace(/\/$/, "").split("/").slice(1).map(decodeURIComponent);
    const matches = routes.flatMap((route) => {
      const params = matchPath(route, segments);
      return params ? [{ route, params }] : [];
    });
    const match = matches.find(({ route }) => route.method === request.method);
    if (!match) {
      throw matches.length > 0 ? noSuchMethod() : noSuchPath();
    }
    const { route, params } = match;
    if (segments[2] === "authorizationServers" && !state.apiAccessManagement) throw featureOff();
    if (route.need !== undefined) caller.demand(route.need);
    const call: Call = {
      state,
      making,
      caller,
      origin: url.origin,
      origins,
      signing,
      path: url.pathname,
      query: url.searchParams,
      body: await readJson(request),
      param: (name) => params.get(name) ?? "",
    };
    const record = watchChange(route, call, logRequest(request, url.pathname));
    const reply = await route.handle(call);
    record(reply);
    return reply;
  }

  return {
    async handle(request, response, url) {
      const requestId = transactionOf(request);
      const limit = count(url.pathname, state.rateLimit);
      try {
        send(response, await answer(request, url, limit), limit, requestId);
      } catch (error) {
        const known =
          error instanceof ApiError
            ? error
            : error instanceof URIError
              ? malformed()
              : new ApiError(500, "E0000009", "Internal Server Error");
        if (known instanceof ScopeMissing) {
          const { scope, message: description } = known;
          const refusal = { error: "insufficient_scope", description, scope, resource: url.pathname };
          response.setHeader("www-authenticate", challenge(url.origin, refusal));
        }
        send(response, { status: known.status, body: errorBody(known, newErrorId()) }, limit, requestId);
      }
    },
  };
}
