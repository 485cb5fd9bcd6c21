/** The management API of one org: reads go over one small path, writes through Okta's SDK. */
import { Failure, isFailure, partMissing } from "../core/failure.ts";
import { parseJson } from "../core/json.ts";
import { count } from "../core/text.ts";
import type { HttpClient, HttpRequest } from "../http/types.ts";
import { asked } from "./asked.ts";
import { answerFailure, unexpectedAnswer } from "./errors.ts";
import { nextLink } from "./links.ts";
import { connectSdk, type WritingApis } from "./sdk.ts";

/** How many things to ask for at once: Okta's own advice is 200 at most, since a larger page may time out. */
export const pageSize = 200;
/**
 * The size of a page that is asked for again because it was too slow: small enough to tell a heavy page from a service that is
 * down.
 */
const smallerPageSize = 25;
/** How many pages a list may have: far more than the largest org's. */
const mostPages = 2_500;
/** How many of them in a row may be empty: a search that goes on may find nothing for a while. */
const mostEmptyPages = 100;

/** The parameters of a request's query; those that are `undefined` aren't sent. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** The way to one org. Okta's SDK is loaded when something is written, and not before. */
export class Connection {
  readonly #origin: string;
  readonly #http: HttpClient;

  /**
   * @param origin the org's, see `parseOktaDomain`
   * @param http signs what is sent, see `signing.ts`
   */
  constructor(origin: string, http: HttpClient) {
    this.#origin = origin;
    this.#http = http;
  }

  /**
   * One thing, as Okta answers it.
   *
   * @param path from `/api/v1/` on, see `pathTo`
   */
  async get(path: string, query: Query = {}): Promise<unknown> {
    return this.#ask(this.#address(path, query));
  }

  /** As {@link get}, but `null` when Okta doesn't find it. */
  async find(path: string, query?: Query): Promise<unknown> {
    try {
      return await this.get(path, query);
    } catch (error) {
      if (isFailure(error, "okta.not_found")) return null;
      throw error;
    }
  }

  /** All items of a list, page by page as they are read. */
  async *each(path: string, query?: Query): AsyncGenerator<unknown, void> {
    for await (const page of this.pages(path, query)) yield* page;
  }

  /**
   * The pages of a list. One that is too slow or fails is asked for again, smaller.
   *
   * @param ahead whether a page is on its way while the one before it is read: for lists that are read to their end
   */
  async *pages(path: string, query: Query = {}, { ahead = false } = {}): AsyncGenerator<unknown[], void> {
    const seen = new Set<string>();
    const left = ahead ? new AbortController() : undefined;
    const ask = async (address: string): Promise<Page> => {
      if (seen.has(address)) throw unexpectedAnswer("its pages go around in a circle");
      if (seen.size === mostPages) throw endless(address, `after ${count(mostPages, "page")} there are more`);
      seen.add(address);
      return this.#page(address, left?.signal);
    };
    let empty = 0;
    let address: string | undefined = this.#address(path, query);
    let coming = ask(address);
    try {
      while (address !== undefined) {
        const { items, next }: Page = await coming;
        if (ahead && next !== undefined) coming = quietly(ask(next));
        const page = await items();
        empty = page.length === 0 ? empty + 1 : 0;
        if (empty === mostEmptyPages) throw endless(address, `${count(empty, "page")} in a row are empty`);
        yield page;
        if (!ahead && next !== undefined) coming = ask(next);
        address = next;
      }
    } finally {
      left?.abort();
    }
  }

  /** All items of a list that is never long. */
  async all<Result>(path: string, read: (item: unknown) => Result, query?: Query): Promise<Result[]> {
    const items: Result[] = [];
    for await (const item of this.each(path, query)) items.push(read(item));
    return items;
  }

  /** The first page of a list alone. */
  async firstPage(path: string, query: Query = {}): Promise<unknown[]> {
    const { items } = await this.#page(this.#address(path, query));
    return items();
  }

