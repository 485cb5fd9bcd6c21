/**
 * Bundles the program with what it needs into dist: a file for each entry, and a chunk for whatever a command loads only
 * when it is called. What is bundled is not installed with the package; its licenses go with the bundle.
 *
 * The entries for other programs are ES modules that hand on what is in it.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { build } from "rolldown";
import { bundling, groups, written } from "./bundle/options.js";
import { bundledPackages, notices } from "./bundle/packages.js";

/** The package that a chunk is made for, as a file name. */
const packageOf = (id) =>
  /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(id ?? "")?.[1].replace("/", "-");

const { output } = await build({
  ...bundling,
  input: { cli: "src/cli.ts", index: "src/index.ts", sandbox: "src/sandbox/index.ts" },
  output: {
    ...written,
    dir: "dist",
    cleanDir: true,
    exports: "named",
    codeSplitting: { groups },
    entryFileNames: "bundle/[name].cjs",
    chunkFileNames: ({ facadeModuleId }) => `bundle/${packageOf(facadeModuleId) ?? "[name]"}-[hash].cjs`,
  },
});

const declarations = { index: "./types/index.js", sandbox: "./types/sandbox/index.js" };
for (const { name, exports } of output.filter((chunk) => chunk.isEntry && chunk.name !== "cli")) {
  writeFileSync(
    `dist/${name}.js`,
    `import bundle from "./bundle/${name}.cjs";\nexport const { ${exports.join(", ")} } = bundle;\n`,
  );
  writeFileSync(`dist/${name}.d.ts`, `export * from "${declarations[name]}";\n`);
}
// What TypeScript declares is the bundle's, which is CommonJS; a module takes it by the files just written.
mkdirSync("dist/types");
writeFileSync("dist/types/package.json", '{ "type": "commonjs" }\n');

// The script with which `open` finds a desktop's browser, which it looks for beside itself.
copyFileSync("node_modules/open/xdg-open", "dist/bundle/xdg-open");

const packages = bundledPackages(output.flatMap((chunk) => chunk.moduleIds ?? []));
// By their places in package-lock.json, which has their hashes.
const places = Object.fromEntries(packages.map(({ place, version }) => [place, version]));
writeFileSync("dist/bundled.json", `${JSON.stringify(places, null, 2)}\n`);
writeFileSync("dist/LICENSES.txt", notices(packages));

// What the program says the same on every machine, see src/prepared.ts.
const say = (args, columns) =>
  execFileSync(process.execPath, ["bin/akto-okta.js", ...args], {
    env: { ...process.env, COLUMNS: columns, AKTO_OKTA_PROFILE: "", NODE_OPTIONS: "", NODE_DISABLE_COMPILE_CACHE: "1" },
  });
mkdirSync("dist/bundle/texts");
for (const width of [100, 110]) writeFileSync(`dist/bundle/texts/help-${width}.txt`, say(["--help"], width));
writeFileSync("dist/bundle/texts/completion-tree.txt", say(["__complete", "--tree"], 100));
for (const shell of ["bash", "zsh", "fish"]) {
  writeFileSync(`dist/bundle/texts/completion-${shell}.txt`, say(["completion", shell], 100));
}
