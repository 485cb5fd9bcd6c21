import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { toCsvCell } from "../../src/core/csv.ts";
import { csvLines } from "../../src/terminal/csv.ts";

const texts = fc.oneof(
  fc.string({
    unit: fc.constantFrom("a", "B", "7", "_", ".", ":", "(", "-", "/", "@", "=", ";", ",", '"', "'", " ", "\n", "é"),
  }),
  fc.string({ unit: "binary" }),
);
const cells = fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined));

test("lines of CSV are what a library writes of the same cells", () => {
  fc.assert(
    fc.property(fc.array(fc.array(cells, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 4 }), (lines) => {
      const shown = lines.map((line) =>
        line.map((cell) => (typeof cell === "string" ? toCsvCell(cell) : (cell ?? ""))),
      );
      expect(csvLines(lines)).toBe(`${Papa.unparse(shown, { newline: "\n" })}\n`);
    }),
    { numRuns: 2000 },
  );
});
