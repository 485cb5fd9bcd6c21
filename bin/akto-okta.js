#!/usr/bin/env node
const { enableCompileCache } = require("node:module");

// What Node compiled once it reads back, where it can (Node 22 and newer). In a folder of this user's own: whoever may write
// there decides what runs.
if (enableCompileCache) {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const caches = process.platform === "win32" ? LOCALAPPDATA : XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  if (caches) enableCompileCache(`${caches}/akto-okta`);
}

const { main } = require("../dist/bundle/cli.cjs");

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
