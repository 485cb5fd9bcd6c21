import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toJson, toJsonLines } from "../../src/core/json.ts";
import { createRedaction } from "../../src/core/redaction.ts";
import { jsonOf, linesOf, type PagedText } from "../../src/terminal/listing.ts";
import { Terminal } from "../../src/terminal/terminal.ts";
import { hostileNames } from "../hostile.ts";

const record = fc.dictionary(
  fc.string({ unit: "binary" }),
  fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostileNames.values()), fc.integer(), fc.constant(null)),
);
const pages = fc.array(fc.array(record, { minLength: 1, maxLength: 3 }), { maxLength: 4 });
type Row = Record<string, string | number | null>;

const written = ({ start, page, end }: PagedText<Row>, parts: readonly (readonly Row[])[]) =>
  start + parts.map(page).join("") + end(parts.flat().length);

test("a JSON document written page by page is letter for letter the one that is written at once", () => {
  fc.assert(
    fc.property(pages, fc.string({ unit: "binary" }), (parts, list) => {
      fc.pre(!/^(?:\d+|total|__proto__)$/.test(list));
      const rows = parts.flat();
      const text = jsonOf<Row>({ list, item: (row) => row, rest: (total) => ({ total }) });
      expect(written(text, parts)).toBe(`${toJson({ [list]: rows, total: rows.length }, 2)}\n`);
    }),
  );
});

test("lines written page by page are those that are written at once", async () => {
  const keys = ["name", "members"];
  const list = { columns: [{ head: "NAME", cell: (row: Row) => String(row.name) }], record: (row: Row) => row, keys };
  for (const format of ["jsonl", "csv", "tabbed"] as const) {
    const text = await linesOf(format, list);
    fc.assert(
      fc.property(pages, (parts) => {
        expect(written(text, parts)).toBe(
          written(
            text,
            [parts.flat()].filter(({ length }) => length > 0),
          ),
        );
      }),
    );
  }
});

test("JSON Lines are lines of JSON, whatever stands in them", () => {
  fc.assert(
    fc.property(pages, (parts) => {
      const rows = parts.flat();
      expect(toJsonLines(rows)).toBe(rows.map((row) => toJson(row)).join("\n"));
    }),
  );
});

/** A terminal whose standard output takes each text when it is told to. */
function slowTerminal() {
  const taken: ((reads: boolean) => void)[] = [];
  const texts: string[] = [];
  const out = (text: string) => {
    texts.push(text);
    return new Promise<boolean>((resolve) => taken.push(resolve));
  };
  const terminal = new Terminal({
    json: false,
    input: false,
    quiet: false,
    debug: false,
    color: false,
    signal: new AbortController().signal,
    streams: { out, err: () => {} },
    redaction: createRedaction(),
  });
  return { terminal, taken, texts };
}

test("no page is asked for before the one before it is taken, and none once nobody reads on", async () => {
  const { terminal, taken, texts } = slowTerminal();
  let asked = 0;
  let left = false;
  async function* numbers() {
    try {
      for (;;) yield [{ number: ++asked }];
    } finally {
      left = true;
    }
  }
  const printed = terminal.listPages(
    {
      pages: numbers(),
      columns: [],
      record: (row) => row,
      keys: ["number"],
      document: { list: "numbers", item: (row) => row, rest: () => ({}) },
      footer: () => "",
    },
    "jsonl",
  );
  for (let page = 1; page <= 3; page++) {
    // Whatever could happen without a reader has happened.
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    expect(asked).toBe(page);
    expect(texts.at(-1)).toBe(`{"number":${page}}\n`);
    taken.at(-1)?.(page < 3);
  }
  await printed;
  expect([asked, left]).toEqual([3, true]);
});
