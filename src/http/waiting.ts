/** How long to wait before a request is sent again. Pure: the clock and the sleep are the caller's. */
import type { HttpHeaders } from "./types.ts";

function whole(text: string | null): number | undefined {
  return text !== null && /^\s*\d{1,12}\s*$/.test(text) ? Number(text) : undefined;
}

function date(text: string | null): number | undefined {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * How long a service asks to be left alone.
 *
 * Okta says when its rate limit is reset in `X-Rate-Limit-Reset`, in seconds since 1970 by its own clock, so it is held
 * against the answer's own `Date` (Okta behavior); a second is added, since both are cut to whole ones. Anyone else says
 * `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3). A header that makes no sense is passed over.
 *
 * @param now milliseconds since 1970 by this machine's clock, where the answer has no `Date`
 * @returns milliseconds, at least 1,000; or `undefined` when the answer doesn't say
 */
export function askedWait(headers: Pick<HttpHeaders, "get">, now: number): number | undefined {
  const theirNow = date(headers.get("date")) ?? now;
  const reset = whole(headers.get("x-rate-limit-reset"));
  if (reset !== undefined) return Math.max(1000, reset * 1000 - theirNow + 1000);
  const after = headers.get("retry-after");
  const seconds = whole(after);
  if (seconds !== undefined) return Math.max(1000, seconds * 1000);
  const until = date(after);
  return until === undefined ? undefined : Math.max(1000, until - theirNow);
}

/**
 * The wait before attempt `attempt + 1`: 300 ms, then twice as long each time, up to a quarter of it taken off by chance,
 * so that several programs that failed together don't come back together.
 *
 * @param attempt how often the request was sent so far, from 1
 * @param random a number from 0 up to 1
 */
export function backoff(attempt: number, random: number): number {
  return Math.round(300 * 2 ** (attempt - 1) * (1 - random / 4));
}
