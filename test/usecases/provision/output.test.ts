import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeOutput } from "../../../src/usecases/output-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "akto-okta-output-"));
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a file keeps its permissions and a link its target, and nothing is left beside them", async () => {
  const [file, link, own] = ["file", "link", "own"].map((name) => join(folder, name)) as [string, string, string];
  await writeFile(file, "old");
  await chmod(file, 0o640);
  await symlink(file, link);
  await writeOutput(link, "new");
  expect([await readFile(file, "utf8"), await modeOf(file)]).toEqual(["new", "640"]);
  await writeOutput(own, "mine", 0o600);
  expect(await modeOf(own)).toBe("600");
  expect((await readdir(folder)).sort()).toEqual(["file", "link", "own"]);
});

test("a place that takes no file is named, and what is there stays", async () => {
  await mkdir(join(folder, "taken"));
  for (const path of ["taken", join("missing", "file")]) {
    await expect(writeOutput(join(folder, path), "new")).rejects.toMatchObject({
      kind: "usage",
      code: "file.unwritable",
      message: expect.stringContaining(path),
    });
  }
  expect(await readdir(folder)).toEqual(["taken"]);
});
