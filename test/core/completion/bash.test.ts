import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bashReplies, bashText, type Quote, readBashLine, startingWith } from "../../../src/core/completion/bash.ts";

const breaks = " \t\n\"'@><=;|&(:";
const quotes: readonly Quote[] = ["", "'", '"', "$'"];
const hasBash = spawnSync("bash", ["-c", ":"]).status === 0;

// Whatever a shell would do something with, and whatever it would not.
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."aZ9 \n\t\\'\"$`!*?[]{}()<>|&;#~=:@,-^%\u0007\u001b\u202e",
        "é",
        "☂",
        "👩‍🚒",
        "$(x)",
        `$${"{x}"}`,
        "\\n",
      ),
      fc.string({ unit: "binary" }).filter((text) => !/[\0\p{Cs}]/u.test(text)),
    ),
  )
  .map((parts) => parts.join(""));

describe("a line of bash", () => {
  it.each<[string, readonly string[], string]>([
    ["akto-okta mapping add ", ["akto-okta", "mapping", "add"], ""],
    ["akto-okta map", ["akto-okta"], "map"],
    ["akto-okta 'a b' \"c $d\" e\\ f $'g\\n' h", ["akto-okta", "a b", "c $d", "e f", "g\n"], "h"],
    ['akto-okta "a \\" \\x $(b)', ["akto-okta"], 'a " \\x $(b)'],
    ["akto-okta 'it'\\''s", ["akto-okta"], "it's"],
    ["akto-okta a\\", ["akto-okta"], "a"],
    ["akto-okta '' \"\" ", ["akto-okta", "", ""], ""],
    ["akto-okta $'\\x41\\u00e9\\101\\'", ["akto-okta"], "AéA'"],
    ["akto-okta 'ends in $' \"and in $\" ", ["akto-okta", "ends in $", "and in $"], ""],
  ])("%j is read without its quotes, and nothing in it is expanded", (line, words, current) => {
    expect(readBashLine(line, breaks)).toMatchObject({ words, current });
  });

  it("has its last word begun anew after a quote that is open, and after a break", () => {
    expect(readBashLine("x a:b", breaks)).toMatchObject({ current: "a:b", kept: 2, quote: "" });
    expect(readBashLine("x --output=cs", breaks)).toMatchObject({ current: "--output=cs", kept: 9 });
    expect(readBashLine("x 'a:b", breaks)).toMatchObject({ current: "a:b", kept: 0, quote: "'" });
    expect(readBashLine('x --a="b c', breaks)).toMatchObject({ current: "--a=b c", kept: 4, quote: '"' });
    expect(readBashLine('x "a:b"c', breaks)).toMatchObject({ current: "a:bc", kept: 0, quote: "" });
    expect(readBashLine("x a\\:b", breaks)).toMatchObject({ current: "a:b", kept: 0 });
  });

  it("is read without an error, whatever stands on it", () => {
    fc.assert(
      fc.property(texts, (line) => {
        const { words, current, kept } = readBashLine(line, breaks);
        expect(kept).toBeLessThanOrEqual(current.length);
        expect(words.length).toBeLessThanOrEqual(line.length);
      }),
    );
  });
});

describe("a text for a line of bash", () => {
  it("is read back as it was, in whatever quote it stands", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...quotes), (text, quote) => {
        const typed = bashText(text, quote);
        const open = quote.slice(-1);
        // Readline closes the quote, unless one stands there.
        const closing = open === "" || typed.endsWith(open) ? "" : open;
        expect(readBashLine(`x ${quote}${typed}${closing} `, breaks).words.slice(1)).toEqual(
          text === "" && quote === "" ? [] : [text],
        );
      }),
    );
  });

  it.skipIf(!hasBash)("is that text to bash itself, and nothing is evaluated (needs bash)", () => {
    const sample = fc.sample(
      fc.tuple(
        texts.filter((text) => text !== ""),
        fc.constantFrom(...quotes),
      ),
      300,
    );
    const words = sample.map(([text, quote]) => {
      const typed = bashText(text, quote);
      const open = quote.slice(-1);
      return quote + typed + (open === "" || typed.endsWith(open) ? "" : open);
    });
    const script = `printf '%s\\0' ${words.join(" ")}`;
    const env = { PATH: "/nowhere", LC_ALL: "C.UTF-8" };
    const said = execFileSync("/bin/bash", ["--norc", "-c", script], { env }).toString();
    expect(said.split("\0").slice(0, -1)).toEqual(sample.map(([text]) => text));
  });
});

it("names that differ in case alone are offered where they begin alike, since bash puts in what they have in common", () => {
  expect(startingWith(["Akto A", "akto b"], "akto")).toEqual(["akto b"]);
  expect(startingWith(["Akto A", "Akto B"], "akto")).toEqual(["Akto A", "Akto B"]);
  expect(startingWith(["Akto A", "AKTO B"], "akto")).toEqual([]);
  expect(bashReplies(["team:dev", "team:ops"], readBashLine("x team:", breaks))).toEqual(["dev", "ops"]);
});
