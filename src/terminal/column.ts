/** One column: its heading and how a row's cell reads. Cells are outside text and are cleaned here. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Whether a long cell goes on in the next line rather than being cut: for sentences. */
  readonly wraps?: true;
  /**
   * Whether it tells rows apart, and so gives way last: `whole` is never cut, which is not for text that strangers choose,
   * since a line that goes on could pass for a row. Without any, the first column is `first`.
   */
  readonly key?: "first" | "whole";
  /** Whether it may be left out where the terminal is too narrow for all; the last one goes first. */
  readonly extra?: true;
}
