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

test("a command to copy is never broken, also where it is longer than a line", () => {
  const quoted = "akto-okta mapping remove 'Akto Security of the North'";
  const backticks = "`akto-okta sso remove --okta --profile staging`";
  const text = `A role has one group, and one only. Remove it first: ${quoted}. Or else ${backticks} removes all.`;
  for (const columns of [30, 50, 80]) {
    const lines = wrapped(text, columns);
    expect(lines).toContain(quoted);
    expect(lines).toContain(backticks);
    expect(lines.replaceAll(/\s+/g, " ")).toBe(text);
  }
  // Apostrophes are no quotes.
  expect(wrapped("It's the user's own group, and akto-okta knows it.", 24)).toBe(
    "It's the user's own \ngroup, and akto-okta \nknows it.",
  );
  expect(wrapped("a name with \uf8fe in `it as it is`", 24)).toContain("\uf8fe");
});

test("a terminal that does not know its size counts as 80 columns wide", () => {
  expect([{ columns: 0 }, {}, { columns: 132 }].map(columnsOf)).toEqual([80, 80, 132]);
});
