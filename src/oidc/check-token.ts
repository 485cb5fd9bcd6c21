/** Checks of a captured access token: whose it is, and whether it is still good. Akto itself makes none of them. */
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from "jose";
import { aktoScopes } from "../core/address.ts";
import { canGoOn } from "../core/failure.ts";
import { isRecord, parseJson, strings } from "../core/json.ts";
import type { Check } from "../core/login/report.ts";
import { decodeAccessToken } from "../core/roles/resolve.ts";
import { listed, quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import { checkAnswer } from "./answers.ts";
import { discoverIssuer } from "./discover.ts";

/** What a token that Akto gets says; `null` for what isn't known here. */
export interface TokenExpectation {
  /** The token's own `iss` is compared with it and never called. */
  readonly issuer: string | null;
  readonly clientId: string | null;
  readonly audiences: readonly string[] | null;
}

/**
 * The signature against the issuer's keys, the expiry, and whom the token is for. Nothing here fails: Akto reads a token
 * without these checks.
 */
export async function checkToken(
  http: HttpClient,
  expected: TokenExpectation,
  accessToken: string,
  now: Date,
): Promise<Check[]> {
  const payload = decodeAccessToken(accessToken);
  if (typeof payload === "string") {
    return [
      {
        id: "token.signature",
        status: "warn",
        message: "The token is not a whole JWT, as a custom authorization server's are: it has no signature to check.",
        hint: "Give the value of access_token whole, as the token endpoint of the server that Akto uses returned it.",
        evidence: "seen",
      },
    ];
  }
  const checks: Check[] = [
    { id: "token.signature", ...(await signatureOf(http, expected.issuer, accessToken, payload.iss)) },
    expiryOf(payload.exp, now),
    ...audienceOf(payload.aud, expected.audiences),
    ...clientOf(payload.cid, expected.clientId),
    ...scopesOf(payload.scp),
  ];
  return checks.map((check) => ({ ...check, evidence: "seen" }));
}

function expiryOf(exp: unknown, now: Date): Check {
  const id = "token.expiry";
  if (typeof exp !== "number") {
    return { id, status: "warn", message: "The token does not say when it expires: every token of Okta's does." };
  }
  const at = new Date(exp * 1000);
  if (Number.isNaN(at.getTime())) {
    return { id, status: "warn", message: "The token's expiry is not a valid time." };
  }
  const time = at.toISOString().replace(".000Z", "Z");
  return at > now
    ? { id, status: "pass", message: `The token expires ${time}.` }
    : {
        id,
        status: "warn",
        message: `The token expired ${time}: what it says may be out of date.`,
        hint: "`akto-okta login test` gets a new one.",
      };
}

function audienceOf(aud: unknown, expected: readonly string[] | null): Check[] {
  const audiences = texts(aud);
  if (expected === null || audiences.length === 0 || audiences.some((each) => expected.includes(each))) return [];
  return [
    {
      id: "token.audience",
      status: "warn",
      message: `The token is meant for ${listed(audiences.slice(0, 3).map(quoted))}, and this authorization server's are for ${listed(expected.slice(0, 3).map(quoted))}.`,
      hint: "It is another server's token: Akto would not get it.",
    },
  ];
}

function clientOf(cid: unknown, expected: string | null): Check[] {
  if (expected === null || cid === expected) return [];
  const given =
    typeof cid === "string" ? `was given to the client ${quoted(cid)}` : "does not say which client it was given to";
  return [
    {
      id: "token.client",
      status: "warn",
      message: `The token ${given}, and Akto signs in as ${quoted(expected)}.`,
      hint: "Another app's token may carry other claims: get one with `akto-okta login test`.",
    },
  ];
}

function scopesOf(scp: unknown): Check[] {
  const scopes = texts(scp);
  if (scopes.length === 0) return [];
  const missing = aktoScopes.filter((scope) => !scopes.includes(scope));
  const more = scopes.filter((scope) => !aktoScopes.includes(scope));
  if (missing.length === 0 && more.length === 0) return [];
  return [
    {
      id: "token.scopes",
      status: "warn",
      message: `The token was asked for with the scopes ${listed(scopes.slice(0, 10).map(quoted))}; Akto asks for ${listed(aktoScopes)}.`,
      hint: "A claim that is bound to a scope comes or goes with it.",
    },
  ];
}

/** Of a claim that holds one text or several. */
const texts = (value: unknown): string[] => strings(Array.isArray(value) ? value : [value]);

async function signatureOf(
  http: HttpClient,
  issuer: string | null,
  token: string,
  iss: unknown,
): Promise<Omit<Check, "id">> {
  if (issuer === null) return { status: "warn", message: "The signature is not checked: no issuer is configured." };
  if (iss !== issuer) {
    return {
      status: "warn",
      message: `The token is from ${typeof iss === "string" ? quoted(iss) : "no issuer that it names"}, not from ${quoted(issuer)}: its signature is not checked.`,
      hint: "It is another org's or another authorization server's; if the server goes by another name, give that with --issuer.",
    };
  }
  const unchecked = (why: string, hint?: string): Omit<Check, "id"> => ({
    status: "warn",
    message: `The signature is not checked: ${why}`,
    ...(hint === undefined ? {} : { hint }),
  });
  let keys: JSONWebKeySet;
  try {
    const { jwksUri } = await discoverIssuer(http, issuer);
    keys = await readKeys(http, jwksUri);
  } catch (error) {
    if (canGoOn(error)) return unchecked(error.message, error.hint);
    throw error;
  }
  try {
    await compactVerify(token, createLocalJWKSet(keys));
    return { status: "pass", message: "The signature is the issuer's." };
  } catch (error) {
    // jose is given nothing but the token and the keys, so whatever it throws is about them.
    return forged.some((kind) => error instanceof kind)
      ? { status: "warn", message: "The signature is not the issuer's: the token was changed, or the keys were." }
      : unchecked("the issuer publishes a key that can't be used.");
  }
}

async function readKeys(http: HttpClient, url: string): Promise<JSONWebKeySet> {
  const response = await http.fetch(url);
  const { status, headers } = response;
  const body = await response.text();
  checkAnswer("keys", { url, status, headers, body });
  const keys = parseJson(body);
  if (!isKeySet(keys)) throw new TypeError("checkAnswer lets nothing else through");
  return keys;
}

// What jose throws for a signature that is wrong, by an unknown key, or none at all.
const forged = [
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JOSENotSupported,
];

// jose checks each key itself when it uses it.
function isKeySet(value: unknown): value is JSONWebKeySet {
  return isRecord(value) && Array.isArray(value.keys);
}
