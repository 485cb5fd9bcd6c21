/** The small part of HTTP that the dashboard needs. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../guard.ts";

/** A request with its body read. */
export interface DashboardRequest {
  readonly method: string;
  readonly url: URL;
  readonly apiKey: string | undefined;
  /** The product that a call is about, `API` when it says nothing (Akto behavior). */
  readonly product: string | undefined;
  readonly cookie: string | undefined;
  readonly body: string;
}

/** The response. */
export interface DashboardAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of an action. */
export function json(status: number, body: unknown): DashboardAnswer {
  return { status, headers: { "content-type": "application/json;charset=utf-8" }, body: JSON.stringify(body) };
}

/** A page. */
export function html(status: number, body: string, headers: Record<string, string> = {}): DashboardAnswer {
  return { status, headers: { "content-type": "text/html;charset=utf-8", ...headers }, body };
}

/** A redirect, as the dashboard's servlets send it. */
export function redirect(location: string, headers: Record<string, string> = {}): DashboardAnswer {
  return { status: 302, headers: { location, ...headers } };
}

/** Turns a function of requests into a handler for `node:http`. */
export function handle(
  origin: string,
  answer: (request: DashboardRequest) => Promise<DashboardAnswer>,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const body = await readBody(req);
    if (body === undefined) {
      res.writeHead(413, { connection: "close" }).end();
      return;
    }
    const header = (name: string) => {
      const value = req.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const reply = await answer({
      method: req.method ?? "GET",
      url: new URL(req.url ?? "/", origin),
      apiKey: header("x-api-key"),
      product: header("x-context-source"),
      cookie: req.headers.cookie,
      body: body.toString(),
    });
    res.writeHead(reply.status, { "cache-control": "no-store", ...reply.headers }).end(reply.body);
  };
}
