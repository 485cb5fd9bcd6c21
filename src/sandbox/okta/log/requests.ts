/** What the log keeps of an HTTP request. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { LogRequest } from "./types.ts";

const transactions = new WeakMap<IncomingMessage, string>();

/** The id that binds the events of this request; Okta answers it as `X-Okta-Request-Id`. */
export function transactionOf(request: IncomingMessage): string {
  const id = transactions.get(request) ?? randomBytes(18).toString("base64url");
  transactions.set(request, id);
  return id;
}

/**
 * A request for the log.
 *
 * @param path where it was sent, without the query: that may hold codes and tokens
 */
export function logRequest(request: IncomingMessage, path: string): LogRequest {
  return {
    transaction: transactionOf(request),
    path,
    userAgent: request.headers["user-agent"] ?? "",
    ip: request.socket.remoteAddress ?? "127.0.0.1",
  };
}
