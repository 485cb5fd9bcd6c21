/** A text as a CSV's cell: harmless in a terminal and in a spreadsheet, and read back exactly. */
import { replaceHarmful, visibleEscape } from "./text.ts";

// What makes a spreadsheet take a cell for a formula, in full width too; such a text, or one that looks disarmed, gets
// an apostrophe before it.
const formula = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
// Where a semicolon separates cells, as in much of Europe, a formula may begin after one, quotes or not.
const hiddenFormula = /;(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const semicolon = visibleEscape(0x3b);
const literal = `${visibleEscape(0x5c)}u{`;
const written = /\\u\{([0-9a-f]{1,6})\}/gi;

/** The text with what could do harm made visible, as `\u{1b}`, and a formula disarmed with a leading `'`. */
export function toCsvCell(text: string): string {
  const harmless = replaceHarmful(text.replaceAll("\\u{", literal), visibleEscape);
  const shown = harmless.replaceAll(hiddenFormula, semicolon);
  return formula.test(shown) ? `'${shown}` : shown;
}

/** The text that {@link toCsvCell} wrote. A cell that was written by hand is what it says. */
export function fromCsvCell(cell: string): string {
  const armed = cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
  return armed.replaceAll(written, (whole, hex: string) => {
    const codePoint = Number.parseInt(hex, 16);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
  });
}
