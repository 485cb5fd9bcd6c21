/**
 * The loopback listener for one sign-in (RFC 8252 section 7.3): only 127.0.0.1, only one path, only GET, one answer. Nothing
 * but a window with the right state ends the wait. Anyone else gets a short plain answer and learns nothing.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { loopbackRedirectUri } from "../core/address.ts";
import { errorCode, Failure } from "../core/failure.ts";
import { contentSecurityPolicy } from "../page/document.ts";

/** The browser's return: its URL, and its request, which waits for the page. */
export interface Arrival {
  /** The redirect URI with Okta's parameters. */
  readonly url: URL;
  /** Answers the waiting browser with a page of `src/page`. Resolves when the page is sent, or the browser has gone. */
  answer(html: string): Promise<void>;
}

export interface LoopbackListener {
  readonly redirectUri: string;
  /** Resolves with the one request that bears the expected state. Rejects never; `close` leaves it pending. */
  readonly arrival: Promise<Arrival>;
  /** How many requests to the callback were turned away because they had no state, or another one. */
  readonly turnedAway: () => number;
  close(): Promise<void>;
}

/** How long a connection may be open before its request is there, in milliseconds. */
const idleTime = 5_000;

/** How many connections may be open without a request: more would use up the descriptors that the browser's own needs. */
const mostIdle = 32;

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 takes a free one
 * @param state the state that the answer must bear
 * @throws Failure `oidc.port_in_use`, `oidc.port_denied` (`usage`)
 */
export async function listen(port: number, state: string): Promise<LoopbackListener> {
  let redirectUri = new URL(loopbackRedirectUri(port));
  let turnedAway = 0;
  let taken = false;
  let arrive: (arrival: Arrival) => void = () => {};
  const arrival = new Promise<Arrival>((resolve) => {
    arrive = resolve;
  });

  const server = createServer({
    maxHeaderSize: 32_768,
    headersTimeout: idleTime,
    requestTimeout: idleTime,
    connectionsCheckingInterval: 1_000,
  });
  server.maxConnections = 4 * mostIdle;
  const idle = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    idle.add(socket);
    socket.once("close", () => idle.delete(socket));
    // A browser sends its request as soon as it is connected: the connection that has waited longest without one makes room.
    const [oldest] = idle;
    if (idle.size > mostIdle) oldest?.destroy();
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    idle.delete(request.socket);
    const target = parse(request.url ?? "", redirectUri);
    // A name that was made to resolve to 127.0.0.1 (DNS rebinding) shows in Host, of which there is one (RFC 9112 section 3.2).
    const [host, ...more] = request.headersDistinct.host ?? [];
    if (host !== redirectUri.host || more.length > 0 || target?.host !== redirectUri.host) return plain(response, 421);
    if (target.pathname !== redirectUri.pathname) return plain(response, 404);
    if (request.method !== "GET") return plain(response, 405, { allow: "GET" });
    if (!isNavigation(request)) return plain(response, 403);
    if (!sameSecret(target.searchParams.getAll("state"), state)) {
      turnedAway++;
      return plain(response, 400);
    }
    if (taken) return plain(response, 410);
    taken = true;
    server.close();
    server.closeIdleConnections();
    arrive({ url: target, answer: (html) => send(response, html) });
  });

  server.listen({ host: "127.0.0.1", port, exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    throw cannotListen(port, error);
  }
  const address = server.address();
  if (typeof address === "object" && address !== null) redirectUri = new URL(loopbackRedirectUri(address.port));

  return {
    redirectUri: redirectUri.href,
    arrival,
    turnedAway: () => turnedAway,
    close: async () => {
      if (server.listening) server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Whether a window is being sent here, rather than a script, a frame or an image of some page: browsers say so (Fetch
 * Metadata), to loopback addresses as well. A client that doesn't say which site it comes from is not a current browser, and is
 * treated as a window.
 */
function isNavigation({ headers }: IncomingMessage): boolean {
  if (headers["sec-fetch-site"] === undefined) return true;
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

function parse(path: string, base: URL): URL | undefined {
  return URL.canParse(path, base.href) ? new URL(path, base) : undefined;
}

/** Whether there is one value and it is the expected one; the time that takes does not depend on where they differ. */
function sameSecret(values: readonly string[], expected: string): boolean {
  const [value, ...more] = values;
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return value !== undefined && more.length === 0 && timingSafeEqual(digest(value), digest(expected));
}

const plainText = new Map([
  [400, "This is not the answer that the sign-in waits for. Go back to the tab that was opened for it."],
  [403, "Only a window of the browser itself can open this, not another page."],
  [404, "There is nothing here."],
  [405, "Only GET is accepted here."],
  [410, "This sign-in has its answer already. You can close this tab."],
  [421, "This address is not served here."],
]);

const commonHeaders = {
  "cache-control": "no-store",
  connection: "close",
  // No other page may read, embed or hold on to what is answered.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function plain(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...commonHeaders, ...headers, "content-type": "text/plain; charset=utf-8" });
  response.end(`${plainText.get(status)}\n`);
}

async function send(response: ServerResponse, html: string): Promise<void> {
  if (response.destroyed) return;
  const closed = new Promise<void>((resolve) => response.once("close", resolve));
  response.writeHead(200, {
    ...commonHeaders,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `${contentSecurityPolicy}; frame-ancestors 'none'`,
  });
  response.end(html);
  await closed;
}

function cannotListen(port: number, error: unknown): Failure {
  if (errorCode(error) === "EADDRINUSE") {
    return new Failure("usage", "oidc.port_in_use", `Port ${port} on 127.0.0.1 is in use.`, {
      hint: "Is another login test running? If not, choose another port with --port; the app's redirect URI must name it too.",
      cause: error,
    });
  }
  return new Failure("usage", "oidc.port_denied", `Port ${port} on 127.0.0.1 can't be opened.`, {
    hint: "Choose a port above 1023 with --port; the app's redirect URI must name it too.",
    cause: error,
  });
}
