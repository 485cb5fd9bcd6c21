/**
 * Writes npm-shrinkwrap.json for the package: what package-lock.json says of all that is installed with it, hashes included,
 * so that whoever installs it gets what was tested. It is there while the package is packed, and not before: in the working
 * folder it would stand in for package-lock.json.
 *
 *   node scripts/shrinkwrap.js [FOLDER]     node scripts/shrinkwrap.js --remove
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [where = "."] = process.argv.slice(2);
if (where === "--remove") rmSync("npm-shrinkwrap.json", { force: true });
else {
  const { packages, ...lock } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const { devDependencies: _, ...root } = packages[""];
  const installed = Object.entries(packages).filter(([place, { dev }]) => place !== "" && !dev);
  const text = JSON.stringify({ ...lock, packages: { "": root, ...Object.fromEntries(installed) } }, null, 2);
  writeFileSync(join(where, "npm-shrinkwrap.json"), `${text}\n`);
}
