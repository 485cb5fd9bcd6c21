/**
 * Keeps the arrows between the rooms of src one way: every import of a room, type-only ones included, must be in the
 * table below.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const adapters = ["http", "okta", "akto", "oidc", "store", "terminal"];

/** What each room may import beside itself. `root` is the files that lie in src itself. */
const allowed = {
  core: [],
  http: ["core"],
  okta: ["core", "http"],
  akto: ["core", "http"],
  oidc: ["core", "http"],
  store: ["core"],
  terminal: ["core"],
  // Neither side of the wire may hide the other's mistakes.
  sandbox: ["core"],
  usecases: ["core", "root", ...adapters],
  commands: ["core", "root", "usecases", "sandbox", ...adapters],
  root: ["core", "commands", ...adapters],
};

const src = resolve(import.meta.dirname, "../src");
const roomOf = (file) => {
  const parts = relative(src, file).split(sep);
  return parts.length === 1 ? "root" : parts[0];
};

const broken = [];
for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
  const file = join(entry.parentPath, entry.name);
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const from = roomOf(file);
    const to = roomOf(resolve(dirname(file), specifier));
    if (from !== to && !allowed[from]?.includes(to))
      broken.push(`${relative(src, file)} (${from}) imports ${specifier} (${to})`);
  }
}
if (broken.length > 0) {
  process.stderr.write(`These imports go against the rooms' order:\n${broken.map((line) => `  ${line}`).join("\n")}\n`);
  process.exitCode = 1;
}
