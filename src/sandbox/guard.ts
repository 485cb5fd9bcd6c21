/** A guard in front of both servers: no other site reaches them through a browser, and nobody fills their memory. */
import type { IncomingMessage, RequestListener } from "node:http";
import { isLoopback } from "../core/address.ts";

/** The largest body that is read, in bytes. */
const bodyLimit = 1024 * 1024;

/** The whole body of a request, or `undefined` when it is larger than `most` bytes. */
export async function readBody(request: IncomingMessage, most = bodyLimit): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The listener behind the guard. A request through a proxy names its target whole (RFC 9112, section 3.2.2): it is
 * handed on with the path alone, and with that host, whatever its `Host` says.
 */
export function guarded(listener: RequestListener): RequestListener {
  return (request, response) => {
    const [, host, path = ""] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(request.url ?? "") ?? [];
    if (host !== undefined) {
      request.url = path.startsWith("/") ? path : `/${path}`;
      request.headers.host = host;
    }
    const refuse = (status: number, why: string) => {
      response.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(`${why}\n`);
    };
    const address = `http://${request.headers.host ?? ""}`;
    // A page elsewhere can make its own name resolve to 127.0.0.1; the browser then sends that name (DNS rebinding).
    if (!URL.canParse(address) || !isLoopback(new URL(address).hostname)) {
      refuse(421, "The sandbox answers at loopback addresses only, such as 127.0.0.1 and localhost.");
    } else if (Number(request.headers["content-length"] ?? 0) > bodyLimit) {
      refuse(413, "The sandbox reads 1 MiB at most.");
    } else listener(request, response);
  };
}
