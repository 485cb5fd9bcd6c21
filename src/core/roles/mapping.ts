/** The mapping of Okta groups to Akto roles: one role a group, one group a role, names exact. */

import { Failure } from "../failure.ts";
import type { CustomRole, Mapping } from "../model/akto.ts";
import { clean, quoted } from "../text.ts";
import { builtInRole, roleLabel } from "./roles.ts";

/** One line of a mapping, as it is shown. */
export interface MappingRow {
  readonly group: string;
  readonly role: string;
  readonly label: string;
}

/**
 * The mapping sorted by group, in the order of UTF-16 code units whatever the language: Akto answers in an order of its
 * own, another one after each change, and lists and files are to stay as they are.
 */
export function sortedMapping(mapping: Mapping): Map<string, string> {
  return new Map([...mapping].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The mapping as rows, sorted by group. */
export function mappingRows(mapping: Mapping): MappingRow[] {
  return Array.from(sortedMapping(mapping), ([group, role]) => ({ group, role, label: roleLabel(role) }));
}

/**
 * A group's name as the dashboard would store it: white space at both ends taken off.
 *
 * @returns the name, and whether anything was taken off (the user is told)
 * @throws Failure `mapping.empty_group` when nothing is left
 */
export function normalizeGroupName(input: string): { name: string; trimmed: boolean } {
  const name = input.trim();
  if (name === "") {
    throw new Failure("usage", "mapping.empty_group", "The group name is empty.", {
      hint: "Give the name exactly as Okta shows it; `akto-okta groups list` prints them.",
    });
  }
  return { name, trimmed: name !== input };
}

/** Whether Akto could hold the name of a group as it is: white space at its ends is taken off before it is stored. */
export function isHoldable(name: string): boolean {
  return name === name.trim();
}

/**
 * A group of Okta's whose name Akto can't hold, so that no entry would ever fit it.
 *
 * @param name the name as Okta has it
 */
export function unholdable(name: string): Failure {
  return new Failure(
    "rule",
    "mapping.unholdable_group",
    `Okta's group ${quoted(name)} has spaces around its name, which Akto removes: no entry could ever match it.`,
    { hint: `Rename the group in Okta (Directory → Groups) to ${quoted(name.trim())}, and map that.` },
  );
}

/** The group that has this role, if one has. */
export function groupOfRole(mapping: Mapping, role: string): string | undefined {
  for (const [group, mapped] of mapping) if (mapped === role) return group;
  return undefined;
}

/**
 * The mapping with one entry more.
 *
 * @param group the name as Okta has it; see {@link normalizeGroupName}
 * @param role a role id, see `parseRole`
 * @returns a new mapping; the same one when the entry is there already
 * @throws Failure `mapping.group_mapped` or `mapping.role_taken`: Akto refuses one role for two groups, and a group
 *   can hold only one
 */
export function addToMapping(mapping: Mapping, group: string, role: string): Mapping {
  const { name } = normalizeGroupName(group);
  const present = mapping.get(name);
  if (present === role) return mapping;
  if (present !== undefined) {
    throw new Failure(
      "rule",
      "mapping.group_mapped",
      `${quoted(name)} is already mapped to ${quoted(roleLabel(present))}.`,
      {
        hint: `A group has one role. Remove it first: ${removal(name, present)}`,
      },
    );
  }
  const holder = groupOfRole(mapping, role);
  if (holder !== undefined) {
    throw new Failure(
      "rule",
      "mapping.role_taken",
      `${quoted(roleLabel(role))} is already given to ${quoted(holder)}.`,
      {
        hint: `A role has one group. Remove it first: ${removal(holder, role)}`,
      },
    );
  }
  return new Map([...mapping, [name, role]]);
}

/**
 * The mapping with one entry less.
 *
 * @throws Failure `mapping.not_mapped` when the group has no entry
 */
export function removeFromMapping(mapping: Mapping, group: string): Mapping {
  // An entry saved by an older Akto may have spaces at either end: the exact name first, then the trimmed one.
  const name = mapping.has(group) ? group : group.trim();
  if (!mapping.has(name)) {
    throw new Failure("usage", "mapping.not_mapped", `${quoted(name)} is not mapped.`, {
      hint: "`akto-okta mapping list` shows what is; names must match exactly, including capitalization.",
    });
  }
  return new Map([...mapping].filter(([mapped]) => mapped !== name));
}

/** Something Akto would refuse, or pass over, in a whole mapping. */
export interface MappingProblem {
  readonly code: "mapping.role_taken" | "mapping.unknown_role" | "mapping.empty_group";
  readonly group: string;
  readonly message: string;
}

/**
 * What Akto would refuse in this mapping when it is saved: a role twice, a role that exists nowhere, an empty name.
 *
 * @param customRoles the account's own roles, or `null` when they can't be known here: then none is called unknown
 */
export function mappingProblems(mapping: Mapping, customRoles: readonly CustomRole[] | null): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const holders = new Map<string, string>();
  for (const [group, role] of mapping) {
    if (group.trim() === "") {
      problems.push({ code: "mapping.empty_group", group, message: "A group name is empty." });
    }
    const holder = holders.get(role);
    if (holder === undefined) holders.set(role, group);
    else {
      problems.push({
        code: "mapping.role_taken",
        group,
        message: `${quoted(roleLabel(role))} is given to both ${quoted(holder)} and ${quoted(group)}; a role has one group.`,
      });
    }
    if (customRoles && !builtInRole(role) && !customRoles.some((custom) => custom.name === role)) {
      problems.push({
        code: "mapping.unknown_role",
        group,
        message: `${quoted(group)} has the role ${quoted(role)}, which Akto does not have.`,
      });
    }
  }
  return problems;
}

/** What differs between two mappings, by group. */
export interface MappingChange {
  readonly group: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** The changes that turn `before` into `after`: removed and changed groups in the order of `before`, then added ones. */
export function diffMappings(before: Mapping, after: Mapping): MappingChange[] {
  const changes: MappingChange[] = [];
  for (const [group, from] of before) {
    const to = after.get(group) ?? null;
    if (to !== from) changes.push({ group, from, to });
  }
  for (const [group, to] of after) if (!before.has(group)) changes.push({ group, from: null, to });
  return changes;
}

/** The entries that the changes bring, without those that they only take off. */
export function givenBy(changes: readonly MappingChange[]): { group: string; role: string }[] {
  return changes.flatMap(({ group, to }) => (to === null ? [] : [{ group, role: to }]));
}

/** Whether two mappings say the same, in whatever order. */
export function sameMapping(a: Mapping, b: Mapping): boolean {
  return a.size === b.size && diffMappings(a, b).length === 0;
}

/** The command that takes an entry off. A name that nobody could copy from a line is left to its role to name. */
function removal(group: string, role: string): string {
  const word = shellArgument(group);
  return `akto-okta mapping remove ${word ?? `--role ${shellWord(role)}`}`;
}

/** A name as the argument of a command that is copied and pasted; `undefined` for one that nobody could copy from a line. */
export function shellArgument(name: string): string | undefined {
  if (name.length > 100 || clean(name) !== name) return undefined;
  return `${name.startsWith("-") ? "-- " : ""}${shellWord(name)}`;
}

/** The word as a POSIX shell needs it, for commands in hints that are copied and pasted. zsh looks up what begins with `=`. */
export function shellWord(word: string): string {
  const shown = clean(word);
  return /^(?!=)[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
