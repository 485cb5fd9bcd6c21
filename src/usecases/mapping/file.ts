/** A mapping in a file: YAML or JSON with a key `mapping`, or CSV with the columns `group` and `role`. */

import { extname } from "node:path";
import type { YAMLMap } from "yaml";
import { fromCsvCell } from "../../core/csv.ts";
import { Failure } from "../../core/failure.ts";
import type { CustomRole, Mapping } from "../../core/model/akto.ts";
import { normalizeGroupName, sortedMapping } from "../../core/roles/mapping.ts";
import { parseRole, type Role } from "../../core/roles/roles.ts";
import { clean, count, quoted } from "../../core/text.ts";
import { parseYaml } from "../../core/yaml.ts";
import { type Expected, inputName, readInput } from "../input-file.ts";
import { toYaml } from "../yaml.ts";

const mappingFile: Expected = {
  what: "a mapping",
  limit: 4 * 1024 * 1024,
  hints: {
    unreadable: "Check the path, and that you have permission to read it.",
    tooLarge: "At most 4 MiB are read.",
  },
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
  const places = new Map<string, string>();
  const holders = new Map<string, string>();
  for (const { group, role, where } of entries) {
    const { name } = normalizeGroupName(group);
    const { id, label } = roleIn(named, where, role, roles);
    const before = places.get(name);
    if (before !== undefined) {
      throw invalid(
        named,
        where,
        `The group ${quoted(name)} appears twice, first ${lineOf(before)}.`,
        "A group has one role: remove one of the two.",
      );
    }
    const holder = holders.get(id);
    if (holder !== undefined) {
      throw new Failure(
        "rule",
        "mapping.role_taken",
        `${clean(named)}${where}: ${quoted(label)} is given to both ${quoted(holder)} (${lineOf(places.get(holder) ?? "")}) and ${quoted(name)}.`,
        {
          hint: "A role has one group: remove one of the two.",
        },
      );
    }
    mapping.set(name, id);
    places.set(name, where);
    holders.set(id, name);
  }
  return mapping;
}

/** As `parseRole`, naming the place of the role that is refused. */
function roleIn(named: string, where: string, role: string, { customRoles, trustUnknown }: RoleReading): Role {
  try {
    return parseRole(role, customRoles, trustUnknown);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, code, message, hint } = error;
    throw new Failure(kind, code, `${clean(named)}${where}: ${message}`, { hint, cause: error });
  }
}

/** A place such as `:3:5` in a sentence. */
const lineOf = (where: string) => `in line ${where.split(":")[1] ?? "1"}`;

// Spreadsheets write their own separator into a first line of this form.
const separatorLine = /^"?sep=(.)"?\r?(?:\n|$)/i;

/** By its name; what has none is told by the columns that its first line names. */
function isCsv(path: string, content: string): boolean {
  if (path !== "-") return extname(path).toLowerCase() === ".csv";
  if (separatorLine.test(content)) return true;
  const [heading = ""] = content.split(/[\r\n]/, 1);
  return heading.split(/[,;\t|]/).some((cell) => /^"?group"?$/i.test(cell.trim()));
}

interface FileEntry {
  readonly group: string;
  readonly role: string;
  /** `:line:column`, or `:line` for CSV. */
  readonly where: string;
}

async function fromYaml(path: string, content: string): Promise<FileEntry[]> {
  const { isMap, isScalar, isSeq } = await import("yaml");
  const { document, lines, problem } = await parseYaml(content, false);
  const at = (offset: number | undefined) => {
    if (offset === undefined) return "";
    const { line, col } = lines.linePos(offset);
    return `:${line}:${col}`;
  };
  if (problem) throw invalid(path, at(problem.offset), problem.message, problem.fix);

  const shape =
    'The file needs a key "mapping" that holds "group: ROLE" lines, as `akto-okta mapping export` writes it.';
  const scalar = (value: unknown, what: string, fallback: number | undefined): { text: string; where: string } => {
    if (isScalar(value) && typeof value.value === "string")
      return { text: value.value, where: at(value.range?.[0] ?? fallback) };
    const start = isScalar(value) ? (value.range?.[0] ?? fallback) : fallback;
    throw invalid(path, at(start), `The ${what} is not text.`, "Put it in quotes.");
  };
  /** The value of a key that may stand once. */
  const onlyValue = (map: YAMLMap, name: string): unknown => {
    const found = map.items.filter(({ key }) => (isScalar(key) ? key.value === name : key === name));
    const [first, second] = found.map(({ key }) => at(isScalar(key) ? key.range?.[0] : undefined));
    if (second !== undefined) {
      throw invalid(
        path,
        second,
        `The key “${name}” appears twice, first ${lineOf(first ?? "")}.`,
        "Only one of them would count: combine them, or remove one.",
      );
    }
    return found[0]?.value;
  };
  const node = isMap(document.contents) ? onlyValue(document.contents, "mapping") : undefined;
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
      const group = scalar(onlyValue(item, "group"), "group", item.range?.[0]);
      const role = scalar(onlyValue(item, "role"), "role", item.range?.[0]);
      return { group: group.text, role: role.text, where: group.where };
    });
  }
  if (isScalar(node) && node.value === null) return [];
  throw invalid(path, "", "There is no mapping in it.", shape);
}

