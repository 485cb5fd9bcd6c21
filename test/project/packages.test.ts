import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environment } from "../program.ts";

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync("package-lock.json", "utf8"));
/** All that `npm install akto-okta` may bring: the keychain's packages for every platform. */
const installed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);
/** All that is in the bundle, by its place in the lock. */
const bundled: Record<string, string> = JSON.parse(readFileSync("dist/bundled.json", "utf8"));
const shipped: [string, LockedPackage][] = [
  ...installed,
  ...Object.keys(bundled).map((path): [string, LockedPackage] => [path, lock.packages[path] ?? { version: "none" }]),
];

const oldest: readonly [number, number] = [20, 19];
const permissive = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Zlib",
  "Python-2.0",
  "Unlicense",
]);
test("nothing is installed with this package but the keychain, at the version that was tested", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  expect(manifest.dependencies).toBeUndefined();
  const [[name, version] = [], ...others] = Object.entries(manifest.optionalDependencies);
  expect([name, others]).toEqual(["@napi-rs/keyring", []]);
  expect(version).toBe(lock.packages["node_modules/@napi-rs/keyring"]?.version);
  expect(installed.filter(([path]) => !path.startsWith("node_modules/@napi-rs/keyring"))).toEqual([]);
});

test("no package that is installed with this one runs a script when it is", () => {
  expect(installed.length).toBeGreaterThan(10);
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

test("each is locked with its hash, and so is each that is in the bundle", () => {
  expect(shipped.length).toBeGreaterThan(100);
  expect(shipped.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
  for (const [path, version] of Object.entries(bundled))
    expect([path, lock.packages[path]?.version]).toEqual([path, version]);
});

test("what signs in Okta's SDK, and what nobody looks after, is not in the bundle", () => {
  const names = Object.keys(bundled).map((path) => path.replace(/^.*node_modules\//, ""));
  expect(names).toEqual(expect.arrayContaining(["@okta/okta-sdk-nodejs", "openid-client"]));
  for (const name of ["njwt", "node-jose", "rasha", "eckles", "debug"]) expect(names).not.toContain(name);
  expect(Object.values(lock.packages).filter((each) => "deprecated" in each)).toEqual([]);
});

test("each runs on the oldest Node that this one supports", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  expect(manifest.engines.node).toBe(`>=${oldest.join(".")}`);
  const tooNew = shipped.filter(([, { engines }]) => engines?.node !== undefined && !runsOnOldest(engines.node));
  expect(tooNew.map(([path, { engines }]) => `${path} ${engines?.node}`)).toEqual([]);
});

/** One of the range's parts must be an open one that begins early enough. */
function runsOnOldest(range: string): boolean {
  return range.split("||").some((part) => {
    const [, major, minor = "0"] = /^\s*>=\s*(\d+)(?:\.(\d+))?(?:\.(?:\d+|[x*]))?\s*$/.exec(part) ?? [];
    const [least, leastMinor] = oldest;
    return major !== undefined && (Number(major) < least || (Number(major) === least && Number(minor) <= leastMinor));
  });
}

test("each has a license that goes with this one's, and the text of it is in the package", () => {
  const allows = (license: string): boolean =>
    license.includes(" OR ")
      ? license.replaceAll(/[()]/g, "").split(" OR ").some(allows)
      : license
          .replaceAll(/[()]/g, "")
          .split(" AND ")
          .every((each) => permissive.has(each));
  const others = shipped.filter(([, { license = "none" }]) => !allows(license));
  expect(others.map(([path, { license }]) => `${path} ${license}`)).toEqual([]);
  const licenses = readFileSync("dist/LICENSES.txt", "utf8");
  for (const [path, version] of Object.entries(bundled)) {
    expect(licenses).toContain(`${path.replace(/^.*node_modules\//, "")} ${version} (`);
  }
});

test("the bill of materials lists all of them with their hash, and none that only builds or tests the program", async () => {
  const { stdout } = await execa("node", ["scripts/sbom.js"]);
  const { metadata, components } = JSON.parse(stdout);
  expect(metadata.component.name).toBe("akto-okta");
  const refs = shipped.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`);
  expect(components.map((component: { "bom-ref": string }) => component["bom-ref"]).sort()).toEqual(
    [...new Set(refs)].sort(),
  );
  for (const component of components) {
    expect(component).toMatchObject({ hashes: [{ alg: "SHA-512" }] });
    expect(component).not.toHaveProperty("scope");
  }
});

describe("the package, unpacked where nothing else is", () => {
  let folder: string;
  const node = (args: readonly string[]) =>
    execa(process.execPath, args, { cwd: join(folder, "empty"), env: environment(folder), extendEnv: false });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "node_modules"));
    await execa("node", ["scripts/shrinkwrap.js", folder]);
    // The scripts would build anew, under the feet of the tests beside this one.
    await execa("npm", ["pack", "--ignore-scripts", "--pack-destination", folder]);
    const [archive = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
    await execa("tar", ["-xzf", archive], { cwd: folder });
    renameSync(join(folder, "package"), join(folder, "node_modules/akto-okta"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("shows the main job, start to end", { timeout: 60_000 }, async () => {
    const { stdout, stderr } = await node([join(folder, "node_modules/akto-okta/bin/akto-okta.js"), "demo"]);
    expect(stdout).toContain("“AppSec Contractors” gets Threat Engineer.");
    expect(stderr).toContain("That was the main job.");
  });

  test("gives other programs its library and its sandbox, by import and by require", async () => {
    const using = `
      const { resolveRole } = require("akto-okta");
      const { startSandbox } = require("akto-okta/sandbox");
      Promise.all([import("akto-okta"), import("akto-okta/sandbox")]).then(async ([library, sandboxes]) => {
        const sandbox = await startSandbox();
        await sandbox.close();
        console.log(library.resolveRole === resolveRole, sandboxes.startSandbox === startSandbox);
      });`;
    expect((await node(["-e", using])).stdout).toBe("true true");
  });

  test("declares types that need no other package", () => {
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, target = ""] of readFileSync(path, "utf8").matchAll(/(?:from|import\() ?"([^"]+)"/g)) {
        if (target.startsWith("node:")) continue;
        expect([path, target]).toEqual([path, expect.stringMatching(/^\./)]);
        follow(resolve(dirname(path), target.replace(/\.[jt]s$/, ".d.ts")));
      }
    };
    for (const name of ["index", "sandbox"]) follow(join(folder, `node_modules/akto-okta/dist/${name}.d.ts`));
    expect(seen).toContain(join(folder, "node_modules/akto-okta/dist/types/sandbox/index.d.ts"));
    follow(join(folder, "node_modules/akto-okta/dist/types/index.d.ts"));
    follow(join(folder, "node_modules/akto-okta/dist/types/sandbox/index.d.ts"));
    expect(seen.size).toBeGreaterThan(5);
  });

  test("is packed with a lock for what is installed with it", () => {
    const { scripts, files } = JSON.parse(readFileSync(join(folder, "node_modules/akto-okta/package.json"), "utf8"));
    expect([scripts.prepack, scripts.postpack]).toEqual([
      "node scripts/shrinkwrap.js",
      "node scripts/shrinkwrap.js --remove",
    ]);
    expect(files).toContain("npm-shrinkwrap.json");
    const { packages } = JSON.parse(readFileSync(join(folder, "npm-shrinkwrap.json"), "utf8"));
    expect(Object.keys(packages).sort()).toEqual(["", ...installed.map(([path]) => path)].sort());
  });
});

test("whatever the documentation points to comes with the package", () => {
  const { files }: { files: string[] } = JSON.parse(readFileSync("package.json", "utf8"));
  const within = readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => join("docs", name));
  const texts = [...files.filter((name) => name.endsWith(".md")), ...within];
  const named = texts
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      const text = readFileSync(path, "utf8");
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)|src="([^":]+)"/g)].map(([, a = "", b = ""]) =>
        join(dirname(path), a + b),
      );
      return [...links, ...[...text.matchAll(/`(examples\/[^`]+)`/g)].map(([, name = ""]) => name)];
    });
  expect(named).toEqual(expect.arrayContaining(["docs/login-test.png", "examples/gitlab/.gitlab-ci.yml"]));
  const missing = named.filter((name) => !existsSync(name) || !files.includes(name.split("/")[0] ?? ""));
  expect(missing).toEqual([]);
});
