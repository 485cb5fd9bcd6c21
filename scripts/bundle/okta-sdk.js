/**
 * What is bundled of Okta's SDK: the calls that src/okta/sdk.ts makes, and every model, each of which is loaded when something
 * of its kind is written or answered. The SDK itself loads all 1,800 of them, and the calls of 80 APIs, at its first word.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";

const name = "@okta/okta-sdk-nodejs";
const generated = `${dirname(createRequire(import.meta.url).resolve(name)).replaceAll("\\", "/")}/generated`;

/** The APIs that are written to. */
const apis = ["ApplicationApi", "AuthorizationServerApi", "GroupApi"];

/** Stands for the SDK in this program's own files: it has neither the SDK's client nor what that one signs and caches by. */
export const oktaSdk = {
  id: name,
  code: `
import { createConfiguration } from "${generated}/configuration.js";
import { ServerConfiguration } from "${generated}/servers.js";
import { ResponseContext, wrapHttpLibrary } from "${generated}/http/http.js";
import { ${apis.map((api) => `Object${api} as ${api}`)} } from "${generated}/types/ObjectParamAPI.js";
export default { createConfiguration, ServerConfiguration, ResponseContext, wrapHttpLibrary, ${apis} };
`,
};

/** What of it is written anew: `undefined` for every other file. */
export function lazyOktaSdk(code, id) {
  const file = id.replaceAll("\\", "/");
  if (!file.startsWith(`${generated}/`)) return undefined;
  return rewritten.get(file.slice(generated.length + 1))?.(code);
}

const rewritten = new Map([
  ["types/ObjectParamAPI.js", (code) => usedClasses(code, "Object")],
  ["types/ObservableAPI.js", (code) => usedClasses(code, "Observable")],
  ["models/ObjectSerializer.js", lazyModels],
]);

/** The file without the classes of the other APIs, each of which stands with what it requires. */
function usedClasses(code, prefix) {
  const kept = [];
  const each = new RegExp(
    `^const \\w+ = require\\(["'][./\\w]+["']\\);\\nclass ${prefix}(\\w+) \\{\\n[^]*?^\\}\\nexports\\.${prefix}\\1 = ${prefix}\\1;\\n`,
    "gm",
  );
  const used = code.replaceAll(each, (whole, api) => {
    if (!apis.includes(api)) return "";
    kept.push(api);
    return whole;
  });
  const classes = [...used.matchAll(/^class (\w+)/gm)].map(([, found]) => found);
  asExpected(kept.length === apis.length && classes.length === apis.length, `types of ${prefix}`);
  return used;
}

/** The table of models by their names, each required when it is looked up. */
function lazyModels(code) {
  const paths = new Map();
  const without = code
    .replaceAll(/^__exportStar\(require\("[./\w]+"\), exports\);\n/gm, "")
    .replaceAll(/^const (\w+) = require\("([./\w]+)"\);\n/gm, (_, variable, path) => {
      paths.set(variable, path);
      return "";
    });
  let entries = 0;
  const lazy = without.replaceAll(/^ {4}("[^"]+"|'[^']+'): (\w+_1)\.(\w+),$/gm, (_, key, variable, model) => {
    entries += 1;
    return `    get ${key}() { return require("${paths.get(variable)}").${model}; },`;
  });
  asExpected(
    paths.size > 1_000 && entries >= paths.size && !/\w_1\.|require\("undefined"\)/.test(lazy),
    "ObjectSerializer",
  );
  return lazy;
}

function asExpected(is, what) {
  if (!is) throw new Error(`${what} in ${name} is written in another way than expected`);
}
