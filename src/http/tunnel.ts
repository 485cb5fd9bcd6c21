/** Tunnels through a proxy (RFC 9110 section 9.3.6): TLS is spoken with the host behind it, end to end. */
import { type RequestOptions as HttpOptions, request as httpRequest } from "node:http";
import { Agent, type AgentOptions, request as httpsRequest, type RequestOptions } from "node:https";
import { isIP, Socket } from "node:net";
import { connect } from "node:tls";
import { ProxyRefusal } from "./failures.ts";

/**
 * An agent whose connections go through the proxy. When the proxy turns one down, the request fails with a
 * {@link ProxyRefusal}; nothing of the request is sent to it.
 *
 */
export function tunnelThrough(proxy: URL, options: AgentOptions): Agent {
  return new Tunnel(proxy, options);
}

class Tunnel extends Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: RequestOptions & { readonly ended?: AbortSignal },
    connected: Parameters<Agent["createConnection"]>[1],
  ): undefined {
    const { hostname, port, protocol, username, password } = this.#proxy;
    const host = String(options.host);
    const target = `${isIP(host) === 6 ? `[${host}]` : host}:${options.port}`;
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const dig: HttpOptions = {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port || (protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(user === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` }),
      },
      ...(options.ended ? { signal: options.ended } : {}),
    };
    const request = protocol === "https:" ? httpsRequest({ ...dig, rejectUnauthorized: true }) : httpRequest(dig);
    request
      .once("connect", ({ statusCode = 0 }, socket) => {
        if (statusCode >= 200 && statusCode < 300) {
          const { servername } = options;
          connected?.(null, connect({ socket, host, rejectUnauthorized: true, ...(servername ? { servername } : {}) }));
          return;
        }
        socket.destroy();
        connected?.(new ProxyRefusal(statusCode), socket);
      })
      // Nobody looks at the socket where there is an error.
      .once("error", (error) => connected?.(error, request.socket ?? new Socket()))
      .end();
  }
}
