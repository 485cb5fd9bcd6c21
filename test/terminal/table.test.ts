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
    const { head = "", lines: body } = renderTable(rows, columns, width);
    expect(body.length).toBeGreaterThanOrEqual(rows.length);
    const lines = [head, ...body];
    const second = head.indexOf("ABOUT");
    const third = head.indexOf("TWICE");
    for (const line of lines) {
      expect(line).not.toMatch(hostile);
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(columnsOf(`${line}${" ".repeat(400)}`, [second - 2, third - 2])).toEqual(["  ", "  "]);
    }
  },
);

test("a column of sentences goes on in the next line, and loses no word", () => {
  const sentence = "The app requires PKCE, which Akto does not send, and nobody is assigned to it.";
  const column = { head: "WHAT IS WRONG", cell: () => sentence, wraps: true } as const;
  const { head = "", lines: body } = renderTable([{}], [{ head: "NAME", cell: () => "pkce-required" }, column], 40);
  const lines = [head, ...body];
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  expect(lines.map((line) => line.slice(15)).join(" ")).toBe(`WHAT IS WRONG ${sentence}`);
});

/** What tells two rows apart, and what doesn't. */
const long = ["login-staging.acme-industries.example.okta.com", "login-production.acme-industries.example.okta.com"];
const keyed = [
  { head: "NAME", cell: (domain: string) => domain.slice(6, 12) },
  { head: "DOMAIN", cell: (domain: string) => domain, key: "whole" },
  { head: "ABOUT", cell: () => "the profile of a department that has a long name" },
  { head: "CHANGED", cell: () => "3 months ago", extra: true },
] as const;

test.each([200, 80, 60, 40, 30, 20])("what tells rows apart is never cut at %i columns", (width) => {
  const { head = "", lines } = renderTable(long, keyed, width);
  for (const line of [head, ...lines]) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  const starts = head === "" ? 9 : head.indexOf("DOMAIN");
  const ends = head === "" ? width : head.indexOf("ABOUT");
  const shown = lines.map((line) => line.slice(starts, ends).trim()).join("");
  for (const domain of long) expect(shown).toContain(domain);
});

test("what matters less is cut first, then left out and named, and where no table has room each row is a block", () => {
  const wide = renderTable(long, keyed, 100);
  expect(wide).toMatchObject({ leftOut: [], lines: { length: 2 } });
  expect(wide.lines[0]).toContain("…");
  expect(wide.lines[0]).toContain(long[0]);
  const narrow = renderTable(long, keyed, 40);
  expect(narrow.leftOut).toEqual(["CHANGED"]);
  expect(narrow.head).not.toContain("CHANGED");
  expect(renderTable(["login.a.okta.com"], keyed, 24)).toEqual({
    leftOut: [],
    lines: [
      "NAME     a.okta",
      "DOMAIN   login.a.okta.co",
      "         m",
      "ABOUT    the profile of",
      "         a department",
      "         that has a long",
      "         name",
      "CHANGED  3 months ago",
    ],
  });
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
