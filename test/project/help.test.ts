import { Command } from "commander";
import { expect, it } from "vitest";
import { buildProgram } from "../../src/commands/program.ts";
import { commandTable } from "../../src/commands/table.ts";

/** What stands below the flags in a command's help: its examples. Commander wraps the rest itself. */
function afterword(command: Command): string[] {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.slice(command.helpInformation().length).split("\n");
}

it("gives examples that fit a terminal of 80 columns", async () => {
  const entries = commandTable.flatMap((entry) => ("verbs" in entry ? entry.verbs : [entry]));
  for (const { name, load } of entries) {
    const command = new Command(name);
    (await load()).declare(command);
    const lines = afterword(command);
    expect(lines.join("\n")).toContain("  $ akto-okta");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
  const lines = afterword(buildProgram(commandTable, new AbortController().signal));
  expect(lines.join("\n")).toContain("Exit codes:");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
