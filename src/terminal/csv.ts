import Papa from "papaparse";
import { toCsvCell } from "../core/csv.ts";

/** Lines of CSV (RFC 4180), each with its end; see {@link toCsvCell} for what becomes of outside text. */
export function csvLines(lines: readonly (readonly (string | number | boolean | null | undefined)[])[]): string {
  const data = lines.map((line) => line.map((value) => (typeof value === "string" ? toCsvCell(value) : (value ?? ""))));
  return `${Papa.unparse(data, { newline: "\n" })}\n`;
}
