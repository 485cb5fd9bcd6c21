/** Peers from npm that want a newer Node than the program does: one comes with them, as a package too. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kept, tool } from "./tools.ts";

/** The Node that they run on. */
const nodeVersion = "24.9.0";

/** A package of npm, installed beside its Node. */
export interface NpmPackage {
  /** The folder of the package itself. */
  readonly folder: string;
  /** The Node to run it with. */
  readonly node: string;
}

/** Gets the package. @throws Missing when npm can't */
export async function npmPackage(name: string, version: string): Promise<NpmPackage> {
  const folder = await kept(`${name}-${version}-node-${nodeVersion}`, async (empty) => {
    await writeFile(join(empty, "package.json"), JSON.stringify({ private: true, name: "interop" }));
    const packages = [`${name}@${version}`, `node@${nodeVersion}`];
    await tool("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: empty });
  });
  const node = join(folder, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  await tool(node, ["--version"]);
  return { folder: join(folder, "node_modules", name), node };
}
