/** Reads the SSO document out of a file's tree. Every problem is told with its line, its column and the fix. */

import { parseAccountId, parseAktoUrl, parseAuthServerId, parseClientId, parseOktaDomain } from "../address.ts";
import { type ClaimFilter, claimFilterTypes, isUsableFilter } from "../claim/filter.ts";
import { Failure } from "../failure.ts";
import type { CustomRole } from "../model/akto.ts";
import type { ClaimFilterType } from "../model/okta.ts";
import { parseRole, type Role } from "../roles/roles.ts";
import { clean, quoted } from "../text.ts";
import { type AppSpec, defaultAuthServerId, type SsoSpec } from "./spec.ts";
import { type Position, type SpecNode, type SpecProblem, SpecReader } from "./spec-tree.ts";

/**
 * Reads the document.
 *
 * @param file the file's name, for messages
 * @param customRoles the account's own roles; `null` when they can't be known, and then any valid name is taken on trust
 * @throws Failure `file.invalid`, `file.secret`, `mapping.role_taken`, `mapping.unknown_role` that tells every problem
 */
export function readSpec(root: SpecNode, file: string, customRoles: readonly CustomRole[] | null): SsoSpec {
  const reader = new SpecReader();
  const top = reader.section(root, "", ["akto", "okta", "mapping"]);
  const akto = reader.section(top.get("akto"), "akto", ["url", "accountId", "syncGroupsToUserTags"]);
  const okta = reader.section(top.get("okta"), "okta", [
    "domain",
    "authorizationServerId",
    "createGroups",
    "app",
    "groupsClaim",
  ]);
  const domain = reader.parsed(okta.get("domain"), "domain", parseOktaDomain);
  const url = reader.parsed(akto.get("url"), "url", parseAktoUrl);
  const spec = {
    akto: {
      url: url ?? "",
      accountId: reader.parsed(akto.get("accountId"), "accountId", parseAccountId, "id"),
      syncGroupsToUserTags: reader.flag(akto.get("syncGroupsToUserTags"), "syncGroupsToUserTags"),
    },
    okta: {
      authorizationServerId:
        reader.parsed(okta.get("authorizationServerId"), "authorizationServerId", parseAuthServerId, "id") ??
        defaultAuthServerId,
      createGroups: reader.flag(okta.get("createGroups"), "createGroups") ?? false,
      app: readApp(reader, okta.get("app")),
      groupsClaim: readFilter(reader, okta.get("groupsClaim")),
    },
    mapping: readMapping(reader, top.get("mapping"), customRoles),
  };
  if (root.kind === "map")
    requireKeys(reader, root, top, [
      ["akto", akto, "url", "https://app.akto.io"],
      ["okta", okta, "domain", "acme.okta.com"],
    ]);
  if (reader.problems.length > 0 || !domain) throw invalidFile(file, reader.problems);
  return { ...spec, okta: { domain, ...spec.okta } };
}

type Required = readonly [section: string, found: ReadonlyMap<string, SpecNode>, key: string, example: string];

function requireKeys(
  reader: SpecReader,
  root: SpecNode,
  top: ReadonlyMap<string, SpecNode>,
  required: readonly Required[],
): void {
  for (const [section, found, key, example] of required) {
    if (!found.has(key)) {
      const at = top.get(section)?.at ?? root.at;
      reader.problem(at, `“${section}.${key}” is missing.`, `Write ${key}: ${example} under ${section}.`);
    }
  }
  if (!top.has("mapping")) {
    const empty = root.kind === "map" && root.entries.some(({ key }) => key === "mapping");
    reader.problem(
      root.at,
      empty ? "“mapping” is empty." : "“mapping” is missing.",
      "List the groups and their roles, or write mapping: {} if there are to be none.",
    );
  }
}

function readApp(reader: SpecReader, node: SpecNode | undefined): AppSpec {
  const app = reader.section(node, "okta.app", ["label", "clientId", "assignments", "initiateLogin"]);
  return {
    label: reader.parsed(app.get("label"), "label", parseLabel),
    clientId: reader.parsed(app.get("clientId"), "clientId", parseClientId, "id"),
    assignments: reader.names(app.get("assignments"), "assignments") ?? [],
    initiateLogin: reader.flag(app.get("initiateLogin"), "initiateLogin"),
  };
}

