/** How the program is bundled, whatever it becomes. */
import { readFileSync } from "node:fs";
import { standInFor, standIns } from "./stand-ins.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** What the bundler is told of the sources. */
export const bundling = {
  platform: "node",
  logLevel: "warn",
  // What lies together is told below: a module that one file loads when it needs it may be another's from the start.
  checks: { ineffectiveDynamicImport: false },
  // The keychain is native: a package for each platform.
  external: (id, importer) =>
    (id.startsWith("node:") && standInFor(id, importer) === undefined) || id.startsWith("@napi-rs/keyring"),
  plugins: [standIns()],
  transform: { define: { __VERSION__: JSON.stringify(version) } },
};

/** And of what it writes: CommonJS, which Node starts sooner than ES modules. */
export const written = {
  format: "cjs",
  // What is read back compiled, see bin/compile-cache.js, can't import.
  dynamicImportInCjs: false,
  // Names stay: libraries go by those of their classes, and so does whoever reads the trace of a bug.
  keepNames: true,
  minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
};

/**
 * What is needed together lies together: to open many small files takes longer than to read what is in them. Nothing may be
 * here whose libraries are only needed by some.
 */
export const groups = [
  // What is done before any library is loaded.
  { name: "home", test: /\/src\/(?:store\/home|terminal\/standard|core\/failure)\.ts/, priority: 2 },
  // What the prepared help needs, which names the profile in use, and what it needs where one was chosen.
  { name: "place", test: /\/src\/store\/place\.ts|\/node_modules\/env-paths\//, priority: 2 },
  {
    name: "in-use",
    test: /\/src\/(?:store\/(?:folder|failures|usable|profile-in-use|json-file)|core\/(?:text|json))\.ts/,
    priority: 1,
  },
  {
    name: "start",
    test: /\/src\/(?:run|context)\.ts|\/src\/settings\/|\/src\/commands\/(?:program|table|options|mapping\/list)\.ts|\/src\/usecases\/mapping\/mapping\.ts|\/src\/terminal\/(?:terminal|style|passing|listing|columns?|output-format|tabbed)\.ts|\/src\/store\/(?:names|profiles|safe-name)\.ts|\/src\/core\/(?:profile-state|redaction|once|address|products)\.ts|\/src\/core\/(?:model|roles)\/|\/node_modules\/(?:commander|conf|picocolors)\/|for conf$/,
  },
  // Whoever asks nobody needs none.
  {
    name: "secrets",
    test: /\/src\/store\/(?:secrets|secret-file|secret-text|keychain)\.ts|\/src\/okta\/(?:settings|private-key)\.ts/,
  },
  { name: "systems", test: /\/src\/(?:http|akto)\/|\/src\/okta\/(?!sdk|service-app|settings|private-key)/ },
];
