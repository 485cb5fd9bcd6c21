import Table from "cli-table3";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
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

/** Rows, laid out to fit a terminal. */
export interface RenderedTable {
  /** The line over them, where there is one. */
  readonly head?: string;
  readonly lines: readonly string[];
  /** The headings of what was left out because the terminal is too narrow. */
  readonly leftOut: readonly string[];
}

/**
 * Rows as a table that fits the terminal: columns that don't tell rows apart give way first, and what is cut is marked with
 * `…`. Where no table has room for what must be there of each column, each row is a block of lines.
 *
 * @param width the terminal's columns, or `Infinity` to cut nothing
 */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): RenderedTable {
  const keyless = !columns.some(({ key }) => key);
  const measured = columns.map((column, at): Measured => {
    const cells = rows.map((row) => clean(column.cell(row)));
    const key = column.key !== undefined || (keyless && at === 0);
    const full = Math.max(stringWidth(column.head), ...cells.map((cell) => stringWidth(cell)));
    const { head, extra = false } = column;
    const wraps = column.key === "whole" || (column.wraps ?? false);
    return { head, cells, full, key, extra, wraps, least: Math.min(full, key ? 14 : 8) };
  });
  let shown = measured;
  for (;;) {
    const last = shown.findLast(({ extra }) => extra);
    // What may be left out goes before a name is broken into many lines.
    const room = shown.map(({ least, full, key }) => (key && last ? Math.min(full, comfortable) : least));
    if (widthOf(room) <= width) break;
    if (!last) return { lines: blocks(measured, rows.length, width), leftOut: [] };
    shown = shown.filter((each) => each !== last);
  }
  const widths = fitted(shown, width);
  const table = new Table({
    head: shown.map(({ head }, column) => cut(head, widths[column] ?? 0)),
    chars: borderless,
    colWidths: [...widths],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  for (const at of rows.keys()) {
    table.push(
      shown.map(({ cells, wraps }, column) => {
        const [cell = "", room = 0] = [cells[at], widths[column]];
        return { content: wraps ? lined(cell, room).join("\n") : cut(cell, room) };
      }),
    );
  }
  const [head = "", ...lines] = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  return { head, lines, leftOut: measured.filter((each) => !shown.includes(each)).map((each) => each.head) };
}

/** A column with what it takes. */
interface Measured {
  readonly head: string;
  readonly cells: readonly string[];
  readonly key: boolean;
  readonly extra: boolean;
  readonly wraps: boolean;
  /** How wide it would be … */
  readonly full: number;
  /** … and how narrow it may be, so that it remains recognizable. */
  readonly least: number;
}

/** A cell in lines: broken at words, and within one that is too long by itself. */
function lined(cell: string, width: number): string[] {
  return stringWidth(cell) <= width ? [cell] : wrapAnsi(cell, width, { hard: true }).split("\n");
}

const segmenter = new Intl.Segmenter();

/** A cell that is cut, between two characters as people see them, and marked where it was. */
function cut(cell: string, width: number): string {
  if (stringWidth(cell) <= width) return cell;
  let kept = "";
  let room = width - 1;
  for (const { segment } of segmenter.segment(cell)) {
    room -= stringWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** How wide a column that tells rows apart stays for as long as others can give way. */
const comfortable = 24;
const gap = 2;
const widthOf = (widths: readonly number[]) =>
  widths.reduce((sum, each) => sum + each, 0) + gap * Math.max(0, widths.length - 1);

/**
 * How wide each column is: those that don't tell rows apart give way first, but neither kind gives way completely before the
 * other.
 */
function fitted(columns: readonly Measured[], width: number): readonly number[] {
  const widths = columns.map(({ full }) => full);
  for (const [keys, least] of [
    [false, 16],
    [true, comfortable],
    [false, 0],
    [true, 0],
  ] as const) {
    const giving = columns.flatMap((column, at) => (column.key === keys ? [at] : []));
    const leasts = columns.map((column) => Math.min(column.full, Math.max(column.least, least)));
    squeeze(widths, giving, leasts, widthOf(widths) - width);
  }
  return widths;
}

/** Narrows these columns by so much, the widest first; equally wide ones give way alike. */
function squeeze(widths: number[], giving: readonly number[], leasts: readonly number[], excess: number): void {
  const wide = (at: number) => widths[at] ?? 0;
  for (let left = excess; left > 0; ) {
    const able = giving.filter((at) => wide(at) > (leasts[at] ?? 0));
    const widest = Math.max(...able.map(wide));
    if (able.length === 0) return;
    const those = able.filter((at) => wide(at) === widest);
    const next = Math.max(...those.map((at) => leasts[at] ?? 0), ...able.map(wide).filter((each) => each < widest));
    const give = Math.min(Math.ceil(left / those.length), widest - next);
    for (const at of those) widths[at] = widest - give;
    left -= give * those.length;
  }
}

/** Each row as lines of heading and cell, for a terminal in which no table has room. */
function blocks(columns: readonly Measured[], rows: number, width: number): string[] {
  const heads = Math.max(...columns.map(({ head }) => stringWidth(head))) + gap;
  return Array.from({ length: rows }, (_, at) => [
    ...(at === 0 ? [] : [""]),
    ...columns.flatMap(({ head, cells }) => {
      const cell = cells[at] ?? "";
      if (cell === "") return [];
      return lined(cell, Math.max(1, width - heads)).map((line, part) => (part === 0 ? head : "").padEnd(heads) + line);
    }),
  ]).flat();
}
