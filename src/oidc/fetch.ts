/** How openid-client speaks HTTP here: through the program's own client, with its limits, proxy and time-outs. */
import type { CustomFetch, FetchBody } from "openid-client";
import { asResponse, ownFetch } from "../http/answer.ts";
import type { HttpClient, HttpHeaders } from "../http/types.ts";
import { checkAnswer, type Endpoint } from "./answers.ts";

/** The endpoints of an issuer by their addresses. */
export type Endpoints = ReadonlyMap<string, Endpoint>;

/**
 * `http` in the form that openid-client takes. Whatever isn't an endpoint's answer, and every refusal, is thrown as a failure:
 * the library reports neither the status nor the words.
 *
 * @param onAnswer is told of each answer that can be of use
 */
export function fetchThrough(
  http: HttpClient,
  endpoints: Endpoints,
  onAnswer: (endpoint: Endpoint, headers: HttpHeaders) => void = () => {},
): CustomFetch {
  return ownFetch(async (url, { method, headers, body, signal }) => {
    const response = await http.fetch(url, {
      method,
      headers,
      body: formOf(body),
      ...(signal ? { signal } : {}),
    });
    const endpoint = endpoints.get(url);
    if (endpoint === undefined) return asResponse(response);
    const text = await response.text();
    const token = /^Bearer (.+)$/i.exec(new Headers(headers).get("authorization") ?? "")?.[1];
    checkAnswer(endpoint, { url, status: response.status, headers: response.headers, body: text }, token?.length);
    onAnswer(endpoint, response.headers);
    return asResponse(response, text);
  });
}

/** The bodies that openid-client sends in the flows used here: forms, and nothing else. */
function formOf(body: FetchBody): string | Uint8Array | URLSearchParams | null {
  if (body instanceof ArrayBuffer || body instanceof ReadableStream) throw new TypeError("only forms are sent");
  return body ?? null;
}
