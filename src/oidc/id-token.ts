/** Why an ID token is turned down, claim by claim (OpenID Connect Core section 3.1.3.7). */
import { Failure } from "../core/failure.ts";
import { moment, thousands } from "../core/text.ts";

/** How far the clocks may differ, and how long a token may be on its way, in seconds. */
export const clockTolerance = 300;

/** What to do about an answer that somebody may have changed on its way. */
export const tamperedHint =
  "Check that the issuer is your org's, and that no proxy on the way changes answers. Nothing from this sign-in was used.";

/** What is wrong with each claim: its value, or that it is missing. */
const sentences = new Map<string, readonly [wrong: string, missing: string]>([
  [
    "iss",
    [
      "The ID token was issued by another server than the one that was asked.",
      "The ID token does not name who issued it: its iss is missing.",
    ],
  ],
  [
    "aud",
    [
      "The ID token is meant for another client, or for others besides this one.",
      "The ID token does not say whom it is meant for: its aud is missing.",
    ],
  ],
  [
    "azp",
    ["The ID token was given to another client.", "The ID token is meant for several clients, and names none as azp."],
  ],
  [
    "nonce",
    [
      "The ID token does not belong to this sign-in: its nonce is a different one.",
      "The ID token does not show that it belongs to this sign-in: its nonce is missing.",
    ],
  ],
  [
    "sub",
    ["The ID token does not say whom it is about.", "The ID token does not say whom it is about: its sub is missing."],
  ],
  [
    "iat",
    [
      "The ID token gives a time of issue that is not a valid time.",
      "The ID token does not say when it was issued: its iat is missing.",
    ],
  ],
  [
    "exp",
    [
      "The ID token gives an expiry that is not a valid time.",
      "The ID token does not say when it expires: its exp is missing.",
    ],
  ],
  ["nbf", ["The ID token gives a start of validity that is not a valid time.", "The ID token is not valid yet."]],
  ["at_hash", ["The ID token belongs to another access token: its at_hash differs.", "The ID token has no at_hash."]],
]);

/**
 * An ID token turned down for one of its claims: `oidc.id_token_{claim}`.
 *
 * @param claims the token's claims, where they are known: a claim that is missing is told apart from one that is wrong
 */
export function idTokenClaim(
  claim: string,
  claims: Readonly<Record<string, unknown>> | undefined,
  cause?: unknown,
): Failure {
  const [wrong, missing] = sentences.get(claim) ?? ["A claim of the ID token is not what it must be.", undefined];
  const message = claims !== undefined && claims[claim] === undefined ? (missing ?? wrong) : wrong;
  return new Failure("negative", `oidc.id_token_${claim}`, message, { hint: tamperedHint, cause });
}

/** The moment at which the token came, by both clocks that are at hand. In milliseconds since 1970. */
export interface Arrived {
  readonly here: number;
  /** By the `Date` of the token endpoint's answer; `undefined` where it had none. */
  readonly there: number | undefined;
}

/**
 * An ID token whose times are impossible, with by how much and by whose clock.
 *
 * @param claims the token's claims, of which this one is a number
 */
export function idTokenTime(
  claim: "iat" | "exp" | "nbf",
  seconds: number,
  { here, there }: Arrived,
  cause?: unknown,
): Failure {
  const off = seconds - here / 1000;
  const by = duration(Math.abs(off));
  const at = moment(new Date(seconds * 1000));
  const message = {
    iat: `The ID token was issued ${off > 0 ? `${by} from now` : `${by} ago`}, at ${at}, by this machine's clock.`,
    exp: `The ID token expired ${by} ago, at ${at}, by this machine's clock.`,
    nbf: `The ID token is valid only ${by} from now, at ${at}, by this machine's clock.`,
  }[claim];
  return new Failure("negative", `oidc.id_token_${claim}`, message, { hint: clockHint(here, there), cause });
}

/** Whose clock is wrong, as far as the server's own `Date` tells. */
function clockHint(here: number, there: number | undefined): string {
  const limit = `A difference of up to ${duration(clockTolerance)} is allowed.`;
  if (there === undefined) return `Compare this machine's clock with the authorization server's. ${limit}`;
  const off = (here - there) / 1000;
  // The header has whole seconds, and an answer takes a moment.
  if (Math.abs(off) <= 10) {
    return `This machine's clock agrees with the token endpoint's (its Date header), so whatever signs the tokens there has a different time. ${limit}`;
  }
  return `This machine's clock is ${duration(Math.abs(off))} ${off > 0 ? "ahead of" : "behind"} the token endpoint's (its Date header): set the one that is wrong. ${limit}`;
}

/** A length of time in words, of the unit that fits: `40 seconds`, `5 minutes`, `3 hours`, `12 days`. */
function duration(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const;
  // Below two of a unit, the next smaller one says more.
  const [unit, size] = units.find(([, each]) => Math.round(seconds / each) >= 2) ?? ["second", 1];
  const number = Math.round(seconds / size);
  return `${thousands(number)} ${unit}${number === 1 ? "" : "s"}`;
}
