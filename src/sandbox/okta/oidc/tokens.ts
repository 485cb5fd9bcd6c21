/** Tokens in Okta's form. */
import { createHash, randomBytes } from "node:crypto";
import { decodeJwt, SignJWT } from "jose";
import type { KoaContextWithOIDC } from "oidc-provider";
import { isRecord } from "../../../core/json.ts";
import { accessRule, type ProviderOptions, wordsOf } from "./access.ts";
import { ClaimRefused, type ClaimRequest, customClaims } from "./claims.ts";
import { AccessDenied, InvalidRequest } from "./library.ts";
import { shownScopes } from "./offline.ts";
import { policyRefusal } from "./policies.ts";

/** Gives a JSON Web Token the form of Okta's access tokens, or refuses it. */
export function shapeAccessToken(
  ctx: KoaContextWithOIDC,
  token: { accountId?: string; scope?: string; jti: string },
  parts: { header?: Record<string, unknown>; payload: Record<string, unknown> },
  options: ProviderOptions,
): void {
  const { server } = options.issuer;
  if (!server) return;
  const { iss, aud, iat, exp, cnf, client_id: clientId } = parts.payload;
  const issued = Math.floor(options.now() / 1000);
  const scopes = shownScopes(ctx, wordsOf(token.scope));
  const userId = token.accountId;
  const rule = accessRule(ctx, options, scopes, userId);
  if (!rule) throw new AccessDenied(policyRefusal);
  const user = userId === undefined ? undefined : options.state.users.get(userId);
  const request = { scopes: new Set(scopes), userId: userId ?? "", clientId: String(clientId) };
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const authTime = (AuthorizationCode ?? RefreshToken)?.authTime;
  parts.header = { typ: undefined };
  const payload = {
    ver: 1,
    jti: `AT.${String(parts.payload.jti)}`,
    iss,
    aud,
    iat: issued,
    exp: issued + Number(exp) - Number(iat),
    cid: clientId,
    ...(user ? { uid: user.id } : {}),
    scp: scopes,
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    sub: user?.profile.login ?? clientId,
    ...(cnf === undefined ? {} : { cnf }),
    ...ownClaimsOf({ ...request, claimType: "RESOURCE", onlyAlways: false }, options),
    ...options.state.inlineHooks.get(rule.inlineHook ?? ""),
  };
  // An inline hook takes a claim away with a null.
  parts.payload = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));
}

/** The server's own claims; too many groups in one of them refuse the request. */
export function ownClaimsOf(request: ClaimRequest, { issuer, state }: ProviderOptions): Record<string, unknown> {
  try {
    return issuer.server ? Object.fromEntries(customClaims(issuer.server, request, state)) : {};
  } catch (error) {
    throw error instanceof ClaimRefused ? new InvalidRequest(error.message) : error;
  }
}

interface Answer {
  readonly access_token: string;
  readonly id_token: string;
  readonly scope: string;
}

/** Whether the token endpoint answers with both tokens. */
export const isAnswer = (body: unknown): body is Answer =>
  isRecord(body) &&
  typeof body.id_token === "string" &&
  typeof body.access_token === "string" &&
  typeof body.scope === "string";

/** The answer with the ID token in Okta's form: its own claims beside the standard ones, and `at_hash`. */
export async function withOktaIdToken(answer: Answer, { state, keys, now }: ProviderOptions): Promise<Answer> {
  const [key] = keys;
  if (!key) return answer;
  const { sub, iss, aud, iat = 0, exp = 0, ...claims } = decodeJwt(answer.id_token);
  const issued = Math.floor(now() / 1000);
  const hash = createHash("sha256").update(answer.access_token).digest();
  const payload = {
    sub,
    ver: 1,
    iss,
    aud,
    iat: issued,
    exp: issued + exp - iat,
    jti: `ID.${randomBytes(32).toString("base64url")}`,
    amr: ["pwd"],
    idp: state.org.id,
    ...claims,
    at_hash: hash.subarray(0, hash.length / 2).toString("base64url"),
  };
  const signed = new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: key.id });
  return { ...answer, id_token: await signed.sign(key.privateKey) };
}
