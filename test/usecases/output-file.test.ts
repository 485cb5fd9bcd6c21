import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unwritten } from "../../src/unwritten.ts";
import { outputAt, unwritable, writeOutput } from "../../src/usecases/output-file.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const longest = "x".repeat(255);

test("a file is written whole over another one, with its permissions, through a link, and under the longest name there is", async () => {
  const place = folder();
  const [file, link] = [join(place, longest), join(place, "link")];
  writeFileSync(file, "old", { mode: 0o640 });
  symlinkSync(file, link);
  await writeOutput(link, "new");
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["new", 0o640]);
  await writeOutput(join(place, "own"), "secret", 0o600);
  expect(statSync(join(place, "own")).mode & 0o777).toBe(0o600);
  expect(readdirSync(place).sort()).toEqual(["link", "own", longest]);
});

test.each([
  ["missing/file", "there is no such folder", "Create the folder first, or name another one."],
  ["folder", "it is a folder", "Name a file in it."],
  ["file/below", "its path leads through a file", "Check the path, or name another place."],
  [`${longest}x`, "its name is too long", "Use a shorter name."],
  ["loop", "its links lead round in a circle", "Check the path, or name another place."],
])("%s is said to be what it is, and nothing is left of the try", async (name, why, hint) => {
  const place = folder();
  mkdirSync(join(place, "folder"));
  writeFileSync(join(place, "file"), "old");
  symlinkSync("loop", join(place, "loop"));
  const before = readdirSync(place);
  const path = join(place, name);
  const failure = await writeOutput(path, "new").catch((error: unknown) => error);
  expect(failure).toMatchObject({
    kind: "usage",
    code: "file.unwritable",
    message: expect.stringMatching(new RegExp(`can't be written: ${why}\\.$`)),
    hint,
  });
  expect(readdirSync(place)).toEqual(before);
  expect(readFileSync(join(place, "file"), "utf8")).toBe("old");
});

test.skipIf(!existsSync("/dev/full"))("a device that is full is a full disk", async () => {
  await expect(writeOutput("/dev/full", "new")).rejects.toMatchObject({
    message: "“/dev/full” can't be written: the disk is full.",
    hint: "Make room, or name another place.",
  });
});

const thrown = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ["EACCES", "you don't have permission"],
  ["EROFS", "its file system is read-only"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "your disk quota is used up"],
  // What Node calls it (errno(3)), on Linux and on macOS.
  ["Unknown system error -122", "your disk quota is used up"],
  ["Unknown system error -69", "your disk quota is used up"],
  ["EFBIG", "it would be larger than allowed"],
  ["EMFILE", "too many files are open here"],
  ["ENFILE", "too many files are open on this machine"],
  ["EODD", "the system says EODD"],
])("%s has the same words for a file and for standard output", (code, why) => {
  expect(unwritable("report.html", thrown(code))).toMatchObject({
    message: `“report.html” can't be written: ${why}.`,
    hint: expect.stringMatching(/\.$/),
  });
  expect(unwritten(thrown(code))).toMatchObject({ message: `The output could not be written: ${why}.` });
});

test("what can't be looked at is not taken for nothing, and a mistake of this program's is none of the disk's", async () => {
  await expect(outputAt(join(folder(), `${longest}x`))).rejects.toMatchObject({
    code: "file.unwritable",
  });
  expect(await outputAt(join(folder(), "nothing"))).toBeUndefined();
  const mistake = new TypeError("undefined is not a function");
  expect(unwritable("report.html", mistake)).toBe(mistake);
});
