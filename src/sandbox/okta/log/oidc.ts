/** A request to an authorization server, and the user's session there, as the log names them. */
import { createHash } from "node:crypto";
import type { KoaContextWithOIDC } from "oidc-provider";
import { logRequest } from "./requests.ts";
import type { LogRequest } from "./types.ts";

/** The session's name in the log; the session's own would open it. */
export function sessionOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const uid = oidc.session?.uid;
  return uid === undefined ? undefined : `idx${createHash("sha256").update(uid).digest("base64url").slice(0, 22)}`;
}

/** The request at hand, from where the browser sent it. */
export function oidcRequest({ req }: KoaContextWithOIDC): LogRequest {
  const sent = "originalUrl" in req && typeof req.originalUrl === "string" ? req.originalUrl : (req.url ?? "/");
  return logRequest(req, sent.split("?")[0] ?? "/");
}
