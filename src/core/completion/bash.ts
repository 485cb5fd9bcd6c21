/**
 * A command line that is being typed in bash, and words as bash has to find them on it. Nothing is expanded: `$HOME` stays
 * `$HOME`.
 */

export type Quote = "" | "'" | '"' | "$'";

/** A line up to the cursor. */
export interface BashLine {
  /** The whole words, without quotes. */
  readonly words: readonly string[];
  /** The last word, without quotes. */
  readonly current: string;
  /** How much of `current` bash leaves as it is when it puts a completion in. */
  readonly kept: number;
  /** The quote that is open where the completion goes. */
  readonly quote: Quote;
}

/**
 * Reads a line as bash splits it and as readline, which puts the completion in, begins its last word: after a quote that is
 * open, else after the last unquoted break.
 *
 * @param breaks what starts a new word, besides blanks: `COMP_WORDBREAKS`
 */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "" as Quote;
  let [brokenAt, openedAt] = [0, 0];
  const add = (text: string) => {
    word = (word ?? "") + text;
  };
  const open = (kind: Quote) => {
    add("");
    quote = kind;
    openedAt = word?.length ?? 0;
  };
  const tokens = /\$'|\$"|\\(?:x[\da-fA-F]{1,2}|u[\da-fA-F]{1,4}|U[\da-fA-F]{1,8}|[0-7]{1,3}|.)|[\s\S]/gsu;
  for (const [token] of line.matchAll(tokens)) {
    const escaped = token.length > 1 && token.startsWith("\\");
    if (quote === "'") {
      const end = token.indexOf("'");
      // The token may be one that only means something outside.
      if (end < 0) add(token);
      else {
        add(token.slice(0, end));
        quote = "";
      }
    } else if (quote === "$'") {
      if (escaped) add(ansiCharacter(token));
      else {
        add(token.replace(/'$/, ""));
        if (token.endsWith("'")) quote = "";
      }
    } else if (quote === '"') {
      if (token === '"' || token === '$"') {
        add(token.slice(0, -1));
        quote = "";
      } else if (escaped && '$`"\\\n'.includes(token[1] ?? "")) add(token[1] === "\n" ? "" : token.slice(1));
      else add(token);
    } else if (escaped) add(token[1] === "\n" ? "" : token.slice(1));
    else if (token === "\\") add("");
    else if (token === "'" || token === '"') open(token);
    else if (token === '$"') open('"');
    else if (token === "$'") open("$'");
    else if (/\s/.test(token)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      brokenAt = 0;
    } else {
      add(token);
      if (breaks.includes(token)) brokenAt = word?.length ?? 0;
    }
  }
  return { words, current: word ?? "", kept: quote === "" ? brokenAt : openedAt, quote };
}

const ansiLetters = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["e", "\u001b"],
  ["E", "\u001b"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
]);

/** What an escape means within `$'…'` (Bash Reference Manual, ANSI-C Quoting). */
function ansiCharacter(token: string): string {
  const letter = token[1] ?? "";
  if (/[xuU]/.test(letter) && token.length > 2) return fromCode(Number.parseInt(token.slice(2), 16));
  if (/[0-7]/.test(letter)) return fromCode(Number.parseInt(token.slice(1), 8));
  return ansiLetters.get(letter) ?? token.slice(1);
}

const fromCode = (code: number): string => (code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code));

/**
 * A text as it has to stand on a bash line so that it is exactly this text, and nothing in it is evaluated.
 *
 * @param quote what is open before it, and is closed after it by bash
 */
export function bashText(text: string, quote: Quote): string {
  const quoted = escaped(text, quote);
  // Readline takes a quote at the end for the closing one, and then adds none.
  const closing = quote.slice(-1);
  return closing !== "" && quoted.endsWith(closing) ? quoted + closing : quoted;
}

function escaped(text: string, quote: Quote): string {
  return Array.from(text, (character, at) => {
    if (quote === "$'") return /['\\]/.test(character) ? `\\${character}` : ansi(character);
    // Where a quote can't hold it, the quote ends for its sake.
    if (isControl(character)) return `${quote}$'${ansi(character)}'${quote}`;
    if (quote === "'") return character === "'" ? "'\\''" : character;
    // In double quotes a history expansion would take place, with a backslash before it as well.
    if (quote === '"') return character === "!" ? `"'!'"` : character.replace(/["$`\\]/, "\\$&");
    if (/[A-Za-z0-9_.,/:=@%+\u0080-\u{10ffff}-]/u.test(character)) return character;
    return at > 0 && /[~#]/.test(character) ? character : `\\${character}`;
  }).join("");
}

const isControl = (character: string): boolean => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character);

/** A control character as `$'…'` has it. */
function ansi(character: string): string {
  if (!isControl(character)) return character;
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/**
 * The texts that bash is to put in place of what was typed.
 *
 * @param candidates what the last word may become
 */
export function bashReplies(candidates: readonly string[], { current, kept, quote }: BashLine): string[] {
  const fitting = startingWith(candidates, current);
  return fitting.map((candidate) => bashText(candidate.slice(kept), quote));
}

/**
 * Those that begin as the text does, or else those that begin so but for upper and lower case: these only where they agree on
 * their beginning, since bash puts in what all of them have in common.
 */
export function startingWith(candidates: readonly string[], text: string): string[] {
  const exact = candidates.filter((candidate) => candidate.startsWith(text));
  if (exact.length > 0) return exact;
  const folded = candidates.filter((candidate) => candidate.toLowerCase().startsWith(text.toLowerCase()));
  const [first = ""] = folded;
  return folded.every((candidate) => candidate.startsWith(first.slice(0, text.length))) ? folded : [];
}
