/** Okta's refusals in an admin's words: error codes of the authorization and token endpoints (RFC 6749, OpenID Connect). */
import { Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";

type Refusal = {
  readonly kind: "negative" | "auth" | "unavailable";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
};

const policyRefusal: Refusal = {
  kind: "negative",
  code: "oidc.no_policy",
  message: "No access policy of the authorization server lets this sign-in through.",
  hint: "Security → API → the server → Access Policies: a rule must cover this app, the user, the authorization code grant and the scopes openid, email and profile.",
};

const assignmentRefusal: Refusal = {
  kind: "negative",
  code: "oidc.not_assigned",
  message: "The user is not assigned to the app.",
  hint: "Assign the user, or one of their groups, in the app's Assignments tab.",
};

const authorizationRefusals = new Map<string, Refusal>([
  [
    "access_denied",
    {
      kind: "negative",
      code: "oidc.access_denied",
      message: "Okta denied access.",
      hint: "Is the user assigned to the app, and does an access policy of the authorization server cover it?",
    },
  ],
  [
    "invalid_scope",
    {
      kind: "negative",
      code: "oidc.invalid_scope",
      message: "The authorization server does not grant the scopes that Akto asks for.",
      hint: "Its Scopes tab and its access policy must allow openid, email and profile.",
    },
  ],
  [
    "unauthorized_client",
    {
      kind: "negative",
      code: "oidc.unauthorized_client",
      message: "The app may not use the authorization code grant.",
      hint: "Tick “Authorization Code” among the grant types in the app's General tab.",
    },
  ],
  [
    "unsupported_response_type",
    {
      kind: "negative",
      code: "oidc.unauthorized_client",
      message: "The app may not use the response type “code”.",
      hint: "Tick “Authorization Code” among the grant types in the app's General tab.",
    },
  ],
  [
    "server_error",
    {
      kind: "unavailable",
      code: "oidc.server_error",
      message: "Okta met an error of its own.",
      hint: "Try again in a moment.",
    },
  ],
  [
    "temporarily_unavailable",
    {
      kind: "unavailable",
      code: "oidc.server_error",
      message: "Okta is overloaded for the moment.",
      hint: "Try again in a moment.",
    },
  ],
]);

const tokenRefusals = new Map<string, Refusal>([
  [
    "invalid_client",
    {
      kind: "auth",
      code: "oidc.client_refused",
      message: "Okta refused the client id or the client secret.",
      hint: "Copy both anew from the app's General tab; the client authentication there must be “Client secret”.",
    },
  ],
  [
    "invalid_grant",
    {
      kind: "negative",
      code: "oidc.code_refused",
      message: "Okta refused the authorization code.",
      hint: "A code is good for one use within a minute or so: sign in again.",
    },
  ],
  [
    "invalid_dpop_proof",
    {
      kind: "negative",
      code: "oidc.dpop_required",
      message: "The app demands DPoP-bound tokens, which Akto does not send.",
      hint: "Turn off “Require Demonstrating Proof of Possession (DPoP)” in the app's General tab.",
    },
  ],
]);

/** The `error` and `error_description` of an authorization response (RFC 6749 section 4.1.2.1) as a failure. */
export function authorizationFailure(error: string, description: string | undefined): Failure {
  return failure(refusalFor(authorizationRefusals, error, description), error, description);
}

/** The same of a token response (RFC 6749 section 5.2). */
export function tokenFailure(error: string, description: string | undefined): Failure {
  const refusal = tokenRefusals.get(error) ?? refusalFor(authorizationRefusals, error, description);
  return failure(refusal, error, description);
}

/** Whether Okta's words speak of PKCE: "PKCE code challenge is required by the application." (Okta behaviour) */
export function speaksOfPkce(description: string | undefined): boolean {
  // A page may repeat the request, in which the parameter has a value.
  return /\bpkce\b|code[_ ]challenge(?!\w*\s*[=:&%])/i.test(description ?? "");
}

function refusalFor(table: ReadonlyMap<string, Refusal>, error: string, description = ""): Refusal | undefined {
  // Okta says both in access_denied, and only the description tells them apart (Okta behaviour).
  if (error === "access_denied" && /policy evaluation/i.test(description)) return policyRefusal;
  if (error === "access_denied" && /not assigned/i.test(description)) return assignmentRefusal;
  if (error === "invalid_request" && /response_type|grant type/i.test(description))
    return table.get("unauthorized_client");
  return table.get(error);
}

function failure(refusal: Refusal | undefined, error: string, description: string | undefined): Failure {
  const said = description ? ` Okta says: ${quoted(description)}` : "";
  if (refusal) return new Failure(refusal.kind, refusal.code, refusal.message + said, { hint: refusal.hint });
  return new Failure("negative", "oidc.refused", `Okta refused the sign-in with ${quoted(error)}.${said}`, {
    hint: "Okta's System Log (Reports → System Log) tells more about the refusal.",
  });
}
