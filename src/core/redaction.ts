/** The secrets of a run, blacked out wherever they would be written: a server's error may quote what it was sent. */
import { decodedRuns, escapedForms, type View } from "./redaction-views.ts";
import { secretTail } from "./text.ts";

export interface Redaction {
  /** From now on this is a secret. Of a key of several lines, each line is one. */
  hide(secret: string | undefined): void;
  /**
   * The text with each secret cut down to its last four characters: as it is, escaped for an address, for HTML or for JSON, in
   * base64 or in hexadecimal digits, whole or a long part of it.
   */
  redact(text: string): string;
}

// Whoever uses a shorter one has no secret, and common words would be blacked out.
const shortest = 8;

// Texts are cut for people, and so may be a secret in them: this much of its beginning before the cut is taken for it.
const tellingStart = 12;

// So much of one, from wherever in it, is nothing else by chance.
const tellingPart = 16;

/**
 * Whether a word looks like a secret of one of those kinds that this program takes: Okta's API tokens and client secrets,
 * Akto's API keys (40, 42 or 64 letters and digits by chance), a JWT, a private key.
 */
export function looksSecret(word: string): boolean {
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(word) || word.includes("-----BEGIN ")) return true;
  const random = [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word));
  return /^00[\w-]{40}$/.test(word) || (random && /^(?:[\w-]{40}|[\w-]{64})$/.test(word));
}

/**
 * The words of a text that look like secrets, wherever they stand in it: in an address's path, port or fragment, after the
 * dashes of an option or right after an option's letter.
 */
export function secretsIn(text: string): string[] {
  if (text.includes("-----BEGIN ")) return [text];
  // Most words are found to be none without a pattern.
  if (text.length < 40 && !text.includes("eyJ")) return [];
  const words = text.split(/[^\w.-]+/).flatMap((word) => [word, ...word.split(".")]);
  const bare = words.flatMap((word) => [word, word.replace(/^-+/, ""), word.replace(/^-[a-z]/i, "")]);
  return [...new Set(bare)].filter(looksSecret);
}

/** A redaction that knows no secret yet. */
export function createRedaction(): Redaction {
  const words = new Map<string, Word>();
  let longestFirst: readonly Word[] = [];
  return {
    hide(secret) {
      const parts = (secret ?? "").split(/[\r\n]+/).map((line) => line.trim());
      const added = parts.filter((part) => part.length >= shortest && !words.has(part));
      if (added.length === 0) return;
      for (const part of added) words.set(part, wordOf(part));
      longestFirst = [...words.values()].sort((a, b) => b.text.length - a.text.length);
    },
    redact(text) {
      if (longestFirst.length === 0) return text;
      const found = new Ranges();
      const views = [plain(text), ...escapedForms(text)];
      for (const view of views) for (const word of longestFirst) findWhole(view, word, found);
      // Escapes that stand in a part of it would end it: where they are undone comes first.
      for (const view of views.toReversed()) for (const word of longestFirst) findParts(view, word, found);
      for (const view of views) {
        for (const run of decodedRuns(view)) {
          const told = longestFirst.find((word) => isTold(run.decodings, word));
          if (told) found.add(run.start, run.end, told.tail);
        }
      }
      return found.replacedIn(text);
    },
  };
}

/** A secret, and what it is looked for by. */
interface Word {
  readonly text: string;
  /** As bytes, each a character: what base64 and hexadecimal digits stand for. */
  readonly bytes: string;
  readonly tail: string;
  /** Pieces of it of which one is in every long part of it, with their places. */
  readonly pieces: readonly (readonly [piece: string, at: number])[];
}

function wordOf(text: string): Word {
  const pieces: [string, number][] = [];
  for (let at = 0; at + tellingPart <= text.length; at += tellingPart)
    pieces.push([text.slice(at, at + tellingPart), at]);
  if (text.length > tellingPart) pieces.push([text.slice(-tellingPart), text.length - tellingPart]);
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  return { text, bytes, tail: secretTail(text), pieces };
}

/** Places in a text, and what stands there instead. What was found first is kept. */
class Ranges {
  readonly #found: { readonly start: number; readonly end: number; readonly tail: string }[] = [];

  add(start: number, end: number, tail: string): void {
    if (!this.#found.some((range) => start < range.end && range.start < end)) this.#found.push({ start, end, tail });
  }

  replacedIn(text: string): string {
    let shown = "";
    let at = 0;
    for (const { start, end, tail } of this.#found.sort((a, b) => a.start - b.start)) {
      shown += text.slice(at, start) + tail;
      at = end;
    }
    return at === 0 ? text : shown + text.slice(at);
  }
}

function plain(text: string): View {
  return { text, start: (index) => index, end: (index) => index };
}

function findWhole({ text, start, end }: View, word: Word, found: Ranges): void {
  for (const at of occurrences(text, word.text)) found.add(start(at), end(at + word.text.length), word.tail);
}

/** Long parts of the secret from anywhere in it, and its beginning where it is cut off: by `…`, or the end of the text. */
function findParts({ text, start, end }: View, { text: secret, tail, pieces }: Word, found: Ranges): void {
  for (const [piece, place] of pieces) {
    for (const at of occurrences(text, piece)) {
      const before = sharedEnd(text, at, secret, place);
      const after = sharedStart(text, at, secret, place);
      found.add(start(at - before), end(at + after), tail);
    }
  }
  if (secret.length <= tellingStart) return;
  for (const at of occurrences(text, secret.slice(0, tellingStart))) {
    const length = sharedStart(text, at, secret, 0);
    if (text[at + length] === "…" || at + length === text.length) found.add(start(at), end(at + length), tail);
  }
}

/** Whether what a run of letters stands for holds the secret, or the beginning of it. */
function isTold(decodings: readonly string[], { bytes }: Word): boolean {
  const telling = bytes.slice(0, tellingStart);
  return decodings.some((decoded) => decoded.includes(telling));
}

function* occurrences(text: string, word: string): Generator<number> {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) yield at;
}

function sharedStart(text: string, at: number, secret: string, place: number): number {
  let length = 0;
  while (place + length < secret.length && text[at + length] === secret[place + length]) length++;
  return length;
}

function sharedEnd(text: string, at: number, secret: string, place: number): number {
  let length = 0;
  while (length < place && length < at && text[at - length - 1] === secret[place - length - 1]) length++;
  return length;
}
