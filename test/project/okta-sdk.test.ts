/** What is bundled of Okta's SDK loads its models one by one, and they are the same. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { compileFunction } from "node:vm";
import { expect, test } from "vitest";

const file = createRequire(import.meta.url)
  .resolve("@okta/okta-sdk-nodejs")
  .replace(/index\.js$/, "generated/models/ObjectSerializer.js");

/** The table of models by their names, and how many models were loaded for it. */
function tableOf(code: string): { table: Map<string, unknown>; loaded: number } {
  const require = createRequire(file);
  let loaded = 0;
  const counting = (path: string): unknown => {
    loaded += 1;
    return require(path);
  };
  const typeMap: object = compileFunction(`${code}\nreturn typeMap;`, ["require", "exports"])(counting, {});
  const atFirst = loaded;
  return { table: new Map(Object.entries(typeMap)), loaded: atFirst };
}

test("every model that Okta's SDK finds by a name is found by it in the bundle, and none is loaded before", async () => {
  const { lazyOktaSdk } = await import(resolve("scripts/bundle/okta-sdk.js"));
  const code = readFileSync(file, "utf8");
  const [ours, theirs] = [tableOf(lazyOktaSdk(code, file)), tableOf(code)];
  expect(theirs.table.size).toBeGreaterThan(1_500);
  expect([...ours.table.keys()]).toEqual([...theirs.table.keys()]);
  for (const [name, model] of theirs.table) expect(ours.table.get(name)).toBe(model);
  expect(theirs.loaded).toBeGreaterThan(1_500);
  expect(ours.loaded).toBe(0);
});

test.each(["models/ObjectSerializer.js", "types/ObservableAPI.js", "types/ObjectParamAPI.js"])(
  "a release of the SDK that writes %s in another way ends the build",
  async (name) => {
    const { lazyOktaSdk } = await import(resolve("scripts/bundle/okta-sdk.js"));
    const path = file.replace("models/ObjectSerializer.js", name);
    const other = readFileSync(path, "utf8").replaceAll(/require\(["']([^"']+)["']\)/g, "require(`$1`)");
    expect(() => lazyOktaSdk(other, path)).toThrow(/is written in another way than expected/);
  },
);
