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

const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8", shell: process.platform === "win32" });
const report = JSON.parse(stdout);
for (const { name, severity, nodes, via } of Object.values(report.vulnerabilities ?? {})) {
  const why = via.map((cause) => (typeof cause === "string" ? `through ${cause}` : `${cause.title} ${cause.url}`));
  for (const place of nodes.filter((node) => shipped.has(node))) {
    found.push(`${place} (${name}), ${severity}: ${why.join("; ")}`);
  }
}

for (const line of found) say(line);
if (report.vulnerabilities === undefined) {
  say(`npm's advisories could not be had, so nothing was held against them: ${report.message ?? "no report came"}`);
  process.exitCode = 2;
} else {
  say(`${shipped.size} packages looked at, ${found.length} findings.`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
