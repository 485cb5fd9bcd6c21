import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from "chalk";

/** Colours for standard output and for standard error: each may be a terminal while the other is not. */
export interface Styles {
  readonly out: ChalkInstance;
  readonly err: ChalkInstance;
}

/** @param enabled false turns colour off (`--no-color`, `NO_COLOR`, `--json`); true leaves it to each stream */
export function createStyles(enabled: boolean): Styles {
  return {
    out: new Chalk({ level: enabled && supportsColor ? supportsColor.level : 0 }),
    err: new Chalk({ level: enabled && supportsColorStderr ? supportsColorStderr.level : 0 }),
  };
}
