/** How openid-client speaks HTTP here: through the program's own client, with its limits, proxy and time-outs. */
import type { CustomFetch } from "openid-client";
import { isRecord, parseJson } from "../core/json.ts";
import type { HttpClient } from "../http/types.ts";

/** `http` in the form that openid-client takes. */
export function fetchThrough(http: HttpClient): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    if (body instanceof ArrayBuffer || body instanceof ReadableStream) {
      throw new TypeError("openid-client sends forms and nothing else in the flows used here");
    }
    const response = await http.fetch(url, {
      method,
      headers,
      body: body ?? null,
      ...(signal ? { signal } : {}),
    });
    return response.ok ? response : inOAuthForm(response);
  };
}

/**
 * Okta answers some OAuth requests, such as one with an unknown client id, in the form of its management API:
 * `{"errorCode":"invalid_client","errorSummary":"…"}` (Okta behaviour). RFC 6749 section 5.2 names them `error` and
 * `error_description`, and so does this.
 */
async function inOAuthForm(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, statusText } = response;
  const headers = new Headers(Array.from(response.headers));
  headers.delete("content-length");
  headers.delete("content-encoding");
  const { error, description } = readOAuthError(text);
  const body = error === undefined ? text : JSON.stringify({ error, error_description: description });
  return new Response(status === 204 || status === 304 ? null : body, { status, statusText, headers });
}

/** What an OAuth endpoint's error answer says. Both are outside text. */
export interface OAuthError {
  readonly error: string | undefined;
  readonly description: string | undefined;
}

/** Reads an OAuth endpoint's error answer in either of Okta's two forms; from anything else it reads nothing. */
export function readOAuthError(body: string): OAuthError {
  const json = parseJson(body);
  const fields = new Map(isRecord(json) ? Object.entries(json) : []);
  const text = (...names: string[]) => names.map((name) => fields.get(name)).find((value) => typeof value === "string");
  return { error: text("error", "errorCode"), description: text("error_description", "errorSummary") };
}
