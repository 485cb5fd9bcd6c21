/** The addresses of an Okta org and an Akto dashboard: what people paste, checked and brought to one form. */
import { Failure, isFailure } from "./failure.ts";
import { secretsIn } from "./redaction.ts";
import { clean, quoted, secretTail } from "./text.ts";

/** An Okta org's address. */
export interface OktaDomain {
  /** The bare host, with a port if it has one: what Akto stores as `oktaDomain`. */
  readonly host: string;
  /** `https://…`; `http://…` for a loopback address only. */
  readonly origin: string;
}

const usage = (code: string, message: string, hint: string) => new Failure("usage", code, message, { hint });

/** Whether the host name is a loopback one, the only kind for which `http` is allowed. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Refuses a secret that was given in another value's place: it would end in an address, a profile or a message. */
function refuseSecret(code: string, typed: string, what: string): void {
  const [secret] = secretsIn(typed);
  if (secret === undefined) return;
  throw usage(
    code,
    secret === typed
      ? `That looks like a secret (it ends in ${secretTail(typed)}), not like ${what}.`
      : `That has what looks like a secret in it (it ends in ${secretTail(secret)}), and is not ${what}.`,
    "Give secrets in a file, in the environment, or at the prompt. If this one was on a command line, renew it: the shell's history has it.",
  );
}