  /**
   * Reads something, changes it and writes it back whole, past the SDK's models: they drop every field that they don't
   * know, and a field that isn't sent is one that Okta takes away.
   *
   * @returns what Okta answers to the write
   */
  async change(path: string, edit: (current: Record<string, unknown>) => Record<string, unknown>): Promise<unknown> {
    const { _links, _embedded, ...current } = Object(await this.get(path));
    const address = this.#address(path);
    return this.#ask(address, { method: "PUT", body: written(edit(current), address) });
  }

  /** Asks for something that takes a body, and changes nothing: it may be sent again. */
  async ask(path: string, body: unknown): Promise<unknown> {
    const request = { method: "POST", body: JSON.stringify(body), repeatable: true };
    return this.#ask(this.#address(path), request);
  }

  /**
   * Makes one call of Okta's SDK. Whatever the SDK can't make sense of after an answer has come is the answer's fault; nothing
   * before that is.
   */
  async write<Result>(call: (apis: WritingApis) => Promise<Result>): Promise<Result> {
    let answered: string | undefined;
    const apis = await connectSdk(this.#origin, this.#http, (request) => {
      answered = request;
    });
    try {
      return await call(apis);
    } catch (error) {
      if (error instanceof Failure || answered === undefined || partMissing(error)) throw error;
      throw unexpectedAnswer(`what came for ${answered} could not be read`, error);
    }
  }

  async #page(address: string, signal?: AbortSignal): Promise<Page> {
    for (let url = address; ; ) {
      try {
        const { json, link } = await this.#send(url, signal ? { signal } : {});
        const items = async () => {
          const list = await json();
          if (Array.isArray(list)) return list;
          throw unexpectedAnswer(`what came for ${asked("GET", address)} is not a list`);
        };
        return { items, next: nextLink(link, url) };
      } catch (error) {
        const smaller = smallerPage(url);
        if (!smaller || !(isFailure(error, "http.timeout") || isFailure(error, "okta.failed"))) throw error;
        url = smaller;
      }
    }
  }

  async #ask(address: string, request?: HttpRequest): Promise<unknown> {
    const { json } = await this.#send(address, request);
    return json();
  }

  /** An answer that went well, whose JSON has yet to be read. */
  async #send(
    address: string,
    request: HttpRequest = {},
  ): Promise<{ json: () => Promise<unknown>; link: string | null }> {
    const answer = await this.#http.fetch(address, {
      ...request,
      headers: { accept: "application/json", ...(request.body ? { "content-type": "application/json" } : {}) },
    });
    const { method = "GET" } = request;
    const { status, headers } = answer;
    const read = async () => parseJson(await answer.text());
    if (!answer.ok) throw answerFailure({ method, address, status, headers, json: await read() });
    const json = async () => {
      const found = await read();
      if (found === undefined) throw unexpectedAnswer(`what came for ${asked(method, address)} is not JSON`);
      return found;
    };
    return { json, link: headers.get("link") };
  }

  #address(path: string, query: Query = {}): string {
    const url = new URL(path, this.#origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url.href;
  }
}

/** What was read, to be written back. JSON is read however deep it is nested, and written only so far. */
function written(value: unknown, address: string): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unexpectedAnswer(`what came for ${asked("GET", address)} is nested too deep to be written back`, error);
  }
}

function endless(address: string, why: string) {
  return unexpectedAnswer(`the list of ${asked("GET", address)} has no end: ${why}`);
}

/** A page that has come. */
interface Page {
  /** Reads what is on it. */
  readonly items: () => Promise<unknown[]>;
  readonly next: string | undefined;
}

/** Nobody may be waiting for it any more: whoever waits is told how it fails. */
function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/** The same page with fewer items, or `undefined` when it is small already. */
function smallerPage(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (Number(url.searchParams.get("limit")) <= smallerPageSize) return undefined;
  url.searchParams.set("limit", String(smallerPageSize));
  return url.href;
}
