/**
 * `/v1/introspect` and `/v1/revoke`. `oidc-provider` refuses both for tokens that say for themselves who they are for,
 * such as every custom server's; Okta does not.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../../guard.ts";
import { appOfClient } from "../state.ts";
import type { AppRecord, OktaState } from "../types.ts";
import { readJwt, type TokenOptions } from "./userinfo.ts";

/** The app that asks, when it proves itself: by its secret, or by its client id alone where it has none. */
function askingApp(request: IncomingMessage, form: URLSearchParams, state: OktaState): AppRecord | undefined {
  const [, basic] = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const [id, secret] = basic
    ? Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent)
    : [form.get("client_id"), form.get("client_secret")];
  const app = appOfClient(state, id ?? undefined);
  if (app?.status !== "ACTIVE") return undefined;
  if (app.clientAuthMethod === "none") return app;
  return app.secrets.some((one) => one.status === "ACTIVE" && one.secret === secret) ? app : undefined;
}

/** What the token says of itself while it is good. */
async function tell(token: string, { issuer, state, keys, provider, revoked, now }: TokenOptions) {
  const jwt = issuer.server && (await readJwt(token, issuer, keys, now()));
  if (jwt) {
    const { cid, scp, uid, sub, iss, aud, iat, exp, jti } = jwt;
    // An ID token has no scopes.
    if (revoked.has(String(jti)) || !Array.isArray(scp)) return undefined;
    const scope = scp.join(" ");
    return { scope, username: sub, exp, iat, sub, aud, iss, jti, token_type: "Bearer", client_id: cid, uid };
  }
  const opaque = (await provider.RefreshToken.find(token)) ?? (await provider.AccessToken.find(token));
  if (!opaque?.isValid) return undefined;
  const user = state.users.get(opaque.accountId ?? "");
  return {
    scope: opaque.scope,
    username: user?.profile.login,
    exp: opaque.exp,
    iat: opaque.iat,
    sub: user?.profile.login,
    iss: issuer.url,
    jti: opaque.jti,
    client_id: opaque.clientId,
    uid: user?.id,
    ...(opaque.kind === "AccessToken" ? { token_type: "Bearer" } : {}),
  };
}

async function revoke(token: string, { issuer, keys, provider, revoked, now }: TokenOptions): Promise<void> {
  const jwt = issuer.server && (await readJwt(token, issuer, keys, now()));
  if (jwt) revoked.add(String(jwt.jti));
  else await ((await provider.RefreshToken.find(token)) ?? (await provider.AccessToken.find(token)))?.destroy();
}

/** Answers one of the two, as `what` says. */
export async function introspection(
  what: "introspect" | "revoke",
  request: IncomingMessage,
  response: ServerResponse,
  options: TokenOptions,
): Promise<void> {
  const answer = (status: number, body?: object) => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-cache, no-store" });
    response.end(body && JSON.stringify(body));
  };
  const form = new URLSearchParams(String(await readBody(request)));
  if (!askingApp(request, form, options.state)) {
    const why = "Client authentication failed. Either the client or the client credentials are invalid.";
    return answer(401, { error: "invalid_client", error_description: why });
  }
  const token = form.get("token");
  if (!token) {
    return answer(400, { error: "invalid_request", error_description: "The token request parameter is missing." });
  }
  if (what === "introspect") {
    const told = await tell(token, options);
    return answer(200, told ? { active: true, ...told } : { active: false });
  }
  await revoke(token, options);
  answer(200);
}
