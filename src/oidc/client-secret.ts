/** Whether a client id and its secret belong together, asked without a user: by a code that cannot be redeemed. */
import { randomBytes } from "node:crypto";
import { Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import { readOAuthError, unreadableAnswer } from "./answers.ts";
import { refusalCode, refusalFailure } from "./refusals.ts";

/** What to ask. */
export interface ClientSecretRequest {
  readonly http: HttpClient;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Any redirect URI of the app: Akto's. */
  readonly redirectUri: string;
}

/** What the token endpoint thinks of the client. `said` is Okta's own sentence, outside text. */
export type ClientSecretResult =
  | { readonly kind: "accepted" }
  | { readonly kind: "unknown_client"; readonly said: string }
  | { readonly kind: "wrong_secret"; readonly said: string }
  /** The client is right, and something about it will fail Akto: its grants, PKCE, DPoP. */
  | { readonly kind: "refused"; readonly error: string; readonly said: string }
  /** The answer doesn't name its cause: it came from a firewall, or a server in trouble. It proves nothing. */
  | { readonly kind: "unreadable"; readonly status: number; readonly failure: Failure };

/**
 * Sends an authorization code that was never issued. Okta checks the client first: `invalid_client` refuses the client,
 * `invalid_grant` ("The authorization code is invalid or has expired.") means that it was accepted (Okta behavior).
 *
 * @throws Failure what `http` throws when no answer came
 */
export async function checkClientSecret(request: ClientSecretRequest): Promise<ClientSecretResult> {
  const { http, tokenEndpoint, clientId, clientSecret, redirectUri } = request;
  const response = await http.fetch(tokenEndpoint, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: `akto-okta-check-${randomBytes(12).toString("base64url")}`,
      redirect_uri: redirectUri,
      client_id: clientId,
      client_secret: clientSecret,
    }),
    // The code is not a real one: sending it twice does no harm.
    repeatable: true,
  });
  const { status, headers } = response;
  const body = await response.text();
  const { error, description } = readOAuthError(body);
  if (error === undefined) {
    const failure = unreadableAnswer("token", { url: tokenEndpoint, status, headers, body });
    return { kind: "unreadable", status, failure };
  }
  const refused = { error, description, status };
  const code = refusalCode("token", refused);
  const said = description ?? "";
  if (code === "oidc.server_error") return { kind: "unreadable", status, failure: refusalFailure("token", refused) };
  if (code === "oidc.unknown_client") return { kind: "unknown_client", said };
  if (code === "oidc.client_refused") return { kind: "wrong_secret", said };
  if (forPkce.has(code) || (error === "invalid_grant" && ofTheCode.has(code))) return { kind: "accepted" };
  return { kind: "refused", error, said };
}

// The client was accepted. Whether it requires PKCE is for the probe to say.
const forPkce = new Set(["oidc.pkce_required", "oidc.pkce_failed"]);
// What is wrong with the code alone, which is looked at after the client.
const ofTheCode = new Set(["oidc.code_refused", "oidc.redirect_uri_changed", "oidc.user_inactive"]);

/** What the token endpoint's answer means for the setup, as a failure with what to do; `null` when all is right. */
export function clientSecretFailure(result: ClientSecretResult, clientId: string): Failure | null {
  switch (result.kind) {
    case "accepted":
      return null;
    case "unknown_client":
      return new Failure("auth", "oidc.unknown_client", `Okta doesn't know the client ${quoted(clientId)}.`, {
        hint: "Copy the client id from the app's General tab in Okta; the app must be active.",
      });
    case "wrong_secret":
      return refusalFailure("token", { error: "invalid_client", description: result.said });
    case "refused":
      return refusalFailure("token", { error: result.error, description: result.said });
    case "unreadable":
      return result.failure;
  }
}
