/**
 * What openid-client throws, in an admin's words.
 *
 * Kinds: `auth` when Okta refuses the client's own credentials, `unavailable` when an endpoint did not answer as one,
 * and `negative` for everything else: the sign-in ran, and must be turned down.
 */
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "openid-client";
import { Failure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { quoted } from "../core/text.ts";
import { type Arrived, idTokenClaim, idTokenTime, tamperedHint } from "./id-token.ts";
import { dpopHint, refusalFailure, type Stage } from "./refusals.ts";

/** The `Failure` that an error is, or that lies among its causes: openid-client wraps what its `fetch` throws. */
export function failureWithin(error: unknown): Failure | undefined {
  return chain(error).find((cause) => cause instanceof Failure);
}

/**
 * @param arrived when the token came, for what is wrong with its times
 * @param answered whether the stage's endpoint has answered: before that there is nothing of a server's to stumble over
 * @returns a `Failure` for whatever openid-client throws; an error of another kind (a bug) as it is
 */
export function explain(error: unknown, stage: Stage, arrived: Arrived, answered: boolean): unknown {
  const failure = failureWithin(error);
  if (failure) return failure;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return refusalFailure(stage, { error: error.error, description: error.error_description });
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    const { error: code, error_description: description } = error.cause[0]?.parameters ?? {};
    return refusalFailure(stage, {
      error: code ?? (stage === "token" ? "invalid_client" : "invalid_token"),
      description,
      status: error.status,
    });
  }
  // A key that the platform can't import (Web Cryptography API section 18.4).
  if (chain(error).some((cause) => cause instanceof DOMException && cause.name === "DataError"))
    return unusableKey(error);
  if (error instanceof ClientError) return byCode(error, stage, arrived);
  // A field that the library stumbles over because none of its checks foresaw it, such as a lifetime that is an object.
  if (answered && error instanceof TypeError) return unreadable(error, stage);
  return error;
}

function byCode(error: ClientError, stage: Stage, arrived: Arrived): Failure {
  const detail = innermost(error);
  const reject = (code: string, message: string, hint: string = tamperedHint) =>
    negative(code, message, { hint, cause: error });
  switch (error.code) {
    case "OAUTH_JWT_CLAIM_COMPARISON_FAILED":
      return idTokenClaim(claimIn(detail) ?? "claims", claimsIn(detail), error);
    case "OAUTH_JWT_TIMESTAMP_CHECK_FAILED": {
      const claim = claimIn(detail);
      const seconds = claimsIn(detail)?.[claim ?? ""];
      return (claim === "exp" || claim === "nbf") && typeof seconds === "number"
        ? idTokenTime(claim, seconds, arrived, error)
        : idTokenClaim(claim ?? "claims", undefined, error);
    }
    case "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED":
      return reject("oidc.userinfo_sub", "Okta's userinfo is about a different user than the ID token.");
    case "OAUTH_KEY_SELECTION_FAILED":
      return noSuchKey(error, detail);
    case "OAUTH_UNSUPPORTED_OPERATION":
      return unsupported(error, detail);
    case "OAUTH_INVALID_RESPONSE":
      return invalidResponse(error, detail, stage);
    case "OAUTH_PARSE_ERROR":
      return stage === "token" && chain(error).some((cause) => cause instanceof Error && /JWT/.test(cause.message))
        ? reject("oidc.id_token_malformed", "The ID token is not a readable JWT.")
        : unreadable(error, stage);
    case "OAUTH_RESPONSE_IS_NOT_JSON":
      return unreadable(error, stage, "does not give its answer the content type application/json");
    case "OAUTH_TIMEOUT":
      return new Failure("unavailable", "http.timeout", `Okta's ${stage} endpoint did not answer in time.`, {
        hint: "Try again in a moment.",
        cause: error,
      });
    default:
      return unreadable(error, stage);
  }
}

function noSuchKey(error: ClientError, { message, cause }: Error): Failure {
  if (!/multiple applicable keys/.test(message)) {
    return negative(
      "oidc.id_token_key",
      "The ID token is signed with a key that the authorization server does not publish.",
      {
        hint: "Its keys may have been rotated a moment ago: try again. If it keeps happening, the token does not come from that server.",
        cause: error,
      },
    );
  }
  const header = isRecord(cause) && isRecord(cause.header) ? cause.header : {};
  return negative(
    "oidc.id_token_key",
    header.kid === undefined
      ? "The ID token does not say which of the authorization server's keys signed it: it has no kid, and several keys fit."
      : "The authorization server publishes several keys under the kid of the ID token.",
    { hint: "Whoever runs that server must give each key a kid of its own, and name it in the tokens.", cause: error },
  );
}

function unusableKey(cause: unknown): Failure {
  return negative(
    "oidc.id_token_key",
    "The key with which the ID token is signed can't be used: the authorization server publishes only part of it.",
    {
      hint: "A key needs its own members (n and e, or crv, x, and y); a certificate (x5c) alone is not enough.",
      cause,
    },
  );
}

