import { beforeAll, describe, expect, it } from "vitest";
import { completionTree } from "../../../src/commands/completion-tree.ts";
import { commandTable } from "../../../src/commands/table.ts";
import { type CompletionTree, whatIsWanted } from "../../../src/core/completion/tree.ts";

let tree: CompletionTree;
beforeAll(async () => {
  tree = await completionTree(commandTable);
});

/** What is wanted at the end of a line, whose words need no quotes. */
const at = (line: string) => {
  const words = line.split(" ");
  return whatIsWanted(tree, words.slice(0, -1), words.at(-1) ?? "");
};
const words = (line: string) => at(line).words.map(({ word }) => word);

describe("the end of a line may become", () => {
  it("a noun, then a verb, and flags where they are begun or nothing else can follow", () => {
    expect(words("")).toEqual(commandTable.map(({ name }) => name));
    expect(words("profile ")).toEqual(["list", "use", "rename", "delete"]);
    expect(words("help profile ")).toEqual(["list", "use", "rename", "delete"]);
    expect(words("profile -")).toContain("--profile");
    expect(words("groups list ")).toContain("--unmapped");
    expect(words("groups list --unmapped -")).not.toContain("--unmapped");
    expect(words("groups list --unmapped x")).toEqual([]);
    expect(words("profile list -- -")).toEqual([]);
  });

  it.each([
    ["mapping add ", "groups"],
    ["mapping add --dry-run ", "groups"],
    ["mapping add A ", "roles"],
    ["mapping remove ", "mapped"],
    ["mapping remove --role ", "roles"],
    ["mapping import ", "files"],
    ["sso plan -f ", "files"],
    ["sso export -o ", "files"],
    ["sso setup --assign A B ", "groups"],
    ["sso setup --create-group ", "other"],
    ["login explain --group A --group ", "groups"],
    ["login test --expect-role ", "roles"],
    ["login preview --akto-key-file ", "files"],
    ["profile use ", "profiles"],
    ["profile rename a ", "other"],
    ["--profile ", "profiles"],
    ["groups create ", "other"],
    ["login history --since ", "other"],
  ])("after %j: %s", (line, kind) => {
    expect(at(line)).toMatchObject({ kind, words: [] });
  });

  it("one of the fixed choices of a flag, behind its equals sign as well, and behind a comma", () => {
    expect(words("groups list --output ")).toEqual(["table", "json", "jsonl", "csv"]);
    expect(at("groups list --output=c")).toMatchObject({ before: "--output=", typed: "c" });
    expect(words("--secrets ")).toEqual(["keychain", "file", "none"]);
    expect(words("completion ")).toEqual(["bash", "zsh", "fish"]);
    expect(words("doctor --skip ")).toContain("redirect-uri");
    expect(at("doctor --only=pkce,red")).toMatchObject({ before: "--only=pkce,", typed: "red" });
    expect(words("sandbox --scenario ")).toContain("claim-on-id-token");
  });

  it("another thing by what the line says already: the profile, the domain", () => {
    const { given } = at("--profile staging mapping add --domain=acme.okta.com ");
    expect([given.get("--profile"), given.get("--domain")]).toEqual(["staging", "acme.okta.com"]);
  });
});
