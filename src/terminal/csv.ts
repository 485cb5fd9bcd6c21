import { toCsvCell } from "../core/csv.ts";

// RFC 4180 section 2, rules 5 to 7, and spaces at an end, which some readers take off.
const needsQuotes = /[",\r\n]|^ | $/;

// Nothing in it could be taken for something else: most cells are like this, and one look shows it.
const plainWords = /^\w(?:[\w .@:/()-]*[\w.@:/()-])?$/;

/** Lines of CSV (RFC 4180), each with its end; see {@link toCsvCell} for what becomes of outside text. */
export function csvLines(lines: readonly (readonly (string | number | boolean | null | undefined)[])[]): string {
  return lines.map((line) => `${line.map(field).join(",")}\n`).join("");
}

function field(value: string | number | boolean | null | undefined): string {
  if (typeof value !== "string") return String(value ?? "");
  if (plainWords.test(value)) return value;
  const cell = toCsvCell(value);
  return needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
