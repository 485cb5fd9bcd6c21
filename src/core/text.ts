/**
 * Text from outside (group names, error descriptions, emails) on its way to a person.
 *
 * What could move the cursor, recolor the screen, reorder the line or fake a second one is replaced by a visible
 * escape such as `\u{1b}`. The value itself is never changed: JSON and the mapping keep it exact.
 */

// Cc and Cf (controls, format characters such as bidi overrides and zero-width joiners), Co, Cs (lone surrogates), Zl and
// Zp (line and paragraph separators), and the letters that are drawn as nothing, such as the Hangul filler: terminals
// disagree on their width. Variation selectors belong to the character before them, and a joiner between two emoji makes
// one of the two.
const harm = (): string => {
  const joiner = /\u200d(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?\u200d)(?=\p{Extended_Pictographic})/u;
  const invisible =
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/u;
  return `(?!${joiner.source})(?:${invisible.source})`;
};
const harmful = uponFirstUse(() => new RegExp(harm(), "gu"));

// Colors (SGR), which this program writes itself; then what is harmful, but for the layout of lines and columns.
const colorOrHarm = uponFirstUse(() => new RegExp(`\\u001b\\[[\\d;]*m|(?![\\n\\t])(?:${harm()})`, "gu"));

/** To make such a pattern takes a millisecond, and most runs write plain text alone. */
function uponFirstUse(make: () => RegExp): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Whether a text is made of ASCII's own characters and line ends: most are, and found to be so in no time. */
export function isPlain(text: string): boolean {
  return !/[^\x20-\x7e\n]/.test(text);
}

/** The text with each character replaced that could do harm. For a format that has escapes of its own. */
export function replaceHarmful(text: string, replacement: (codePoint: number) => string): string {
  // A line end is harmful, too, but for the layout of some formats.
  if (isPlain(text) && !text.includes("\n")) return text;
  return text.replace(harmful(), (character) => replacement(character.codePointAt(0) ?? 0));
}

/** How such a character is shown. */
export const visibleEscape = (codePoint: number): string => `\\u{${codePoint.toString(16).padStart(2, "0")}}`;

/** The longest piece of outside text shown to a person, in characters; what is cut is marked with `…`. */
export const maxShownLength = 300;

/**
 * Makes outside text safe to show on one line of a terminal, a log or a page.
 *
 * @param value text from outside; anything that isn't a string is turned into one
 * @param limit the most characters to show
 * @returns one line without control, format or surrogate characters, each shown as `\u{hex}`
 */
export function clean(value: unknown, limit: number = maxShownLength): string {
  const text = typeof value === "string" ? value : String(value);
  if (text.length <= limit && isPlain(text) && !text.includes("\n")) return text;
  // A character has two units at most: more than these need not be looked at.
  const characters = Array.from(text.length > limit * 2 ? text.slice(0, limit * 2 + 2) : text);
  const shown = characters.length > limit ? [...characters.slice(0, limit - 1), "…"] : characters;
  // More accents on one letter than any script has reach over the lines above and below.
  return replaceHarmful(shown.join("").replace(/(\p{M}{8})\p{M}+/gu, "$1…"), visibleEscape);
}

/**
 * The last look at a text on its way to the terminal: line ends, tabs and colors are this program's own, and of what
 * else could do harm nothing gets through, even where somebody forgot to {@link clean} a part of it.
 */
export function cleanLines(text: string): string {
  if (!/[^\x20-\x7e\n\t]/.test(text)) return text;
  return text.replace(colorOrHarm(), (match) =>
    match.startsWith("\u001b[") ? match : visibleEscape(match.codePointAt(0) ?? 0),
  );
}

/** The name in typographic quotes, cleaned: how a group's name stands in a sentence. */
export function quoted(value: unknown): string {
  return `“${clean(value)}”`;
}

/** `n thing` or `n things`, with thousands separated. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${thousands(n)} ${n === 1 ? one : many}`;
}

/**
 * A whole number that isn't negative, with its thousands separated. Node takes longer to load what it knows of languages
 * than most runs take.
 */
export function thousands(n: number): string {
  const digits = String(n);
  const first = digits.length % 3 || 3;
  return [digits.slice(0, first), ...(digits.slice(first).match(/\d{3}/g) ?? [])].join(",");
}

/** A moment to the second, as `2026-01-31T12:00:00Z`. */
export function moment(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** "a", "a and b", "a, b, and c". */
export function listed(items: readonly string[], last: string = "and"): string {
  if (items.length < 2) return items.join("");
  const comma = items.length > 2 ? "," : "";
  return `${items.slice(0, -1).join(", ")}${comma} ${last} ${items[items.length - 1]}`;
}

/** The last four characters of a secret at most, and of a short one none: enough to tell two apart. */
export function secretTail(secret: string): string {
  return secret.length >= 12 ? `…${clean(secret.slice(-4))}` : "…";
}
