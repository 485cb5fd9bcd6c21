/** One column: its heading and how a row's cell reads. Cells are outside text and are cleaned here. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Whether a long cell goes on in the next line rather than being cut: for sentences. */
  readonly wraps?: true;
}
