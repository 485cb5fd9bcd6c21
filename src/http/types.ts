/** The one way in which this program speaks HTTP; see `client.ts` for the limits it keeps. */

/** A request: what `fetch` takes, and whether it may safely be sent again. */
export interface HttpRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | Uint8Array | null;
  readonly signal?: AbortSignal;
  /**
   * Whether the same request may be sent again after a lost connection or a 5xx answer. By default only GET and HEAD may; a 429
   * was not carried out, and is always sent again after its reset. An explicit `false` means that the request changes
   * something: when its answer is lost, the failure says that it may have been carried out.
   */
  readonly repeatable?: boolean;
}

/** An answer: the part of Fetch's `Response` that is used here, since creating one takes Node longer than the request. */
export interface HttpAnswer extends Pick<Response, "status" | "ok" | "text" | "json"> {
  readonly headers: HttpHeaders;
}

/** Headers by name in any case; one that came more than once is joined by commas (RFC 9110 section 5.2). */
export interface HttpHeaders extends Pick<Headers, "get"> {
  [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
}

/** Speaks HTTP with time and size limits, through the proxy, with waits and retries. Redirects are never followed. */
export interface HttpClient {
  /**
   * @returns the answer, whatever its status; its body is complete and within the size limit
   * @throws Failure of kind `unavailable` when no answer came: `http.timeout`, `http.unreachable`, `http.tls`,
   *   `http.proxy_refused`, `http.proxy_unreachable`, `http.too_large`, `http.garbled`, `http.rate_limited`
   */
  fetch(url: string, request?: HttpRequest): Promise<HttpAnswer>;
}
