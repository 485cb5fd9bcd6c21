/**
 * A server's refusals in an admin's words.
 *
 * The sentence (`error_description`, or what a page says) is looked at before the code (`error`): servers give the same
 * code for causes that have nothing in common. Okta says `server_error` of a claim that can't be evaluated,
 * `access_denied` of a policy and of a missing assignment; Keycloak says `unauthorized_client` of a wrong secret.
 */
import { Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";

/** Where something was refused: on the way through the browser, when the code was exchanged, or when userinfo was read. */
export type Stage = "authorization" | "token" | "userinfo";

/** What a server said. All of it is outside text. */
export interface Refused {
  readonly error: string;
  readonly description?: string | undefined;
  /** The HTTP status, where the answer did not come through the browser. */
  readonly status?: number | undefined;
}

interface Cause {
  readonly kind: "negative" | "auth" | "unavailable";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const cause = (kind: Cause["kind"], code: string, message: string, hint: string): Cause => ({
  kind,
  code,
  message,
  hint,
});
const negative = (code: string, message: string, hint: string) => cause("negative", code, message, hint);

const general = "the app's General tab in Okta";

const wrongRedirectUri = negative(
  "oidc.wrong_redirect_uri",
  "The app does not have the redirect URI of this sign-in.",
  `Add it in ${general} under Login → Sign-in redirect URIs: every character counts, port and slashes too.`,
);
const wrongClient = negative(
  "oidc.wrong_client",
  "Okta doesn't know a client with this id on this authorization server.",
  `Compare the client id with Client Credentials in ${general}; the app must be active.`,
);
const unknownClient: Cause = { ...wrongClient, kind: "auth", code: "oidc.unknown_client" };
const clientDisabled = negative(
  "oidc.client_disabled",
  "The app is disabled.",
  "Activate it in Okta: Applications → the app.",
);
const clientRefused = cause(
  "auth",
  "oidc.client_refused",
  "Okta refused the client secret.",
  `Copy the secret again from ${general}; the client authentication there must be “Client secret”.`,
);
const otherClientAuth: Cause = {
  ...clientRefused,
  message: "The app requires a client authentication other than its secret, which is what Akto uses.",
  hint: `Choose “Client secret” as the client authentication in ${general}.`,
};
const featureMissing = negative(
  "oidc.feature_missing",
  "The Okta org lacks API Access Management: its custom authorization servers accept no sign-in, and Akto uses no others.",
  "Ask Okta for API Access Management. An API token in Akto does not help here.",
);
const pkceRequired = negative(
  "oidc.pkce_required",
  "The app requires PKCE, which Akto does not send.",
  `Clear “Require PKCE as additional verification” in ${general}.`,
);
const verifierRefused = negative(
  "oidc.pkce_failed",
  "Okta refused the PKCE verifier of this sign-in.",
  "Sign in again; if it keeps happening, a proxy on the way is changing requests.",
);
/** What to do about tokens that are bound to a key. */
export const dpopHint = `Turn off “Require Demonstrating Proof of Possession (DPoP)” in ${general}.`;
const dpopRequired = negative(
  "oidc.dpop_required",
  "The app requires DPoP-bound tokens, which Akto does not send.",
  dpopHint,
);
const parRequired = negative(
  "oidc.par_required",
  "The app requires pushed authorization requests (PAR), which Akto does not make.",
  "Turn that off for the app: Akto sends the browser to the authorization endpoint with plain parameters.",
);
const requestObjectRequired = negative(
  "oidc.request_object_required",
  "The app requires a signed request object, which Akto does not send.",
  "Turn that off for the app: Akto sends the browser to the authorization endpoint with plain parameters.",
);
const grantMissing = negative(
  "oidc.unauthorized_client",
  "The app may not use the authorization code grant.",
  `Select “Authorization Code” among the grant types in ${general}.`,
);
const notAssigned = negative(
  "oidc.not_assigned",
  "The user is not assigned to the app.",
  "Assign the user, or one of their groups, in the app's Assignments tab.",
);
const noPolicy = negative(
  "oidc.no_policy",
  "No access policy of the authorization server lets this sign-in through.",
  "Security → API → the server → Access Policies: a rule must cover this app, the user, the authorization code grant, and the scopes openid, email, and profile.",
);
const signOnDenied = negative(
  "oidc.sign_on_denied",
  "The app's authentication policy does not let this user in.",
  "In Okta: Applications → the app → Sign On → Authentication policy: a rule must allow this user, with the network, the device and the factors they have.",
);
const suspects =
  "Did the user decline consent? If not, look at the app's authentication policy (Sign On tab), its assignments, and the access policies of the authorization server. Okta's System Log names which of them it was.";
const denied = negative("oidc.access_denied", "Okta denied the sign-in.", suspects);
const consentRefused = negative(
  "oidc.consent_refused",
  "The user did not give their consent.",
  "Sign in again and accept, or set the scopes openid, email, and profile to need no consent: Security → API → the server → Scopes.",
);
const userInactive = negative(
  "oidc.user_inactive",
  "The user's account is not allowed to sign in.",
  "Look at the user's status in Okta: Directory → People.",
);
const claimFailed = negative(
  "oidc.claim_failed",
  "Okta can't evaluate a claim of the authorization server, and so issues no token.",
  "Security → API → the server → Claims: fix the expression of the claim that is named. A limit over 100 in a group function is enough for this; Token Preview shows whether it works.",
);
const tooManyGroups = negative(
  "oidc.too_many_groups",
  "The groups claim matches more of this user's groups than it can carry, and so Okta issues no token.",
  "Security → API → the server → Claims: narrow the filter of the groups claim, for instance to names that start with “Akto”.",
);
const hookFailed = negative(
  "oidc.hook_failed",
  "A token inline hook of the authorization server failed, and so Okta issues no token.",
  "Workflow → Inline Hooks shows its service; the System Log shows what went wrong with it.",
);
const redirectUriChanged = negative(
  "oidc.redirect_uri_changed",
  "The code was requested with one redirect URI and redeemed with another.",
  "Sign in again; if it keeps happening, a proxy on the way is changing requests.",
);
const codeRefused = negative(
  "oidc.code_refused",
  "Okta refused the authorization code.",
  "A code is good for one use within a minute or so: sign in again.",
);
const invalidScope = negative(
  "oidc.invalid_scope",
  "The authorization server does not grant the scopes that Akto asks for.",
  "Its Scopes tab and its access policy must allow openid, email, and profile.",
);
const serverError = cause(
  "unavailable",
  "oidc.server_error",
  "Okta ran into an error of its own.",
  "Try again in a moment. If it keeps happening, Okta's System Log (Reports → System Log) may say why.",
);
const overloaded = cause(
  "unavailable",
  "oidc.server_error",
  "Okta is overloaded at the moment.",
  "Try again in a moment; status.okta.com shows outages.",
);
const userinfoRefused = negative(
  "oidc.userinfo_refused",
  "Okta's userinfo endpoint refused the access token.",
  "Akto reads userinfo with the same token, so its sign-in would fail here too. Okta's System Log may say why.",
);
const userinfoScope = negative(
  "oidc.userinfo_refused",
  "Okta's userinfo endpoint requires a scope that the access token doesn't have.",
  "The app and the access policy must allow the scopes openid, email, and profile.",
);

interface Sentence {
  readonly says: RegExp;
  /** Where it means that; everywhere unless told otherwise. */
  readonly at?: readonly Stage[];
  /** Whether an error page may be taken at its word: it names the request's own fault, and nothing of a user. */
  readonly page?: true;
  readonly means: Cause;
}

/**
 * What servers say, the more particular before the general. Okta's own sentences are word for word; beside them stand
 * Keycloak's and `oidc-provider`'s.
 */
const sentences: readonly Sentence[] = [
  // Okta: "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings."
  {
    says: /redirect_uri['"’”`]? parameter|illegal_redirect_uri|invalid_redirect_uri|(?:invalid|missing) parameter: redirect_uri|redirect_uri['"`]? (?:did not match any|is not registered)/i,
    at: ["authorization"],
    page: true,
    means: wrongRedirectUri,
  },
  // Okta: "The 'redirect_uri' does not match the redirection URI used in the authorization request."
  { says: /redirect_uri['"’”`]? does not match|incorrect redirect_uri/i, at: ["token"], means: redirectUriChanged },
  { says: /client (?:is )?(?:disabled|not enabled)/i, page: true, means: clientDisabled },
  // Okta: "Invalid value for 'client_id' parameter."
  {
    says: /client_id['"’”`]? parameter|(?:invalid|missing) parameter: client_id|client not found|client is invalid|unknown client|client_id (?:\S+ )?is not registered/i,
    at: ["authorization"],
    page: true,
    means: wrongClient,
  },
  {
    says: /client_id['"’”`]? parameter|(?:invalid|missing) parameter: client_id|client not found|unknown client/i,
    means: unknownClient,
  },
  // Okta: "The requested feature is not enabled in this environment.", and E0000015's sentence.
  {
    says: /requested feature is not enabled|permission to access the feature you are requesting/i,
    page: true,
    means: featureMissing,
  },
  // Okta: "The 'groups' user claim could not be evaluated."
  { says: /claims? could not be evaluated/i, means: claimFailed },
  // Okta: "The groups claim matched too many groups and must be configured to match fewer groups."
  { says: /matched too many groups/i, means: tooManyGroups },
  { says: /inline hook/i, means: hookFailed },
  // Okta: "The DPoP proof JWT header is missing."
  { says: /\bdpop\b/i, means: dpopRequired },
  // Keycloak: "Pushed Authorization Request is only allowed."
  { says: /pushed authorization/i, page: true, means: parRequired },
  { says: /request[ _]object/i, page: true, means: requestObjectRequired },
  // Okta: "PKCE verification failed."
  { says: /\bpkce verification|code[_ ]verifier|pkce code verifier/i, at: ["token"], means: verifierRefused },
  // Okta: "PKCE code challenge is required by the application." A page may repeat the request, in which it has a value.
  { says: /\bpkce\b|code[_ ]challenge(?!\w*\s*[=:&%])/i, page: true, means: pkceRequired },
  // Okta: "The client is not authorized to use the provided grant type. Configured grant types: […]."
  { says: /grant[_ ]type|response[_ ]type|standard flow is disabled/i, means: grantMissing },
  // Keycloak, of a client with another method: "Parameter client_assertion_type is missing".
  {
    says: /client_assertion|authentication (?:mechanism|method)|token_endpoint_auth_method/i,
    at: ["token"],
    means: otherClientAuth,
  },
  { says: /client (?:secret|credentials|authentication)/i, at: ["token"], means: clientRefused },
  // Okta: "User is not assigned to the client application."
  { says: /not assigned/i, means: notAssigned },
  // Okta: "Policy evaluation failed for this request, please check the policy configurations."
  { says: /policy evaluation/i, means: noPolicy },
  // Okta: "You are not allowed to access this app. To request access, contact an admin."
  { says: /not allowed to access this app|assurance requirements/i, means: signOnDenied },
  // Okta says this of its policies and of a consent that was declined alike.
  { says: /resource owner or authorization server denied/i, means: denied },
  {
    says: /\b(?:user|resource owner)\b.{0,40}\b(?:denied|declined|rejected|cancel)|\bconsent\b/i,
    at: ["authorization"],
    means: consentRefused,
  },
  {
    says: /\b(?:user|account)\b.{0,30}\b(?:disabled|locked|suspended|deactivated|inactive|not active|not fully set up)/i,
    means: userInactive,
  },
];

// RFC 6749 sections 4.1.2.1 and 5.2, and OpenID Connect Core.
const codes = new Map<string, Cause>([
  ["access_denied", denied],
  ["invalid_scope", invalidScope],
  ["unauthorized_client", grantMissing],
  ["unsupported_response_type", { ...grantMissing, message: "The app may not use the response type “code”." }],
  ["unsupported_grant_type", grantMissing],
  ["server_error", serverError],
  ["temporarily_unavailable", overloaded],
  ["invalid_client", clientRefused],
  ["invalid_dpop_proof", dpopRequired],
  ["use_dpop_nonce", dpopRequired],
  ["consent_required", consentRefused],
]);

const codesAt: Readonly<Record<Stage, ReadonlyMap<string, Cause>>> = {
  authorization: new Map([["invalid_client", wrongClient]]),
  token: new Map([["invalid_grant", codeRefused]]),
  userinfo: new Map([
    ["invalid_token", userinfoRefused],
    ["insufficient_scope", userinfoScope],
  ]),
};

/** A refusal as a failure, with what to do. */
export function refusalFailure(stage: Stage, refused: Refused): Failure {
  const found = causeOf(stage, refused);
  const { error, description } = refused;
  const said = description ? ` Okta says: ${quoted(description)}` : "";
  if (found) return failureOf(found, said);
  return new Failure("negative", "oidc.refused", `Okta refused the sign-in with ${quoted(error)}.${said}`, {
    hint: "Okta's System Log (Reports → System Log) says more about the refusal.",
  });
}

/** What is wrong with a request, where it is known without the server's words. */
export const knownFailures = {
  pkce_required: () => failureOf(pkceRequired),
  feature_missing: () => failureOf(featureMissing),
};

function failureOf({ kind, code, message, hint }: Cause, said: string = ""): Failure {
  return new Failure(kind, code, message + said, { hint });
}

function causeOf(stage: Stage, { error, description = "", status }: Refused): Cause | undefined {
  const said = sentences.find(({ says, at = [stage] }) => at.includes(stage) && says.test(description));
  if (said) return said.means;
  // RFC 6749 section 5.2 keeps this status for a client whose authentication failed.
  if (stage === "token" && status === 401 && error === "unauthorized_client") return clientRefused;
  return codesAt[stage].get(error) ?? codes.get(error) ?? (stage === "userinfo" ? userinfoRefused : undefined);
}

/** The code of the failure that {@link refusalFailure} makes, such as `oidc.pkce_required`. */
export function refusalCode(stage: Stage, refused: Refused): string {
  return causeOf(stage, refused)?.code ?? "oidc.refused";
}

/**
 * What an error page of the authorization endpoint names as its cause, as the code of a failure: only what is wrong with
 * the request itself. `undefined` where it names nothing of that.
 *
 * @param text what the page shows
 */
export function pageRefusal(text: string): string | undefined {
  return sentences.find(({ says, page }) => page && says.test(text))?.means.code;
}

/** The part of a page that names its cause, or the page's beginning. */
export function tellingSentence(text: string): string {
  const parts = text.split(/(?<=\.) /);
  return parts.find((part) => pageRefusal(part) !== undefined) ?? text;
}
