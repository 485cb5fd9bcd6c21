/** A text as others would read it: with its escapes undone, and what its runs of letters and digits stand for. */

/** A text made from another one, with the places of its characters there. */
export interface View {
  readonly text: string;
  /** Where in the first text a character begins. */
  start(index: number): number;
  /** Where in the first text the characters before this index end. */
  end(index: number): number;
}

const named = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

const simple = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", "\b"],
  ["f", "\f"],
]);

// Of an address (bytes), of HTML by name and by number, of JSON and JavaScript.
const escapes =
  /(?:%[0-9a-f]{2})+|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);|\\(?:u\{[0-9a-f]{1,6}\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[^ux])/gi;

/** How often one kind of escaping may be wrapped into another. */
const layers = 3;

/** The text with its escapes undone once, twice and three times, as long as there are any. */
export function escapedForms(text: string): View[] {
  const views: View[] = [];
  let inner: View | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const view = undone(inner?.text ?? text, inner);
    if (!view) break;
    views.push(view);
    inner = view;
  }
  return views;
}

function undone(text: string, inner: View | undefined): View | undefined {
  let made = "";
  // Where each piece begins in what is made and in what it was made from; a piece that was escaped is one whole.
  const pieces: { readonly at: number; readonly from: number; readonly length: number; readonly escaped: boolean }[] =
    [];
  const add = (piece: string, from: number, length: number, escaped: boolean) => {
    pieces.push({ at: made.length, from, length, escaped });
    made += piece;
  };
  let last = 0;
  for (const match of text.matchAll(escapes)) {
    const [written] = match;
    if (match.index > last) add(text.slice(last, match.index), last, match.index - last, false);
    last = match.index + written.length;
    if (written.startsWith("%")) {
      for (const [character, at, length] of bytesOf(written)) add(character, match.index + at, length, true);
    } else add(characterOf(written), match.index, written.length, true);
  }
  if (pieces.length === 0) return undefined;
  if (last < text.length) add(text.slice(last), last, text.length - last, false);

  const pieceAt = (index: number) => {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((pieces[middle]?.at ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return pieces[low] ?? { at: 0, from: 0, length: 0, escaped: false };
  };
  const start = (index: number) => {
    const { at, from, escaped } = pieceAt(index);
    return escaped ? from : from + index - at;
  };
  const end = (index: number) => {
    const { at, from, length, escaped } = pieceAt(index - 1);
    return escaped ? from + length : from + index - at;
  };
  return inner
    ? { text: made, start: (index) => inner.start(start(index)), end: (index) => inner.end(end(index)) }
    : { text: made, start, end };
}

/** The characters of escaped bytes, with their places; bytes that aren't UTF-8 are skipped. */
function bytesOf(written: string): [character: string, at: number, length: number][] {
  const found: [string, number, number][] = [];
  for (let at = 0; at < written.length; ) {
    const length = 3 * byteCount(Number.parseInt(written.slice(at + 1, at + 3), 16));
    try {
      found.push([decodeURIComponent(written.slice(at, at + length)), at, length]);
    } catch {
      // No character.
    }
    at += length;
  }
  return found;
}

/** How many bytes a character has that begins with this one (RFC 3629). */
function byteCount(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function characterOf(written: string): string {
  const word = written.startsWith("&") ? written.slice(1, -1) : written.slice(1);
  const [, decimal] = /^#(\d+)$/.exec(word) ?? [];
  const [, digits] = /^(?:#x|u\{?|x)([0-9a-f]+)\}?$/i.exec(word) ?? [];
  const point =
    decimal !== undefined ? Number(decimal) : digits === undefined ? undefined : Number.parseInt(digits, 16);
  if (point !== undefined) return point <= 0x10ffff ? String.fromCodePoint(point) : "";
  return named.get(word.toLowerCase()) ?? simple.get(word) ?? word;
}

/** A run of letters and digits, and all that it may stand for, each byte a character. */
export interface Run {
  /** Its place in the first text. */
  readonly start: number;
  readonly end: number;
  readonly decodings: readonly string[];
}

/** The runs of a text that are long enough to hold a secret. */
export function* decodedRuns({ text, start, end }: View): Generator<Run> {
  for (const { 0: run, index } of text.matchAll(/[A-Za-z0-9+/_-]{12,}={0,2}/g)) {
    yield { start: start(index), end: end(index + run.length), decodings: [...fromBase64(run), ...fromHex(run)] };
  }
}

/** As base64 and base64url; what stands before it in the run shifts it by up to three letters. */
function fromBase64(run: string): string[] {
  const letters = run.replaceAll("=", "").replaceAll("-", "+").replaceAll("_", "/");
  return [0, 1, 2, 3].map((shift) => {
    const shifted = letters.slice(shift);
    return atob(shifted.length % 4 === 1 ? shifted.slice(0, -1) : shifted);
  });
}

function fromHex(run: string): string[] {
  return [...run.matchAll(/[0-9a-f]{24,}/gi)].flatMap(([digits]) =>
    [0, 1].map((shift) =>
      Array.from({ length: (digits.length - shift) >> 1 }, (_, index) =>
        String.fromCharCode(Number.parseInt(digits.slice(shift + 2 * index, shift + 2 * index + 2), 16)),
      ).join(""),
    ),
  );
}
