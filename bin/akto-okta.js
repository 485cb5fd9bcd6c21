#!/usr/bin/env node
const { existsSync, lstatSync, mkdirSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { isAbsolute, join } = require("node:path");

const bundle = join(__dirname, "..", "dist", "bundle");

// What was compiled once is read back.
const folder = compiled();
if (folder && enableCompileCache) enableCompileCache(folder);
else if (folder) require("./compile-cache.js").keepCompiled(bundle, folder);

const { main } = require("../dist/bundle/cli.cjs");

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

/** The folder for it, which is this user's own: whoever may write there decides what runs. */
function compiled() {
  const { HOME, LOCALAPPDATA, NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const windows = process.platform === "win32";
  const home = windows ? LOCALAPPDATA : XDG_CACHE_HOME || HOME;
  const below = windows || XDG_CACHE_HOME ? "akto-okta" : ".cache/akto-okta";
  const folder = NODE_COMPILE_CACHE || (home && join(home, below, "compiled"));
  // Below the working folder it would be somebody's repository that decides.
  if (folder && !isAbsolute(folder)) return undefined;
  try {
    const found = folder && lstatSync(folder, { throwIfNoEntry: false });
    if (found) {
      const own = windows || (found.uid === process.geteuid() && (found.mode & 0o22) === 0);
      return own && found.isDirectory() ? folder : undefined;
    }
    // Users without a home are told to have one that isn't there.
    if (!folder || !(NODE_COMPILE_CACHE || existsSync(home))) return undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return undefined;
  }
}
