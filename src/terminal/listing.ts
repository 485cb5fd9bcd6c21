/** Lists, and how their rows become text page by page: nothing of a page is needed for the next one. */
import { toJson, toJsonLines } from "../core/json.ts";
import type { Column } from "./column.ts";
import type { OutputFormat } from "./output-format.ts";

/** What is common to lists of any length. */
interface Rows<Row> {
  readonly columns: readonly Column<Row>[];
  /** One row as data, for JSON Lines and CSV: flat, its keys are the CSV's heading. */
  readonly record: (row: Row) => Record<string, string | number | boolean | null>;
  /** The keys of every record, so that an empty CSV has its heading too. */
  readonly keys: readonly string[];
  /** What is printed above the table: part of the result, but not of what a pipe gets. Outside text in it must be clean. */
  readonly header?: string;
}

/** A list to print: rows, how they read as a table, and the JSON document they make. */
export interface Listing<Row> extends Rows<Row> {
  readonly rows: readonly Row[];
  /** The document for JSON. */
  readonly document: unknown;
  /** What to say under the table, on a terminal. */
  readonly footer?: string;
}

/** A list that is printed as its rows come, in every format but a table, whose column widths depend on all of them. */
export interface PagedListing<Row> extends Rows<Row> {
  readonly pages: AsyncIterable<readonly Row[]>;
  /** The document for JSON: the name of the list in it, a row there, and what follows it once all have come. */
  readonly document: {
    readonly list: string;
    readonly item: (row: Row) => unknown;
    readonly rest: (rows: number) => Readonly<Record<string, unknown>>;
  };
  /** As {@link Listing.footer}, by how many rows there are. */
  readonly footer: (rows: number) => string;
}

/** How rows become text: what stands before the first of them, a page of at least one, and what stands after the last. */
export interface PagedText<Row> {
  readonly start: string;
  readonly page: (rows: readonly Row[]) => string;
  readonly end: (rows: number) => string;
}

/** The text of rows in one of the formats that are written line by line. */
export async function linesOf<Row>(
  format: Exclude<OutputFormat, "table" | "json"> | "tabbed",
  { columns, record, keys }: Rows<Row>,
): Promise<PagedText<Row>> {
  const lines = { start: "", end: () => "" };
  switch (format) {
    case "jsonl":
      return { ...lines, page: (rows) => `${toJsonLines(rows.map(record))}\n` };
    case "csv": {
      const { csvLines } = await import("./csv.ts");
      return { ...lines, start: csvLines([keys]), page: (rows) => csvLines(rows.map(record).map(valuesOf(keys))) };
    }
    case "tabbed": {
      const { renderTabbed } = await import("./tabbed.ts");
      return { ...lines, page: (rows) => `${renderTabbed(rows, columns)}\n` };
    }
  }
}

const valuesOf =
  <Value>(keys: readonly string[]) =>
  (record: Readonly<Record<string, Value>>) =>
    keys.map((key) => record[key]);

/** The text of a JSON document, row by row the same as `toJson` writes it with an indent of 2. */
export function jsonOf<Row>({ list, item, rest }: PagedListing<Row>["document"]): PagedText<Row> {
  let comma = "";
  return {
    start: `{\n  ${toJson(list)}: [`,
    page: (rows) => {
      // Without the brackets of its own, a level deeper. A line's end is always one of the layout.
      const items = toJson(rows.map(item), 2).slice(1, -2).replaceAll("\n", "\n  ");
      const text = `${comma}${items}`;
      comma = ",";
      return text;
    },
    end: (rows) => `${rows > 0 ? "\n  " : ""}],${toJson(rest(rows), 2).slice(1)}\n`,
  };
}

/** How many rows of a list that is there already are written at once. */
const rowsAtOnce = 500;

/** The rows in pages. */
export function* inPages<Row>(rows: readonly Row[]): Generator<readonly Row[], void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) yield rows.slice(at, at + rowsAtOnce);
}
