/** What went wrong on the way to an answer, in our words. */
import { Failure } from "../core/failure.ts";
import { clean } from "../core/text.ts";

/** Why a request got no answer, and whether the same request may succeed when it is sent again at once. */
export interface Broken {
  readonly failure: Failure;
  /** The connection was lost, rather than refused or never possible. */
  readonly dropped: boolean;
  /** The service may have got the request, and carried it out. */
  readonly arrived: boolean;
}

/** A proxy that turned a tunnel down. */
export class ProxyRefusal extends Error {
  /** Of the proxy's answer. */
  readonly status: number;

  constructor(status: number) {
    super(`The proxy answered ${status}`);
    this.status = status;
  }
}

/** The request that went wrong. */
export interface Attempt {
  /** The host that was asked, with its port. */
  readonly host: string;
  /** The time limit that was kept. */
  readonly milliseconds: number;
  /** The proxy that the environment names, which the request need not have gone through. */
  readonly proxy: URL | undefined;
}

// OpenSSL's verification codes and Node's own, as they stand in `error.code` (Node: "TLS errors").
const certificateProblems = new Map([
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet"],
  ["CERT_REVOKED", "its certificate was revoked"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate comes from an authority that is not trusted here"],
  ["UNABLE_TO_GET_ISSUER_CERT", "its certificate comes from an authority that is not trusted here"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate comes from an authority that is not trusted here"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate comes from an authority that is not trusted here"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host"],
]);

const unreachable = new Map([
  ["ENOTFOUND", ["there is no such host", "Check the spelling of the host name."]],
  ["EAI_AGAIN", ["its name could not be looked up", "Check this machine's network and DNS."]],
  ["ECONNREFUSED", ["it refused the connection", "Check the host and port, and that the service is running."]],
  ["EHOSTUNREACH", ["there is no route to it", "Check this machine's network, VPN, and firewall."]],
  ["ENETUNREACH", ["there is no route to it", "Check this machine's network, VPN, and firewall."]],
] as const);

const droppedCodes = new Set(["ECONNRESET", "EPIPE", "EAI_AGAIN"]);

/** What Node's zlib says of gzip, deflate and brotli that are none. */
const unpacking = /^(?:Z_|ERR__ERROR_)/;

/** Codes of errors that come after the request was sent, or may have been. */
const arrivedCodes = new Set(["ECONNRESET", "EPIPE"]);

const unavailable = (code: string, message: string, hint: string, cause?: unknown) =>
  new Failure("unavailable", code, message, { hint, cause });

/** No answer within the time limit. */
export function timedOut(host: string, milliseconds: number): Failure {
  return unavailable(
    "http.timeout",
    `${clean(host)} did not answer in full within ${milliseconds / 1000} s.`,
    "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and try again.",
  );
}

/** An answer larger than any that is of use here. */
export function tooLarge(host: string, bytes: number): Failure {
  return unavailable(
    "http.too_large",
    `The answer from ${clean(host)} is larger than ${Math.round(bytes / 1024 / 1024)} MiB, so it was cut off.`,
    "Check that the address is right; a narrower search gives a smaller answer.",
  );
}

/** JSON in another encoding than the one that JSON has. */
export function notUtf8(host: string): Failure {
  return unavailable(
    "http.garbled",
    `The answer from ${clean(host)} is not in UTF-8, so the names in it can't be read.`,
    "A proxy in between may have changed it: ask whoever runs the proxy, or name the host in NO_PROXY to go past it.",
  );
}

/** The wait that the service asks for is longer than anyone would sit through. */
export function rateLimited(host: string, seconds: number): Failure {
  return unavailable(
    "http.rate_limited",
    `${clean(host)} accepts no more requests for now: its rate limit is used up.`,
    `Try again in ${seconds} s.`,
  );
}

/** The failure of a change whose answer got lost: whoever reads it must look before trying again. */
export function perhapsDone({ kind, code, message, hint, cause }: Failure): Failure {
  return new Failure(kind, code, `${message} The change may have been made anyway.`, {
    hint: `Check whether it was before you run the command again.${hint === undefined ? "" : `\n${hint}`}`,
    cause,
  });
}

/** The run was ended while a request was under way: the abort's own reason where it is a failure. */
export function interrupted(reason: unknown): Failure {
  if (reason instanceof Failure) return reason;
  return new Failure("interrupted", "http.interrupted", "Interrupted.", { cause: reason });
}

/** An error with those behind it: happy eyeballs wraps several. */
function errorsOf(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const several = error instanceof AggregateError ? error.errors.flatMap((each) => errorsOf(each, depth + 1)) : [];
  return [error, ...several, ...errorsOf(error.cause, depth + 1)];
}

/** A failure that is the proxy's, if it is: it turned the tunnel down, or could itself not be reached. */
function proxyFailure(errors: readonly Error[], { host, proxy }: Attempt): Failure | undefined {
  if (!proxy) return undefined;
  const shown = clean(proxy.host);
  const proxyPort = proxy.port || (proxy.protocol === "https:" ? "443" : "80");
  const ownPort = /:(\d+)$/.exec(host)?.[1] ?? "443";
  for (const error of errors) {
    if (error instanceof ProxyRefusal) {
      const { status } = error;
      return unavailable(
        "http.proxy_refused",
        `The proxy ${shown} let nothing through to ${clean(host)}: it answered HTTP ${status}.`,
        status === 407
          ? "It requires a username and password: HTTPS_PROXY=http://user:password@host:port, with special characters percent-encoded."
          : "Ask whoever runs the proxy whether it lets this host through, or name the host in NO_PROXY to go past it.",
        error,
      );
    }
    const port = "port" in error ? String(error.port) : undefined;
    const name = "hostname" in error ? error.hostname : undefined;
    if ((port === proxyPort && port !== ownPort) || (name === proxy.hostname && !host.startsWith(proxy.hostname))) {
      return unavailable(
        "http.proxy_unreachable",
        `${clean(host)} could not be reached, because the proxy ${shown} could not.`,
        "Check HTTPS_PROXY and HTTP_PROXY; NO_PROXY names the hosts that are reached without it.",
        error,
      );
    }
  }
  return undefined;
}

/**
 * What an error of the HTTP library means.
 *
 * @param error what was thrown while a request was sent or its answer read
 */
export function brokenRequest(error: unknown, attempt: Attempt): Broken {
  const { host, milliseconds } = attempt;
  const shown = clean(host);
  const errors = errorsOf(error);
  const codes = errors.flatMap((each) => ("code" in each && typeof each.code === "string" ? [each.code] : []));
  const first = <Value>(known: ReadonlyMap<string, Value>): Value | undefined => {
    for (const code of codes) {
      const value = known.get(code);
      if (value !== undefined) return value;
    }
    return undefined;
  };

  const certificate = first(certificateProblems);
  if (certificate !== undefined || codes.some((code) => /^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code))) {
    return {
      failure: unavailable(
        "http.tls",
        `No secure connection to ${shown}: ${certificate ?? "the TLS handshake failed"}.`,
        certificate === undefined
          ? "Check that the address speaks https, and what the proxy does."
          : "Behind a company proxy, give its certificate in NODE_EXTRA_CA_CERTS. Checking can't be turned off.",
        error,
      ),
      dropped: false,
      arrived: false,
    };
  }
  if (codes.some((code) => unpacking.test(code)) && !codes.some((code) => droppedCodes.has(code))) {
    return {
      failure: unavailable(
        "http.garbled",
        `The answer from ${shown} can't be unpacked: its compression is broken.`,
        "A proxy in between may have cut or changed it: ask whoever runs it, or name the host in NO_PROXY to go past it.",
        error,
      ),
      dropped: false,
      arrived: true,
    };
  }
  if (codes.includes("HPE_HEADER_OVERFLOW")) {
    return {
      failure: unavailable(
        "http.garbled",
        `The answer from ${shown} can't be read: its headers are too large.`,
        "Check that the address is right. A proxy in between may have added to the headers: ask whoever runs it, or name the host in NO_PROXY to go past it.",
        error,
      ),
      dropped: false,
      arrived: true,
    };
  }
  const proxied = proxyFailure(errors, attempt);
  if (proxied) return { failure: proxied, dropped: false, arrived: false };
  // No connection came about.
  if (codes.includes("ETIMEDOUT")) return { failure: timedOut(host, milliseconds), dropped: false, arrived: false };

  const dropped = codes.some((code) => droppedCodes.has(code));
  // The codes of Node's HTTP parser: something did answer.
  const garbled = codes.some((code) => code.startsWith("HPE_"));
  const [what, hint] = first<readonly [string, string]>(unreachable) ?? [
    dropped ? "the connection was lost" : garbled ? "what answers there is not HTTP" : "the request failed",
    "Check the network and the proxy (HTTPS_PROXY, NO_PROXY), and try again.",
  ];
  return {
    failure: unavailable("http.unreachable", `${shown} could not be reached: ${what}.`, hint, error),
    dropped,
    arrived: garbled || codes.some((code) => arrivedCodes.has(code)),
  };
}
