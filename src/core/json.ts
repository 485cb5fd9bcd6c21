/** Looking into JSON from outside without believing it, and writing it. */
import { isPlain, replaceHarmful } from "./text.ts";

/** Whether it is a JSON object: neither an array nor `null`. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text as JSON, or `undefined` when it is none: an error page, an empty body. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A value as JSON that may go to a terminal: what could do harm there is written with JSON's own escapes, so that a
 * parser reads every string exactly as it was.
 */
export function toJson(value: unknown, indent?: number): string {
  return harmless(JSON.stringify(value, null, indent));
}

/** Values as JSON Lines, each on a line of its own as {@link toJson} has it, without the last line's end. */
export function toJsonLines(values: readonly unknown[]): string {
  return harmless(values.map((value) => JSON.stringify(value)).join("\n"));
}

function harmless(json: string): string {
  if (isPlain(json)) return json;
  // Only the layout has line ends of its own.
  return replaceHarmful(json, (codePoint) => (codePoint === 0x0a ? "\n" : utf16Escapes(codePoint)));
}

function utf16Escapes(codePoint: number): string {
  const units = String.fromCodePoint(codePoint).split("");
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

/** The strings of an array; nothing when it is no array, and without its other members. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
