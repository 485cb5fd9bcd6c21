import Table from "cli-table3";
import stringWidth from "string-width";
import { clean } from "../core/text.ts";
import type { Column } from "./column.ts";

const borderless = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

// A column is never squeezed below this, so that a name stays recognizable.
const narrowest = 8;

/**
 * Rows as a table that fits the terminal: the widest columns give way first, and what is cut is marked with `…`.
 *
 * @param width the terminal's columns, or `Infinity` to cut nothing
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): string {
  const cells = rows.map((row) => columns.map((column) => clean(column.cell(row))));
  const heads = columns.map(({ head }) => head);
  const widths = heads.map((head, at) =>
    Math.max(stringWidth(head), ...cells.map((row) => stringWidth(row[at] ?? ""))),
  );
  let excess = widths.reduce((sum, each) => sum + each, 0) + 2 * (widths.length - 1) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    // Those that are equally wide give way alike.
    const giving = widths.flatMap((each, at) => (each === widest ? [at] : []));
    const second = Math.max(narrowest, ...widths.filter((each) => each < widest));
    const give = Math.min(Math.ceil(excess / giving.length), widest - second);
    for (const at of giving) widths[at] = widest - give;
    excess -= give * giving.length;
  }
  const table = new Table({
    head: heads,
    chars: borderless,
    colWidths: widths,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  table.push(...cells.map((row) => row.map((content, at) => ({ content, wordWrap: columns[at]?.wraps ?? false }))));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
