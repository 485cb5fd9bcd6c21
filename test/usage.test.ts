import { CommanderError } from "commander";
import { expect, it } from "vitest";
import { buildProgram } from "../src/commands/program.ts";
import { commandTable } from "../src/commands/table.ts";
import type { Failure } from "../src/core/failure.ts";
import { usageFailure } from "../src/usage.ts";

/** What is said of a command line that can't be read. */
async function said(line: string): Promise<Pick<Failure, "message" | "hint">> {
  const program = buildProgram(commandTable, new AbortController().signal);
  try {
    await program.parseAsync(line.split(" "), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return usageFailure(error);
    throw error;
  }
  throw new Error(`Nothing is wrong with: ${line}`);
}

it.each([
  ["sso plan --nofile x", "Unknown option “--nofile”."],
  ["maping", "Unknown command “maping”."],
  ["groups list --limit", "--limit needs a value: --limit <n>"],
  ["groups list --output", "--output needs a value: --output <format>"],
  ["completion", "The argument <shell> is missing."],
  ["mapping add a b c", "“add” takes 2 arguments but got 3."],
  ["mapping list a", "“list” takes no argument but got 1."],
  ["groups list --limit 0", "--limit can't be “0”. Use a whole number from 1 to 1000000."],
  ["groups list -o pdf", "--output can't be “pdf”. It is one of table, json, jsonl, csv."],
  ["completion ksh", "<shell> can't be “ksh”. It is one of bash, zsh, fish."],
])("%s is refused in a plain sentence", async (line, message) => {
  expect(await said(line)).toMatchObject({ message, hint: expect.stringContaining("Add --help") });
});

it("a near miss is named", async () => {
  expect((await said("mapping imprt x")).hint).toBe("Did you mean import?\nAdd --help to see what it accepts.");
});
