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
import { quoted } from "../core/text.ts";
import { authorizationFailure, tokenFailure } from "./refusals.ts";

/** Where in the sign-in something went wrong. */
export type Phase = "authorization" | "token" | "userinfo";

/** The `Failure` that an error is, or that lies among its causes: openid-client wraps what its `fetch` throws. */
export function failureWithin(error: unknown): Failure | undefined {
  return chain(error).find((cause) => cause instanceof Failure);
}

/** @returns a `Failure` for whatever openid-client throws; an error of another kind (a bug) as it is */
export function explain(error: unknown, phase: Phase): unknown {
  const failure = failureWithin(error);
  if (failure) return failure;
  if (error instanceof AuthorizationResponseError) return authorizationFailure(error.error, error.error_description);
  if (error instanceof ResponseBodyError) return tokenFailure(error.error, error.error_description);
  if (error instanceof WWWAuthenticateChallengeError) {
    const challenge = error.cause[0]?.parameters;
    if (phase === "token") return tokenFailure("invalid_client", challenge?.error_description);
    return negative("userinfo_refused", `Okta's userinfo endpoint refused the access token.`, {
      hint: challenge?.error_description ? `Okta says: ${quoted(challenge.error_description)}` : undefined,
      cause: error,
    });
  }
  if (error instanceof ClientError) return byCode(error, phase);
  // What the library stumbles over: a field that no check of its own foresaw, such as a lifetime that is an object.
  if (error instanceof TypeError) return unreadable(error, phase);
  return error;
}

function byCode(error: ClientError, phase: Phase): Failure {
  const detail = innermost(error);
  const reject = (what: string, message: string, hint: string = tamperedHint) =>
    negative(what, message, { hint, cause: error });
  switch (error.code) {
    case "OAUTH_JWT_CLAIM_COMPARISON_FAILED":
    case "OAUTH_JWT_TIMESTAMP_CHECK_FAILED":
      return idTokenClaim(claimIn(detail) ?? "claims", error);
    case "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED":
      return reject("userinfo_sub", "Okta's userinfo speaks of another user than the ID token.");
    case "OAUTH_KEY_SELECTION_FAILED":
      return reject(
        "id_token_key",
        "The ID token is signed with a key that the authorization server does not publish.",
        "Its keys may have been rotated a moment ago: try again. If it stays so, the token does not come from that server.",
      );
    case "OAUTH_UNSUPPORTED_OPERATION":
      return unsupported(error, detail.message);
    case "OAUTH_INVALID_RESPONSE":
      return invalidResponse(error, detail, phase);
    case "OAUTH_PARSE_ERROR":
      return phase === "token" && chain(error).some((cause) => cause instanceof Error && /JWT/.test(cause.message))
        ? reject("id_token_malformed", "The ID token is not a readable JWT.")
        : unreadable(error, phase);
    case "OAUTH_TIMEOUT":
      return new Failure("unavailable", "http.timeout", `Okta's ${phase} endpoint did not answer in time.`, {
        hint: "Try again in a moment.",
        cause: error,
      });
    default:
      return unreadable(error, phase);
  }
}

/** What the library has no support for, and this program wants none. */
function unsupported(error: ClientError, message: string): Failure {
  const reject = (what: string, sentence: string, hint = tamperedHint) =>
    negative(what, sentence, { hint, cause: error });
  if (/hybrid/.test(message)) return reject("response_invalid", responseInvalid);
  if (/"crit"/.test(message)) {
    return reject("id_token_header", "The ID token's header demands something that nobody here knows of.");
  }
  if (/JWE/.test(message)) {
    return reject(
      "id_token_encrypted",
      "The ID token is encrypted, so nobody here can read it.",
      "Turn off the encryption of ID tokens for this app in Okta.",
    );
  }
  if (/alg/i.test(message)) {
    return reject(
      "id_token_alg",
      "The ID token is not signed with a public-key algorithm, so anybody could have made it.",
    );
  }
  return reject("token_type", "The token endpoint answered with a kind of token that Akto cannot use.", dpopHint);
}

