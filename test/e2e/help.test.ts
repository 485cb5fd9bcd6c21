/** The help of every command, on terminals of any width. */
import { expect, it } from "vitest";
import { commandTable } from "../../src/commands/table.ts";
import { environment, run, temporaryFolder } from "../program.ts";

const commands = commandTable.flatMap((entry) =>
  "verbs" in entry ? entry.verbs.map(({ name }) => [entry.name, name]) : [[entry.name]],
);

/** What a copy of must work, and is left whole. */
const isWhole = (line: string) => /^(?:Usage:| {2}\$ akto-okta| {6}--| {4,}[^ ]+$)/.test(line);

it.each([
  [40, commands.filter(([noun]) => noun === "mapping" || noun === "doctor")],
  [80, commands],
] as const)("fits into %i columns, and says the same as on any other", async (columns, those) => {
  const env = environment(temporaryFolder());
  await Promise.all(
    those.map(async (words) => {
      const [narrow, wide] = await Promise.all(
        [columns, 110].map((width) => run([...words, "--help"], { ...env, COLUMNS: String(width) })),
      );
      const [options = ""] = (narrow?.stdout ?? "").split("\nExamples:");
      for (const line of options.split("\n").filter((each) => !isWhole(each))) {
        expect(line.length, `${words.join(" ")}: ${line}`).toBeLessThanOrEqual(columns);
      }
      const wordsOf = (text: string | undefined) => text?.split(/\s+/);
      expect(wordsOf(narrow?.stdout)).toEqual(wordsOf(wide?.stdout));
    }),
  );
});

it.each([40, 80, 100, 110, 200])(
  "is the whole program's where nothing was asked for, in %i columns",
  async (columns) => {
    const env = { ...environment(temporaryFolder()), COLUMNS: String(columns) };
    const [nothing, asked] = await Promise.all([run([], env), run(["--help"], env)]);
    expect(nothing).toEqual(asked);
    expect(nothing).toMatchObject({ exitCode: 0, stderr: "", stdout: expect.stringContaining("Usage: akto-okta") });
  },
);
