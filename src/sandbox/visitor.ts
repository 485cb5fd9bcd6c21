/** Plays a person with a browser: keeps cookies, follows redirects and fills in the sandbox's sign-in form. */
import { isLoopback } from "../core/address.ts";

/** Where a visit ended. */
export interface Visit {
  /** The last address: of the page that was read, or of a redirect that was not followed. */
  readonly url: URL;
  /** The page, or `undefined` when the visit ended at a redirect that was not followed. */
  readonly page: { readonly status: number; readonly text: string } | undefined;
}

export interface VisitorOptions {
  /** Whether to end the visit at this address instead of going there. Addresses off the loopback always end it. */
  readonly stopAt?: (url: URL) => boolean;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly host: string;
}

/** More redirects in a row than this are a loop. */
const redirectLimit = 20;

export class Visitor {
  readonly #stopAt: (url: URL) => boolean;
  #cookies: readonly Cookie[] = [];

  constructor(options: VisitorOptions = {}) {
    this.#stopAt = options.stopAt ?? (() => false);
  }

  /** Opens the address and follows its redirects. */
  open(url: string | URL): Promise<Visit> {
    return this.#go(new URL(url), undefined);
  }

  /**
   * Opens the address; if that leads to the sign-in page, signs in there as the user and goes on.
   *
   * @returns where the sign-in led: the app's redirect URI with the code, or the page on which it ended
   */
  async signIn(url: string | URL, login: string): Promise<Visit> {
    const visit = await this.open(url);
    if (!visit.page || !/name="username"/.test(visit.page.text)) return visit;
    return this.submit(visit.url, new URLSearchParams({ username: login }));
  }

  /** Posts a form and follows the redirects that come of it. */
  submit(url: URL, form: URLSearchParams): Promise<Visit> {
    return this.#go(url, form);
  }

  async #go(start: URL, form: URLSearchParams | undefined): Promise<Visit> {
    let url = start;
    let body = form;
    for (let count = 0; count <= redirectLimit; count += 1) {
      if (!isLoopback(url.hostname) || this.#stopAt(url)) return { url, page: undefined };
      const response = await fetch(url, {
        method: body ? "POST" : "GET",
        redirect: "manual",
        headers: { cookie: this.#cookiesFor(url), accept: "text/html" },
        body: body ?? null,
      });
      this.#keep(url, response.headers.getSetCookie());
      const location = response.headers.get("location");
      if (location === null || response.status < 300 || response.status >= 400) {
        return { url, page: { status: response.status, text: await response.text() } };
      }
      await response.body?.cancel();
      url = new URL(location, url);
      body = undefined;
    }
    throw new Error(`More than ${redirectLimit} redirects from ${start.origin}${start.pathname}`);
  }

  #cookiesFor(url: URL): string {
    return this.#cookies
      .filter((cookie) => cookie.host === url.hostname && url.pathname.startsWith(cookie.path))
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join("; ");
  }

  #keep(url: URL, headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
      const split = pair.indexOf("=");
      const attribute = (name: string) =>
        attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const cookie: Cookie = {
        name: pair.slice(0, split),
        value: pair.slice(split + 1),
        path: attribute("path") ?? "/",
        host: url.hostname,
      };
      const expires = attribute("expires");
      const gone = attribute("max-age") === "0" || (expires !== undefined && Date.parse(expires) <= Date.now());
      const others = this.#cookies.filter(
        (kept) => kept.name !== cookie.name || kept.path !== cookie.path || kept.host !== cookie.host,
      );
      this.#cookies = gone ? others : [...others, cookie];
    }
  }
}
