/** What stands in the bundle for packages that are never used there. */
import { createRequire } from "node:module";

/**
 * Okta's SDK signs service apps in with these, of which some have been without a maintainer for years. Here nothing is signed
 * by the SDK, see src/okta/signing.ts.
 */
const signing = ["njwt", "node-jose", "rasha", "eckles"];

/** A log that is off for good: whoever sets DEBUG would see addresses with what is secret in them. */
const silence = `
const off = Object.assign(() => {}, { enabled: false, extend: () => off });
module.exports = Object.assign(() => off, { default: () => off });
`;

/** What `conf` would check and bring up to date by, if it were told to. */
const unusedByConf = ["ajv/dist/2020.js", "ajv-formats", "semver"];

/** What commander would start programs with that stand for commands. */
const unusedByCommander = ["node:child_process"];

const nothing = "module.exports = {};";

/**
 * A module of Node's that a library imports as one object, by its parts: the bundler would copy that object member by member
 * at each start.
 */
function partsOf(id) {
  const names = Object.keys(createRequire(import.meta.url)(id)).filter((name) => /^[a-z]\w*$/i.test(name));
  return `import { ${names.join(", ")} } from "${id}";\nexport default { ${names.join(", ")} };\n`;
}
const inParts = new Map([
  ["node:process", "export default globalThis.process;\n"],
  ["node:path", partsOf("node:path")],
  ["node:os", partsOf("node:os")],
]);
const importsInParts = ["conf", "env-paths"];

const everywhere = new Map([["debug", silence], ...signing.map((name) => [name, nothing])]);
const within = new Map([
  ["conf", unusedByConf],
  ["commander", unusedByCommander],
]);
// There it is already, and to require it costs more.
const process = "module.exports = globalThis.process;";

/** The code that stands for a module where this file imports it, if any does. */
export function standInFor(id, importer) {
  const [, name = ""] = /\/node_modules\/([^/]+)\/(?!.*\/node_modules\/)/.exec(importer ?? "") ?? [];
  if (name === "commander" && id === "node:process") return process;
  if (importsInParts.includes(name) && inParts.has(id)) return inParts.get(id);
  return everywhere.get(id) ?? (within.get(name)?.includes(id) ? nothing : undefined);
}

/** A plugin of the bundler. */
export function standIns() {
  const prefix = "\0stand-in:";
  const codes = new Map();
  return {
    name: "stand-ins",
    resolveId(id, importer) {
      const code = standInFor(id, importer);
      if (code === undefined) return null;
      const place = [...codes].find(([, other]) => other === code)?.[0] ?? `${prefix}${codes.size}:${id}`;
      codes.set(place, code);
      return place;
    },
    load: (id) => (codes.has(id) ? { code: codes.get(id), moduleType: "js" } : null),
  };
}
