/**
 * The way to the network: Node's own HTTP, available without loading a library, with TLS that is always checked, through the
 * environment's proxy.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { type Duplex, pipeline, type Readable } from "node:stream";
import { urlToHttpOptions } from "node:url";
import { isLoopback } from "../core/address.ts";
import { proxyFor } from "./proxy.ts";

/** A request as it is sent. */
export interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** Ends it, wherever it stands. */
  readonly signal: AbortSignal;
}

/** An answer whose body has yet to be read. */
export interface Received {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Unpacked. Whoever leaves it early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

export type Transport = (url: URL, request: Sent) => Promise<Received>;

/** How long a connection may take, in milliseconds. */
const connectTime = 10_000;
/** How long a connection is kept for the next request, in milliseconds: shorter than servers keep theirs. */
const idleTime = 4_000;

// Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in somebody's shell doesn't hand the token to anyone.
const checked = { rejectUnauthorized: true };
const kept = { keepAlive: true, timeout: idleTime };

/** A transport with connections of its own. */
export function createTransport(env: NodeJS.ProcessEnv): Transport {
  let plain: HttpAgent | undefined;
  let secure: HttpsAgent | undefined;
  const tunnels = new Map<string, HttpsAgent>();

  return async (url, { method, headers, body, signal }) => {
    const { auth: _, ...target } = urlToHttpOptions(url);
    const options = { ...target, ...checked, method, headers, signal };
    const begin = async (): Promise<ClientRequest> => {
      if (url.protocol === "http:") {
        plain ??= new HttpAgent(kept);
        return httpRequest({ ...options, agent: plain });
      }
      const { Agent, request } = await import("node:https");
      const proxy = isLoopback(url.hostname) ? undefined : proxyFor(url, env);
      if (proxy === undefined) {
        secure ??= new Agent({ ...kept, ...checked });
        return request({ ...options, agent: secure });
      }
      let tunnel = tunnels.get(proxy.href);
      if (tunnel === undefined) {
        const { tunnelThrough } = await import("./tunnel.ts");
        tunnel = tunnelThrough(proxy, kept);
        tunnels.set(proxy.href, tunnel);
      }
      // The tunnel is dug while the request waits, and ends with it.
      const dug: RequestOptions & { ended: AbortSignal } = { ...options, agent: tunnel, ended: signal };
      return request(dug);
    };
    const request = await begin();
    const answer = await answerTo(request, body);
    return {
      status: answer.statusCode ?? 0,
      headers: pairs(answer.rawHeaders),
      body: await unpacked(answer),
    };
  };
}

function answerTo(request: ClientRequest, body: string | Uint8Array | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // The server switched to a protocol other than HTTP, which nobody asked for (RFC 9110 section 15.2.2): no answer follows.
    request.once("upgrade", (_, socket) => {
      socket.destroy();
      reject(Object.assign(new Error("Another protocol was switched to"), { code: "HPE_INVALID_UPGRADE" }));
    });
    // Kept: an error after the answer has begun is the body's as well.
    request.on("error", reject);
    request.once("socket", (socket) => {
      if (!socket.connecting) return;
      const late = Object.assign(new Error("No connection in time"), { code: "ETIMEDOUT" });
      const timer = setTimeout(() => request.destroy(late), connectTime);
      const stop = () => clearTimeout(timer);
      socket.once("connect", stop).once("close", stop);
    });
    request.end(body);
  });
}

/** Header lines as they came. */
function pairs(raw: readonly string[]): [string, string][] {
  const lines: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return lines;
}

/** The body as its sender meant it (RFC 9110 section 8.4); what is packed in another way stays as it is. */
async function unpacked(answer: IncomingMessage): Promise<Readable> {
  const coding = answer.headers["content-encoding"]?.trim().toLowerCase();
  if (coding === undefined || coding === "identity") return answer;
  const { createBrotliDecompress, createGunzip, createInflate } = await import("node:zlib");
  const unpack = new Map<string, () => Duplex>([
    ["gzip", createGunzip],
    ["x-gzip", createGunzip],
    ["deflate", createInflate],
    ["br", createBrotliDecompress],
  ]).get(coding);
  // Errors are thrown to whoever reads the body.
  return unpack ? pipeline(answer, unpack(), () => {}) : answer;
}
