/**
 * Looks for known vulnerabilities in what comes with the package: the packages in the bundle and those that are installed.
 * Those that only build or test it are passed over.
 *
 * It ends with 0 when there is none, with 1 when there is one, and with 2 when npm's advisories could not be had: then it has
 * only looked for packages that their authors have given up.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const bundled = Object.keys(JSON.parse(readFileSync("dist/bundled.json", "utf8")));
const installed = Object.keys(packages).filter((place) => place !== "" && !packages[place].dev);
const shipped = new Set([...bundled, ...installed]);
const say = (line) => process.stdout.write(`${line}\n`);

const found = [];
for (const place of shipped) {
  const { version, deprecated } = packages[place] ?? {};
  if (deprecated !== undefined) found.push(`${place} ${version} is deprecated: ${deprecated}`);
}

const { report, why } = advisories();
for (const { name, severity, nodes, via } of Object.values(report?.vulnerabilities ?? {})) {
  const because = via.map((cause) => (typeof cause === "string" ? `through ${cause}` : `${cause.title} ${cause.url}`));
  for (const place of nodes.filter((node) => shipped.has(node))) {
    found.push(`${place} (${name}), ${severity}: ${because.join("; ")}`);
  }
}

for (const line of found) say(line);
if (report === undefined) {
  say(`npm's advisories could not be had, so none of the ${shipped.size} packages was held against them: ${why}`);
  process.exitCode = 2;
} else {
  say(`${shipped.size} packages looked at, ${found.length} findings.`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

/** What npm knows of everything that is locked, or why it can't be told. */
function advisories() {
  const { stdout, stderr, error } = spawnSync("npm", ["audit", "--json"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (error) return { why: `npm can't be run (${error.code})` };
  try {
    const report = JSON.parse(stdout);
    if (report.vulnerabilities !== undefined) return { report };
    return { why: report.message ?? report.error?.summary ?? "npm's answer has none" };
  } catch {
    return { why: `npm's answer is no JSON: ${(stdout || stderr).trim().slice(0, 200) || "it is empty"}` };
  }
}
