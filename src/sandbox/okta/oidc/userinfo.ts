/** `/v1/userinfo`. `oidc-provider` refuses it a token with an audience, such as every custom server's; Okta does not. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type JWTPayload, jwtVerify } from "jose";
import type { Provider } from "oidc-provider";
import { challenge } from "../errors.ts";
import { appOfClient } from "../state.ts";
import type { OktaState, UserRecord } from "../types.ts";
import { ClaimRefused, customClaims } from "./claims.ts";
import type { Issuer } from "./issuers.ts";
import type { SigningKey } from "./keys.ts";
import { claimsOfScopes, profileClaims } from "./profile.ts";

/** What an access token says of its bearer. */
interface Bearer {
  readonly user: UserRecord;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
}

/** What tokens are read with. */
export interface TokenOptions {
  readonly issuer: Issuer;
  readonly state: OktaState;
  readonly keys: readonly SigningKey[];
  readonly provider: Provider;
  /** The ids of the access tokens that were revoked. */
  readonly revoked: Set<string>;
  readonly now: () => number;
}

/** The bearer of the token, or `undefined` for one that isn't valid here: forged, expired, or another server's. */
async function bearerOf(token: string, options: TokenOptions): Promise<Bearer | undefined> {
  const { issuer, state, keys, provider } = options;
  const found = issuer.server
    ? bearerOfJwt(await readJwt(token, issuer, keys, options.now()), options.revoked)
    : await provider.AccessToken.find(token).then(
        (stored) =>
          stored?.isValid && { userId: stored.accountId, clientId: stored.clientId, scopes: [...stored.scopes] },
      );
  if (!found) return undefined;
  const user = state.users.get(found.userId ?? "");
  const app = appOfClient(state, found.clientId);
  if (user?.status !== "ACTIVE" || app?.status !== "ACTIVE") return undefined;
  return { user, clientId: app.clientId, scopes: new Set(found.scopes) };
}

function bearerOfJwt(payload: JWTPayload | undefined, revoked: ReadonlySet<string>) {
  const { uid, cid, scp, jti } = payload ?? {};
  if (typeof uid !== "string" || typeof cid !== "string" || !Array.isArray(scp)) return undefined;
  if (revoked.has(String(jti))) return undefined;
  return { userId: uid, clientId: cid, scopes: scp.filter((scope) => typeof scope === "string") };
}

/** What an access token of a custom server says, or `undefined` for one that isn't valid here. */
export async function readJwt(token: string, issuer: Issuer, keys: readonly SigningKey[], now: number) {
  try {
    const { payload } = await jwtVerify(
      token,
      (header) => {
        const key = keys.find((candidate) => candidate.id === header.kid);
        if (!key) throw new Error("unknown key");
        return key.publicKey;
      },
      { issuer: issuer.url, algorithms: ["RS256"], currentDate: new Date(now) },
    );
    return payload;
  } catch {
    return undefined;
  }
}

/** Answers a userinfo request. */
export async function userinfo(
  request: IncomingMessage,
  response: ServerResponse,
  options: TokenOptions,
): Promise<void> {
  const refuse = (status: number, error: string, description: string) => {
    const [resource = ""] = (request.url ?? "").split("?");
    const refusal = { error, description, scope: "openid", resource };
    response.writeHead(status, { "www-authenticate": challenge(options.issuer.url, refusal) }).end();
  };
  const token = /^(?:Bearer|DPoP) +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return refuse(400, "invalid_request", "The access token is missing.");
  const bearer = await bearerOf(token, options);
  if (!bearer) return refuse(401, "invalid_token", "The access token is invalid.");
  if (!bearer.scopes.has("openid")) {
    return refuse(
      403,
      "insufficient_scope",
      "The access token must provide access to at least one of these scopes - openid",
    );
  }
  const { user, clientId, scopes } = bearer;
  const shown = claimsOfScopes(scopes);
  const claims = new Map<string, unknown>([["sub", user.id]]);
  for (const [name, value] of Object.entries(profileClaims(user))) if (shown.has(name)) claims.set(name, value);
  if (options.issuer.server) {
    const own = { claimType: "IDENTITY", scopes, userId: user.id, clientId, onlyAlways: false } as const;
    try {
      for (const [name, value] of customClaims(options.issuer.server, own, options.state)) claims.set(name, value);
    } catch (error) {
      if (error instanceof ClaimRefused) return refuse(400, "invalid_request", error.message);
      throw error;
    }
  }
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, no-store" });
  response.end(JSON.stringify(Object.fromEntries(claims)));
}
