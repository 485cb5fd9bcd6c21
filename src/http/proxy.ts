/** The proxy that the environment names. */
import { Failure } from "../core/failure.ts";

/** The proxy for https, in the order in which programs look for it; `undefined` when there is none, or it is no address. */
export function proxyOf(env: NodeJS.ProcessEnv): URL | undefined {
  const address = proxyAddress(env);
  return URL.canParse(address) ? new URL(address) : undefined;
}

/**
 * The proxy that an https address is reached through, or `undefined` when it is reached directly.
 *
 * @throws Failure `http.proxy_invalid`
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  if (proxyAddress(env) === "" || isPassedBy(url, env.no_proxy ?? env.NO_PROXY ?? "")) return undefined;
  const proxy = proxyOf(env);
  if (proxy && /^https?:$/.test(proxy.protocol) && isEncoded(proxy.username) && isEncoded(proxy.password)) return proxy;
  throw new Failure("usage", "http.proxy_invalid", "HTTPS_PROXY or HTTP_PROXY is not the address of a proxy.", {
    hint: "Use a URL such as http://proxy.example.com:3128.",
  });
}

function proxyAddress(env: NodeJS.ProcessEnv): string {
  const address = env.https_proxy ?? env.HTTPS_PROXY ?? "";
  return address === "" ? (env.http_proxy ?? env.HTTP_PROXY ?? "") : address;
}

/**
 * Whether NO_PROXY names the host: `*` is all of them, `.example.com` and `*.example.com` those under it, and what has a port
 * that port alone.
 */
function isPassedBy(url: URL, hosts: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || "443";
  return hosts
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = "", ofPort = port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === "" || ofPort !== port) return false;
      return /^[.*]/.test(name) ? host.endsWith(name.replace(/^\*/, "")) : host === name;
    });
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
