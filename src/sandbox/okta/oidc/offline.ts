/**
 * Refresh tokens. `oidc-provider` drops the scope `offline_access` from a request that does not ask for consent; Okta does
 * not. What was asked for travels as a parameter of its own, and the grant remembers it.
 */
import type { KoaContextWithOIDC } from "oidc-provider";

const scope = "offline_access";

/** The parameter that tells the library what its scopes no longer do. */
export const offlineParameter = "okta_offline";

/** A request's parameters, with the one that says whether a refresh token is asked for. */
export function withOffline(query: URLSearchParams): URLSearchParams {
  const wanted = query.get("scope")?.split(" ").includes(scope) ?? false;
  const params = new URLSearchParams(query);
  params.delete(offlineParameter);
  if (wanted) params.set(offlineParameter, "1");
  return params;
}

/** Whether the authorization request at hand asks for a refresh token. */
export const asksOffline = ({ oidc }: KoaContextWithOIDC) => oidc.params?.[offlineParameter] === "1";

/** Whether the request at hand is for a grant that a refresh token was asked for with. */
export const grantedOffline = ({ oidc }: KoaContextWithOIDC) =>
  oidc.entities.Grant?.getOIDCScopeFiltered(new Set([scope])) === scope;

/** The scopes of a token: those of a sign-in with `offline_access` if it was asked for; a refreshed one knows its own. */
export function shownScopes(ctx: KoaContextWithOIDC, scopes: readonly string[]): string[] {
  const signsIn = ctx.oidc.params?.grant_type === "authorization_code";
  return signsIn && grantedOffline(ctx) ? [...scopes, scope] : [...scopes];
}
