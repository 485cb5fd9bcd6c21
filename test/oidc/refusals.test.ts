import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pageRefusal, refusalCode, refusalFailure, type Stage, tellingSentence } from "../../src/oidc/refusals.ts";

/** What servers say, word for word, where they say it, and what it means. */
const sentences: readonly (readonly [stage: Stage, error: string, description: string, code: string, hint: RegExp])[] =
  [
    // Okta
    [
      "authorization",
      "invalid_request",
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: https://acme-admin.okta.com/admin/app/oidc_client/instance/0oa1#tab-general",
      "wrong_redirect_uri",
      /Sign-in redirect URIs/,
    ],
    [
      "authorization",
      "invalid_request",
      "The 'redirect_uri' parameter must be an absolute URI that is whitelisted in the client app settings.",
      "wrong_redirect_uri",
      /Sign-in redirect URIs/,
    ],
    ["authorization", "invalid_client", "Invalid value for 'client_id' parameter.", "wrong_client", /client id/],
    ["token", "invalid_client", "Invalid value for 'client_id' parameter.", "unknown_client", /client id/],
    [
      "authorization",
      "server_error",
      "The requested feature is not enabled in this environment.",
      "feature_missing",
      /Ask Okta for API Access Management/,
    ],
    [
      "authorization",
      "E0000015",
      "You do not have permission to access the feature you are requesting",
      "feature_missing",
      /API Access Management/,
    ],
    [
      "authorization",
      "server_error",
      "The 'groups' user claim could not be evaluated.",
      "claim_failed",
      /Claims.*limit over 100/,
    ],
    ["token", "invalid_grant", "The 'groups' user claim could not be evaluated.", "claim_failed", /Token Preview/],
    [
      "token",
      "server_error",
      "The groups claim matched too many groups and must be configured to match fewer groups.",
      "too_many_groups",
      /narrow the filter/,
    ],
    [
      "userinfo",
      "server_error",
      "The groups claim matched too many groups and must be configured to match fewer groups.",
      "too_many_groups",
      /narrow the filter/,
    ],
    [
      "authorization",
      "access_denied",
      "The resource owner or authorization server denied the request.",
      "access_denied",
      /consent.*authentication policy.*assignments.*access policies/,
    ],
    [
      "authorization",
      "access_denied",
      "You are not allowed to access this app. To request access, contact an admin.",
      "sign_on_denied",
      /Authentication policy/,
    ],
    [
      "token",
      "invalid_grant",
      "The application's assurance requirements are not met by the 'subject_token'.",
      "sign_on_denied",
      /factors/,
    ],
    [
      "authorization",
      "access_denied",
      "Policy evaluation failed for this request, please check the policy configurations.",
      "no_policy",
      /Access Policies/,
    ],
    [
      "authorization",
      "access_denied",
      "User is not assigned to the client application.",
      "not_assigned",
      /Assignments/,
    ],
    [
      "authorization",
      "invalid_request",
      "PKCE code challenge is required by the application.",
      "pkce_required",
      /Require PKCE/,
    ],
    ["token", "invalid_grant", "PKCE verification failed.", "pkce_failed", /Sign in again/],
    [
      "token",
      "invalid_grant",
      "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
      "redirect_uri_changed",
      /Sign in again/,
    ],
    ["token", "invalid_grant", "The authorization code is invalid or has expired.", "code_refused", /one use/],
    ["token", "invalid_dpop_proof", "The DPoP proof JWT header is missing.", "dpop_required", /DPoP/],
    ["token", "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.", "dpop_required", /DPoP/],
    [
      "token",
      "invalid_client",
      "The client secret supplied for a confidential client is invalid.",
      "client_refused",
      /Copy the secret/,
    ],
    [
      "token",
      "invalid_client",
      "Client authentication failed. Either the client or the client credentials are invalid.",
      "client_refused",
      /Copy the secret/,
    ],
    [
      "authorization",
      "unauthorized_client",
      "The client is not authorized to use the provided grant type. Configured grant types: [client_credentials].",
      "unauthorized_client",
      /Authorization Code/,
    ],
    [
      "token",
      "unauthorized_client",
      "The client is not authorized to use the provided grant type. Configured grant types: [client_credentials].",
      "unauthorized_client",
      /Authorization Code/,
    ],
    [
      "authorization",
      "invalid_scope",
      "One or more scopes are not configured for the authorization server resource.",
      "invalid_scope",
      /Scopes/,
    ],
    // Keycloak
    ["authorization", "invalid_redirect_uri", "Invalid parameter: redirect_uri", "wrong_redirect_uri", /redirect URIs/],
    ["authorization", "client_not_found", "Client not found.", "wrong_client", /client id/],
    ["authorization", "client_disabled", "Client disabled.", "client_disabled", /Activate/],
    ["token", "invalid_client", "Client disabled", "client_disabled", /Activate/],
    ["authorization", "invalid_request", "Missing parameter: code_challenge_method", "pkce_required", /PKCE/],
    ["token", "invalid_grant", "PKCE code verifier not specified", "pkce_failed", /Sign in again/],
    [
      "authorization",
      "invalid_request",
      "Pushed Authorization Request is only allowed.",
      "par_required",
      /Turn that off/,
    ],
    [
      "authorization",
      "unauthorized_client",
      "Client is not allowed to initiate browser login with given response_type. Standard flow is disabled for the client.",
      "unauthorized_client",
      /Authorization Code/,
    ],
    ["token", "invalid_request", "DPoP proof is missing", "dpop_required", /DPoP/],
    ["token", "invalid_grant", "DPoP proof is missing", "dpop_required", /DPoP/],
    ["token", "unauthorized_client", "Invalid client or Invalid client credentials", "client_refused", /secret/],
    ["token", "invalid_client", "Invalid client secret", "client_refused", /secret/],
    [
      "token",
      "invalid_client",
      "Parameter client_assertion_type is missing",
      "client_refused",
      /^Choose “Client secret” as the client authentication/,
    ],
    ["token", "invalid_grant", "Incorrect redirect_uri", "redirect_uri_changed", /Sign in again/],
    ["token", "invalid_grant", "Code not valid", "code_refused", /one use/],
    ["token", "invalid_grant", "Account is not fully set up", "user_inactive", /status/],
    ["authorization", "access_denied", "User denied consent", "consent_refused", /need no consent/],
    ["userinfo", "insufficient_scope", "Missing openid scope", "userinfo_refused", /openid, email, and profile/],
    ["userinfo", "invalid_token", "Token verification failed", "userinfo_refused", /Akto reads userinfo/],
    // oidc-provider
    [
      "authorization",
      "invalid_redirect_uri",
      "redirect_uri did not match any of the client's registered redirect_uris",
      "wrong_redirect_uri",
      /redirect URIs/,
    ],
    ["authorization", "invalid_client", "client is invalid", "wrong_client", /client id/],
    [
      "authorization",
      "invalid_request",
      "Authorization Server policy requires PKCE to be used for this request",
      "pkce_required",
      /PKCE/,
    ],
    ["authorization", "invalid_request", "Pushed Authorization Request must be used", "par_required", /Turn that off/],
    [
      "authorization",
      "invalid_request",
      "Request Object must be used by this client",
      "request_object_required",
      /Turn that off/,
    ],
  ];

