import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scenarios } from "../../src/sandbox/scenarios/table.ts";
import { loadSeedFile } from "../../src/sandbox/seed-file.ts";

const page = await readFile("docs/sandbox.md", "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(page)?.[1] ?? "";

test("the vitest example of the documentation is the one that runs here", async () => {
  const example = await readFile("test/sandbox/example.test.ts", "utf8");
  const imports = (source: string) =>
    source
      .replace(/".*sandbox(\/index\.ts)?"/, '"akto-okta/sandbox"')
      .trim()
      .split("\n")
      .sort();
  expect(imports(block("ts"))).toEqual(imports(example));
});

test("the seed of the documentation can be read", async () => {
  const directory = await mkdtemp(join(tmpdir(), "seed-"));
  const path = join(directory, "org.yaml");
  await writeFile(path, block("yaml"));
  const seed = await loadSeedFile(path);
  expect(seed.okta?.users).toHaveLength(501);
  expect(seed.akto).toMatchObject({ accountId: 1_000_000 });
  await rm(directory, { recursive: true });
});

test("scenarios have names of their own and say what is wrong in a sentence", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  for (const { name, summary } of scenarios) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  }
});
