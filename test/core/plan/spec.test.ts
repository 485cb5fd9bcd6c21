import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { SsoSpec } from "../../../src/core/plan/spec.ts";
import { readSpec } from "../../../src/core/plan/spec-read.ts";
import { parseSpecTree, readSpecFile, writeSpec } from "../../../src/usecases/provision/file.ts";
import { temporaryFolder } from "../../program.ts";

const read = async (text: string, roles: Parameters<typeof readSpec>[2] = null) =>
  readSpec(await parseSpecTree(text, "f.yaml"), "f.yaml", roles);

/** What is wrong with a file: the code, then each problem with its place and its fix. */
async function wrong(text: string, roles: Parameters<typeof readSpec>[2] = null): Promise<string[]> {
  const error = await read(text, roles).catch((thrown: unknown) => thrown);
  if (!isFailure(error)) throw new Error("The file was taken.");
  return [error.code, error.message, ...(error.hint ?? "").split("\n")];
}

const head = "akto: { url: https://app.akto.io }\nokta: { domain: acme.okta.com }\n";

describe("the SSO document", () => {
  it("fills in what a short one leaves out", async () => {
    expect(await read(`${head}mapping: { Akto Admins: admin }`)).toEqual({
      akto: { url: "https://app.akto.io", accountId: undefined, syncGroupsToUserTags: undefined },
      okta: {
        domain: { host: "acme.okta.com", origin: "https://acme.okta.com" },
        authorizationServerId: "default",
        createGroups: false,
        app: { label: undefined, clientId: undefined, assignments: [], initiateLogin: undefined },
        groupsClaim: undefined,
      },
      mapping: new Map([["Akto Admins", "ADMIN"]]),
    });
  });

  it.each([
    [
      "an unknown key",
      `${head}mappings: {}\nmapping: {}`,
      "f.yaml:3:1: “mappings” is not a key of the file.",
      "mapping",
    ],
    [
      "a secret",
      `akto: { url: a.b, apiKey: x }\nokta: { domain: a.b }\nmapping: {}`,
      "f.yaml:1:19: “apiKey” looks like",
      "environment",
    ],
    [
      "a wrong type",
      "akto: { url: 5 }\nokta: { domain: a.b }\nmapping: {}",
      "f.yaml:1:14: “url” holds the number 5.",
      "quotes",
    ],
    [
      "a role twice",
      `${head}mapping:\n  A: ADMIN\n  B: Admin`,
      "f.yaml:5:6: “Admin” is given to both “A” and “B”.",
      "remove one",
    ],
    [
      "a group twice",
      `${head}mapping:\n  A: ADMIN\n  A: GUEST`,
      "f.yaml:5:3: The group “A” appears twice, first in line 4.",
      "remove one",
    ],
    [
      "a space at a name's end",
      `${head}mapping:\n  "A ": ADMIN`,
      "f.yaml:4:3: The group name “A ” has spaces around it",
      "Write “A”.",
    ],
    ["no YAML", `${head}mapping: [`, "f.yaml:3:", "YAML"],
    ["an empty file", "# nothing yet\n", "f.yaml:1:1: The file holds nothing.", "akto, okta, and mapping"],
    ["a tab", "akto:\n\turl: a.b", "f.yaml:2:1: Tabs", "spaces"],
    ["a second document", `${head}mapping: {}\n---\n{}`, "f.yaml:4:1: A second document starts here.", "---"],
    [
      "a key that appears twice, empty at first",
      "akto: { url: a.b, accountId: , accountId: 7 }\nokta: { domain: acme.okta.com }\nmapping: {}",
      "f.yaml:1:32: The key “accountId” appears twice in “akto”, first in line 1.",
      "Remove one",
    ],
    [
      "nesting without end",
      `${head}mapping: ${"[".repeat(20_000)}`,
      /f\.yaml:3:\d+: It is nested too deeply\./,
      "A few levels are enough",
    ],
    [
      "a tag that makes it a program",
      `${head}mapping:\n  A: !!js/function "ADMIN"`,
      "f.yaml:4:6: The tag “!!js/function” means nothing here.",
      "Remove it",
    ],
    ["a key that is a list", `${head}mapping: { [a, b]: ADMIN }`, "f.yaml:3:12: A key is not text.", "quotes"],
    ["a key that is nothing", `${head}mapping: { ~: ADMIN }`, "f.yaml:3:12: A key is not text.", "quotes"],
    ["an alias of nothing", `${head}mapping: { A: *x }`, "f.yaml:3:15: Nothing is named &x before *x.", "Write it out"],
    ["a merge key", `${head}mapping: { <<: { A: ADMIN } }`, "f.yaml:3:16: A group has no role", "MEMBER"],
    ["a role that is a flag", `${head}mapping: { A: true }`, "f.yaml:3:15: A group has no role", "MEMBER"],
    ["a role's bad name", `${head}mapping: { A: a/b }`, "f.yaml:3:15: Akto has no role “a/b”.", "1 to 50 letters"],
    [
      "an alias that holds itself",
      `${head}mapping: &a [*a]`,
      "f.yaml:3:14: An alias refers to a list or a map.",
      "Write it out",
    ],
    [
      "a missing part",
      "akto: { url: a.b }\nmapping: {}",
      "f.yaml:1:1: “okta.domain” is missing.",
      "domain: acme.okta.com",
    ],
  ])("names line, column and fix of %s", async (_, text, message, fix) => {
    const [, told, ...hints] = await wrong(text);
    expect(told).toEqual(
      typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
    );
    expect(hints.join("\n")).toContain(fix);
  });

  it.each([
    ["as UTF-8 with a byte order mark", Buffer.from(`\uFEFF${head}mapping: { Café: ADMIN }`), ["Café"]],
    ["with Windows' line ends", Buffer.from(`${head}mapping: { Café: ADMIN }`.replaceAll("\n", "\r\n")), ["Café"]],
    ["as Latin-1", Buffer.from(`${head}mapping:\n  Café: ADMIN`, "latin1"), "f.yaml:4:1: This line is not in UTF-8."],
    ["as UTF-16", Buffer.from(`\uFEFF${head}mapping: {}`, "utf16le"), "f.yaml:1:1: This line is not in UTF-8."],
  ])("is read %s, or refused with the line", async (_, content, expected) => {
    const path = join(temporaryFolder(), "f.yaml");
    writeFileSync(path, content);
    const reading = readSpecFile(path).then(({ root }) => [...readSpec(root, path, null).mapping.keys()]);
    if (typeof expected !== "string") expect(await reading).toEqual(expected);
    else
      await expect(reading).rejects.toMatchObject({ code: "file.invalid", message: expect.stringContaining(expected) });
  });

  it("takes a custom role only if Akto has it", async () => {
    const text = `${head}mapping: { A: pen-tester }`;
    expect((await read(text)).mapping.get("A")).toBe("pen-tester");
    expect((await read(text, [{ name: "pen-tester", baseRole: "GUEST" }])).mapping.get("A")).toBe("pen-tester");
    expect((await wrong(text, []))[0]).toBe("mapping.unknown_role");
  });

  it("comes back the same after it was written, whatever the names", async () => {
    const name = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }).filter((text) => text.trim() === text);
    const spec = fc.record({
      akto: fc.record({
        url: fc.constant("https://app.akto.io"),
        accountId: fc.option(fc.nat(), { nil: undefined }),
        syncGroupsToUserTags: fc.option(fc.boolean(), { nil: undefined }),
      }),
      okta: fc.record({
        domain: fc.constant({ host: "acme.okta.com", origin: "https://acme.okta.com" }),
        authorizationServerId: fc.constantFrom("default", "aus1", "12345"),
        createGroups: fc.boolean(),
        app: fc.record({
          label: name,
          clientId: fc.option(fc.constantFrom("0oa1abcd2EFGHIJKL3m4", "123456"), { nil: undefined }),
          assignments: fc.uniqueArray(name, { maxLength: 4 }),
          initiateLogin: fc.option(fc.boolean(), { nil: undefined }),
        }),
        groupsClaim: fc.option(fc.record({ filter: fc.constantFrom("EQUALS", "REGEX"), value: name }), {
          nil: undefined,
        }),
      }),
      mapping: fc
        .uniqueArray(name, { maxLength: 3 })
        .map((names) => new Map(names.map((each, index) => [each, ["ADMIN", "GUEST", "my_role"][index] ?? ""]))),
    });
    await fc.assert(
      fc.asyncProperty(spec, async (document) => {
        expect(await read(await writeSpec(document as SsoSpec))).toEqual(document);
      }),
      { numRuns: 60 },
    );
  });
});
