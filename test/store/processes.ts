/** The stores in processes of their own: two at once, or one that is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** Bundles the stores for plain Node, beside the packages they need. @returns the module's path, and what removes it */
export async function bundleStores(): Promise<{ module: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join("node_modules", ".stores-"));
  const bundle = await rolldown({
    input: {
      profiles: "src/store/profiles.ts",
      secrets: "src/store/secrets.ts",
      rename: "src/store/rename-profile.ts",
      delete: "src/store/delete-profile.ts",
      choice: "src/store/profile-in-use.ts",
    },
    platform: "node",
    external: /^(?:node:|conf$|env-paths$|@napi-rs\/)/,
  });
  await bundle.write({ dir: folder, entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
  await bundle.close();
  return { module: join(process.cwd(), folder, "profiles.mjs"), remove: () => rm(folder, { recursive: true }) };
}

/** Runs a piece of code that has `store`, the profile store of `directory`. `limit` is the largest file, in KiB. */
export function runWithStore(module: string, directory: string, code: string, limit?: number): ChildProcess {
  const script = `
    // With the signal caught, a write past the limit answers as one to a full disk: shorter first, then an error.
    process.on("SIGXFSZ", () => {});
    import { openProfileStore } from ${JSON.stringify(module)};
    const store = openProfileStore({ env: process.env, name: "default" });
    ${code}`;
  const limited = limit === undefined ? "" : `ulimit -f ${limit}; `;
  const command = `${limited}exec "$0" --input-type=module -e "$1"`;
  return spawn("bash", ["-c", command, process.execPath, script], {
    env: { ...process.env, AKTO_OKTA_CONFIG_DIR: directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/**
 * Runs a piece of code with the stores of `directory`, and kills the process before it changes anything on the disk for
 * the `kill`th time.
 *
 * @param stores its modules: `rename`, `delete` …
 */
export function runUntilKilled(stores: string, directory: string, code: string, kill: number): ChildProcess {
  const script = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    let left = ${kill};
    for (const name of ["writeFile", "open", "rename", "rm"]) {
      const real = fs.promises[name];
      fs.promises[name] = (...args) => {
        // A lock is no change, and a folder is opened to be read.
        if (!String(args[0]).includes(".lock.") && args[1] !== "r" && left-- <= 0) process.kill(process.pid, "SIGKILL");
        return real(...args);
      };
    }
    syncBuiltinESMExports();
    const store = (name) => import(${JSON.stringify(`${stores}/`)} + name + ".mjs");
    ${code}`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, AKTO_OKTA_CONFIG_DIR: directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Waits for the process's end. @returns its exit code, and what it printed */
export async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output };
}
