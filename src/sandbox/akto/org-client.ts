/** Akto's calls to the Okta org: real HTTP, one try, no redirects, and no reason kept when one fails. */
import { isLoopback } from "../../core/address.ts";
import { isRecord } from "../../core/json.ts";

/** How to reach the sandbox's org. */
export interface OrgAccess {
  /** Akto always says `https`; the sandbox's org may speak `http`. */
  readonly scheme: "http" | "https";
  /** The certificate to trust, when it was made for the sandbox. */
  readonly certificate?: string | undefined;
}

/** A connection to the Okta org. */
export interface OrgClient {
  readonly scheme: "http" | "https";
  /** The answer's JSON. Throws when none came, when it isn't 2xx or no JSON. */
  getJson(url: string, authorization: string): Promise<unknown>;
  /** Posts a form. Throws as {@link getJson} does; the message holds OAuth's error. */
  postForm(url: string, form: URLSearchParams): Promise<unknown>;
  close(): Promise<void>;
}

/** Makes the client. A domain that isn't a loopback address counts as unreachable: the sandbox stays on this machine. */
export function createOrgClient({ scheme, certificate }: OrgAccess): OrgClient {
  let agent: import("undici").Agent | undefined;

  async function send(
    url: string,
    init: { method: "GET" | "POST"; headers: Record<string, string>; body?: string },
  ): Promise<unknown> {
    const { Agent, request } = await import("undici");
    if (!isLoopback(new URL(url).hostname)) throw new Error(`${new URL(url).host} is outside the sandbox`);
    agent ??= new Agent({ headersTimeout: 10_000, bodyTimeout: 10_000, connect: { ca: certificate } });
    const answer = await request(url, { ...init, dispatcher: agent });
    const body = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${body.slice(0, 200)}`);
    return JSON.parse(body);
  }

  return {
    scheme,
    getJson: (url, authorization) => send(url, { method: "GET", headers: { authorization } }),
    postForm: (url, form) =>
      send(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: form.toString(),
      }),
    close: async () => agent?.destroy(),
  };
}

/** The group names in a list of Okta groups, in its order; whatever has none is passed over. */
export function groupNames(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((group: unknown) => {
    const profile = field(group, "profile");
    const name = field(profile, "name");
    return typeof name === "string" ? [name] : [];
  });
}

/** The member of a JSON object, or `undefined` when it isn't one. */
export function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
