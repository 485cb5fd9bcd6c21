import { stripVTControlCharacters } from "node:util";
import pico from "picocolors";
import { expect, test } from "vitest";
import { columnsOf } from "../../src/terminal/columns.ts";
import { wrapped } from "../../src/terminal/wrap.ts";

test("a wrapped line goes on past the mark at its beginning, in color too", () => {
  const { dim, red } = pico.createColors(true);
  const text = `${red("✗")} Akto sees no group with it.\n  ${dim("→ The token may be expired or revoked, held to a network zone.")}`;
  const lines = stripVTControlCharacters(wrapped(text, 32)).split("\n");
  expect(lines.map((line) => line.trimEnd())).toEqual([
    "✗ Akto sees no group with it.",
    "  → The token may be expired or",
    "    revoked, held to a network",
    "    zone.",
  ]);
});

test("a wrapped value goes on under its own beginning, past its label, where that leaves room", () => {
  const { bold } = pico.createColors(true);
  const text = `  ${bold("Value type")}  Groups whose names start with Akto`;
  const lines = (columns: number) =>
    stripVTControlCharacters(wrapped(text, columns))
      .split("\n")
      .map((line) => line.trimEnd());
  expect(lines(40)).toEqual(["  Value type  Groups whose names start", "              with Akto"]);
  expect(lines(30)).toEqual(["  Value type  Groups whose", "  names start with Akto"]);
});

test("an address is never broken", () => {
  const address = `http://127.0.0.1:8765/${"x".repeat(60)}`;
  expect(wrapped(`  Open ${address} now`, 30)).toContain(address);
});

test("a terminal that does not know its size counts as 80 columns wide", () => {
  expect([{ columns: 0 }, {}, { columns: 132 }].map(columnsOf)).toEqual([80, 80, 132]);
});
