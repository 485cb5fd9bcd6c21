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
    hint: expect.stringContaining("Save the file as UTF-8"),
  });
});

test("a file that is far too large is not read", async () => {
  await expect(read("mapping.csv", "x".repeat(4 * 1024 * 1024 + 1))).rejects.toMatchObject({
    code: "file.unreadable",
    hint: "At most 4 MiB are read.",
  });
});

const two = new Map([
  ["A", "ADMIN"],
  ["B", "GUEST"],
]);

test.each([
  ["headings in any case", "Group,Role\nA,ADMIN\nB,GUEST\n"],
  ["headings with spaces around them", " GROUP , Role\nA,ADMIN\nB,GUEST\n"],
  ["a spreadsheet's own separator", "sep=;\r\nGroup;Role\r\nA;ADMIN\r\nB;GUEST\r\n"],
  ["that separator in quotes", '"sep=|"\nGroup|Role\nA|ADMIN\nB|GUEST\n'],
  ["semicolons, which it does not announce", "group;role\nA;ADMIN\nB;GUEST\n"],
  ["a column more, and the two in another order", "role,note,group\nADMIN,x,A\nGUEST,,B\n"],
  ["empty lines", "\n\ngroup,role\n\nA,ADMIN\n,\nB,GUEST\n\n"],
])("CSV is read with %s", async (_, content) => {
  expect(await read("mapping.csv", content)).toEqual(two);
});

test.each<[what: string, name: string, content: string, where: string, says: string]>([
  [
    "a mapping twice",
    "m.yaml",
    "mapping:\n  A: ADMIN\nokta: {}\nmapping:\n  B: GUEST\n",
    "4:1",
    "The key “mapping” appears twice, first in line 1.",
  ],
  [
    "a mapping twice in JSON",
    "m.json",
    '{"mapping":{"A":"ADMIN"},\n"mapping":{}}',
    "2:1",
    "The key “mapping” appears twice, first in line 1.",
  ],
  [
    "a group's role twice",
    "m.yaml",
    "mapping:\n- group: A\n  role: ADMIN\n  role: GUEST\n",
    "4:3",
    "The key “role” appears twice, first in line 3.",
  ],
  [
    "a group twice",
    "m.yaml",
    "mapping:\n  A: ADMIN\n  A: GUEST\n",
    "3:3",
    "The group “A” appears twice, first in line 2.",
  ],
  [
    "a group twice, once with spaces",
    "m.yaml",
    'mapping:\n  A: ADMIN\n  "A ": GUEST\n',
    "3:3",
    "The group “A” appears twice, first in line 2.",
  ],
  ["nesting without end", "m.yaml", `mapping:\n ${"- ".repeat(20_000)}`, "2:", "It is nested too deeply."],
  [
    "more nesting than anybody needs",
    "m.yaml",
    `mapping: ${"[".repeat(101)}${"]".repeat(101)}`,
    "1:",
    "It is nested too deeply.",
  ],
  ["a second document", "m.yaml", "mapping: {}\n---\nmapping: {}\n", "2:1", "A second document starts here."],
  [
    "a tag that makes it a program",
    "m.yaml",
    "mapping:\n  A: !!js/function 'ADMIN'\n",
    "2:6",
    "The tag “!!js/function” means nothing here.",
  ],
  [
    "a column twice",
    "m.csv",
    "group,role,Group\nA,ADMIN,B\n",
    "1",
    "The column “group” appears twice, as column 1 and 3.",
  ],
  [
    "a column twice under a separator",
    "m.csv",
    "sep=;\ngroup;role;role\n",
    "2",
    "The column “role” appears twice, as column 2 and 3.",
  ],
  ["no column for the role", "m.csv", "sep=;\ngroup;rolle\n", "2", "The heading has no “role”."],
  ["nothing", "m.csv", "", "1", "The heading has no “group”."],
  ["a field too many", "m.csv", "group,role\n\nA,ADMIN\nB, C,GUEST\n", "4", "The line has 3 fields, the heading 2."],
  [
    "a group twice in CSV, after a name of two lines",
    "m.csv",
    'group,role\n"A\nB",ADMIN\nC,GUEST\nC,MEMBER\n',
    "5",
    "The group “C” appears twice, first in line 4.",
  ],
  ["quotes that don't end", "m.csv", 'group,role\nA,ADMIN\n"B,GUEST\n', "3", "Quoted field unterminated"],
])("%s is refused, with the place", async (_, name, content, where, says) => {
  await expect(read(name, content)).rejects.toMatchObject({
    kind: "usage",
    code: "file.invalid",
    message: expect.stringContaining(`${name}:${where}`),
    hint: expect.stringMatching(/\S/),
  });
  await expect(read(name, content)).rejects.toThrow(says);
});

test("a role twice is refused with both places", async () => {
  const twice = { kind: "rule", code: "mapping.role_taken" };
  await expect(read("m.yaml", "mapping:\n  A: ADMIN\n  B: Admin\n")).rejects.toMatchObject({
    ...twice,
    message: expect.stringContaining("m.yaml:3:3: “Admin” is given to both “A” (in line 2) and “B”."),
  });
  await expect(read("m.csv", "group,role\nA,ADMIN\nB,admin\n")).rejects.toMatchObject({
    ...twice,
    message: expect.stringContaining("m.csv:3: “Admin” is given to both “A” (in line 2) and “B”."),
  });
});

test.each([
  ["m.csv", "group,role\nA,ADMIN\nB,foo\n", "m.csv:3"],
  ["m.yaml", "mapping:\n  A: ADMIN\n  B: foo\n", "m.yaml:3:3"],
])("a role that Akto doesn't have is told with its place in %s", async (name, content, where) => {
  await expect(read(name, content)).rejects.toMatchObject({
    code: "mapping.unknown_role",
    message: expect.stringContaining(`${where}: Akto has no role “foo”`),
  });
});