async function fromCsv(path: string, content: string): Promise<FileEntry[]> {
  const [preface = "", separator] = separatorLine.exec(content) ?? [];
  const table = content.slice(preface.length);
  const { heading, rows } = await readCsv(path, table, separator ?? separatorIn(table), preface === "" ? 1 : 2);
  const names = heading.cells.map((cell) => cell.trim().toLowerCase());
  const column = (name: string) => {
    const [first, second] = names.flatMap((each, index) => (each === name ? [index + 1] : []));
    if (first === undefined) {
      throw invalid(path, heading.where, `The heading has no “${name}”.`, "The heading is: group,role");
    }
    if (second === undefined) return first - 1;
    throw invalid(
      path,
      heading.where,
      `The column “${name}” appears twice, as column ${first} and ${second}.`,
      "Only one of them would count: remove the other.",
    );
  };
  const [group, role] = [column("group"), column("role")];
  return rows.map(({ cells, where }) => {
    if (cells.length !== names.length) {
      throw invalid(
        path,
        where,
        `The line has ${count(cells.length, "field")}, the heading ${names.length}.`,
        "Put a name with a comma in quotes.",
      );
    }
    return { group: fromCsvCell(cells[group] ?? ""), role: fromCsvCell(cells[role] ?? ""), where };
  });
}

/** What stands between the columns of the heading. */
function separatorIn(table: string): string {
  const [heading = ""] = table.trimStart().split(/[\r\n]/, 1);
  const columns = (separator: string) => heading.split(separator).map((cell) => cell.replaceAll('"', "").trim());
  const isHeading = (cells: readonly string[]) => cells.some((cell) => /^(?:group|role)$/i.test(cell));
  return [",", ";", "\t", "|"].find((each) => heading.includes(each) && isHeading(columns(each))) ?? ",";
}

interface CsvLine {
  readonly cells: readonly string[];
  /** `:line`, where it begins. */
  readonly where: string;
}

/** The heading and the rows of a CSV; empty lines are passed over. */
async function readCsv(
  path: string,
  content: string,
  delimiter: string,
  firstLine: number,
): Promise<{ heading: CsvLine; rows: CsvLine[] }> {
  const { default: Papa } = await import("papaparse");
  const found: CsvLine[] = [];
  let line = firstLine;
  let read = 0;
  Papa.parse<string[]>(content, {
    delimiter,
    // A cell may have lines of its own: where a row begins is where the last one ended.
    step: ({ data, errors, meta }) => {
      const where = `:${line}`;
      const [problem] = errors;
      if (problem && problem.type !== "Delimiter") {
        throw invalid(path, where, clean(problem.message), "Fix the file at this line.");
      }
      if (data.some((cell) => cell.trim() !== "")) found.push({ cells: data, where });
      line += content.slice(read, meta.cursor).match(/\r\n|\r|\n/g)?.length ?? 0;
      read = meta.cursor;
    },
  });
  const [heading = { cells: [], where: `:${firstLine}` }, ...rows] = found;
  return { heading, rows };
}

function invalid(path: string, where: string, message: string, hint: string): Failure {
  return new Failure("usage", "file.invalid", `${clean(path)}${where}: ${message}`, { hint });
}

/** The mapping as the YAML that {@link readMappingFile} reads. */
export async function mappingToYaml(mapping: Mapping): Promise<string> {
  const { Document } = await import("yaml");
  return (await toYaml(new Document({ mapping: sortedMapping(mapping) }))).trimEnd();
}
