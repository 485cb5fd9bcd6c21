import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const text = readFileSync("SECURITY.md", "utf8");
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| what") && !line.startsWith("| ---"))
  .map((line) => line.split("|").map((cell) => cell.trim()));
const testsIn = (cell: string) => Array.from(cell.matchAll(/`(test\/[^`]+)`/g), ([, path]) => path ?? "");

test("what SECURITY.md promises is each shown by a test that exists", () => {
  expect(rows.length).toBeGreaterThan(8);
  for (const [, what, , how, tests = ""] of rows) {
    expect(how, what).not.toBe("");
    expect(testsIn(tests), what).not.toEqual([]);
    for (const path of testsIn(tests)) expect(existsSync(path), path).toBe(true);
  }
});

test("SECURITY.md is found from the README, comes with the package, and names scripts that there are", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  expect(readFileSync("README.md", "utf8")).toContain("](SECURITY.md)");
  expect(manifest.files).toContain("SECURITY.md");
  for (const [, script = ""] of text.matchAll(/^npm run ([\w:]+)/gm)) expect(manifest.scripts).toHaveProperty([script]);
});
