/** What is read from outside can be of any length: no regular expression may take longer over it than in proportion. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { check } from "recheck";
import { parseAst } from "rolldown/parseAst";
import { Visitor } from "rolldown/utils";
import { afterEach, expect, test, vi } from "vitest";

interface Pattern {
  readonly source: string;
  readonly flags: string;
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((name) => `src/${name.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));

/** The literals of a file, and how often it makes a pattern in another way. */
function patternsIn(path: string): { literals: Pattern[]; made: number } {
  const literals: Pattern[] = [];
  let made = 0;
  const isRegExp = (node: { type: string }) => node.type === "Identifier" && "name" in node && node.name === "RegExp";
  const visitor = new Visitor({
    Literal(node) {
      if ("regex" in node) literals.push({ source: node.regex.pattern, flags: node.regex.flags });
    },
    NewExpression: ({ callee }) => {
      if (isRegExp(callee)) made++;
    },
    CallExpression: ({ callee }) => {
      if (isRegExp(callee)) made++;
    },
  });
  visitor.visit(parseAst(readFileSync(path, "utf8"), { lang: "ts" }, path));
  return { literals, made };
}

/** Whether it repeats something without an end. From each place the others look at so many characters at most, whatever comes. */
function isUnbounded({ source }: Pattern): boolean {
  const bare = source.replaceAll(/\\./g, "").replaceAll(/\[[^\]]*\]/g, "");
  return /[*+]|\{\d+,\}/.test(bare);
}

/** The search goes by the steps that an input takes, and is the same each time: a busy machine finds nothing more. */
const stepsAlone = {
  randomSeed: 1,
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
};

/** What makes a pattern slow, by a search for the worst input that counts steps, not time; `null` when nothing does. */
async function slowness({ source, flags }: Pattern): Promise<string | null> {
  const found = await check(source, flags, stepsAlone);
  if (found.status === "safe") return null;
  const why =
    found.status === "vulnerable" ? `${found.complexity.summary}, as on ${found.attack.pattern}` : found.status;
  return `/${source}/${flags}: ${why}`;
}

/** Files whose patterns are made as they are loaded, or with their first use, and how many. */
const madeAtOnce = new Map([
  ["src/core/address.ts", 1],
  ["src/core/claim/filter.ts", 2],
  ["src/core/text.ts", 2],
]);
/** Files that make a pattern later: of a claim's filter, whose ways to match are counted first, or in the sandbox. */
const madeLater = new Map([
  ["src/core/claim/java-regex.ts", 1],
  ["src/sandbox/akto/dashboard.ts", 1],
  ["src/sandbox/okta/api/claims.ts", 1],
  ["src/sandbox/okta/oidc/claims.ts", 1],
]);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test.each([
  ["a", false],
  ["[+*]\\*{3,4}x?", false],
  ["[\\]]{3,}", true],
  ["[^\\]]*", true],
  ["(?:ab)+", true],
])("/%s/ repeats something without an end: %s", (source, expected) => {
  expect(isUnbounded({ source, flags: "" })).toBe(expected);
});

test.each([
  ["(a+)+$", "exponential"],
  ["\\/+$", "2nd degree polynomial"],
])("the search finds that /%s/ is slow", async (source, summary) => {
  expect(await slowness({ source, flags: "" })).toContain(summary);
});

test("every regular expression of the program takes a time in proportion to what it reads", async () => {
  const found = files.map((path) => ({ path, ...patternsIn(path) }));
  const literals = found.flatMap(({ literals }) => literals);
  expect(literals.length).toBeGreaterThan(200);
  const madeIn = found.flatMap(({ path, made }) => (made > 0 ? [[path, made] as const] : []));
  expect(new Map(madeIn)).toEqual(new Map([...madeAtOnce, ...madeLater].sort()));

  const made: RegExp[] = [];
  vi.resetModules();
  vi.stubGlobal(
    "RegExp",
    class extends RegExp {
      constructor(pattern: string | RegExp, flags?: string) {
        super(pattern, flags);
        made.push(this);
      }
    },
  );
  for (const path of madeAtOnce.keys()) await import(resolve(path));
  const { clean, cleanLines } = await import("../../src/core/text.ts");
  cleanLines(clean("é\0"));
  cleanLines("\0");
  vi.unstubAllGlobals();
  expect(made.length).toBeGreaterThanOrEqual([...madeAtOnce.values()].reduce((sum, count) => sum + count));

  const unbounded = [...literals, ...made].filter(isUnbounded);
  expect(unbounded.length).toBeGreaterThan(80);
  const once = new Map(unbounded.map(({ source, flags }) => [`/${source}/${flags}`, { source, flags }]));
  const slow = await Promise.all(Array.from(once.values(), slowness));
  expect(slow.filter((why) => why !== null)).toEqual([]);
});
