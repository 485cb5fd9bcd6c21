/**
 * What an issuer's endpoints answer when it isn't what they should: each failure names the endpoint, the HTTP status, and the
 * first words where they help. openid-client only sees answers that it can use.
 */

import { Failure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { clean, count, quoted } from "../core/text.ts";
import type { HttpHeaders } from "../http/types.ts";
import { beginning, visibleText } from "./page-text.ts";
import { refusalFailure, type Stage } from "./refusals.ts";

/** What an OAuth endpoint's error answer says. Both are outside text. */
export interface OAuthError {
  readonly error: string | undefined;
  readonly description: string | undefined;
}

/**
 * Reads an OAuth endpoint's error answer, in the form of RFC 6749 section 5.2 or in that of Okta's management API, in which
 * Okta answers some OAuth requests: `{"errorCode":"invalid_client","errorSummary":"…"}`. From anything else it reads nothing.
 */
export function readOAuthError(body: string): OAuthError {
  const json = parseJson(body);
  const fields = new Map(isRecord(json) ? Object.entries(json) : []);
  const text = (...names: string[]) =>
    names.map((name) => fields.get(name)).find((value) => typeof value === "string" && value !== "");
  const found = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    error: found(text("error", "errorCode")),
    description: found(text("error_description", "errorSummary")),
  };
}

/** An endpoint that this program itself reads. */
export type Endpoint = "keys" | "token" | "userinfo";

const titles: Readonly<Record<Endpoint, string>> = {
  keys: "The list of the authorization server's keys (JWKS)",
  token: "Okta's token endpoint",
  userinfo: "Okta's userinfo endpoint",
};

/** An answer, read whole. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/**
 * Reads an answer of an endpoint.
 *
 * @param sent how many bytes the access token has that went along, where one did
 * @throws Failure for a refusal (see `refusals.ts`), `oidc.token_too_large`, and `oidc.{endpoint}_unreadable` for whatever is
 *   no answer of such an endpoint
 */
export function checkAnswer(endpoint: Endpoint, answer: Answer, sent?: number): void {
  const { status, headers, body } = answer;
  const json = parseJson(body);
  if (endpoint === "keys") {
    if (status !== 200 || !isRecord(json)) throw unreadableAnswer(endpoint, answer);
    if (!Array.isArray(json.keys)) throw unreadableAnswer(endpoint, answer, "and no list of keys");
    return;
  }
  const { error, description } = readOAuthError(body);
  if (error !== undefined) throw refusalFailure(endpoint satisfies Stage, { error, description, status });
  if (sent !== undefined && (status === 431 || (status >= 400 && tooLarge.test(body))))
    throw tokenTooLarge(answer, sent);
  // openid-client reads the challenge.
  if ((status === 401 || status === 403) && headers.get("www-authenticate") !== null) return;
  if (status !== 200) throw unreadableAnswer(endpoint, answer);
  if (endpoint === "userinfo" && /^application\/jwt\b/i.test(headers.get("content-type") ?? "")) throw signedUserinfo();
  if (!isRecord(json)) throw unreadableAnswer(endpoint, answer);
}

// nginx: "Request Header Or Cookie Too Large"; IIS: "Bad Request - Request Too Long"; Tomcat: "Request header is too large".
const tooLarge = /header[\w ]{0,20}too large|request too long/i;

function tokenTooLarge({ status, url }: Answer, sent: number): Failure {
  return new Failure(
    "negative",
    "oidc.token_too_large",
    `The access token is too large for a request's header: it has ${count(sent, "byte")}, and ${clean(url)} answers HTTP ${status}.`,
    {
      hint: "Akto sends it the same way. Thousands of groups make it so: narrow the filter of the groups claim in Okta (Security → API → the server → Claims).",
    },
  );
}

function signedUserinfo(): Failure {
  return new Failure(
    "negative",
    "oidc.userinfo_signed",
    "Okta's userinfo endpoint answers with a signed or encrypted JWT, and Akto reads plain JSON.",
    { hint: "Turn off signed and encrypted userinfo for the app." },
  );
}

/** An answer that can't come from such an endpoint: `oidc.{endpoint}_unreadable`. */
export function unreadableAnswer(endpoint: Endpoint, answer: Answer, instead: string = insteadOf(answer)): Failure {
  const { status, url } = answer;
  return new Failure(
    "unavailable",
    `oidc.${endpoint}_unreadable`,
    `${titles[endpoint]}, ${clean(url)}, answers HTTP ${status} ${instead}.`,
    { hint: whatToDo(status) },
  );
}

/** What an answer holds in place of JSON, as the end of a sentence. A body that may hold a token is not shown. */
export function insteadOf({ status, headers, body, url }: Answer): string {
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) {
    const to = URL.canParse(location, url) ? new URL(location, url) : undefined;
    return `and sends the request on to ${quoted(to ? `${to.origin}${to.pathname}` : location)}`;
  }
  const isPage = /^\s*</.test(body);
  const words = beginning(isPage ? visibleText(body) : body.trim());
  if (words === "") return "and nothing else";
  if (isPage || status >= 400) return `and says ${quoted(words)}`;
  return isRecord(parseJson(body)) ? "and nothing that belongs there" : "and no JSON";
}

/** What to do next about an answer that isn't one, by its status. */
export function whatToDo(status: number): string {
  if (status >= 500)
    return "Try again in a moment; status.okta.com shows outages, if no proxy answered in Okta's place.";
  if (status === 404)
    return "Compare the domain and the authorization server with Okta; a proxy may have answered in its place.";
  if (status >= 300 && status < 400) return "A proxy or a moved domain does that: Okta's own endpoints don't redirect.";
  if (status >= 400) return "A firewall or a proxy may have answered in Okta's place. --debug shows the answer.";
  return "Is that the address of an Okta org, with no proxy in between that changes answers? --debug shows the answer.";
}
