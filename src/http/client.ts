/** HTTP with limits: the only way in which this program speaks to Okta and Akto. */
import { setTimeout as delay } from "node:timers/promises";
import { isLoopback, quotedAddress } from "../core/address.ts";
import { Failure, isFailure, isOwnFault } from "../core/failure.ts";
import { createRedaction, type Redaction } from "../core/redaction.ts";
import { clean } from "../core/text.ts";
import { createAnswer, readHeaders } from "./answer.ts";
import { type Broken, brokenRequest, interrupted, perhapsDone, rateLimited, timedOut, tooLarge } from "./failures.ts";
import { answerLine, requestLine } from "./log.ts";
import { proxyOf } from "./proxy.ts";
import { fitAnswer, hideRequest } from "./secrets.ts";
import { createTransport } from "./transport.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "./types.ts";
import { askedWait, backoff } from "./waiting.ts";

/** What a request may cost at most. */
export interface HttpLimits {
  /** For one attempt, from the connection to the last byte, in milliseconds. */
  readonly requestTime: number;
  /** Of an answer's body, unpacked, in bytes. */
  readonly bodySize: number;
  /** For all waits of one request that a 429 asks for, in milliseconds. */
  readonly waitTime: number;
  /** How often a request is sent again after a 5xx or a lost connection. */
  readonly repeats: number;
}

const defaultLimits: HttpLimits = {
  requestTime: 30_000,
  bodySize: 16 * 1024 * 1024,
  waitTime: 120_000,
  repeats: 3,
};

export interface HttpOptions {
  /** Takes one line for each request and answer (`--debug`). */
  readonly log?: (line: string) => void;
  /** Is told, in a sentence, why nothing happens for a while. */
  readonly onWait?: (message: string) => void;
  /** Ends every request; its reason is thrown when it is a `Failure`. */
  readonly signal?: AbortSignal;
  /** Is told of every secret that is sent or received, and removes them from error texts. */
  readonly redaction?: Redaction;
  readonly limits?: Partial<HttpLimits>;
  /** Waits; replaced in tests, which don't. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Answers that say "not now" about a request that may well succeed a moment later. */
const passingStatuses = new Set([500, 502, 503, 504]);

/**
 * An HTTP client that keeps limits on time, size and waiting, goes through the proxy of the environment (but never for a
 * loopback address), checks certificates whatever the environment says, and never follows a redirect: whoever is sent
 * elsewhere must decide whether the token may go there.
 */
export function createHttpClient(options: HttpOptions = {}): HttpClient {
  const { log, onWait, signal, redaction = createRedaction() } = options;
  const limits = { ...defaultLimits, ...options.limits };
  redaction.hide(proxyOf(process.env)?.password);
  const sleep =
    options.sleep ??
    (async (milliseconds, until) => {
      await delay(milliseconds, undefined, { signal: until });
    });
  const exchange = createTransport(process.env);
  /** How many requests wait for a rate limit. */
  let held = 0;

  async function fetch(address: string, request: HttpRequest = {}): Promise<HttpAnswer> {
    const url = parseTarget(address);
    const method = (request.method ?? "GET").toUpperCase();
    const repeatable = request.repeatable ?? (method === "GET" || method === "HEAD");
    const ended = anySignal(signal, request.signal);
    let waited = 0;
    let failed = 0;

    for (let attempt = 1; ; attempt++) {
      if (ended?.aborted) throw interrupted(ended.reason);
      log?.(requestLine(method, url, attempt));
      const outcome = await once(url, method, request, ended);
      const repeat = repeatable && failed < limits.repeats;

      let pause: number;
      if ("failure" in outcome) {
        log?.(`✗ ${outcome.failure.message}`);
        if (!outcome.dropped || !repeat) {
          throw outcome.arrived && request.repeatable === false ? perhapsDone(outcome.failure) : outcome.failure;
        }
        pause = backoff(++failed, Math.random());
      } else if (outcome.status === 429) {
        pause = askedWait(outcome.headers, Date.now()) ?? backoff(attempt, Math.random());
        waited += pause;
        const seconds = Math.ceil(pause / 1000);
        if (waited > limits.waitTime) throw rateLimited(url.host, seconds);
        // Of several requests at once, only the first says so.
        if (held === 0) onWait?.(`${clean(url.host)} limits how often it can be asked; continuing in ${seconds} s.`);
      } else if (passingStatuses.has(outcome.status) && repeat) {
        pause = backoff(++failed, Math.random());
      } else {
        return outcome;
      }

      const limited = "status" in outcome && outcome.status === 429 ? 1 : 0;
      held += limited;
      try {
        await sleep(pause, ended);
      } catch (error) {
        throw interrupted(ended?.reason ?? error);
      } finally {
        held -= limited;
      }
    }
  }

  async function once(
    url: URL,
    method: string,
    request: HttpRequest,
    ended: AbortSignal | undefined,
  ): Promise<HttpAnswer | Broken> {
    const started = performance.now();
    const timeout = AbortSignal.timeout(limits.requestTime);
    try {
      hideRequest(redaction, request);
      const answer = await exchange(url, {
        method,
        headers: headersOf(request),
        body: request.body instanceof URLSearchParams ? request.body.toString() : (request.body ?? null),
        signal: anySignal(timeout, ended) ?? timeout,
      });
      const { status } = answer;
      const headers = readHeaders(answer.headers);
      const announced = Number(headers.get("content-length")) || 0;
      const body = await readWithin(answer.body, announced, limits.bodySize, url.host);
      log?.(answerLine(url, status, headers, body.length, performance.now() - started));
      return createAnswer(status, headers, fitAnswer(redaction, status, body), url.host);
    } catch (error) {
      if (isFailure(error)) throw error;
      if (ended?.aborted) throw interrupted(ended.reason);
      if (isOwnFault(error)) throw error;
      if (timeout.aborted) return { failure: timedOut(url.host, limits.requestTime), dropped: false, arrived: true };
      return brokenRequest(error, { host: url.host, milliseconds: limits.requestTime, proxy: proxyOf(process.env) });
    }
  }

  return { fetch };
}

function parseTarget(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))) return url;
  throw new Failure("usage", "http.insecure", `${quotedAddress(address)} is not an https address.`, {
    hint: "Use https; http is allowed only for loopback addresses.",
  });
}

/** What every request says about itself, unless the caller says otherwise. */
function headersOf({ headers = {}, body }: HttpRequest): Record<string, string> {
  return Object.fromEntries([
    ["accept", "*/*"],
    ["accept-encoding", "gzip, deflate, br"],
    ["user-agent", `akto-okta/${__VERSION__}`],
    ...(body instanceof URLSearchParams ? [["content-type", "application/x-www-form-urlencoded;charset=UTF-8"]] : []),
    ...Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  ]);
}

async function readWithin(
  body: AsyncIterable<Uint8Array>,
  announced: number,
  limit: number,
  host: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, which closes the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (Math.max(size, announced) > limit) throw tooLarge(host, limit);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((each) => each !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}
