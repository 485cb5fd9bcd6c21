/** How the program is bundled, whatever it becomes. */
import { readFileSync } from "node:fs";
import { standIns } from "./stand-ins.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** What the bundler is told of the sources. */
export const bundling = {
  platform: "node",
  logLevel: "warn",
  // The keychain is native: a package for each platform.
  external: (id) => id.startsWith("node:") || id.startsWith("@napi-rs/keyring"),
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
