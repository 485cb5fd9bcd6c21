/** Whether a client id and its secret belong together, asked without a user: by a code that cannot be redeemed. */
import { randomBytes } from "node:crypto";
import { Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import { readOAuthError } from "./fetch.ts";
import { speaksOfPkce, tokenFailure } from "./refusals.ts";

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
  /** The answer was none that an OAuth token endpoint gives. */
  | { readonly kind: "unreadable"; readonly status: number };

/**
 * Sends an authorization code that was never issued. Okta checks the client first: `invalid_client` refuses the client,
 * `invalid_grant` ("The authorization code is invalid or has expired.") means that it was accepted (Okta behaviour).
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
    // The code is none: sent twice, it does no more than once.
    repeatable: true,
  });
  const { error, description: said = "" } = readOAuthError(await response.text());
  if (error === undefined) return { kind: "unreadable", status: response.status };
  if (error === "invalid_grant") return { kind: "accepted" };
  if (error !== "invalid_client") return { kind: "refused", error, said };
  return { kind: /client_id/i.test(said) ? "unknown_client" : "wrong_secret", said };
}

/** What the token endpoint's answer means for the setup, as a failure with what to do; `null` when all is right. */
export function clientSecretFailure(result: ClientSecretResult, clientId: string): Failure | null {
  switch (result.kind) {
    case "accepted":
      return null;
    case "unknown_client":
      return new Failure("auth", "oidc.unknown_client", `Okta knows no client ${quoted(clientId)}.`, {
        hint: "Copy the client id from the app's General tab in Okta; the app must be active.",
      });
    case "wrong_secret":
      return new Failure(
        "auth",
        "oidc.client_refused",
        `Okta refused the client secret. It says: ${quoted(result.said)}`,
        {
          hint: "Copy the secret anew from the app's General tab; the client authentication there must be “Client secret”.",
        },
      );
    case "refused":
      return result.error === "invalid_request" && speaksOfPkce(result.said)
        ? null // The client was accepted; that it demands PKCE is the probe's to say.
        : tokenFailure(result.error, result.said);
    case "unreadable":
      return new Failure(
        "unavailable",
        "oidc.token_unreadable",
        `Okta's token endpoint answers HTTP ${result.status} and no OAuth error.`,
        { hint: "Try again with --debug to see the answer." },
      );
  }
}
