/** The SDK's client on our HTTP: signing and models are the SDK's, limits, waits and the way to the network are ours. */
import type { Client, Collection } from "@okta/okta-sdk-nodejs";
import { Failure, isFailure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { clean, quoted } from "../core/text.ts";
import type { HttpClient, HttpRequest } from "../http/types.ts";
import { oktaFailure, unexpectedAnswer } from "./errors.ts";
import { privateKeyInvalid } from "./private-key.ts";

/** How to sign requests: an API token, or a service app with a key of its own (`authorizationMode: PrivateKey`). */
export type OktaCredentials =
  | { readonly token: string }
  | {
      readonly clientId: string;
      readonly scopes: readonly string[];
      /** PEM, or a JWK as JSON. */
      readonly privateKey: string;
      readonly keyId?: string | undefined;
    };

export interface ConnectionOptions {
  /** The org's origin, see `parseOktaDomain`. */
  readonly origin: string;
  readonly credentials: OktaCredentials;
  readonly http: HttpClient;
}

/** How many things to ask for at once: Okta's own advice is 200 at most, since a larger page may time out. */
export const pageSize = 200;
/** What a page is cut to that was too slow: small enough to tell a heavy page from a service that is down. */
const smallerPageSize = 25;

/** A lazily made client of one org. */
export class Connection {
  readonly #options: ConnectionOptions;
  #client: Promise<Client> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Makes one call of the SDK, its errors translated. */
  async call<Result>(ask: (client: Client) => Promise<Result>): Promise<Result> {
    try {
      return await ask(await this.#connected());
    } catch (error) {
      throw oktaFailure(error);
    }
  }

  /** As {@link call}, but `null` when Okta doesn't find it. */
  async find<Result>(ask: (client: Client) => Promise<Result>): Promise<Result | null> {
    try {
      return await this.call(ask);
    } catch (error) {
      if (isFailure(error, "okta.not_found")) return null;
      throw error;
    }
  }

  /** All items of a list, page by page as they are read. */
  async *each<Item>(list: (client: Client) => Promise<Collection<Item>>): AsyncGenerator<unknown, void> {
    for await (const page of this.pages(list)) yield* page;
  }

  /** The pages of a list. One that is too slow or fails is asked for again, smaller. */
  async *pages<Item>(list: (client: Client) => Promise<Collection<Item>>): AsyncGenerator<unknown[], void> {
    const collection = await this.call(list);
    const seen = new Set<string>();
    while (collection.nextUri) {
      if (seen.has(collection.nextUri)) throw unexpectedAnswer("its pages lead in a circle");
      seen.add(collection.nextUri);
      yield await this.#page(collection);
    }
  }

  /** All items of a list that is never long. */
  async all<Item, Result>(
    list: (client: Client) => Promise<Collection<Item>>,
    read: (item: unknown) => Result,
  ): Promise<Result[]> {
    const items: Result[] = [];
    for await (const item of this.each(list)) items.push(read(item));
    return items;
  }

  /** The first page of a list alone. */
  async firstPage<Item>(list: (client: Client) => Promise<Collection<Item>>): Promise<unknown[]> {
    return this.#page(await this.call(list));
  }

  /**
   * Reads something, changes it and writes it back whole, past the SDK's models: they drop every field that they don't
   * know, and a field that isn't sent is one that Okta takes away.
   *
   * @param path from `/api/v1/` on
   * @returns what Okta answers to the write
   */
  async change(path: string, edit: (current: Record<string, unknown>) => Record<string, unknown>): Promise<unknown> {
    const url = `${this.#options.origin}${path}`;
    return this.call(async ({ http }) => {
      const { _links, _embedded, ...current } = await http.getJson(url);
      const request = {
        url,
        headers: { accept: "application/json", "content-type": "application/json" },
        body: JSON.stringify(edit(current)),
      };
      const answer = await http.put(url, request);
      return parseJson(await answer.text());
    });
  }

  async #page<Item>(collection: Collection<Item>): Promise<unknown[]> {
    for (;;) {
      try {
        const page: unknown = await collection.getNextPage();
        if (Array.isArray(page)) return page;
        throw unexpectedAnswer("a list is no list");
      } catch (error) {
        const failure = oktaFailure(error);
        const smaller = smallerPage(collection.nextUri);
        if (!smaller || !(failure.code === "http.timeout" || failure.code === "okta.failed")) throw failure;
        collection.nextUri = smaller;
      }
    }
  }

  #connected(): Promise<Client> {
    this.#client ??= connect(this.#options);
    return this.#client;
  }
}

