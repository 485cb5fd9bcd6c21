/** A secret with its owner as one text, for a place that keeps texts: the two are written in one step, or not at all. */
import { isRecord, parseJson } from "../core/json.ts";
import type { StoredSecret } from "../core/model/secret.ts";

/** The text to keep. */
export function secretText(secret: StoredSecret): string {
  return secret.owner ? JSON.stringify({ value: secret.value, owner: secret.owner }) : secret.value;
}

/** What a stored text holds: one that isn't a secret with its owner is a bare secret, as version 0.1.0 stored it. */
export function storedSecret(text: string): StoredSecret {
  const json = parseJson(text);
  return isStoredSecret(json) ? json : { value: text };
}

/** Whether it is a secret with its owner. */
export function isStoredSecret(json: unknown): json is Required<StoredSecret> {
  if (!isRecord(json) || typeof json.value !== "string" || !isRecord(json.owner)) return false;
  const { at, as } = json.owner;
  return typeof at === "string" && (as === undefined || typeof as === "string");
}
