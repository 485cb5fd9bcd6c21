/** Tells the run's redaction what is secret in a request and its answer: every secret passes here, wherever it comes from. */
import { isRecord, parseJson } from "../core/json.ts";
import type { Redaction } from "../core/redaction.ts";
import type { HttpRequest } from "./types.ts";

/** Parameters of a query or a form that grant access. */
export const secretParameters: ReadonlySet<string> = new Set([
  "access_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "code_verifier",
  "id_token",
  "id_token_hint",
  "password",
  "refresh_token",
  "sessiontoken",
  "token",
]);

const secretHeaders = ["authorization", "dpop", "x-api-key"];

/** Hides the credentials in a request. */
export function hideRequest(redaction: Redaction, { headers = {}, body }: HttpRequest): void {
  for (const [name, value] of Object.entries(headers)) {
    // After the scheme: `SSWS 00…`.
    if (secretHeaders.includes(name.toLowerCase())) redaction.hide(value.split(" ").at(-1));
  }
  if (!(body instanceof URLSearchParams)) return;
  for (const [name, value] of body) if (secretParameters.has(name)) redaction.hide(value);
}

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);

const secretInAnswer = /"(?:access_token|id_token|refresh_token|client_secret)"\s*:\s*"([^"\\]+)"/g;

/**
 * What the caller may see of an answer. A successful one may hold new secrets, which are hidden from now on; the text of any
 * other is redacted, since it ends up in messages.
 */
export function fitAnswer(
  redaction: Redaction,
  status: number,
  body: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (status < 400) {
    // Lists are long and hold none: searching their bytes for the names is quicker than parsing them.
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
    if (!bytes.includes("_token") && !bytes.includes("_secret")) return body;
    for (const [, secret] of textOf(body).matchAll(secretInAnswer)) redaction.hide(secret);
    return body;
  }
  const text = textOf(body);
  const redacted = redactedText(redaction, text);
  return redacted === text ? body : new TextEncoder().encode(redacted);
}

/** JSON is redacted value by value: quotes and backslashes of a secret are escaped in it, and it has to stay JSON. */
function redactedText(redaction: Redaction, text: string): string {
  const json = parseJson(text);
  if (json === undefined) return redaction.redact(text);
  let found = false;
  const redact = (value: string) => {
    const redacted = redaction.redact(value);
    found ||= redacted !== value;
    return redacted;
  };
  try {
    const redacted = JSON.stringify(mapTexts(json, redact, 0));
    return found ? redacted : text;
  } catch (error) {
    if (error instanceof TooDeep) return redaction.redact(text);
    throw error;
  }
}

class TooDeep extends Error {}

// Far deeper than any answer. The stack's own limit can't be relied on: running a regular expression there, V8 ends the
// process.
const deepest = 200;

function mapTexts(json: unknown, redact: (text: string) => string, depth: number): unknown {
  if (typeof json === "string") return redact(json);
  if (depth > deepest) throw new TooDeep();
  if (Array.isArray(json)) return json.map((item) => mapTexts(item, redact, depth + 1));
  if (!isRecord(json)) return json;
  const entries = Object.entries(json).map(([name, value]) => [redact(name), mapTexts(value, redact, depth + 1)]);
  return Object.fromEntries(entries);
}
