/** Colors for standard output and for standard error: each may be a terminal while the other is not. */
import type { WriteStream } from "node:tty";
import pico from "picocolors";

/** The styles that are used; each gives its text back as it is where there is no color. */
export type Style = Pick<ReturnType<typeof pico.createColors>, "bold" | "dim" | "green" | "red" | "yellow">;

export interface Styles {
  readonly out: Style;
  readonly err: Style;
}

/** @param enabled false turns color off (`--no-color`, `NO_COLOR`, `--json`); true leaves it to each stream */
export function createStyles(enabled: boolean): Styles {
  return {
    out: pico.createColors(enabled && hasColors(process.stdout)),
    err: pico.createColors(enabled && hasColors(process.stderr)),
  };
}

/** As Node tells it of a terminal: by TERM, COLORTERM, the CI that it knows, FORCE_COLOR (which goes for a pipe, too). */
function hasColors(stream: Partial<Pick<WriteStream, "isTTY" | "hasColors">>): boolean {
  const forced = process.env.FORCE_COLOR;
  if (forced !== undefined) return !["0", "false"].includes(forced);
  return stream.isTTY === true && stream.hasColors?.() === true;
}
