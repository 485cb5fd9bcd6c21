/** Checks of a captured access token: whose it is, and whether it is still good. Akto itself makes none of them. */
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from "jose";
import { isFailure } from "../core/failure.ts";
import type { Check } from "../core/report.ts";
import { decodeAccessToken } from "../core/resolve.ts";
import { quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import { discoverIssuer } from "./discover.ts";

/**
 * The signature against the issuer's keys, and the expiry. Nothing here fails: Akto reads a token without these checks.
 *
 * @param issuer the configured issuer, or `null`; the token's own `iss` is compared with it and never called
 */
export async function checkToken(
  http: HttpClient,
  issuer: string | null,
  accessToken: string,
  now: Date,
): Promise<Check[]> {
  const payload = decodeAccessToken(accessToken);
  if (typeof payload === "string") {
    return [{ id: "token.signature", status: "warn", message: "The token is no JWT: it has no signature to check." }];
  }
  const signature = { id: "token.signature", ...(await signatureOf(http, issuer, accessToken, payload.iss)) };
  return typeof payload.exp === "number" ? [signature, expiryOf(payload.exp, now)] : [signature];
}

function expiryOf(exp: number, now: Date): Check {
  const at = new Date(exp * 1000);
  const time = Number.isNaN(at.getTime()) ? "at no time that exists" : at.toISOString();
  return at > now
    ? { id: "token.expiry", status: "pass", message: `The token expires ${time}.` }
    : { id: "token.expiry", status: "warn", message: `The token expired ${time}.` };
}

async function signatureOf(
  http: HttpClient,
  issuer: string | null,
  token: string,
  iss: unknown,
): Promise<Omit<Check, "id">> {
  if (issuer === null) return { status: "warn", message: "The signature is not checked: no issuer is configured." };
  if (iss !== issuer) {
    return { status: "warn", message: `The token is from ${quoted(String(iss))}, not from ${quoted(issuer)}.` };
  }
  try {
    const { jwksUri } = await discoverIssuer(http, issuer);
    const response = await http.fetch(jwksUri);
    const keys: unknown = await response.json();
    if (!isKeySet(keys)) throw new TypeError("The issuer's keys are no key set.");
    await compactVerify(token, createLocalJWKSet(keys));
    return { status: "pass", message: "The signature is the issuer's." };
  } catch (error) {
    if (isFailure(error) && error.kind === "interrupted") throw error;
    return error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey
      ? { status: "warn", message: "The signature is not the issuer's: the token was changed, or the keys were." }
      : { status: "warn", message: "The signature is not checked: the issuer's keys could not be had." };
  }
}

// jose checks each key itself when it uses it.
function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}
