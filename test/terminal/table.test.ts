import stringWidth from "string-width";
import { expect, test } from "vitest";
import { renderTabbed } from "../../src/terminal/tabbed.ts";
import { renderTable } from "../../src/terminal/table.ts";
import { hostile, hostileNames } from "../hostile.ts";

const rows = Array.from(hostileNames, ([about, name]) => ({ name, about, twice: name + name }));
const columns = [
  { head: "NAME", cell: (row: (typeof rows)[number]) => row.name },
  { head: "ABOUT", cell: (row: (typeof rows)[number]) => row.about },
  { head: "TWICE", cell: (row: (typeof rows)[number]) => row.twice },
];

test.each([60, 80, 120, 400])(
  "a table of hostile names fits into %i columns, and its columns stand straight",
  (width) => {
    const lines = renderTable(rows, columns, width).split("\n");
    expect(lines).toHaveLength(rows.length + 1);
    const [head = ""] = lines;
    const second = head.indexOf("ABOUT");
    const third = head.indexOf("TWICE");
    for (const line of lines) {
      expect(line).not.toMatch(hostile);
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(columnsOf(line, [second - 2, third - 2])).toEqual(["  ", "  "]);
    }
  },
);

test("a column of sentences goes on in the next line, and loses no word", () => {
  const sentence = "The app requires PKCE, which Akto does not send, and nobody is assigned to it.";
  const column = { head: "WHAT IS WRONG", cell: () => sentence, wraps: true } as const;
  const lines = renderTable([{}], [{ head: "NAME", cell: () => "pkce-required" }, column], 40).split("\n");
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  expect(lines.map((line) => line.slice(15)).join(" ")).toBe(`WHAT IS WRONG ${sentence}`);
});

test("a piped table is a line a row, with as many tabs as it has columns", () => {
  const lines = renderTabbed(rows, columns).split("\n");
  expect(lines.map((line) => line.split("\t").length)).toEqual(rows.map(() => columns.length));
  expect(lines.join("").replaceAll("\t", "")).not.toMatch(hostile);
});

/** The two columns of the screen from each of these on. */
function columnsOf(line: string, starts: readonly number[]): string[] {
  const cells: string[] = [];
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    cells.push(segment, ...Array<string>(Math.max(0, stringWidth(segment) - 1)).fill(""));
  }
  return starts.map((start) => cells.slice(start, start + 2).join(""));
}
