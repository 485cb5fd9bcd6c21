/** Akto's calls to the Okta org: real HTTP, one try, no redirects, and no reason kept when one fails. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
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
  const closing = new AbortController();

  async function send(
    url: string,
    { body = "", ...init }: { method: "GET" | "POST"; headers: Record<string, string>; body?: string },
  ): Promise<unknown> {
    const { hostname, host, protocol } = new URL(url);
    if (!isLoopback(hostname)) throw new Error(`${host} is outside the sandbox`);
    const signal = AbortSignal.any([AbortSignal.timeout(10_000), closing.signal]);
    // A new connection each time: there is only one try, and a kept connection may be gone.
    const options = { ...init, agent: false, signal } as const;
    const request =
      protocol === "https:" ? httpsRequest(url, { ...options, ca: certificate }) : httpRequest(url, options);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve).once("error", reject).end(body);
    });
    const said = await text(answer);
    if ((answer.statusCode ?? 0) >= 300) throw new Error(`${answer.statusCode} ${said.slice(0, 200)}`);
    return JSON.parse(said);
  }

  return {
    scheme,
    getJson: (url, authorization) => send(url, { method: "GET", headers: { authorization } }),
    postForm: (url, form) =>
      send(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        // Akto's HTTP library encodes neither of the two: what Okta reads there is a space, or another character.
        body: form.toString().replaceAll("%2B", "+").replaceAll("%25", "%"),
      }),
    close: async () => closing.abort(),
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