// Okta's own limits on an app's label.
function parseLabel(text: string): string {
  if (text.trim() === text && text.length >= 1 && text.length <= 100) return text;
  throw new Failure("usage", "file.invalid", `${quoted(text)} can't be an Okta app's label.`, {
    hint: "A label has 1 to 100 characters, with no spaces around it.",
  });
}

function readFilter(reader: SpecReader, node: SpecNode | undefined): ClaimFilter | undefined {
  if (!node) return undefined;
  const claim = reader.section(node, "okta.groupsClaim", ["filter", "value"]);
  const filter = reader.parsed(claim.get("filter"), "filter", parseFilterType);
  const value = reader.parsed(claim.get("value"), "value", (text) => text);
  for (const key of ["filter", "value"]) {
    if (!claim.has(key)) {
      reader.problem(node.at, `“okta.groupsClaim.${key}” is missing.`, "Write both, or leave groupsClaim out.");
    }
  }
  if (filter === undefined || value === undefined) return undefined;
  if (isUsableFilter({ filter, value })) return { filter, value };
  return reader.problem(
    claim.get("value")?.at ?? node.at,
    `${quoted(value)} can't be the value of the filter ${filter}.`,
    filter === "REGEX"
      ? "Write a regular expression that matches whole group names, such as ^Akto .*$"
      : "Write it as text.",
  );
}

function parseFilterType(text: string): ClaimFilterType {
  const found = claimFilterTypes.find((type) => type === text);
  if (found) return found;
  throw new Failure("usage", "file.invalid", `${quoted(text)} is not a filter that an Okta claim can have.`, {
    hint: `Write one of ${claimFilterTypes.join(", ")}.`,
  });
}

function readMapping(
  reader: SpecReader,
  node: SpecNode | undefined,
  customRoles: readonly CustomRole[] | null,
): Map<string, string> {
  const mapping = new Map<string, string>();
  const holders = new Map<string, string>();
  const places = new Map<string, Position>();
  if (!node) return mapping;
  if (node.kind !== "map") {
    reader.problem(
      node.at,
      "“mapping” is not a list of groups with their roles.",
      "Write one line “Group name: ROLE” for each.",
    );
    return mapping;
  }
  for (const { key, at, value } of node.entries) {
    const group = reader.name(key, at);
    const role = readRole(reader, value, customRoles);
    if (group === undefined || role === undefined) continue;
    const holder = holders.get(role.id);
    const before = places.get(group);
    if (before) {
      reader.problem(
        at,
        `The group ${quoted(group)} appears twice, first in line ${before.line}.`,
        "A group has one role: remove one of the two.",
      );
    } else if (holder !== undefined) {
      reader.problem(
        value.at,
        `${quoted(role.label)} is given to both ${quoted(holder)} and ${quoted(group)}.`,
        "A role has one group: remove one of the two, or give one of them another role.",
        "mapping.role_taken",
      );
    } else {
      mapping.set(group, role.id);
      places.set(group, at);
      holders.set(role.id, group);
    }
  }
  return mapping;
}

function readRole(reader: SpecReader, node: SpecNode, customRoles: readonly CustomRole[] | null): Role | undefined {
  const type = node.kind === "scalar" ? typeof node.value : undefined;
  if (node.kind !== "scalar" || (type !== "string" && type !== "number") || node.text === "") {
    return reader.problem(node.at, "A group has no role, or more than one.", "Write one role, such as MEMBER.");
  }
  try {
    return parseRole(node.text, customRoles, customRoles === null);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return reader.problem(node.at, error.message, error.hint ?? "", "mapping.unknown_role");
  }
}

/** One failure for all problems: the first in the message, its fix and the others in the hint. */
export function invalidFile(file: string, problems: readonly SpecProblem[]): Failure {
  const [first, ...rest] = problems.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  if (!first) return new Failure("usage", "file.invalid", `${clean(file)} has a mistake in it.`);
  const told = ({ at, message }: SpecProblem) => `${clean(file)}:${at.line}:${at.column}: ${message}`;
  // A role twice is Akto's own rule, wherever it is broken.
  const kind = problems.every(({ code }) => code === "mapping.role_taken") ? "rule" : "usage";
  return new Failure(kind, first.code, told(first), {
    hint: [first.fix, ...rest.map((problem) => `${told(problem)} ${problem.fix}`)].join("\n"),
  });
}
