import Papa from "papaparse";

/**
 * Records as CSV (RFC 4180). A cell that a spreadsheet would take for a formula is disarmed with a leading `'`.
 *
 * @param keys the heading, also when there is no record
 */
export function toCsv(keys: readonly string[], records: readonly Record<string, string | number | null>[]): string {
  return Papa.unparse(
    { fields: [...keys], data: records.map((record) => keys.map((key) => record[key] ?? "")) },
    { escapeFormulae: true, newline: "\n" },
  );
}
