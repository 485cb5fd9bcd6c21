/**
 * Keeps the arrows between the rooms of src one way: every import of a room, type-only ones included, must be in the
 * table below. And no file imports itself by way of others.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const adapters = ["http", "okta", "akto", "oidc", "store", "terminal"];

/** What each room may import beside itself. `root` is the files that lie in src itself. */
const allowed = {
  core: [],
  // What somebody named, read with a limit.
  files: ["core"],
  http: ["core"],
  okta: ["core", "http", "files"],
  akto: ["core", "http"],
  // HTML, made from what is known.
  page: ["core"],
  // Its listener serves a page under that page's policy.
  oidc: ["core", "http", "page"],
  store: ["core"],
  terminal: ["core"],
  settings: ["core", "files", "okta", "store"],
  // Neither side of the wire may hide the other's mistakes.
  sandbox: ["core", "files"],
  usecases: ["core", "files", "page", "root", "settings", ...adapters],
  commands: ["core", "files", "page", "root", "settings", "usecases", "sandbox", ...adapters],
  root: ["core", "files", "settings", "commands", ...adapters],
};

const src = resolve(import.meta.dirname, "../src");
const nameOf = (file) => relative(src, file);
const roomOf = (file) => {
  const parts = nameOf(file).split(sep);
  return parts.length === 1 ? "root" : parts[0];
};

/** Each file's imports of other files of src. */
const imports = new Map();
for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
  const file = join(entry.parentPath, entry.name);
  const specifiers = readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  imports.set(
    file,
    Array.from(specifiers, ([, specifier]) => resolve(dirname(file), specifier)),
  );
}

const broken = [];
for (const [file, targets] of imports) {
  for (const target of targets) {
    const from = roomOf(file);
    const to = roomOf(target);
    if (from !== to && !allowed[from]?.includes(to))
      broken.push(`${nameOf(file)} (${from}) imports ${nameOf(target)} (${to}), against the rooms' order`);
  }
}

/** The files that lie on a circle through `start`, if there is one: the shortest way back. */
function circleThrough(start) {
  const before = new Map([[start, null]]);
  const queue = [start];
  for (const file of queue) {
    for (const target of imports.get(file) ?? []) {
      if (target === start) {
        const circle = [];
        for (let at = file; at !== null; at = before.get(at)) circle.unshift(nameOf(at));
        return circle;
      }
      if (before.has(target)) continue;
      before.set(target, file);
      queue.push(target);
    }
  }
  return null;
}

const circles = new Map();
for (const file of imports.keys()) {
  const circle = circleThrough(file);
  if (circle) circles.set([...circle].sort().join(), circle);
}
for (const circle of circles.values()) broken.push(`${[...circle, circle[0]].join(" → ")} is a circle`);

if (broken.length > 0) {
  process.stderr.write(`${broken.join("\n")}\n`);
  process.exitCode = 1;
}
