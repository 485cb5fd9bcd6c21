/** The way to the network: TLS that is always checked, and the proxy of the environment. */
import type { Dispatcher } from "undici";
import { isLoopback } from "../core/address.ts";
import { Failure } from "../core/failure.ts";

export interface Transport {
  readonly fetch: typeof import("undici").fetch;
  /**
   * What carries a request to this address.
   *
   * @throws Failure `http.proxy_invalid`
   */
  dispatcherFor(url: URL): Dispatcher;
}

/** Loads the HTTP library. */
export async function loadTransport(): Promise<Transport> {
  const { Agent, EnvHttpProxyAgent, fetch } = await import("undici");
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in somebody's shell doesn't hand the token to anyone.
  const checked = { rejectUnauthorized: true };
  const direct = new Agent({ connect: checked });
  let proxied: Dispatcher | undefined;
  return {
    fetch,
    dispatcherFor(url) {
      if (isLoopback(url.hostname)) return direct;
      try {
        proxied ??= new EnvHttpProxyAgent({ connect: checked, requestTls: checked, proxyTls: checked });
      } catch (error) {
        throw new Failure("usage", "http.proxy_invalid", "HTTPS_PROXY or HTTP_PROXY holds no proxy's address.", {
          hint: "Use a URL such as http://proxy.example.com:3128.",
          cause: error,
        });
      }
      return proxied;
    },
  };
}

/** The proxy that the environment names for https, in the order in which the HTTP library looks; for messages. */
export function proxyOf(env: NodeJS.ProcessEnv): URL | undefined {
  const address = env.https_proxy ?? env.HTTPS_PROXY ?? "";
  const fallback = address === "" ? (env.http_proxy ?? env.HTTP_PROXY ?? "") : address;
  return URL.canParse(fallback) ? new URL(fallback) : undefined;
}
