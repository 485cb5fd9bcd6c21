/** Which packages are in the bundle, and what their licenses ask to be said. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The packages that these files are from, each with its `place` below this folder.
 *
 * @param {readonly string[]} files paths of bundled modules
 */
export function bundledPackages(files) {
  const found = new Map();
  for (const file of files) {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.replaceAll("\\", "/"))?.[0];
    if (folder === undefined || found.has(folder)) continue;
    const place = relative(process.cwd(), folder).replaceAll("\\", "/");
    found.set(folder, { folder, place, ...JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) });
  }
  return [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** The text of all their licenses. */
export function notices(packages) {
  const intro = "The files in bundle/ hold parts of these packages, each under its own license.\n";
  return [intro, ...packages.map(notice)].join(`\n${"-".repeat(80)}\n\n`);
}

function notice({ folder, name, version, license, author, homepage }) {
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)(\.(md|txt|markdown))?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length === 0) {
    // Not every package brings the text of its license; it names it all the same.
    if (license === undefined) throw new Error(`${name}@${version} has no license`);
    const by = typeof author === "string" ? author : author?.name;
    texts.push(`License: ${license}${by === undefined ? "" : `\nBy ${by}`}`);
  }
  const at = homepage === undefined ? "" : `\n${homepage}`;
  return `${name} ${version} (${license ?? "see below"})${at}\n\n${texts.join("\n\n")}\n`;
}