function invalidResponse(error: ClientError, detail: Error, phase: Phase): Failure {
  const { message } = detail;
  const reject = (what: string, sentence: string) => negative(what, sentence, { hint: tamperedHint, cause: error });
  if (/signature verification failed/.test(message)) {
    return reject("id_token_signature", "The ID token's signature does not fit the authorization server's key.");
  }
  if (/"alg" header/.test(message)) {
    return reject("id_token_alg", "The ID token is signed in another way than the authorization server announces.");
  }
  if (phase === "userinfo" && /"sub"/.test(message)) {
    return reject("userinfo_sub", "Okta's userinfo does not say whom it is about.");
  }
  const claim = /JWT "([a-z_]+)"/.exec(message)?.[1];
  if (claim !== undefined) return idTokenClaim(claim, error);
  if (/"iss"/.test(message)) {
    return reject("response_issuer", "The answer does not come from the authorization server that was asked.");
  }
  if (/"state"/.test(message)) {
    return negative("state_mismatch", "The answer does not belong to this sign-in: its state is another one.", {
      // The listener passes over such an answer, so that it was pasted, most of the time.
      hint: "Each run begins a sign-in of its own: open the address of this run, and paste the one that it ends on. Nothing of the answer was used.",
      cause: error,
    });
  }
  if (/"id_token"/.test(message)) {
    return negative("id_token_missing", "The token endpoint gave no ID token.", {
      hint: "The app and the access policy must allow the scope openid.",
      cause: error,
    });
  }
  if (/Invalid JWT|JWT (Header|Payload)/.test(message)) {
    return reject("id_token_malformed", "The ID token is not a readable JWT.");
  }
  if (/authorization code|provided only once/.test(message)) {
    return reject("response_invalid", responseInvalid);
  }
  return unreadable(error, phase);
}

const responseInvalid = "The answer to the sign-in is not one that OpenID Connect allows.";
const tamperedHint =
  "Check that the issuer is your org's, and that no proxy on the way changes answers. Nothing of this sign-in was used.";
const dpopHint = "Turn off “Require Demonstrating Proof of Possession (DPoP)” in the app's General tab.";
const clockHint = "Check the clock of this machine first: a minute's difference is enough.";

const claimSentences = new Map([
  ["iss", "The ID token was issued by another server than the one that was asked."],
  ["aud", "The ID token is meant for another client, or for others beside this one."],
  ["azp", "The ID token was given to another client."],
  ["nonce", "The ID token does not belong to this sign-in: its nonce is missing or another one."],
  ["sub", "The ID token does not say whom it is about."],
  ["iat", "The ID token does not say when it was issued, or says a time that cannot be."],
  ["exp", "The ID token has expired, or does not say when it does."],
  ["nbf", "The ID token is not valid yet."],
  ["at_hash", "The ID token belongs to another access token: its at_hash differs."],
]);

const timeClaims = new Set(["iat", "exp", "nbf"]);

/** An ID token turned down for one of its claims: `oidc.id_token_{claim}`. */
export function idTokenClaim(claim: string, cause?: unknown): Failure {
  return negative(`id_token_${claim}`, claimSentences.get(claim) ?? "A claim of the ID token is not what it must be.", {
    hint: timeClaims.has(claim) ? clockHint : tamperedHint,
    cause,
  });
}

function negative(what: string, message: string, options: { hint?: string | undefined; cause?: unknown }): Failure {
  return new Failure("negative", `oidc.${what}`, message, options);
}

function unreadable(cause: unknown, phase: Phase): Failure {
  return new Failure(
    "unavailable",
    `oidc.${phase}_unreadable`,
    `Okta's ${phase} endpoint did not answer as one does.`,
    {
      hint: "Try again with --debug to see the answer.",
      cause,
    },
  );
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
  if (typeof cause !== "object" || cause === null || !("claim" in cause)) return undefined;
  return typeof cause.claim === "string" ? cause.claim : undefined;
}
