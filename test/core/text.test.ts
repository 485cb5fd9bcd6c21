import fc from "fast-check";
import { expect, test } from "vitest";
import { fromCsvCell, toCsvCell } from "../../src/core/csv.ts";
import { toJson } from "../../src/core/json.ts";
import { clean, cleanLines, maxShownLength } from "../../src/core/text.ts";
import { hostile, hostileText } from "../hostile.ts";

const backslashes = fc.constantFrom("\\u{1b}", "\\u{5c}u{1b}", "\\u", "\\", "'=1", "''", "\\u{110000}");
const anyText = fc.array(fc.oneof(hostileText, backslashes)).map((parts) => parts.join(""));

test("what is shown is one line of limited length, and nothing of it does harm", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = clean(text);
      expect(shown).not.toMatch(hostile);
      expect(Array.from(shown).length).toBeLessThanOrEqual(maxShownLength * "\\u{e0041}".length);
      expect(clean(shown, Number.POSITIVE_INFINITY)).toBe(shown);
    }),
  );
  const rockets = (count: number) => "\u{1f680}".repeat(count);
  expect(clean(rockets(300))).toBe(rockets(300));
  expect(clean(rockets(301))).toBe(`${rockets(299)}…`);
});

test("joined emoji are shown as they are, and a joiner anywhere else is not", () => {
  const joined = ["👩\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "👩🏽\u200d💻", "Akto 🧑\u200d🚀 team", "❤\ufe0f\u200d🔥"];
  for (const name of joined) {
    expect(clean(name)).toBe(name);
    expect(cleanLines(name)).toBe(name);
    expect(toJson(name)).toBe(JSON.stringify(name));
    expect(fromCsvCell(toCsvCell(name))).toBe(name);
  }
  expect(
    ["a\u200db", "👩\u200db", "a\u200d👩", "👩\u200d", "\u200d👩", "👩\u200d\u200d👩"].map((name) => clean(name)),
  ).toEqual(["a\\u{200d}b", "👩\\u{200d}b", "a\\u{200d}👩", "👩\\u{200d}", "\\u{200d}👩", "👩\\u{200d}\\u{200d}👩"]);
});

test("the last look before the terminal leaves lines, tabs and colors alone, and an escape sequence of no other kind", () => {
  const own = "one\ttwo\n\u001b[31mred\u001b[39m \u001b[1;38;2;1;2;3mbold\u001b[0m";
  expect(cleanLines(own)).toBe(own);
  expect(cleanLines("\u001b[2J\u001b]8;;x\u0007\u009b1m\r\u202e\ud800")).toBe(
    "\\u{1b}[2J\\u{1b}]8;;x\\u{07}\\u{9b}1m\\u{0d}\\u{202e}\\u{d800}",
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const noColor = text.replaceAll("\u001b[", "\u001b]");
      expect(cleanLines(noColor).replaceAll(/[\n\t]/g, "")).not.toMatch(hostile);
    }),
  );
});

test("JSON keeps a text exact, and is harmless where it is printed", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = toJson({ [text]: [text] }, 2);
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(json.replaceAll("\n", "")).not.toMatch(hostile);
    }),
  );
});

test("a CSV's cell is harmless in a terminal and no formula, and is read back exactly", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const cell = toCsvCell(text);
      expect(cell).not.toMatch(hostile);
      expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      expect(fromCsvCell(cell)).toBe(text);
    }),
  );
  const afterSemicolon = ["a;=1+1", 'a; "@x', "a;b"].map(toCsvCell);
  expect(afterSemicolon).toEqual(["a\\u{3b}=1+1", 'a\\u{3b} "@x', "a;b"]);
  expect(afterSemicolon.map(fromCsvCell)).toEqual(["a;=1+1", 'a; "@x', "a;b"]);
  expect(["=1+1", "'=1", "O'Brien", "a\\u{1b}"].map(toCsvCell)).toEqual(["'=1+1", "''=1", "O'Brien", "a\\u{5c}u{1b}"]);
});
