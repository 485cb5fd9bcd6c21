/** How the program is bundled, whatever it becomes. */
import { readFileSync } from "node:fs";
import { standInFor, standIns } from "./stand-ins.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** What the bundler is told of the sources. */
export const bundling = {
  platform: "node",
  logLevel: "warn",
  // The keychain is native: a package for each platform.
  external: (id, importer) =>
    (id.startsWith("node:") && standInFor(id, importer) === undefined) || id.startsWith("@napi-rs/keyring"),
  plugins: [standIns()],
  transform: { define: { __VERSION__: JSON.stringify(version) } },
};

/** And of what it writes: CommonJS, which Node starts sooner than ES modules. */
export const written = {
  format: "cjs",
  // Names stay: libraries go by those of their classes, and so does whoever reads the trace of a bug.
  keepNames: true,
  minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
};

/**
 * What is needed together lies together: to open many small files takes longer than to read what is in them. Nothing may be
 * here whose libraries are only needed by some.
 */
export const groups = [
  // What is done before the rest is loaded.
  { name: "home", test: /\/src\/store\/home\.ts/, priority: 2 },
  // What the prepared help needs, which names the profile in use.
  {
    name: "prepared",
    test: /\/src\/(?:prepared|store\/(?:folder|failures|usable|profile-in-use|json-file)|core\/(?:text|json|failure))\.ts|\/node_modules\/env-paths\//,
    priority: 1,
  },
  {
    name: "start",
    test: /\/src\/(?:run|context)\.ts|\/src\/settings\/|\/src\/commands\/(?:program|table|options|groups\/list|mapping\/list)\.ts|\/src\/usecases\/mapping\/mapping\.ts|\/src\/terminal\/(?:terminal|style|passing|columns?|output-format|tabbed)\.ts|\/src\/store\/(?:profiles|secrets|secret-file|secret-text|keychain)\.ts|\/src\/core\/(?:profile-state|redaction|once|address|products|csv)\.ts|\/src\/core\/(?:model|roles)\/|\/src\/okta\/(?:settings|private-key)\.ts|\/node_modules\/(?:commander|picocolors)\//,
  },
  { name: "systems", test: /\/src\/(?:http|akto)\/|\/src\/okta\/(?!sdk|service-app|settings|private-key)/ },
];
