/** Okta's words for the refusals of an authorization server, where they differ from `oidc-provider`'s. */
import type { AppRecord } from "../types.ts";
import { noneGranted } from "./access.ts";

/** A refusal as it is sent. */
export interface Refusal {
  readonly error: string;
  readonly error_description?: string | undefined;
}

/** The grants that one of Okta's authorization servers offers on a user's behalf (Okta's metadata, `grant_types_supported`). */
const servedGrants = [
  "authorization_code",
  "implicit",
  "refresh_token",
  "password",
  "urn:ietf:params:oauth:grant-type:device_code",
];

/** What is wrong with what a client has signed, by the library's words for it. */
const assertionRefusals = new Map([
  [
    "audience (aud) must equal the endpoint url, issuer identifier or token endpoint url",
    "The audience claim for client_assertion must be the endpoint invoked for the request.",
  ],
  ["jwt expired", "The client_assertion token is expired."],
  ["signature verification failed", "The client_assertion signature is invalid."],
  ["no applicable key found in the JSON Web Key Set", "The client_assertion signature is invalid."],
  ["client assertion tokens must only be used once", "The client_assertion token has already been used."],
]);

/** Okta's words for a grant that the app may not use: they name those that it may. */
const otherGrant = (app: AppRecord | undefined): Refusal => ({
  error: "unauthorized_client",
  error_description: `The client is not authorized to use the provided grant type. Configured grant types: [${(app?.client.grant_types ?? []).join(", ")}].`,
});

/** Whether it is one that Okta answers with its own error object: it knows no such client, so that there is no OAuth with it. */
export function isUnknownClient({ error, error_description }: Refusal): boolean {
  return error === "invalid_client" && error_description === unknownClient;
}

const unknownClient = "Invalid value for 'client_id' parameter.";

/**
 * At the token endpoint.
 *
 * @param grant the one that was asked for
 * @param app that asked for it
 */
export function tokenRefusal(
  { error, error_description }: Refusal,
  detail: string | undefined,
  grant: string,
  app: AppRecord | undefined,
): Refusal {
  if (error === "use_dpop_nonce") {
    return { error, error_description: "Authorization server requires nonce in DPoP proof." };
  }
  if (/dpop proof/i.test(detail ?? error_description ?? "")) {
    return { error: "invalid_dpop_proof", error_description: "The DPoP proof JWT header is missing." };
  }
  if (error === "invalid_client") {
    if (detail === "client not found") return { error, error_description: unknownClient };
    if (detail === "invalid secret provided") {
      return { error, error_description: "The client secret supplied for a confidential client is invalid." };
    }
    if (detail?.startsWith("the provided authentication mechanism")) {
      return {
        error,
        error_description: "Client authentication failed. Either the client or the client credentials are invalid.",
      };
    }
    return { error, error_description: assertionRefusals.get(detail ?? "") ?? detail ?? error_description };
  }
  if (error_description === noneGranted) return { error: "consent_required", error_description };
  if (error === "invalid_request" && error_description?.startsWith("no client authentication")) {
    return { error: "invalid_client", error_description: "No client credentials found." };
  }
  if (error_description === "client authentication must only be provided using one mechanism") {
    return {
      error,
      error_description:
        "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body.",
    };
  }
  if (error === "invalid_grant") {
    if (detail?.includes("redirect_uri mismatch")) {
      return {
        error,
        error_description: "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
      };
    }
    if (detail?.includes("PKCE") || detail?.includes("code_verifier")) {
      return { error, error_description: "PKCE verification failed." };
    }
    return { error, error_description: "The authorization code is invalid or has expired." };
  }
  if (error_description?.startsWith("requested grant type is not allowed")) return otherGrant(app);
  if (error === "unsupported_grant_type") {
    // The library serves fewer than Okta does.
    if (servedGrants.includes(grant)) return otherGrant(app);
    return {
      error,
      error_description: `The authorization grant type is not supported by the authorization server. Configured grant types: [${servedGrants.join(", ")}].`,
    };
  }
  return { error, error_description };
}

/** At the authorization endpoint, whether it goes to the app or onto the page. */
export function authorizationRefusal(refusal: Refusal, app: AppRecord | undefined, origin: string): Refusal {
  const { error, error_description } = refusal;
  if (error === "invalid_client" || (error === "invalid_request" && /client_id/.test(error_description ?? ""))) {
    return { error: "invalid_client", error_description: unknownClient };
  }
  if (error === "invalid_redirect_uri" || error_description === "missing required parameter 'redirect_uri'") {
    const settings = `${origin}/admin/app/oidc_client/instance/${app?.id ?? ""}/#tab-general`;
    return {
      error: "invalid_request",
      error_description: `The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: ${settings}`,
    };
  }
  if (error_description?.startsWith("requested response_type is not allowed")) return otherGrant(app);
  if (error === "unsupported_response_type") {
    return {
      error,
      error_description:
        "The response type is not supported by the authorization server. Configured response types: [code].",
    };
  }
  if (error_description?.includes("requires PKCE")) {
    return { error, error_description: "PKCE code challenge is required by the application." };
  }
  if (error === "login_required")
    return { error, error_description: "The client specified not to prompt, but the user is not logged in." };
  return refusal;
}
