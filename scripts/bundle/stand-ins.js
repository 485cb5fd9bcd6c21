/** What stands in the bundle for packages that are never used there. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { lazyOktaSdk, oktaSdk } from "./okta-sdk.js";

/** A log that is off for good: whoever sets DEBUG would see addresses with what is secret in them. */
const silence = `
const off = Object.assign(() => {}, { enabled: false, extend: () => off });
module.exports = Object.assign(() => off, { default: () => off });
`;

/**
 * What `conf` would check, bring up to date, encrypt, write, and watch by, if it were told to. By the one that writes it would
 * also listen for every signal, and raise it once more.
 */
const unusedByConf = ["ajv/dist/2020.js", "ajv-formats", "semver", "node:crypto", "atomically", "debounce-fn"];

/** What it looks by whether there was more than the defaults, of which it has none here. */
const allDefaults = "export default { deepEqual() {} };\n";

const nothing = "module.exports = {};\n";

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
  ["node:assert", allDefaults],
]);
const importsInParts = ["conf", "env-paths"];

/**
 * A module of Node's that is loaded with the first call of one of its functions: to load it takes a while, and many runs call
 * none.
 */
function uponCall(id) {
  const functions = Object.entries(createRequire(import.meta.url)(id)).filter(([, it]) => typeof it === "function");
  return functions
    .map(([name]) => `export const ${name} = (...args) => process.getBuiltinModule("${id}").${name}(...args);\n`)
    .join("");
}
const uponCalls = new Map(["node:fs/promises", "node:timers/promises", "node:tty"].map((id) => [id, uponCall(id)]));

const everywhere = new Map([["debug", silence]]);
const within = new Map([
  ["conf", unusedByConf],
  // Nothing is sent by the SDK itself, see src/okta/sdk.ts, and no file.
  ["@okta", ["node-fetch", "form-data"]],
]);

/**
 * Commander as ES modules, which it is from its version 15 on (and that wants Node 22): what is wrapped as CommonJS is parsed
 * twice at each start. Of Node it gets what is there already; programs that stand for commands there are none.
 */
const commander = dirname(createRequire(import.meta.url).resolve("commander")).replaceAll("\\", "/");
const commanderIndex = [
  "command:Command",
  "option:Option",
  "argument:Argument",
  "error:CommanderError,InvalidArgumentError",
]
  .map((part) => part.split(":"))
  .map(([file, names]) => `export { ${names} } from "${commander}/lib/${file}.js";\n`)
  .join("");

function asModule(code, file) {
  const module = code
    .replaceAll(/^const (\{[^}]*\}) = require\('(\.[^']+)'\);$/gm, 'import $1 from "$2";')
    .replaceAll("require('node:process')", "globalThis.process")
    .replaceAll("require('node:child_process')", "{}")
    .replaceAll(/require\('(node:\w+)'\)/g, 'globalThis.process.getBuiltinModule("$1")')
    .replaceAll(/^exports\.(\w+) = \1;.*$/gm, "export { $1 };");
  if (/\brequire\(|\bexports\b/.test(module)) throw new Error(`${file} is written in another way than expected`);
  return module;
}

const bySources = new Map([...uponCalls, ["commander", commanderIndex], [oktaSdk.id, oktaSdk.code]]);
const sources = fileURLToPath(new URL("../../src/", import.meta.url));

/** The code that stands for a module where this file imports it, if any does. */
export function standInFor(id, importer) {
  const [, name = ""] = /\/node_modules\/([^/]+)\/(?!.*\/node_modules\/)/.exec(importer ?? "") ?? [];
  if (importer?.startsWith(sources)) return bySources.get(id);
  if (importsInParts.includes(name) && inParts.has(id)) return inParts.get(id);
  return everywhere.get(id) ?? (within.get(name)?.includes(id) ? `${nothing}// for ${name}\n` : undefined);
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
      const place =
        [...codes].find(([, other]) => other === code)?.[0] ??
        `${prefix}${codes.size}:${id}${importer?.includes("/node_modules/conf/") ? " for conf" : ""}`;
      codes.set(place, code);
      return place;
    },
    load: (id) => (codes.has(id) ? { code: codes.get(id), moduleType: "js" } : null),
    transform: (code, id) => {
      const written = id.replaceAll("\\", "/").startsWith(`${commander}/lib/`)
        ? asModule(code, id)
        : lazyOktaSdk(code, id);
      return written === undefined ? null : { code: written };
    },
  };
}
