/** Okta's errors in our words. The codes are Okta's ("Error codes" in its API reference). */
import { Failure, type FailureKind } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { clean, listed, quoted } from "../core/text.ts";
import type { HttpHeaders } from "../http/types.ts";
import { asked } from "./asked.ts";

/** The text of an error, in one piece with its causes. */
function told(summary: unknown, causes: readonly unknown[]): string {
  const reasons = causes
    .map((cause) => (isRecord(cause) ? cause.errorSummary : undefined))
    .filter((each) => typeof each === "string" && each !== "");
  const first = typeof summary === "string" ? summary.replace(/\.$/, "") : "";
  return quoted([first, ...reasons].filter((each) => each !== "").join(": "));
}

interface Meaning {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: (said: string) => string;
  readonly hint: string;
  /** Where to give what the hint calls for. */
  readonly give?: string;
}

const invalidToken: Meaning = {
  kind: "auth",
  code: "okta.token_invalid",
  message: () => "Okta did not accept the API token: it is wrong, expired, or revoked.",
  hint: "Create one in Okta's admin console under Security → API → Tokens.",
  give: "Give it in OKTA_CLIENT_TOKEN or --okta-token-file.",
};
/** Okta: 403 "Invalid session", what it answers where no credential came with the request. It says nothing of rights. */
const notTaken: Meaning = {
  kind: "auth",
  code: "okta.token_invalid",
  message: (said) => `Okta did not accept the credential that was sent: it says ${said}.`,
  hint: "A proxy may strip the Authorization header: ask whoever runs it, or name the org's host in NO_PROXY to go past it. Otherwise the API token is no longer valid: create a new one under Security → API → Tokens.",
};
const notAllowed: Meaning = {
  kind: "auth",
  code: "okta.token_powerless",
  message: (said) => `The API token isn't allowed to do this: Okta says ${said}.`,
  hint: "A token can do what its owner can: use one from an admin with more rights. Reading requires only a Read-only Administrator.",
};
const notFound: Meaning = {
  kind: "usage",
  code: "okta.not_found",
  message: (said) => `Okta can't find it: ${said}.`,
  hint: "Check the id: it may have been deleted, or belong to another org.",
};
const refused: Meaning = {
  kind: "usage",
  code: "okta.refused",
  message: (said) => `Okta refused: ${said}.`,
  hint: "Change what it names, and try again.",
};
const rateLimited: Meaning = {
  kind: "unavailable",
  code: "okta.rate_limited",
  message: () => "Okta's rate limit is used up.",
  hint: "Wait a minute and try again.",
};
const failed: Meaning = {
  kind: "unavailable",
  code: "okta.failed",
  message: (said) => `Okta failed to answer: ${said}.`,
  hint: "Try again later; https://status.okta.com shows outages.",
};

const meanings = new Map<string, Meaning>([
  ["E0000001", refused],
  ["E0000005", notTaken],
  ["E0000006", notAllowed],
  ["E0000007", notFound],
  ["E0000011", invalidToken],
  [
    "E0000015",
    {
      kind: "rule",
      code: "okta.feature_missing",
      message: () =>
        "This Okta org lacks a feature that this needs: API Access Management, for custom authorization servers.",
      hint: "Ask Okta for it, or store an Okta API token in Akto: the groups then come through the token, without a claim.",
    },
  ],
  ["E0000047", rateLimited],
]);

function byStatus(status: number): Meaning {
  if (status === 401) return invalidToken;
  if (status === 403) return notAllowed;
  if (status === 404) return notFound;
  if (status === 429) return rateLimited;
  return status >= 500 ? failed : refused;
}

/** An answer that isn't what Okta's API promises. */
export function unexpectedAnswer(what: string, cause?: unknown): Failure {
  return new Failure("unavailable", "okta.unexpected_answer", `Okta's answer is not what was expected: ${what}.`, {
    hint: "Check that the domain is an Okta org's, and that no proxy in between changes answers.",
    cause,
  });
}

/** An id that nothing can have. */
export function notFoundById(): Failure {
  return new Failure(notFound.kind, notFound.code, "Okta can't find it: there can be nothing with this id.", {
    hint: notFound.hint,
  });
}

/** A request and the answer to it, which is no success. */
export interface Unsuccessful {
  readonly method: string;
  readonly address: string;
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Its JSON, if it was any. */
  readonly json: unknown;
}

/**
 * An answer that is no success, as a failure.
 *
 * Codes: `okta.token_invalid` and `okta.token_powerless` (kind auth), `okta.feature_missing` (rule), `okta.not_found` and
 * `okta.refused` (usage), `okta.rate_limited`, `okta.failed` and `okta.unexpected_answer` (unavailable).
 */
export function answerFailure({ method, address, status, headers, json }: Unsuccessful): Failure {
  const request = asked(method, address);
  const challenge = headers.get("www-authenticate") ?? "";
  if (status === 403 && /\berror="?insufficient_scope\b/.test(challenge)) return scopeMissing(challenge, request);
  const error = readError(json);
  if (error === undefined) return withoutCause(status, request);
  const { kind, code, message, hint, give } = meanings.get(error.errorCode) ?? byStatus(status);
  const said = `${told(error.errorSummary, error.errorCauses)} (${clean(error.errorCode, 20)})`;
  return new Failure(kind, code, message(said), { hint, give });
}

/**
 * An answer that doesn't come from Okta's API, so that it proves nothing: the domain isn't an org's, or a proxy answered. Its
 * text is of no use. For a service in trouble the status says it all.
 */
function withoutCause(status: number, request: string): Failure {
  if (status >= 500) {
    return new Failure(failed.kind, failed.code, failed.message(`${request} got HTTP ${status}`), failed);
  }
  return unexpectedAnswer(`${request} got HTTP ${status} without Okta's own error`);
}

/** RFC 6750 section 3.1: the challenge names the scope that the token lacks. */
function scopeMissing(challenge: string, request: string): Failure {
  const [, names = ""] = /\bscope="([^"]*)"/.exec(challenge) ?? [];
  const scopes = names.split(/[\s,]+/).filter((name) => name !== "");
  const lacks = scopes.length === 0 ? "a scope" : `the scope ${listed(scopes.map(quoted), "or")}`;
  return new Failure(
    "auth",
    notAllowed.code,
    `The service app's token doesn't have ${lacks}, which Okta requires for ${request}.`,
    {
      hint: "Name it in OKTA_CLIENT_SCOPES, and grant it to the service app in Okta: Applications → the app → Okta API Scopes. The app also needs an admin role that allows the same.",
    },
  );
}

/** A user whom Okta doesn't find by what was typed. */
export function userNotFound(login: string): Failure {
  return new Failure("usage", "okta.user_not_found", `Okta has no user ${quoted(login)}.`, {
    hint: "Give the user's login or email address, as Directory → People shows it. If it is right, the API token's owner may not see the user.",
  });
}

interface OktaError {
  readonly errorCode: string;
  readonly errorSummary: unknown;
  readonly errorCauses: readonly unknown[];
}

/** Okta's own form of an error; `undefined` for anything else. */
function readError(body: unknown): OktaError | undefined {
  if (!(typeof body === "object" && body !== null && "errorCode" in body)) return undefined;
  const { errorCode } = body;
  const errorSummary = "errorSummary" in body ? body.errorSummary : undefined;
  const errorCauses = ("errorCauses" in body ? body.errorCauses : undefined) ?? [];
  if (typeof errorCode !== "string" || !Array.isArray(errorCauses)) return undefined;
  return { errorCode, errorSummary, errorCauses };
}
