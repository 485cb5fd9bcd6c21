/** The file of an SSO: read into a tree that knows its lines, and written. */
import type { Document, Node, Pair } from "yaml";
import type { SsoSpec } from "../../core/plan/spec.ts";
import { invalidFile } from "../../core/plan/spec-read.ts";
import type { Position, SpecEntry, SpecNode } from "../../core/plan/spec-tree.ts";
import { clean } from "../../core/text.ts";
import { parseYaml } from "../../core/yaml.ts";
import { type Expected, inputName, readInput } from "../input-file.ts";
import { toYaml } from "../yaml.ts";

const ssoFile: Expected = {
  what: "an SSO file",
  limit: 1024 * 1024,
  hints: {
    unreadable: "Write the live SSO to a file with `akto-okta sso export -o akto-okta.yaml`, and start from that.",
    tooLarge: "An SSO file has a few dozen lines.",
  },
};

/** A file as a tree. */
export interface SpecFile {
  /** As it was named, for messages. */
  readonly name: string;
  readonly root: SpecNode;
}

/**
 * Reads a file; `-` is standard input.
 *
 * @throws Failure `file.unreadable`, `file.invalid`
 */
export async function readSpecFile(path: string): Promise<SpecFile> {
  const name = inputName(path);
  return { name, root: await parseSpecTree(await readInput(path, ssoFile), name) };
}

/**
 * Parses YAML, of which JSON is a part, into a tree whose nodes know where they stand.
 *
 * @throws Failure `file.invalid` with line and column
 */
export async function parseSpecTree(content: string, name: string): Promise<SpecNode> {
  const { isAlias, isMap, isScalar, isSeq } = await import("yaml");
  const { document, lines, problem } = await parseYaml(content, false);
  const at = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (place: Position, message: string, fix: string) =>
    invalidFile(name, [{ at: place, code: "file.invalid", message, fix }]);
  if (problem) throw refuse(at(problem.offset), problem.message, problem.fix);
  return treeOf(document.contents, document);

  function treeOf(node: Node | null, document: Document): SpecNode {
    const place = at(node?.range?.[0]);
    const target = isAlias(node) ? node.resolve(document) : node;
    if (isAlias(node) && !target) {
      throw refuse(place, `Nothing is named &${clean(node.source)} before *${clean(node.source)}.`, "Write it out.");
    }
    // One that stands for a list or a map could hold itself.
    if (isAlias(node) && !isScalar(target)) {
      throw refuse(
        place,
        "An alias refers to a list or a map.",
        "Write it out: an alias can refer only to text or a number.",
      );
    }
    if (isMap(target)) return { kind: "map", at: place, entries: target.items.map((pair) => entryOf(pair, place)) };
    if (isSeq(target)) {
      const items = target.items.map((item) => (isNode(item) ? treeOf(item, document) : emptyAt(place)));
      return { kind: "list", at: place, items };
    }
    if (!isScalar(target)) return emptyAt(place);
    const { value } = target;
    const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return { kind: "scalar", at: place, value: known ? value : null, text: textOf(target.source, value) };
  }

  function entryOf({ key, value }: Pair, place: Position): SpecEntry {
    const where = isNode(key) ? at(key.range?.[0]) : place;
    const named = isAlias(key) ? key.resolve(document) : key;
    if (!isScalar(named) || named.value === null) {
      throw refuse(where, "A key is not text.", "Write a name before the colon; in quotes if it has to be.");
    }
    return {
      key: textOf(named.source, named.value),
      at: where,
      value: isNode(value) ? treeOf(value, document) : emptyAt(isNode(key) ? at(key.range?.[1]) : place),
    };
  }

  function isNode(value: unknown): value is Node {
    return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
  }
}

function textOf(source: string | undefined, value: unknown): string {
  return typeof value === "string" ? value : (source ?? (value === null ? "" : String(value)));
}

function emptyAt(at: Position): SpecNode {
  return { kind: "scalar", at, value: null, text: "" };
}

/** Where editors find the file's JSON Schema. */
const schemaUrl = "https://unpkg.com/akto-okta/schema/akto-okta.schema.json";

/** The document as YAML, with the comment by which editors find its schema, and under it the notes. */
export async function writeSpec({ akto, okta, mapping }: SsoSpec, notes: readonly string[] = []): Promise<string> {
  const { Document, isCollection } = await import("yaml");
  const { domain, authorizationServerId, createGroups, app, groupsClaim } = okta;
  const document = new Document(
    new Map<string, unknown>([
      ["akto", present({ ...akto })],
      [
        "okta",
        present({
          domain: domain.host,
          authorizationServerId,
          createGroups: createGroups || undefined,
          app: present({ ...app, assignments: [...app.assignments] }),
          groupsClaim,
        }),
      ],
      ["mapping", mapping],
    ]),
    { schema: "core" },
  );
  for (const path of [
    ["okta", "app", "assignments"],
    ["okta", "groupsClaim"],
    ...(mapping.size === 0 ? [["mapping"]] : []),
  ]) {
    const node = document.getIn(path, true);
    if (isCollection(node)) node.flow = true;
  }
  const comments = [`yaml-language-server: $schema=${schemaUrl}`, ...notes.map((note) => clean(note))];
  document.commentBefore = comments.map((line) => ` ${line}`).join("\n");
  return toYaml(document);
}

function present(values: Record<string, unknown>): Map<string, unknown> {
  return new Map(Object.entries(values).filter(([, value]) => value !== undefined));
}
