/** A mapping in a file: YAML or JSON with a key `mapping`, or CSV with the columns `group` and `role`. */

import { extname } from "node:path";
import { fromCsvCell } from "../../core/csv.ts";
import { Failure } from "../../core/failure.ts";
import type { CustomRole, Mapping } from "../../core/model/akto.ts";
import { normaliseGroupName, sortedMapping } from "../../core/roles/mapping.ts";
import { parseRole } from "../../core/roles/roles.ts";
import { clean, count, quoted } from "../../core/text.ts";
import { type Expected, inputName, readInput } from "../input-file.ts";
import { toYaml } from "../yaml.ts";

const mappingFile: Expected = {
  what: "a mapping",
  limit: 4 * 1024 * 1024,
  hints: { unreadable: "Check the path and that you may read it.", tooLarge: "At most 4 MiB are read." },
};

/** How a role in a file is understood: the account's roles, or any valid name when they can't be known. */
export interface RoleReading {
  readonly customRoles: readonly CustomRole[] | null;
  readonly trustUnknown: boolean;
}

/**
 * Reads a mapping from a file; `-` is standard input. `akto-okta.yaml` will do as well: its `mapping` is taken.
 *
 * @throws Failure `file.unreadable`, `file.invalid` (with line and column), `mapping.…` for an entry that a rule refuses
 */
export async function readMappingFile(path: string, roles: RoleReading): Promise<Mapping> {
  const content = await readInput(path, mappingFile);
  const named = inputName(path);
  const entries = isCsv(path, content) ? await fromCsv(named, content) : await fromYaml(named, content);
  const mapping = new Map<string, string>();
  const holders = new Map<string, string>();
  for (const { group, role, where } of entries) {
    const { name } = normaliseGroupName(group);
    const { id, label } = parseRole(role, roles.customRoles, roles.trustUnknown);
    if (mapping.has(name))
      throw invalid(
        named,
        where,
        `The group ${quoted(name)} stands twice.`,
        "A group has one role: remove one of the two.",
      );
    const holder = holders.get(id);
    if (holder !== undefined) {
      throw new Failure(
        "rule",
        "mapping.role_taken",
        `${clean(named)}${where}: ${quoted(label)} is given to both ${quoted(holder)} and ${quoted(name)}.`,
        {
          hint: "A role has one group: remove one of the two.",
        },
      );
    }
    mapping.set(name, id);
    holders.set(id, name);
  }
  return mapping;
}

/** By its name; what has none is told by the columns that its first line names. */
function isCsv(path: string, content: string): boolean {
  if (path !== "-") return extname(path).toLowerCase() === ".csv";
  const [heading = ""] = content.split(/[\r\n]/, 1);
  return /(?:^|,)\s*"?group"?\s*(?:,|$)/i.test(heading);
}

interface FileEntry {
  readonly group: string;
  readonly role: string;
  /** `:line:column`, or `:line` for CSV. */
  readonly where: string;
}

async function fromYaml(path: string, content: string): Promise<FileEntry[]> {
  // JSON is YAML: one parser reads both, with positions for the messages.
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // Its pretty errors take a look at the whole file for each mistake in it, which a file full of them makes minutes of.
  const document = parseDocument(content, {
    lineCounter: lines,
    uniqueKeys: false,
    schema: "core",
    prettyErrors: false,
  });
  const at = (offset: number | undefined) => {
    if (offset === undefined) return "";
    const { line, col } = lines.linePos(offset);
    return `:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem) throw invalid(path, at(problem.pos[0]), clean(problem.message), "Mend the file at this place.");

  const node = isMap(document.contents) ? document.contents.get("mapping", true) : undefined;
  const shape =
    'The file needs a key "mapping" that holds "group: ROLE" lines, as `akto-okta mapping export` writes it.';
  const scalar = (value: unknown, what: string, fallback: number | undefined): { text: string; where: string } => {
    if (isScalar(value) && typeof value.value === "string")
      return { text: value.value, where: at(value.range?.[0] ?? fallback) };
    const start = isScalar(value) ? (value.range?.[0] ?? fallback) : fallback;
    throw invalid(path, at(start), `The ${what} is not a text.`, "Put it in quotes.");
  };
  if (isMap(node)) {
    return node.items.map(({ key, value }) => {
      const group = scalar(key, "group", node.range?.[0]);
      const role = scalar(value, "role", isScalar(key) ? key.range?.[0] : undefined);
      return { group: group.text, role: role.text, where: group.where };
    });
  }
  if (isSeq(node)) {
    return node.items.map((item) => {
      if (!isMap(item))
        throw invalid(path, at(node.range?.[0]), "An entry is not an object with “group” and “role”.", shape);
      const group = scalar(item.get("group", true), "group", item.range?.[0]);
      return {
        group: group.text,
        role: scalar(item.get("role", true), "role", item.range?.[0]).text,
        where: group.where,
      };
    });
  }
  if (isScalar(node) && node.value === null) return [];
  throw invalid(path, "", "There is no mapping in it.", shape);
}

async function fromCsv(path: string, content: string): Promise<FileEntry[]> {
  const { default: Papa } = await import("papaparse");
  const { data, errors } = Papa.parse<string[]>(content, { skipEmptyLines: "greedy" });
  const [problem] = errors;
  if (problem && problem.type !== "Delimiter")
    throw invalid(path, `:${(problem.row ?? 0) + 1}`, clean(problem.message), "Mend the file at this line.");
  const [heading = [], ...rows] = data;
  const [group, role] = ["group", "role"].map((name) => heading.indexOf(name));
  if (group === undefined || role === undefined || group < 0 || role < 0) {
    throw invalid(path, ":1", "The heading lacks “group” or “role”.", "The first line is: group,role");
  }
  return rows.map((row, index) => {
    const where = `:${index + 2}`;
    if (row.length !== heading.length) {
      throw invalid(
        path,
        where,
        `The line has ${count(row.length, "field")}, the heading ${heading.length}.`,
        "Put a name with a comma in quotes.",
      );
    }
    return { group: fromCsvCell(row[group] ?? ""), role: fromCsvCell(row[role] ?? ""), where };
  });
}

function invalid(path: string, where: string, message: string, hint: string): Failure {
  return new Failure("usage", "file.invalid", `${clean(path)}${where}: ${message}`, { hint });
}

/** The mapping as the YAML that {@link readMappingFile} reads. */
export async function mappingToYaml(mapping: Mapping): Promise<string> {
  const { Document } = await import("yaml");
  return (await toYaml(new Document({ mapping: sortedMapping(mapping) }))).trimEnd();
}
