/** What is secret in a request and its answer, told to the run's redaction: wherever it comes from, it travels here. */
import type { Redaction } from "../core/redaction.ts";
import type { HttpRequest } from "./types.ts";

/** Parameters of a query or a form that open a door. */
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

/** Hides the credentials that a request bears. */
export function hideRequest(redaction: Redaction, { headers = {}, body }: HttpRequest): void {
  for (const [name, value] of Object.entries(headers)) {
    // After the scheme: `SSWS 00…`.
    if (secretHeaders.includes(name.toLowerCase())) redaction.hide(value.split(" ").at(-1));
  }
  if (!(body instanceof URLSearchParams)) return;
  for (const [name, value] of body) if (secretParameters.has(name)) redaction.hide(value);
}

const secretInAnswer = /"(?:access_token|id_token|refresh_token|client_secret)"\s*:\s*"([^"\\]+)"/g;

/**
 * What the caller may see of an answer. One that went well may bring new secrets, which are hidden from now on; the text of
 * one that did not is redacted, for it ends in messages.
 */
export function fitAnswer(
  redaction: Redaction,
  status: number,
  body: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(body);
  if (status < 400) {
    // Lists are long, and hold none: to look for the names is quicker than for their values.
    if (!/_token|_secret/.test(text)) return body;
    for (const [, secret] of text.matchAll(secretInAnswer)) redaction.hide(secret);
    return body;
  }
  const redacted = redaction.redact(text);
  return redacted === text ? body : new TextEncoder().encode(redacted);
}
