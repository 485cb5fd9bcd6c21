import { stripVTControlCharacters } from "node:util";
import wrapAnsi from "wrap-ansi";

// The mark at the beginning of a line, or the label of a value, of which the text after it keeps clear.
const mark = /^ *(?:[✓!✗•→-] )?/u;
const label = /^ *\S(?:.{0,28}\S)? {2,}(?=\S)/u;

// With fewer columns than this, nothing can be read.
const narrowest = 24;

// What is there to be copied: a line's end within would run half of a command, or change a name in it.
const command = /`[^`\n]+`|\bakto-okta (?:[a-z-]{1,20} ){1,4}'[^'\n]{1,300}'/g;

/** Stands for a space at which no line may end. It is in the private use area, which texts hardly ever use. */
const joined = "\uf8fe";

/**
 * Wraps at words; a wrapped line goes on under its own beginning, past its mark or its label. Neither an address nor a command
 * to copy is ever broken.
 */
export function wrapped(text: string, columns: number): string {
  if (text.includes(joined)) return lined(text, columns);
  return lined(
    text.replace(command, (each) => each.replaceAll(" ", joined)),
    columns,
  ).replaceAll(joined, " ");
}

function lined(text: string, columns: number): string {
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
