/** The lines of `--debug`: what was asked and answered, without anything that grants access. */
import { clean } from "../core/text.ts";
import { secretParameters } from "./secrets.ts";
import type { HttpHeaders } from "./types.ts";

// Besides what grants access, whatever would let somebody finish another person's sign-in.
const blackedOut: ReadonlySet<string> = new Set([...secretParameters, "nonce", "state"]);

/** An address fit for a log: no user name, no password, no fragment, the values of secret parameters blacked out. */
export function loggedUrl(url: URL): string {
  const query = Array.from(url.searchParams, ([name, value]) => {
    const shown = blackedOut.has(name.toLowerCase()) ? "***" : encodeURIComponent(value);
    return `${encodeURIComponent(name)}=${shown}`;
  }).join("&");
  return clean(`${url.origin}${url.pathname}${query === "" ? "" : `?${query}`}`, 500);
}

/** The line for a request. Neither its headers nor its body are ever logged: they are where the secrets are. */
export function requestLine(method: string, url: URL, attempt: number): string {
  return `→ ${method} ${loggedUrl(url)}${attempt > 1 ? ` (attempt ${attempt})` : ""}`;
}

/** The line for an answer, with Okta's id of the request: what Okta's support asks for. */
export function answerLine(
  url: URL,
  status: number,
  headers: Pick<HttpHeaders, "get">,
  bytes: number,
  milliseconds: number,
): string {
  const id = headers.get("x-okta-request-id");
  const parts = [
    `${bytes} bytes`,
    `${Math.round(milliseconds)} ms`,
    ...(id === null ? [] : [`request ${clean(id, 60)}`]),
  ];
  return `← ${status} ${clean(url.host)}${clean(url.pathname, 200)} (${parts.join(", ")})`;
}
