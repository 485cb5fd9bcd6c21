import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync("package-lock.json", "utf8"));
/** All that `npm install akto-okta` may bring, the keychain's packages for every platform among it. */
const installed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);

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
// Used as they are, and not changed: what the Mozilla Public License asks for.
const unchanged = new Set(["node_modules/eckles", "node_modules/rasha"]);

test("no package that is installed with this one runs a script when it is", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

test("each is locked with its hash", () => {
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
});

test("each runs on the oldest Node that this one supports", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  expect(manifest.engines.node).toBe(`>=${oldest.join(".")}`);
  const tooNew = installed.filter(([, { engines }]) => engines?.node !== undefined && !runsOnOldest(engines.node));
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

test("each has a licence that goes with this one's", () => {
  const allows = (license: string): boolean =>
    license.includes(" OR ")
      ? license.replaceAll(/[()]/g, "").split(" OR ").some(allows)
      : license
          .replaceAll(/[()]/g, "")
          .split(" AND ")
          .every((each) => permissive.has(each));
  const others = installed.filter(([path, { license = "none" }]) => !allows(license) && !unchanged.has(path));
  expect(others.map(([path, { license }]) => `${path} ${license}`)).toEqual([]);
});

test("whatever the documentation points to comes with the package", () => {
  const { files }: { files: string[] } = JSON.parse(readFileSync("package.json", "utf8"));
  const texts = [...files.filter((name) => name.endsWith(".md")), ...readdirSync("docs").map((name) => `docs/${name}`)];
  const named = texts
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      const text = readFileSync(path, "utf8");
      const links = [...text.matchAll(/\]\(([^)#:]+)\)|src="([^":]+)"/g)].map(([, a = "", b = ""]) =>
        join(dirname(path), a + b),
      );
      return [...links, ...[...text.matchAll(/`(examples\/[^`]+)`/g)].map(([, name = ""]) => name)];
    });
  expect(named).toEqual(expect.arrayContaining(["docs/login-test.png", "examples/gitlab/.gitlab-ci.yml"]));
  const missing = named.filter((name) => !existsSync(name) || !files.includes(name.split("/")[0] ?? ""));
  expect(missing).toEqual([]);
});
