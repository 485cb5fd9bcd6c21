/**
 * What a sign-in said of the user, for people to look at: the decoded claims of both tokens and of userinfo. The tokens
 * themselves are not part of it, nor are their signatures, without which no token can be made again. Pure.
 */
import { ago } from "../history/ago.ts";
import { isRecord } from "../json.ts";
import { type Redaction, secretsIn } from "../redaction.ts";
import { decodeAccessToken } from "../roles/resolve.ts";
import { clean, count, moment, secretTail } from "../text.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a sign-in, without secrets. */
export interface SignInClaims {
  /** `null` for a token that only Okta can read, as the org's own authorization server makes it. */
  readonly accessToken: Claims | null;
  readonly idToken: Claims;
  readonly userinfo: Claims;
}

/** What a sign-in brought. */
export interface Brought {
  readonly accessToken: string;
  readonly idTokenClaims: Claims;
  readonly userinfo: Claims;
}

/** The claims, in the order in which they came. What is a secret, looks like one or is called one is cut down to its end. */
export function claimsOf({ accessToken, idTokenClaims, userinfo }: Brought, redaction: Redaction): SignInClaims {
  const decoded = decodeAccessToken(accessToken);
  const shown = (claims: Claims) => withoutSecrets(claims, redaction, 0) as Claims;
  return {
    accessToken: typeof decoded === "string" ? null : shown(decoded),
    idToken: shown(idTokenClaims),
    userinfo: shown(userinfo),
  };
}

// `token_type` and the like are named after tokens, but aren't tokens.
const secretName = /(?:secret|password|passphrase|private_?key|api_?key|(?:access|refresh|id|session)_?token)$/i;

// Nobody reads claims that lie deeper.
const deepest = 16;

function withoutSecrets(value: unknown, redaction: Redaction, depth: number): unknown {
  if (depth > deepest) return "…";
  if (typeof value === "string") {
    // One that holds another is cut first.
    const found = secretsIn(value).sort((a, b) => b.length - a.length);
    return found.reduce((text, secret) => text.replaceAll(secret, secretTail(secret)), redaction.redact(value));
  }
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, redaction, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      redaction.redact(name),
      secretName.test(name) && typeof item === "string" ? secretTail(item) : withoutSecrets(item, redaction, depth + 1),
    ]),
  );
}

/** A claim as people read it: its name, its value on one line, and the moment that it stands for, where it is a time. */
export interface ClaimLine {
  readonly name: string;
  readonly value: string;
  /** `2026-01-31T12:00:00Z, in 59 minutes`. */
  readonly time?: string;
}

// The claims that hold seconds since 1970 (RFC 7519 section 4.1, OpenID Connect Core sections 2 and 5.1).
const times = new Set(["iat", "exp", "nbf", "auth_time", "updated_at"]);

/** The longest value that is shown, in characters: a hundred groups have room. */
const longestValue = 4_000;

/** The claims as lines, made harmless. */
export function claimLines(claims: Claims, now: Date): ClaimLine[] {
  return Object.entries(claims).map(([name, value]) => ({
    name: clean(name, 80),
    value: clean(words(value), longestValue),
    ...(times.has(name) && isTime(value) ? { time: timeWords(value, now) } : {}),
  }));
}

function words(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.length === 0 ? "none" : value.join(", ");
  }
  return JSON.stringify(value) ?? "";
}

// Up to the last second that a date can hold.
const isTime = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= 8_640_000_000_000;

function timeWords(seconds: number, now: Date): string {
  const date = new Date(seconds * 1000);
  const ahead = date.getTime() - now.getTime();
  return `${moment(date)}, ${ahead >= 120_000 ? `in ${length(ahead)}` : ago(date.toISOString(), now)}`;
}

function length(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 120) return count(minutes, "minute");
  return minutes < 2 * 24 * 60 ? count(Math.floor(minutes / 60), "hour") : count(Math.floor(minutes / 1440), "day");
}

/** What each of the claims' places is called, and what it is to Akto. */
export const claimPlaces = [
  ["accessToken", "Access token", "Akto reads the groups here."],
  ["idToken", "ID token", "Akto never looks at it."],
  ["userinfo", "Userinfo", "Akto reads who the user is here."],
] as const satisfies readonly (readonly [keyof SignInClaims, string, string])[];

/** Why there are no claims of the access token. */
export const opaqueToken = "Only Okta can read this token: it has no claims to look at.";