/** The same page with fewer items, or `undefined` when it is small already. */
function smallerPage(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  if (Number(url.searchParams.get("limit")) <= smallerPageSize) return undefined;
  url.searchParams.set("limit", String(smallerPageSize));
  return url.href;
}

async function connect({ origin, credentials, http }: ConnectionOptions): Promise<Client> {
  await checkCredentials(credentials);
  const { default: sdk } = await import("@okta/okta-sdk-nodejs");
  const { ConfigLoader } = await import("@okta/okta-sdk-nodejs/src/config-loader.js");
  // The SDK would read okta.yaml and the environment once more, and fails on a file with nothing in it, whatever is given
  // here: `settings.ts` has read them.
  ConfigLoader.prototype.applyDefaults = () => {};
  class Executor extends sdk.RequestExecutor {
    override fetch(request: Parameters<typeof send>[2]) {
      return send(http, origin, request);
    }
  }
  const settings = {
    orgUrl: origin,
    userAgent: `akto-okta/${__VERSION__}`,
    requestExecutor: new Executor(),
    cacheMiddleware: null,
    // Never used: it keeps the SDK from making sense of HTTPS_PROXY, which is our HTTP's part.
    httpsProxy: origin,
    ...("token" in credentials
      ? { authorizationMode: "SSWS", token: credentials.token, clientId: "", scopes: [], privateKey: "", keyId: "" }
      : {
          authorizationMode: "PrivateKey",
          token: "",
          clientId: credentials.clientId,
          scopes: [...credentials.scopes],
          privateKey: credentials.privateKey,
          keyId: credentials.keyId ?? "",
        }),
  };
  return new sdk.Client(settings);
}

/** A request as the SDK hands it over. */
interface SdkRequest {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
}

/** @throws Failure `okta.foreign_link`: the token goes to its own org and nowhere else */
async function send(http: HttpClient, origin: string, request: SdkRequest): Promise<Response> {
  const url = request.url ?? "";
  const target = URL.canParse(url) ? new URL(url).origin : "";
  if (target !== origin) {
    throw new Failure(
      "unavailable",
      "okta.foreign_link",
      `Okta's answer leads to another host, ${quoted(target === "" ? url : target)}, where the token must not go.`,
      { hint: `Check that ${clean(origin)} is your org and what a proxy in between does.` },
    );
  }
  const { method = "GET", body } = request;
  const isRead = ["GET", "HEAD"].includes(method.toUpperCase());
  // A POST that changes nothing.
  const forToken = new URL(url).pathname === "/oauth2/v1/token";
  const sent: HttpRequest = {
    method,
    headers: isRecord(request.headers) ? textEntries(request.headers) : {},
    ...(typeof body === "string" || body instanceof URLSearchParams ? { body } : {}),
    ...(isRead || forToken ? {} : { repeatable: false }),
  };
  const answer = await http.fetch(url, sent);
  return forToken ? checkedTokenAnswer(answer) : answer;
}

function textEntries(record: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The SDK takes an error for a token here, and would go on to ask with `Bearer undefined`. */
async function checkedTokenAnswer(answer: Response): Promise<Response> {
  const text = await answer.text();
  const json = parseJson(text);
  const { error, error_description: description } = isRecord(json) ? json : {};
  if (!answer.ok && error !== "use_dpop_nonce") {
    throw new Failure(
      answer.status >= 500 ? "unavailable" : "auth",
      "okta.service_app_refused",
      `Okta did not sign the service app in: ${quoted(description ?? error ?? `HTTP ${answer.status}`)}.`,
      {
        hint: "Check its client id, its key (OKTA_CLIENT_PRIVATEKEY, OKTA_CLIENT_KEYID) and that the scopes are granted to it.",
      },
    );
  }
  return new Response(text, { status: answer.status, headers: answer.headers });
}

/** What can't be sent or signed with is refused here: the libraries' own complaints would quote it. */
async function checkCredentials(credentials: OktaCredentials): Promise<void> {
  if ("token" in credentials) {
    if (/^[\x21-\x7e]+$/.test(credentials.token)) return;
    throw new Failure("auth", "okta.token_invalid", "The Okta API token holds characters that no token has.", {
      hint: "Copy it again, without spaces or line breaks.",
    });
  }
  const { createPrivateKey } = await import("node:crypto");
  const jwk = parseJson(credentials.privateKey);
  try {
    createPrivateKey(isRecord(jwk) ? { key: jwk, format: "jwk" } : credentials.privateKey);
  } catch {
    throw privateKeyInvalid("The service app's private key can't be read.");
  }
}