/** The address as it may stand in a message: without a username and password. */
export function quotedAddress(text: string): string {
  return quoted(text.replace(/\/\/[^/?#]*@/, "//…@"));
}

/** An address as it was typed, up to its port: what follows may be anything, also a secret. */
function quotedHost(typed: string): string {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*@)?(\[[0-9a-f:.]*\]|[^/?#:\\]*)(:\d{1,5}(?![^/?#]))?/i.exec(typed);
  const [shown = "", scheme = "", user = "", host = "", port = ""] = parts ?? [];
  return quoted(`${scheme}${user && "…@"}${host}${port}${shown.length < typed.length ? "…" : ""}`);
}

/** An address with a scheme, and what stands in it before the path. */
function asUrl(typed: string): { readonly text: string; readonly written: string } {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const [, written = ""] = /\/\/([^/?#\\]*)/.exec(text) ?? [];
  return { text, written };
}

/** An address as a URL, `https` unless it says otherwise; `undefined` when it is none. */
function readAddress(typed: string): URL | undefined {
  const { text, written } = asUrl(typed);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (!isHostName(url.hostname)) return undefined;
  // A URL's parser takes 5 for 0.0.0.5 and 127.1 for 127.0.0.1: nobody who types these means a host.
  return isIPv4(url.hostname) && !written.includes(url.hostname) ? undefined : url;
}

/** Whether a host has a name by DNS's rules (RFC 1123 section 2.1; underscores do occur), or is a number. */
function isHostName(hostname: string): boolean {
  if (hostname.startsWith("[")) return true;
  const labels = hostname.replace(/\.$/, "").split(".");
  return (
    hostname.length <= 254 && labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}$/.test(label) && !label.endsWith("-"))
  );
}

/** Refuses a host in letters that only look like those of another one, or in escapes of them. */
function refuseForeignLetters(code: string, typed: string): void {
  const { text, written } = asUrl(typed);
  if (!/[^\x20-\x7e]|%/.test(written) || !URL.canParse(text)) return;
  const { host } = new URL(text);
  throw usage(
    code,
    `${quotedHost(typed)} isn't written in plain letters.`,
    `It stands for ${clean(host)}: if that is the host, give it like this.`,
  );
}

const isIPv4 = (hostname: string) => /^\d+(\.\d+){3}$/.test(hostname);
const isIpAddress = (hostname: string) => isIPv4(hostname) || hostname.startsWith("[");

// Okta's own domains; each org there has an admin console at a host of its own (Okta's SDKs, 2026).
const oktaDomains = [
  "okta.com",
  "oktapreview.com",
  "okta-emea.com",
  "okta-gov.com",
  "okta.mil",
  "okta-miltest.com",
  "trexcloud.com",
  "trex-govcloud.com",
];
const adminHost = new RegExp(
  `^([a-z0-9-]+)-admin\\.(${oktaDomains.map((domain) => domain.replaceAll(".", "\\.")).join("|")})\\.?$`,
  "i",
);

/**
 * As {@link parseOktaDomain}, of what may be copied from a browser: the address of any of the org's pages, also of its admin
 * console.
 *
 * @throws Failure what `parseOktaDomain` throws of the host
 */
export function parsePastedOktaDomain(input: string): OktaDomain {
  try {
    return parseOktaDomain(input);
  } catch (error) {
    const url = readAddress(input.trim());
    if (!url || !isFailure(error) || !["okta.domain_has_path", "okta.domain_is_admin"].includes(error.code))
      throw error;
    const admin = adminHost.exec(url.hostname);
    return parseOktaDomain(admin ? `${admin[1]}.${admin[2]}` : url.origin);
  }
}

/** What {@link parsePastedOktaDomain} makes of an address that is more than a domain, in a sentence. */
export function leftOffOktaDomain(input: string): string | undefined {
  const { host } = parsePastedOktaDomain(input);
  const url = readAddress(input.trim());
  if (!url || (url.host === host && url.href === `${url.origin}/`)) return undefined;
  return url.host === host
    ? `The Okta domain is ${clean(host)}: what came after it belongs to a page of the org, and was dropped.`
    : `The Okta domain is ${clean(host)}: ${clean(url.host)} is its admin console.`;
}

/**
 * An Okta domain, given as a host or as a URL.
 *
 * A loopback host without a scheme is taken as `http` (the sandbox); everything else is `https`.
 *
 * @throws Failure `okta.domain_invalid`, `okta.domain_has_path`, `okta.domain_is_admin`, `okta.domain_insecure`
 */
export function parseOktaDomain(input: string): OktaDomain {
  const typed = input.trim();
  refuseSecret("okta.domain_invalid", typed, "an Okta domain");
  refuseForeignLetters("okta.domain_invalid", typed);
  if (typed === "") {
    throw usage("okta.domain_invalid", "The Okta domain is empty.", "Give the bare host, such as acme.okta.com.");
  }
  const url = readAddress(typed);
  // No org is at a number: its certificate is for a name.
  if (!url || /[\s\\]/.test(typed) || (isIpAddress(url.hostname) && !isLoopback(url.hostname))) {
    throw usage(
      "okta.domain_invalid",
      `${quotedHost(typed)} is not an Okta domain.`,
      "Give the bare host, such as acme.okta.com.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw usage(
      "okta.domain_invalid",
      "The Okta domain must not contain a username or password.",
      `Use just ${clean(url.host)}.`,
    );
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    const serverId = /^\/oauth2\/(default|aus\w{17})(?:\/|$)/.exec(url.pathname)?.[1];
    throw usage(
      "okta.domain_has_path",
      `The Okta domain has a path: ${quotedHost(typed)}.`,
      `Use the bare host: ${clean(url.host)}${serverId === undefined ? "" : `, and ${quoted(serverId)} as the authorization server id`}.`,
    );
  }
  const admin = adminHost.exec(url.hostname);
  if (admin) {
    throw usage(
      "okta.domain_is_admin",
      `${clean(url.host)} is the admin console, not the org's sign-in domain.`,
      `Use ${admin[1]}.${admin[2]}.`,
    );
  }
  if (url.hostname.endsWith(".")) {
    const host = url.host.replace(/\.(?=:|$)/, "");
    throw usage("okta.domain_invalid", `The Okta domain ends in a dot: ${quoted(typed)}.`, `Use ${clean(host)}.`);
  }
  if (oktaDomains.includes(url.hostname)) {
    throw usage(
      "okta.domain_invalid",
      `${clean(url.host)} is Okta's own domain, not an org's.`,
      `An org's is a host within it, such as acme.${clean(url.hostname)}.`,
    );
  }
  const loopback = isLoopback(url.hostname);
  if (!loopback && url.protocol === "http:") {
    throw usage(
      "okta.domain_insecure",
      `${clean(url.host)} was given with http://.`,
      "Okta speaks https only; http is allowed only for loopback addresses.",
    );
  }
  if (!loopback && !url.hostname.includes(".")) {
    throw usage(
      "okta.domain_invalid",
      `${quoted(typed)} is not a full host name.`,
      `Did you mean ${clean(url.hostname)}.okta.com?`,
    );
  }
  const scheme = loopback && !/^https:/i.test(typed) ? "http" : "https";
  return { host: url.host, origin: `${scheme}://${url.host}` };
}

/**
 * The Akto dashboard's base URL: the origin alone of what may have been copied from the address bar, since the dashboard
 * and its API lie at the root of their host (Akto behavior).
 *
 * @throws Failure `akto.url_invalid`, `akto.url_insecure`
 */
export function parseAktoUrl(input: string): string {
  const typed = input.trim();
  refuseSecret("akto.url_invalid", typed, "an Akto URL");
  refuseForeignLetters("akto.url_invalid", typed);
  const url = readAddress(typed);
  if (url?.username !== "" || url.password !== "") {
    throw usage(
      "akto.url_invalid",
      `${quotedHost(typed)} is not an Akto URL.`,
      "Use https://app.akto.io, or your own dashboard's address.",
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw usage(
      "akto.url_insecure",
      `${clean(url.host)} was given with http://.`,
      "An API key would travel unencrypted: use https. http is allowed only for loopback addresses.",
    );
  }
  return url.origin;
}

/**
 * What to say where more than the origin was given as the Akto URL. What was left off may hold anything, and is not
 * repeated. Throws what {@link parseAktoUrl} throws.
 */
export function leftOffAktoUrl(input: string): string | undefined {
  const origin = parseAktoUrl(input);
  const url = readAddress(input.trim());
  return url === undefined || url.href === `${origin}/`
    ? undefined
    : `The Akto URL is ${clean(origin)}: what came after the host belongs to a page of the dashboard, and was dropped.`;
}

/** The account id of a self-hosted Akto (Akto behavior). */
export const selfHostedAccountId = 1_000_000;

/**
 * An Akto account id, a whole number.
 *
 * @throws Failure `akto.account_invalid`
 */
export function parseAccountId(input: string | number): number {
  const text = String(input).trim();
  refuseSecret("akto.account_invalid", text, "an Akto account id");
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage(
    "akto.account_invalid",
    `${quoted(text)} is not an Akto account id.`,
    `It is a number, shown in Akto under Settings → About; a self-hosted Akto uses ${selfHostedAccountId}.`,
  );
}

/**
 * The id of a custom authorization server: `default`, or `aus…`.
 *
 * @throws Failure `okta.auth_server_invalid` for the issuer URL, the audience, or an empty id: with an empty one Akto
 *   builds `/oauth2//v1/authorize`, which does not work (Akto behavior)
 */
export function parseAuthServerId(input: string): string {
  const typed = input.trim();
  refuseSecret("okta.auth_server_invalid", typed, "an authorization server's id");
  const fail = (message: string, hint: string) => usage("okta.auth_server_invalid", message, hint);
  if (typed === "")
    throw fail(
      "The authorization server id is empty.",
      "Use the id from Okta: Security → API → Authorization Servers; the built-in one is “default”.",
    );
  const inIssuer = /^(?:https?:)?\/\/[^/]+\/oauth2\/([^/]+)/i.exec(typed)?.[1];
  if (inIssuer && inIssuer !== "v1")
    throw fail("That is the issuer URL, not the authorization server's id.", `Use ${quoted(inIssuer)}.`);
  if (/^api:\/\//i.test(typed))
    throw fail(
      "That is the audience, not the authorization server's id.",
      `For ${clean(typed)} the id is usually “default”.`,
    );
  if (/^https?:/i.test(typed))
    throw fail(
      "That is a URL, not the authorization server's id.",
      "Akto needs a custom authorization server; its id is in Security → API, such as “default”.",
    );
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(typed))
    throw fail(
      `${quoted(typed)} is not an authorization server id.`,
      "An id is “default” or looks like aus1abcd2EFGHIJKL3m4.",
    );
  return typed;
}

/**
 * An OAuth client id as Okta gives them.
 *
 * @throws Failure `okta.client_id_invalid`
 */
export function parseClientId(input: string): string {
  const typed = input.trim();
  refuseSecret("okta.client_id_invalid", typed, "a client id");
  if (/^[\x21-\x7e]{1,100}$/.test(typed) && !typed.includes("/")) return typed;
  throw usage(
    "okta.client_id_invalid",
    `${quoted(typed)} is not a client id.`,
    "Copy it from the app's General tab in Okta; it looks like 0oa1abcd2EFGHIJKL3m4.",
  );
}

/** The issuer of an authorization server on its org's own domain (Okta behavior). */
export function issuerOf(domain: OktaDomain, authServerId: string): string {
  return `${domain.origin}/oauth2/${authServerId}`;
}

/** The redirect URI that Akto registers with Okta. */
export function redirectUri(aktoUrl: string): string {
  return `${aktoUrl}/authorization-code/callback`;
}

/** Where Okta sends a user who starts the sign-in from Okta's own dashboard. */
export function initiateLoginUri(aktoUrl: string, accountId: number): string {
  return `${aktoUrl}/okta-initiate-login?accountId=${accountId}`;
}

/** Akto's page on which a user starts a sign-in by their email address. */
export function ssoLoginUrl(aktoUrl: string): string {
  return `${aktoUrl}/sso-login`;
}

/**
 * Where that page sends the browser. The address goes as it is: Akto doesn't decode it, and `%40` is no `@` (Akto behavior).
 */
export function startByEmailUrl(aktoUrl: string, email: string): string {
  return `${aktoUrl}/trigger-saml-sso?email=${email}`;
}

/** The scopes that Akto asks for, and so the only ones a claim may be bound to. */
export const aktoScopes: readonly string[] = ["openid", "email", "profile"];

/** Where `login test` listens unless told otherwise. */
export const loopbackPort = 8765;

/** The redirect URI of `login test`. */
export function loopbackRedirectUri(port: number): string {
  return `http://127.0.0.1:${port}/callback`;
}
