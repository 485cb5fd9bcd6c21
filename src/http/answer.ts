/** Answers, without Fetch's own classes: Node takes longer to load those than to ask. */
import { isUtf8 } from "node:buffer";
import { unforeseen } from "../core/failure.ts";
import { notUtf8 } from "./failures.ts";
import type { HttpAnswer, HttpHeaders } from "./types.ts";

/** Header lines as they came, by name. */
export function readHeaders(lines: Iterable<readonly [name: string, value: string]>): HttpHeaders {
  const found = new Map<string, string>();
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    const before = found.get(key);
    found.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return { get: (name) => found.get(name.toLowerCase()) ?? null, [Symbol.iterator]: () => found.entries() };
}

/**
 * An answer whose body is complete. Reading its text throws `http.garbled` for the JSON of a successful answer that isn't UTF-8
 * (RFC 8259 section 8.1): a name in it would become another one. An error page may be in any encoding.
 */
export function createAnswer(
  status: number,
  headers: HttpHeaders,
  body: Uint8Array<ArrayBuffer>,
  host: string,
): HttpAnswer {
  const text = async () => {
    const decoded = new TextDecoder().decode(body);
    if (status < 400 && /^\s*[[{]/.test(decoded) && !isUtf8(body)) throw notUtf8(host);
    return decoded;
  };
  return {
    status,
    ok: status >= 200 && status < 300,
    headers,
    text,
    json: async () => JSON.parse(await text()),
  };
}

/** Statuses that have no body (Fetch standard, "null body status"). */
const bodiless = new Set([101, 103, 204, 205, 304]);

/**
 * The same answer as Fetch's own, for libraries.
 *
 * @param text its body, where that was read already or is to be another
 */
export async function asResponse(answer: HttpAnswer, text?: string): Promise<Response> {
  const { status } = answer;
  const body = text ?? (await answer.text());
  // These describe the body as it came.
  const headers = [...answer.headers].filter(([name]) => name !== "content-length" && name !== "content-encoding");
  return new Response(bodiless.has(status) ? null : body, { status, headers });
}

/**
 * A `fetch` of ours for a library that passes on whatever its `fetch` throws: a mistake of this program in it stays one, where
 * it couldn't be told from what the library stumbled over in an answer.
 */
export function ownFetch<Sent extends unknown[]>(
  send: (...sent: Sent) => Promise<Response>,
): (...sent: Sent) => Promise<Response> {
  return async (...sent) => {
    try {
      return await send(...sent);
    } catch (error) {
      throw unforeseen(error);
    }
  };
}
