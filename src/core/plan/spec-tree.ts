/** A parsed file as a tree whose nodes know where they stand, and the reading of it that collects every problem. */
import { distance } from "fastest-levenshtein";
import { isFailure } from "../failure.ts";
import { clean, listed, quoted } from "../text.ts";

/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A node of the file. */
export type SpecNode = SpecMap | SpecList | SpecScalar;

export interface SpecMap {
  readonly kind: "map";
  readonly at: Position;
  /** In the file's order; a key can occur twice. */
  readonly entries: readonly SpecEntry[];
}

export interface SpecEntry {
  readonly key: string;
  readonly at: Position;
  readonly value: SpecNode;
}

export interface SpecList {
  readonly kind: "list";
  readonly at: Position;
  readonly items: readonly SpecNode[];
}

export interface SpecScalar {
  readonly kind: "scalar";
  readonly at: Position;
  readonly value: string | number | boolean | null;
  /** What stands in the file, without quotes: the name of a group called `007` or `yes`. */
  readonly text: string;
}

/** Something wrong in the file, and how to mend it. */
export interface SpecProblem {
  readonly at: Position;
  readonly code: "file.invalid" | "file.secret" | "mapping.role_taken" | "mapping.unknown_role";
  readonly message: string;
  readonly fix: string;
}

const secretKey = /secret|token|password|api_?key|private_?key|credential/i;

/** Reads nodes and collects what is wrong with them, so that one run tells all of it. */
export class SpecReader {
  readonly problems: SpecProblem[] = [];

  problem(at: Position, message: string, fix: string, code: SpecProblem["code"] = "file.invalid"): undefined {
    this.problems.push({ at, code, message, fix });
    return undefined;
  }

  /** The entries of a section by key. A key that is unknown, a secret, or there twice is a problem. */
  section(node: SpecNode | undefined, name: string, keys: readonly string[]): ReadonlyMap<string, SpecNode> {
    const found = new Map<string, SpecNode>();
    if (!node) return found;
    const where = name === "" ? "the file" : `“${name}”`;
    if (node.kind !== "map") {
      this.problem(node.at, `${sentenceStart(where)} holds ${kindOf(node)}.`, `Its keys are ${listed(keys)}.`);
      return found;
    }
    const places = new Map<string, Position>();
    for (const { key, at, value } of node.entries) {
      const before = places.get(key);
      if (!keys.includes(key)) this.#unknown(key, at, where, keys);
      else if (before) {
        const twice = `The key “${key}” appears twice in ${where}, first in line ${before.line}.`;
        this.problem(at, twice, "Remove one of the two.");
      } else if (!isNull(value)) found.set(key, value);
      if (!before) places.set(key, at);
    }
    return found;
  }

  #unknown(key: string, at: Position, where: string, keys: readonly string[]): void {
    if (secretKey.test(key)) {
      this.problem(
        at,
        `${quoted(key)} looks like a secret, and this file must not hold any.`,
        "Take it out, and give it in the environment or by the flag that names a file.",
        "file.secret",
      );
      return;
    }
    const [meant] = keys.filter((known) => distance(known.toLowerCase(), key.toLowerCase()) <= 2);
    this.problem(
      at,
      `${quoted(key)} is not a key of ${where}.`,
      meant === undefined ? `The keys are ${listed(keys)}.` : `Did you mean ${quoted(meant)}?`,
    );
  }

  /**
   * A text that `parse` accepts; what it throws becomes a problem here.
   *
   * @param kind `id` takes a number as well, which a file may hold without quotes
   */
  parsed<Value>(
    node: SpecNode | undefined,
    name: string,
    parse: (text: string) => Value,
    kind: "text" | "id" = "text",
  ): Value | undefined {
    if (!node) return undefined;
    const type = node.kind === "scalar" ? typeof node.value : undefined;
    if (node.kind !== "scalar" || (type !== "string" && !(kind === "id" && type === "number"))) {
      const fix = node.kind === "scalar" ? "It must be text: put it in quotes." : "It must be text.";
      return this.problem(node.at, `“${name}” holds ${kindOf(node)}.`, fix);
    }
    try {
      return parse(node.text);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return this.problem(node.at, error.message, error.hint ?? "");
    }
  }

  /** True or false. */
  flag(node: SpecNode | undefined, name: string): boolean | undefined {
    if (!node) return undefined;
    if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
    return this.problem(node.at, `“${name}” holds ${kindOf(node)}.`, "Write true or false, without quotes.");
  }

  /** A list of names, each once. */
  names(node: SpecNode | undefined, name: string): string[] | undefined {
    if (!node) return undefined;
    if (node.kind !== "list") {
      return this.problem(node.at, `“${name}” holds ${kindOf(node)}.`, "It must be a list, such as [Everyone].");
    }
    const found = new Set<string>();
    for (const item of node.items) {
      const scalar = item.kind === "scalar" && item.value !== null ? item : undefined;
      const text = scalar && this.name(scalar.text, scalar.at);
      if (!scalar) this.problem(item.at, `“${name}” holds ${kindOf(item)}.`, "Each item must be a name.");
      else if (text !== undefined && found.has(text)) {
        this.problem(item.at, `${quoted(text)} appears twice in “${name}”.`, "Remove one of the two.");
      } else if (text !== undefined) found.add(text);
    }
    return [...found];
  }

  /** A group's name: not empty, and without the white space at its ends that Akto would take off. */
  name(text: string, at: Position): string | undefined {
    const trimmed = text.trim();
    if (trimmed === "") return this.problem(at, "A group name is empty.", "Write the name as Okta shows it.");
    if (trimmed === text) return text;
    return this.problem(
      at,
      `The group name ${quoted(text)} has spaces around it, which Akto removes.`,
      `Write ${quoted(trimmed)}. If the group in Okta has the space too, rename it there.`,
    );
  }
}

function isNull(node: SpecNode): boolean {
  return node.kind === "scalar" && node.value === null && /^(?:null|~)?$/i.test(node.text);
}

/** What a node holds, for a message. */
function kindOf(node: SpecNode): string {
  if (node.kind === "map") return "keys of its own";
  if (node.kind === "list") return "a list";
  if (node.value === null) return "nothing";
  return typeof node.value === "string"
    ? `the text ${quoted(node.value)}`
    : `the ${typeof node.value} ${clean(node.text)}`;
}

function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
