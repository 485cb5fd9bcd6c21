/** Flags that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type OutputFormat, outputFormats } from "../terminal/output-format.ts";

export interface ListOptions {
  readonly output?: OutputFormat;
}

/** `--output`, for a command that prints a list. `more` are formats that it has beside those of every list. */
export function declareOutput(command: Command, ...more: readonly string[]): Command {
  return command.addOption(
    new Option("-o, --output <format>", "how to print the list").choices([...outputFormats, ...more]),
  );
}

/** Examples under a command's help, one a line. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ akto-okta ${line}`).join("\n")}`);
}

/** A whole number in a range, for a flag. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Use a whole number from ${from} to ${to}.`);
  };
}

/** `--dry-run`, for a command that writes. What ends such a run is said for all of them, see program.ts. */
export function declareDryRun(command: Command, what: string): Command {
  return command.option("--dry-run", what);
}