/** What the library doesn't support, and this program doesn't need. */
function unsupported(error: ClientError, { message, cause }: Error): Failure {
  const reject = (code: string, sentence: string, hint = tamperedHint) =>
    negative(code, sentence, { hint, cause: error });
  if (/hybrid/.test(message)) return reject("oidc.response_invalid", responseInvalid);
  if (/"crit"/.test(message)) {
    return reject("oidc.id_token_header", "The ID token's header requires an extension that this tool doesn't know.");
  }
  if (/JWE/.test(message)) {
    return reject(
      "oidc.id_token_encrypted",
      "The ID token is encrypted, so it can't be read here.",
      "Turn off the encryption of ID tokens for this app in Okta.",
    );
  }
  if (/alg/i.test(message)) {
    return reject(
      "oidc.id_token_alg",
      "The ID token is not signed with a public-key algorithm, so anybody could have made it.",
    );
  }
  const body = isRecord(cause) && isRecord(cause.body) ? cause.body : {};
  return tokenType(body.token_type, error);
}

/** A token of another type than Bearer (RFC 6750), which is the one that Akto sends. */
export function tokenType(type: unknown, cause?: unknown): Failure {
  const bound = typeof type === "string" && type.toLowerCase() === "dpop";
  return negative(
    "oidc.token_type",
    `The token endpoint gave a token of the type ${quoted(bound ? "DPoP" : type)}, and Akto sends Bearer.`,
    { hint: bound ? dpopHint : "Check the authorization server, and what a proxy in between does.", cause },
  );
}

function invalidResponse(error: ClientError, detail: Error, stage: Stage): Failure {
  const { message } = detail;
  const reject = (code: string, sentence: string) => negative(code, sentence, { hint: tamperedHint, cause: error });
  if (/signature verification failed/.test(message)) {
    return reject("oidc.id_token_signature", "The ID token's signature does not fit the authorization server's key.");
  }
  if (/"alg" header/.test(message)) {
    return reject(
      "oidc.id_token_alg",
      "The ID token is signed in another way than the authorization server announces.",
    );
  }
  if (stage === "userinfo" && /"sub"/.test(message)) {
    return reject("oidc.userinfo_sub", "Okta's userinfo does not say whom it is about.");
  }
  const claim = /JWT "([a-z_]+)"/.exec(message)?.[1];
  if (claim !== undefined) return idTokenClaim(claim, /missing/.test(message) ? {} : claimsIn(detail), error);
  if (/"iss"/.test(message)) {
    return /missing/.test(message)
      ? negative(
          "oidc.response_issuer",
          "The answer does not say which authorization server it comes from: its iss is missing.",
          {
            hint: "The server's metadata promises it (authorization_response_iss_parameter_supported, RFC 9207): either that is wrong, or the answer comes from elsewhere. Nothing from this sign-in was used.",
            cause: error,
          },
        )
      : reject("oidc.response_issuer", "The answer does not come from the authorization server that was asked.");
  }
  if (/"state"/.test(message)) {
    return negative(
      "oidc.state_mismatch",
      "The answer does not belong to this sign-in: its state is a different one.",
      {
        // The listener ignores such an answer, so most likely it was pasted.
        hint: "Each run begins a sign-in of its own: open the address of this run, and paste the one that it ends on. Nothing of the answer was used.",
        cause: error,
      },
    );
  }
  if (/"id_token"/.test(message)) {
    return negative("oidc.id_token_missing", "The token endpoint gave no ID token.", {
      hint: "The app and the access policy must allow the scope openid.",
      cause: error,
    });
  }
  if (/Invalid JWT|JWT (Header|Payload)/.test(message)) {
    return reject("oidc.id_token_malformed", "The ID token is not a readable JWT.");
  }
  if (/authorization code|provided only once/.test(message)) {
    return reject("oidc.response_invalid", responseInvalid);
  }
  const field = /body "([a-z_]+)" property/.exec(message)?.[1];
  return unreadable(
    error,
    stage,
    field === undefined ? undefined : `answers without ${field}, or with one that can't be`,
  );
}

const responseInvalid = "The answer to the sign-in is not one that OpenID Connect allows.";

function negative(code: string, message: string, options: { hint?: string | undefined; cause?: unknown }): Failure {
  return new Failure("negative", code, message, options);
}

function unreadable(cause: unknown, stage: Stage, what: string = "did not answer the way one does"): Failure {
  return new Failure("unavailable", `oidc.${stage}_unreadable`, `Okta's ${stage} endpoint ${what}.`, {
    hint: "Is it an OpenID Connect provider, with no proxy in between that changes answers? --debug shows the answer.",
    cause,
  });
}

function chain(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let current = error; current !== undefined && causes.length < 8; ) {
    causes.push(current);
    current = current instanceof Error ? current.cause : undefined;
  }
  return causes;
}

function innermost(error: Error): Error {
  return chain(error).findLast((cause) => cause instanceof Error) ?? error;
}

function claimIn({ cause }: Error): string | undefined {
  return isRecord(cause) && typeof cause.claim === "string" ? cause.claim : undefined;
}

function claimsIn({ cause }: Error): Record<string, unknown> | undefined {
  return isRecord(cause) && isRecord(cause.claims) ? cause.claims : undefined;
}
