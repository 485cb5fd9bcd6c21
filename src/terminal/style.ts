/** Colors for standard output and for standard error: each may be a terminal while the other is not. */
import pico from "picocolors";
import { type Standard, standardError, standardOutput } from "./standard.ts";

/** The styles that are used; each gives its text back as it is where there is no color. */
export type Style = Pick<ReturnType<typeof pico.createColors>, "bold" | "dim" | "green" | "red" | "yellow">;

export interface Styles {
  readonly out: Style;
  readonly err: Style;
}

/** @param enabled false turns color off (`--no-color`, `NO_COLOR`, `--json`); true leaves it to each of the two */
export function createStyles(enabled: boolean): Styles {
  return {
    out: pico.createColors(enabled && hasColors(standardOutput)),
    err: pico.createColors(enabled && hasColors(standardError)),
  };
}

/** As Node tells it of a terminal: by TERM, COLORTERM, the CI that it knows, FORCE_COLOR (which goes for a pipe, too). */
function hasColors(standard: Standard): boolean {
  const forced = process.env.FORCE_COLOR;
  if (forced !== undefined) return !["0", "false"].includes(forced);
  return standard.isTTY && standard.stream.hasColors();
}
