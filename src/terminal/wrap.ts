import { stripVTControlCharacters } from "node:util";
import wrapAnsi from "wrap-ansi";

// The mark at the beginning of a line, of which the text after it keeps clear.
const beginning = /^ *(?:[✓!✗•→-] )?/u;

/** Wraps at words; a wrapped line goes on under its own beginning, past its mark. An address is never broken. */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const indent = " ".repeat(beginning.exec(stripVTControlCharacters(line))?.[0].length ?? 0);
      const [first = "", ...rest] = wrapAnsi(line, Math.max(20, columns - indent.length), { trim: false }).split("\n");
      return [first, ...rest.map((part) => indent + withoutLeadingSpace(part))];
    })
    .join("\n");
}

/** Without the space at which a line was broken, also where a color stands before it. */
function withoutLeadingSpace(part: string): string {
  const shown = stripVTControlCharacters(part);
  return part.replace(" ".repeat(shown.length - shown.trimStart().length), "");
}
