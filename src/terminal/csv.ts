import Papa from "papaparse";
import { toCsvCell } from "../core/csv.ts";

/**
 * Records as CSV (RFC 4180), each on a line of its own; see {@link toCsvCell} for what becomes of outside text.
 *
 * @param keys the heading, also when there is no record
 */
export function toCsv(
  keys: readonly string[],
  records: readonly Record<string, string | number | boolean | null>[],
): string {
  const cell = (value: string | number | boolean | null | undefined) =>
    typeof value === "string" ? toCsvCell(value) : (value ?? "");
  return Papa.unparse(
    { fields: [...keys], data: records.map((record) => keys.map((key) => cell(record[key]))) },
    { newline: "\n" },
  );
}
