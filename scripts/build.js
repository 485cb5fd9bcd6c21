/** Bundles the program: one file an entry, and a chunk for whatever a command loads only when it is called. */
import { readFileSync } from "node:fs";
import { build } from "rolldown";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const installed = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });

await build({
  input: { cli: "src/cli.ts", index: "src/index.ts", sandbox: "src/sandbox/index.ts" },
  platform: "node",
  logLevel: "warn",
  // Dependencies stay in node_modules: what a command does not import, it does not read.
  external: (id) => id.startsWith("node:") || installed.some((name) => id === name || id.startsWith(`${name}/`)),
  transform: { define: { __VERSION__: JSON.stringify(manifest.version) } },
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
  },
});
