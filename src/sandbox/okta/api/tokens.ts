/** `/api/v1/api-tokens`: the tokens themselves are never shown again. */
import { notFound } from "../errors.ts";
import { type Call, isoTime, link, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import type { ApiTokenRecord } from "../types.ts";

function tokenView(token: ApiTokenRecord, { origin }: Call) {
  return {
    id: token.id,
    name: token.name,
    userId: token.userId,
    clientName: "Okta API",
    tokenWindow: "P30D",
    network:
      token.zones.length === 0 ? { connection: "ANYWHERE" } : { connection: "ZONE", include: token.zones, exclude: [] },
    expiresAt: isoTime(token.expiresAt),
    created: isoTime(token.created),
    lastUpdated: isoTime(token.lastUpdated),
    _links: {
      self: link(`${origin}/api/v1/api-tokens/${token.id}`, "GET", "DELETE"),
      user: link(`${origin}/api/v1/users/${token.userId}`, "GET"),
    },
  };
}

/** @throws ApiError E0000007 */
function tokenOf(call: Call): ApiTokenRecord {
  const id = call.param("apiTokenId");
  const token = call.state.apiTokens.get(id);
  if (!token) throw notFound(id, "Token");
  return token;
}

function listTokens(call: Call): Reply {
  return ok([...call.state.apiTokens.values()].map((token) => tokenView(token, call)));
}

function revoke(call: Call, id: string): Reply {
  call.state.apiTokens.delete(id);
  return noContent();
}

function revokeCurrent(call: Call): Reply {
  // An OAuth token is none of the org's API tokens.
  if (call.caller.tokenId === undefined) throw notFound("current", "Token");
  return revoke(call, call.caller.tokenId);
}

export const tokenRoutes: readonly Route[] = [
  route("GET", "/api/v1/api-tokens", "apiTokens.read", listTokens),
  route("DELETE", "/api/v1/api-tokens/current", undefined, revokeCurrent),
  route("GET", "/api/v1/api-tokens/{apiTokenId}", "apiTokens.read", (call) => ok(tokenView(tokenOf(call), call))),
  route("DELETE", "/api/v1/api-tokens/{apiTokenId}", "apiTokens.manage", (call) => revoke(call, tokenOf(call).id)),
];
