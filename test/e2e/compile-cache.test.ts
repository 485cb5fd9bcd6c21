/** What Node compiled once is kept for the next run, where nobody else could have put it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import module from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { environment, executable, run, temporaryFolder } from "../program.ts";

const compileCache = new URL("../../bin/compile-cache.js", import.meta.url).pathname;

const list = ["mapping", "list", "--offline"];

/** A home of its own, and where in it the compiled is kept. */
function home() {
  const { NODE_COMPILE_CACHE: _, ...env } = environment(temporaryFolder());
  const folder = join(env.HOME ?? "", ".cache", "akto-okta", "compiled");
  return { env, folder, kept: () => filesIn(folder) };
}

function filesIn(folder: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

describe("what was compiled", () => {
  it("is kept for this user alone", async () => {
    const { env, folder, kept } = home();
    const first = await run(list, env);
    expect(kept()).not.toEqual([]);
    if (process.platform !== "win32") expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(await run(list, env)).toEqual(first);
  });

  it("is kept in the folder that Node's own variable names, and nowhere at all where another says so", async () => {
    const { env, kept } = home();
    const named = join(env.HOME ?? "", "named");
    await run(list, { ...env, NODE_COMPILE_CACHE: named });
    expect([kept(), filesIn(named).length > 0]).toEqual([[], true]);
    await run(list, { ...env, NODE_DISABLE_COMPILE_CACHE: "1" });
    expect(kept()).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("is not kept where others may write, or where a link leads", async () => {
    const { env, folder, kept } = home();
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o770);
    expect(await run(list, env)).toMatchObject({ exitCode: 0 });
    expect(kept()).toEqual([]);
    const elsewhere = join(env.HOME ?? "", "elsewhere");
    mkdirSync(elsewhere, { mode: 0o700 });
    rmdirSync(folder);
    symlinkSync(elsewhere, folder);
    expect(await run(list, env)).toMatchObject({ exitCode: 0 });
    expect(filesIn(elsewhere)).toEqual([]);
  });

  it("is not looked for below the working folder, which may be anybody's repository", async () => {
    const { env } = home();
    mkdirSync(join(env.HOME ?? "", "cache"));
    for (const relative of [{ XDG_CACHE_HOME: "cache" }, { NODE_COMPILE_CACHE: "cache" }, { HOME: "cache" }]) {
      const { exitCode } = await execa(process.execPath, [executable, ...list], {
        env: { ...env, ...relative },
        cwd: env.HOME ?? "",
        extendEnv: false,
      });
      expect([exitCode, filesIn(join(env.HOME ?? "", "cache", "akto-okta"))]).toEqual([0, []]);
    }
    expect(filesIn(join(env.HOME ?? "", "cache", `${process.version}-${process.arch}`))).toEqual([]);
  });

  it("makes no home for whoever has none", async () => {
    const { env } = home();
    const HOME = join(env.HOME ?? "", "nonexistent");
    const options = { env: { ...env, HOME }, extendEnv: false };
    const { exitCode } = await execa(process.execPath, [executable, ...list], options);
    expect([exitCode, existsSync(HOME)]).toEqual([0, false]);
  });

  // From Node 22 on it is Node's own.
  describe.skipIf("enableCompileCache" in module)("by this program", () => {
    it.each([
      ["cut off", (data: Buffer) => data.subarray(0, data.length / 2)],
      ["empty", () => Buffer.alloc(0)],
      ["wrong in one bit", (data: Buffer) => data.fill(data.readUInt8(300) ^ 1, 300, 301)],
      ["another version's", (data: Buffer) => data.fill(7, 0, 8).fill(7, data.length / 2, data.length / 2 + 8)],
    ])("is made anew where it is %s", async (_, spoiled) => {
      const { env, kept } = home();
      const outcome = await run(list, env);
      const files = new Map(kept().map((path) => [path, spoiled(readFileSync(path))]));
      expect(files.size).toBeGreaterThan(0);
      for (const [path, data] of files) writeFileSync(path, data);
      expect(await run(list, env)).toEqual(outcome);
      for (const [path, data] of files) {
        const anew = readFileSync(path);
        const half = anew.length / 2;
        expect([anew.equals(data), anew.subarray(0, half).equals(anew.subarray(half))]).toEqual([false, true]);
      }
    });

    it("names in traces the place of the program that runs, not of the one that it was compiled for", async () => {
      const folder = temporaryFolder();
      const file = "tells-where-12345678.cjs";
      for (const place of ["first", "second"].map((name) => join(folder, name))) {
        mkdirSync(place);
        writeFileSync(
          join(place, file),
          `${"// long\n".repeat(1000)}console.log(new Error().stack.split("\\n")[1]);\n`,
        );
        const keep = `require(${JSON.stringify(compileCache)}).keepCompiled(${JSON.stringify(place)}, ${JSON.stringify(folder)});`;
        for (let run = 1; run <= 2; run++) {
          const { stdout } = await execa(process.execPath, [
            "-e",
            `${keep} require(${JSON.stringify(join(place, file))})`,
          ]);
          expect(stdout).toContain(`${join(place, file)}:1001:`);
        }
      }
      expect(filesIn(folder).filter((path) => path.endsWith(".v8")).length).toBe(2);
    });

    it("goes where there is too much of it", async () => {
      const { env, kept } = home();
      await run(list, env);
      const [first = ""] = kept();
      for (let n = 0; n < 200; n++) writeFileSync(`${first}.${n}`, "");
      await run(["groups", "list"], env);
      await run(list, env);
      expect(kept().length).toBeLessThan(10);
    });
  });
});