/** Each code that OAuth and OpenID Connect know, and some that they don't. */
const codes = [
  "access_denied",
  "consent_required",
  "invalid_client",
  "invalid_dpop_proof",
  "invalid_grant",
  "invalid_request",
  "invalid_scope",
  "invalid_token",
  "server_error",
  "temporarily_unavailable",
  "unauthorized_client",
  "unsupported_response_type",
  "something_new",
];

describe("a server's sentence", () => {
  it.each(sentences)("at the %s endpoint, %s “%s” is %s", (stage, error, description, code, hint) => {
    const failure = refusalFailure(stage, { error, description });
    expect(failure).toMatchObject({
      code: `oidc.${code}`,
      hint: expect.stringMatching(hint),
      message: expect.stringContaining(`Okta says: “${description}”`.slice(0, 200)),
    });
    expect(refusalCode(stage, { error, description })).toBe(failure.code);
  });

  it("means the same whatever code comes with it", () => {
    // Those that say nothing beyond their code.
    const plain = new Set(["code_refused", "invalid_scope", "userinfo_refused"]);
    const telling = sentences.filter(([, , , code]) => !plain.has(code));
    fc.assert(
      fc.property(fc.constantFrom(...telling), fc.constantFrom(...codes), ([stage, , description, code], error) => {
        expect(refusalCode(stage, { error, description })).toBe(`oidc.${code}`);
      }),
    );
  });

  it("is quoted, and one that is empty is not", () => {
    for (const description of ["", undefined]) {
      const { message } = refusalFailure("authorization", { error: "access_denied", description });
      expect(message).toBe("Okta denied the sign-in.");
    }
  });
});

describe("a code without a telling sentence", () => {
  it.each<[stage: Stage, error: string, status: number | undefined, code: string]>([
    ["authorization", "access_denied", undefined, "access_denied"],
    ["authorization", "server_error", undefined, "server_error"],
    ["authorization", "invalid_client", undefined, "wrong_client"],
    ["authorization", "unauthorized_client", undefined, "unauthorized_client"],
    ["authorization", "something_new", undefined, "refused"],
    ["token", "invalid_client", 401, "client_refused"],
    ["token", "unauthorized_client", 401, "client_refused"],
    ["token", "unauthorized_client", 400, "unauthorized_client"],
    ["token", "invalid_grant", 400, "code_refused"],
    ["userinfo", "something_new", 401, "userinfo_refused"],
  ])("at the %s endpoint, %s with HTTP %s is %s", (stage, error, status, code) => {
    expect(refusalCode(stage, { error, status })).toBe(`oidc.${code}`);
  });
});

describe("an error page", () => {
  it.each([
    ["400 Bad Request. The requested feature is not enabled in this environment. Go home", "oidc.feature_missing"],
    ["We are sorry... Client not found. Back", "oidc.wrong_client"],
    ["We are sorry... Invalid parameter: redirect_uri", "oidc.wrong_redirect_uri"],
    ["Redirect URI mismatch The redirect_uri is not registered for this application.", "oidc.wrong_redirect_uri"],
    ["Application not found The client_id 'x' is not registered.", "oidc.wrong_client"],
    ["We are sorry... Client disabled.", "oidc.client_disabled"],
    ["We are sorry... Invalid Request", undefined],
    ["Blocked. /authorize?client_id=a&redirect_uri=b&code_challenge=c&code_challenge_method=S256", undefined],
    ["Blocked. /authorize%3Fclient_id%3Da%26redirect_uri%3Db%26code_challenge%3Dc", undefined],
    // What concerns a user, or says no more than that it was refused, can be any page's.
    ["You are not assigned to this application.", undefined],
    ["Access denied. Your account is locked.", undefined],
    ["The user denied the request.", undefined],
  ])("that shows “%s” names %s", (text, code) => {
    expect(pageRefusal(text)).toBe(code);
  });

  it("is told by the sentence that names the cause", () => {
    expect(tellingSentence("Sorry. Client not found. Go home.")).toBe("Client not found.");
    expect(tellingSentence("Sorry. Go home.")).toBe("Sorry. Go home.");
  });
});
