import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMappingFile } from "../../../src/usecases/mapping/file.ts";
import { temporaryFolder } from "../../program.ts";

const read = (name: string, content: string | Buffer) => {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return readMappingFile(path, { customRoles: [], trustUnknown: false });
};
const yaml = "mapping:\n  Café: ADMIN\n";
const csv = "group,role\nCafé,ADMIN\n";

test.each([
  ["mapping.yaml", yaml],
  ["mapping.csv", csv],
])("a mapping is read with a byte order mark, too: %s", async (name, content) => {
  expect(await read(name, `\uFEFF${content}`)).toEqual(new Map([["Café", "ADMIN"]]));
});

test.each([
  ["mapping.yaml", yaml],
  ["mapping.csv", csv],
])("a name in another encoding is refused with its line, not mapped as another name: %s", async (name, content) => {
  await expect(read(name, Buffer.from(content, "latin1"))).rejects.toMatchObject({
    code: "file.invalid",
    message: expect.stringContaining(`${name}:2:1: This line is not in UTF-8.`),
    hint: expect.stringContaining("Save the file in the encoding UTF-8"),
  });
});

test("a file that is far too large is not read", async () => {
  await expect(read("mapping.csv", "x".repeat(4 * 1024 * 1024 + 1))).rejects.toMatchObject({
    code: "file.unreadable",
    hint: "At most 4 MiB are read.",
  });
});
