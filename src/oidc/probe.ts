/**
 * The `prompt=none` probe: asks the authorization endpoint, without a user, a cookie or a token, whether it would take
 * a sign-in with this client id, redirect URI and these scopes.
 */
import { createHash, randomBytes } from "node:crypto";
import { aktoScopes } from "../core/address.ts";
import { Failure } from "../core/failure.ts";
import { clean, quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import { readOAuthError } from "./answers.ts";
import { beginning, visibleText } from "./page-text.ts";
import { knownFailures, pageRefusal, refusalCode, refusalFailure, tellingSentence } from "./refusals.ts";

/** What to ask. */
export interface ProbeRequest {
  readonly http: HttpClient;
  readonly authorizationEndpoint: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Akto's scopes unless told otherwise. */
  readonly scopes?: readonly string[];
  /** Send a PKCE challenge, as `login test` does. Akto sends none. */
  readonly pkce?: boolean;
}

/** What the authorization endpoint thinks of the request. `said` is Okta's own sentence, outside text. */
export type ProbeResult =
  /** It would have asked for a sign-in: client id, redirect URI and scopes are right. */
  | { readonly kind: "ok" }
  | { readonly kind: "wrong_client"; readonly said: string }
  | { readonly kind: "wrong_redirect_uri"; readonly said: string }
  | { readonly kind: "pkce_required"; readonly said: string }
  | { readonly kind: "invalid_scope"; readonly said: string }
  | { readonly kind: "access_denied"; readonly said: string }
  /** The org has no API Access Management, so its custom authorization servers accept no sign-in. */
  | { readonly kind: "feature_missing"; readonly said: string }
  /** An error sent to the redirect URI, of another kind. */
  | { readonly kind: "error"; readonly error: string; readonly said: string }
  | Unanswered;

/**
 * An answer that does not name its cause: a page of a firewall or of a server that ignores `prompt=none`, a 5xx, a
 * redirect to somewhere else, a `server_error`. It proves nothing, neither for the request nor against it.
 */
export interface Unanswered {
  readonly kind: "unanswered";
  readonly status: number;
  /** What was asked, without its parameters. */
  readonly address: string;
  /** What came instead of an answer: a whole sentence, fit to be shown. */
  readonly why: string;
}

// What a server says when everything but the user's presence is right (OpenID Connect Core section 3.1.2.6).
const needsUser = new Set(["login_required", "interaction_required", "consent_required", "account_selection_required"]);

/**
 * @returns what the authorization endpoint answered; never throws for an answer
 * @throws Failure what `http` throws when no answer came
 */
export async function probeAuthorize(request: ProbeRequest): Promise<ProbeResult> {
  const response = await request.http.fetch(probeUrl(request).href, { headers: { accept: "text/html" } });
  const answer = {
    status: response.status,
    address: addressOf(new URL(request.authorizationEndpoint)),
    body: await response.text(),
    location: response.headers.get("location"),
  };
  return answer.location !== null && answer.status >= 300 && answer.status < 400
    ? readRedirect({ ...answer, location: answer.location }, request)
    : readPage(answer);
}

/** What came back. */
interface Answer {
  readonly status: number;
  readonly address: string;
  readonly body: string;
  readonly location: string | null;
}

const addressOf = ({ origin, pathname }: URL) => `${origin}${pathname}`;

function unanswered({ status, address }: Answer, what: string): Unanswered {
  return { kind: "unanswered", status, address, why: `${clean(address)} answers HTTP ${status} ${what}.` };
}

function probeUrl({ authorizationEndpoint, clientId, redirectUri, scopes, pkce }: ProbeRequest): URL {
  const url = new URL(authorizationEndpoint);
  const parameters = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: (scopes ?? aktoScopes).join(" "),
    state: randomBytes(16).toString("base64url"),
    prompt: "none",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (pkce) {
    const challenge = createHash("sha256").update(randomBytes(32).toString("base64url")).digest("base64url");
    url.searchParams.set("code_challenge", challenge);
    url.searchParams.set("code_challenge_method", "S256");
  }
  return url;
}

function readRedirect(answer: Answer & { readonly location: string }, asked: ProbeRequest): ProbeResult {
  const to = URL.canParse(answer.location, answer.address) ? new URL(answer.location, answer.address) : undefined;
  if (!to || !samePlace(to, new URL(asked.redirectUri))) {
    return unanswered(answer, `and sends the browser on to ${quoted(to ? addressOf(to) : answer.location)}`);
  }
  const error = to.searchParams.get("error");
  const said = to.searchParams.get("error_description") ?? "";
  if (error === null || needsUser.has(error)) return { kind: "ok" };
  const code = refusalCode("authorization", { error, description: said });
  // The server's own trouble, unless its words name another cause; or a code that says nothing; or a complaint about what only
  // the probe sends.
  const silent = code === "oidc.refused" && (error !== "invalid_request" || /\bprompt\b/i.test(said));
  if (code === "oidc.server_error" || silent) {
    return unanswered(answer, `and says ${quoted(error)}${said === "" ? "" : `, ${quoted(said)}`}`);
  }
  return refusedBy(code, error, said);
}

const samePlace = (a: URL, b: URL) => a.origin === b.origin && a.pathname === b.pathname;

function readPage(answer: Answer): ProbeResult {
  const { status, body } = answer;
  const { error, description } = readOAuthError(body);
  const text = error === undefined ? visibleText(body) : `${error}: ${description ?? ""}`;
  const code = status >= 400 && status < 500 ? pageRefusal(text) : undefined;
  if (code === undefined) {
    const words = beginning(description ?? text);
    return unanswered(answer, words === "" ? "and nothing else" : `and says ${quoted(words)}`);
  }
  // Okta's page gives it as the "Description" of a list.
  const said = description ?? tellingSentence(text).replace(/^.*?\bDescription:? /, "");
  return refusedBy(code, error ?? "invalid_request", said.slice(0, 300));
}

const kinds = new Map<string, Exclude<ProbeResult["kind"], "ok" | "error" | "unanswered">>([
  ["oidc.wrong_client", "wrong_client"],
  ["oidc.client_disabled", "wrong_client"],
  ["oidc.wrong_redirect_uri", "wrong_redirect_uri"],
  ["oidc.pkce_required", "pkce_required"],
  ["oidc.feature_missing", "feature_missing"],
  ["oidc.invalid_scope", "invalid_scope"],
  ["oidc.access_denied", "access_denied"],
  ["oidc.no_policy", "access_denied"],
  ["oidc.not_assigned", "access_denied"],
  ["oidc.sign_on_denied", "access_denied"],
]);

function refusedBy(code: string, error: string, said: string): ProbeResult {
  const kind = kinds.get(code);
  return kind === undefined ? { kind: "error", error, said } : { kind, said };
}

/**
 * What a probe's answer means for the sign-in, as a failure with what to do; `null` when all is right.
 *
 * @param asked the client id and redirect URI that were probed
 */
export function probeFailure(
  result: ProbeResult,
  asked: { readonly clientId: string; readonly redirectUri: string },
): Failure | null {
  const fail = (code: string, message: string, hint: string) => new Failure("negative", code, message, { hint });
  const inApp = "in Okta: Applications → the app → General";
  switch (result.kind) {
    case "ok":
      return null;
    case "wrong_client": {
      const refused = { error: "invalid_client", description: result.said };
      if (refusalCode("authorization", refused) === "oidc.client_disabled")
        return refusalFailure("authorization", refused);
      return fail(
        "oidc.wrong_client",
        `Okta doesn't know the client ${quoted(asked.clientId)} on this authorization server.`,
        `Compare the client id ${inApp} → Client Credentials; the app must be active.`,
      );
    }
    case "wrong_redirect_uri":
      return fail(
        "oidc.wrong_redirect_uri",
        `The app has no sign-in redirect URI ${clean(asked.redirectUri)}`,
        `Add exactly that ${inApp} → Login → Sign-in redirect URIs: every character counts, port and slashes too.`,
      );
    case "pkce_required":
    case "feature_missing":
      return knownFailures[result.kind]();
    case "invalid_scope":
    case "access_denied":
      return refusalFailure("authorization", { error: result.kind, description: result.said });
    case "error":
      return refusalFailure("authorization", { error: result.error, description: result.said });
    case "unanswered":
      return new Failure(
        "unavailable",
        "oidc.authorize_unanswered",
        `Whether Okta accepts the sign-in is not known: ${result.why}`,
        { hint: "Check whether a proxy or a firewall answered in Okta's place, and try again." },
      );
  }
}
