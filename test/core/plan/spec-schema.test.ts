import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { isFailure } from "../../../src/core/failure.ts";
import { readSpec } from "../../../src/core/plan/spec-read.ts";
import { parseSpecTree } from "../../../src/usecases/provision/file.ts";

const schema = JSON.parse(readFileSync("schema/akto-okta.schema.json", "utf8"));
const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
const bySchema = (text: string): boolean => valid(parse(text, { schema: "core" }));

async function byReader(text: string): Promise<boolean> {
  try {
    readSpec(await parseSpecTree(text, "f.yaml"), "f.yaml", null);
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return false;
  }
}

const example = readFileSync("examples/akto-okta.yaml", "utf8");
const documented = /```yaml\n([\s\S]*?)```/.exec(readFileSync("docs/file.md", "utf8"))?.[1] ?? "";

// That a role appears twice is nothing that a schema can say.
const base = documented.replace("  Akto Security: MEMBER\n", "");

/** Every place in a document, and what is put there. */
const places = [
  ["akto"],
  ["akto", "url"],
  ["akto", "accountId"],
  ["akto", "syncGroupsToUserTags"],
  ["akto", "apiKey"],
  ["okta"],
  ["okta", "domain"],
  ["okta", "authorizationServerId"],
  ["okta", "createGroups"],
  ["okta", "app"],
  ["okta", "app", "label"],
  ["okta", "app", "clientId"],
  ["okta", "app", "assignments"],
  ["okta", "app", "initiateLogin"],
  ["okta", "groupsClaim"],
  ["okta", "groupsClaim", "filter"],
  ["okta", "groupsClaim", "value"],
  ["mapping"],
  ["mapping", "Akto Admins"],
  ["unknown"],
] as const;
const values = [
  ..."~ true 5 -5 1.5 x {} [] [a] [a,a] [~] [7] [true] [{}] {x:\u0020y} ADMIN my_role EQUALS equals default".split(" "),
  '""',
  '" "',
  '" x "',
  '"two words"',
  '"security engineer"',
  "a.b",
  "https://a.b",
  "http://a.b",
  "http://127.0.0.1:8800",
  "https://a.b/c",
  "https://a.b/c?d=e",
  '"https://me:pass@a.b"',
  "acme-admin.okta.com",
  "127.0.0.1:8800",
  "localhost",
  "https://a.b/oauth2/aus1",
  "api://default",
  "okta.com",
  "okta.mil",
  "acme-admin.okta-miltest.com",
  "acme..example",
  "-acme.example",
  "acme-.example",
  '"*.acme.example"',
  "acme.example%2eb.c",
  "acm\u00e9.example",
  "acme_x.example:8443",
  '"[::1]:8800"',
  '"5"',
  `"${"9".repeat(16)}"`,
  `"${"x".repeat(101)}"`,
  `"${"x".repeat(1001)}"`,
  "{ filter: REGEX, value: ^a$ }",
  "{ filter: regex, value: ^a$ }",
  "{ filter: REGEX }",
  "{ url: a.b }",
  "{ domain: a.b }",
  '{ " a": ADMIN }',
  "{ a: ADMIN, b: [GUEST] }",
];

describe("the published schema", () => {
  it.each([
    ["the example", example],
    ["the documented file", documented],
    ["the shortest one", "akto: { url: a.b }\nokta: { domain: a.b }\nmapping: {}"],
  ])("takes %s, as the program does", async (_, text) => {
    expect([bySchema(text), await byReader(text)]).toEqual([true, true]);
  });

  it.each(places.map((path) => [path.join("."), path] as const))(
    "judges whatever stands at %s as the program does",
    async (_, path) => {
      const differing: string[] = [];
      let taken = 0;
      for (const value of [...values, undefined]) {
        // A host that is one number is an address to a URL parser, and no pattern is to follow it there.
        if (/url|domain/.test(path.at(-1) ?? "") && /^"\d+"$/.test(value ?? "")) continue;
        const document = parseDocument(base);
        if (value === undefined) document.deleteIn(path);
        else document.setIn(path, parseDocument(value).contents);
        const text = document.toString();
        const verdicts = [bySchema(text), await byReader(text)];
        if (verdicts[0]) taken += 1;
        if (verdicts[0] !== verdicts[1]) differing.push(`${value}: schema ${verdicts[0]}, program ${verdicts[1]}`);
      }
      expect(differing).toEqual([]);
      expect(taken).toBeGreaterThan(0);
    },
  );
});
