import { clean } from "../core/text.ts";
import type { Column } from "./column.ts";

/** Rows for a pipe: tab-separated, no heading, nothing cut. */
export function renderTabbed<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  return rows
    .map((row) => columns.map((column) => clean(column.cell(row), Number.POSITIVE_INFINITY)).join("\t"))
    .join("\n");
}
