import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { buildProgram } from "../../src/commands/program.ts";
import { commandTable } from "../../src/commands/table.ts";
import { describeCommands } from "./reference.ts";

const pages = [
  ...readdirSync("."),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((path) => join("docs", path)),
].filter((path) => path.endsWith(".md"));

/** A heading's anchor, as GitHub makes it: letters, digits, hyphens and underscores, a space is a hyphen. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

test("every link within the documents leads to a file and a heading that are there", () => {
  const links = pages.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)\s]+)\)|src="(?!https?:)([^"]+)"/g)].map(
      ([, link, source]) => ({ page, link: link ?? source ?? "" }),
    ),
  );
  expect(links.length).toBeGreaterThan(60);
  const broken = links.filter(({ page, link }) => {
    const [path = "", fragment] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    if (!existsSync(target)) return true;
    if (fragment === undefined) return false;
    const headings = readFileSync(target, "utf8").matchAll(/^#+ (.*)$/gm);
    return !Array.from(headings, ([, heading = ""]) => anchor(heading)).includes(fragment);
  });
  expect(broken).toEqual([]);
});

test("every page is found from the index or the README", () => {
  const named = ["README.md", "docs/README.md"].flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/\]\(([^)#:]+)/g)].map(([, path = ""]) => join(dirname(page), path)),
  );
  expect(pages.filter((page) => page !== "README.md" && !named.includes(page))).toEqual([]);
});

test("every command that the documents show is one that there is, with flags that it takes", async () => {
  const globals = buildProgram(commandTable, new AbortController().signal).options.map(({ flags }) => flags);
  const known = new Map(
    (await describeCommands()).map(({ name, options }) => [
      name,
      new Set(
        [...globals, ...options.map(({ flags }) => flags), "--help"].flatMap(
          (flags) => flags.match(/--?[\w-]+/g) ?? [],
        ),
      ),
    ]),
  );
  const shown = pages.flatMap((page) => {
    const text = readFileSync(page, "utf8");
    const blocks = [...text.matchAll(/```(?:sh|console|powershell)\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
    const lines = blocks.flatMap((block) => block.replaceAll("\\\n", " ").match(/^(?:\$ )?akto-okta .*$/gm) ?? []);
    const inline = [...text.matchAll(/`(akto-okta [a-z][^`]*)`/g)].map(([, line = ""]) => line);
    return [...lines, ...inline].map((line) => ({
      page,
      words: line
        .replace(/^\$ /, "")
        .replace(/\s[#|>].*$/, "")
        .split(/\s+/)
        .slice(1),
    }));
  });
  expect(shown.length).toBeGreaterThan(100);
  const wrong = shown.filter(({ words: [noun = "", verb = "", ...rest] }) => {
    const flags = known.get(noun) ?? known.get(`${noun} ${verb}`);
    if (!flags) return !(commandTable.some(({ name }) => name === noun) && verb === "--help") && noun !== "COMMAND";
    return [verb, ...rest].some((word) => /^--?[a-z]/.test(word) && !flags.has(word.split("=")[0] ?? ""));
  });
  expect(wrong).toEqual([]);
});
