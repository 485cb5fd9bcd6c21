/** The secrets of a run, blacked out wherever they would be written: a server's error may quote what it was sent. */
import { secretTail } from "./text.ts";

export interface Redaction {
  /** From now on this is a secret. Of a key of several lines, each line is one. */
  hide(secret: string | undefined): void;
  /** The text with each secret cut down to its last four characters. */
  redact(text: string): string;
}

// Whoever uses a shorter one has no secret, and common words would be blacked out.
const shortest = 8;

// Texts are cut for people, and so may be a secret in them: this much of its beginning before the cut is taken for it.
const tellingStart = 12;

/**
 * Whether a word looks like a secret of one of those kinds that this program takes: Okta's API tokens and client secrets,
 * Akto's API keys (40, 42 or 64 letters and digits by chance), a JWT, a private key.
 */
export function looksSecret(word: string): boolean {
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(word) || word.includes("-----BEGIN ")) return true;
  const random = [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word));
  return /^00[\w-]{40}$/.test(word) || (random && /^(?:[\w-]{40}|[\w-]{64})$/.test(word));
}

/** A redaction that knows no secret yet. */
export function createRedaction(): Redaction {
  const shown = new Map<string, string>();
  let longestFirst: readonly [string, string][] = [];
  return {
    hide(secret) {
      const parts = (secret ?? "").split(/[\r\n]+/).map((line) => line.trim());
      for (const part of parts) {
        if (part.length < shortest) continue;
        // As it stands in an address, and in JSON.
        for (const form of [part, encodeURIComponent(part), JSON.stringify(part).slice(1, -1)])
          shown.set(form, secretTail(part));
      }
      longestFirst = [...shown].sort(([a], [b]) => b.length - a.length);
    },
    redact(text) {
      let redacted = text;
      for (const [form, tail] of longestFirst) redacted = redacted.replaceAll(form, () => tail);
      const starts = new Set(longestFirst.map(([form]) => form.slice(0, tellingStart)));
      for (const start of starts) redacted = replaceCut(redacted, start, longestFirst);
      return redacted;
    },
  };
}

/** Replaces what begins like one of the words and is cut off before it ends, by `…` or the end of the text. */
function replaceCut(text: string, start: string, words: readonly (readonly [string, string])[]): string {
  const [before = "", ...rest] = text.split(start);
  if (rest.length === 0) return text;
  const likely = words.filter(([word]) => word.startsWith(start));
  const replaced = rest.map((after, index) => {
    const last = index === rest.length - 1;
    for (const [word, tail] of likely) {
      const length = sharedStart(after, word.slice(start.length));
      if (after[length] === "…" || (last && length === after.length)) return tail + after.slice(length);
    }
    return start + after;
  });
  return before + replaced.join("");
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < b.length && a[length] === b[length]) length++;
  return length;
}
