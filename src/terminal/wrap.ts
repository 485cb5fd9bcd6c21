import { stripVTControlCharacters } from "node:util";
import wrapAnsi from "wrap-ansi";

// The mark at the beginning of a line, or the label of a value, of which the text after it keeps clear.
const mark = /^ *(?:[✓!✗•→-] )?/u;
const label = /^ *\S(?:.{0,28}\S)? {2,}(?=\S)/u;

// With fewer columns than this, nothing can be read.
const narrowest = 24;

/** Wraps at words; a wrapped line goes on under its own beginning, past its mark or its label. An address is never broken. */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const shown = stripVTControlCharacters(line);
      const labeled = label.exec(shown)?.[0].length ?? columns;
      const indent = columns - labeled >= narrowest ? labeled : (mark.exec(shown)?.[0].length ?? 0);
      const start = indexOfColumn(line, indent);
      const [first = "", ...rest] = wrapAnsi(line.slice(start), Math.max(20, columns - indent), { trim: false }).split(
        "\n",
      );
      return [line.slice(0, start) + first, ...rest.map((part) => " ".repeat(indent) + withoutLeadingSpace(part))];
    })
    .join("\n");
}

/** Where the character of a column stands in a line that has colors in it: past those that stand before it. */
function indexOfColumn(line: string, column: number): number {
  let index = 0;
  for (let passed = 0; passed < column; ) {
    const color = sgr.exec(line.slice(index))?.[0];
    index += color?.length ?? 1;
    if (color === undefined) passed += 1;
  }
  return index;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a color begins with
const sgr = /^\u001b\[[0-9;]*m/;

/** Without the space at which a line was broken, also where a color stands before it. */
function withoutLeadingSpace(part: string): string {
  const shown = stripVTControlCharacters(part);
  return part.replace(" ".repeat(shown.length - shown.trimStart().length), "");
}
