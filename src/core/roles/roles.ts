/** Akto's roles: what the API stores, what the dashboard shows, and how an admin may name one here. */

import { Failure } from "../failure.ts";
import type { CustomRole } from "../model/akto.ts";
import { listed, quoted } from "../text.ts";

/** A role that Akto has built in. `priority` 0 is the highest; the resolver takes the lowest number. */
export interface BuiltInRole {
  readonly id: string;
  readonly label: string;
  readonly priority: number;
  /** Whether the dashboard offers it for a group. `NO_ACCESS` exists, but is never offered. */
  readonly offered: boolean;
}

/** A role that a group can be mapped to. */
export interface Role {
  /** What Akto stores: a built-in id, or a custom role's name. */
  readonly id: string;
  readonly label: string;
}

/** Akto's built-in roles, highest first (Akto's RBAC.Role). */
export const builtInRoles: readonly BuiltInRole[] = [
  { id: "ADMIN", label: "Admin", priority: 0, offered: true },
  { id: "MEMBER", label: "Security Engineer", priority: 1, offered: true },
  { id: "DEVELOPER", label: "Developer", priority: 2, offered: true },
  { id: "GUEST", label: "Guest", priority: 3, offered: true },
  { id: "THREAT_ENGINEER", label: "Threat Engineer", priority: 4, offered: true },
  { id: "THREAT_VIEWER", label: "Threat Viewer", priority: 5, offered: true },
  { id: "NO_ACCESS", label: "No Access", priority: 6, offered: false },
];

/** The role of users in no mapped group: Akto falls back to it silently. */
export const defaultRoleId = "MEMBER";

const builtInById = new Map(builtInRoles.map((role) => [role.id, role]));

/** The built-in role with exactly this id, as Akto looks it up. */
export function builtInRole(id: string): BuiltInRole | undefined {
  return builtInById.get(id);
}

/** How a role is called in the dashboard: a built-in role's label, a custom role's own name. */
export function roleLabel(id: string): string {
  return builtInById.get(id)?.label ?? id;
}

/** A label in lower case with hyphens: `security-engineer`. */
function roleSlug(role: Role): string {
  return role.label.toLowerCase().replaceAll(" ", "-");
}

/**
 * The roles that the dashboard offers for a group, built-in ones first, highest first.
 *
 * @param customRoles the account's own roles
 */
export function offeredRoles(customRoles: readonly CustomRole[]): readonly Role[] {
  return [
    ...builtInRoles.filter((role) => role.offered).map(({ id, label }) => ({ id, label })),
    ...customRoles.map(({ name }) => ({ id: name, label: name })),
  ];
}

/**
 * The priority with which Akto ranks a stored role, 0 the highest.
 *
 * A custom role ranks as its base role, and a base role is looked up as a built-in id: one spelled with a space
 * (`THREAT ENGINEER`) is none, so such a role never resolves (Akto behavior).
 *
 * @returns the priority, or why Akto passes the role over
 */
export function rolePriority(
  id: string,
  customRoles: readonly CustomRole[],
): { priority: number } | { skipped: "unknown_role" | "base_role_unresolvable"; baseRole?: string } {
  const builtIn = builtInById.get(id);
  if (builtIn) return { priority: builtIn.priority };
  const custom = customRoles.find((role) => role.name === id);
  if (!custom) return { skipped: "unknown_role" };
  const base = builtInById.get(custom.baseRole);
  return base ? { priority: base.priority } : { skipped: "base_role_unresolvable", baseRole: custom.baseRole };
}

/** Akto's rule for a custom role's name: 1 to 50 of `A-Z a-z 0-9 - _`, never a built-in id. */
function isCustomRoleName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,50}$/.test(name) && !builtInById.has(name);
}

/**
 * The role that a person means: a built-in one by id, label or slug in any case, a custom one by its exact name.
 *
 * @param input what the person typed
 * @param customRoles the account's own roles, or `null` when they can't be known here
 * @param allowUnknownCustom take any valid custom name on trust (`--custom-role`, without a connection)
 * @throws Failure `mapping.unknown_role`, with the roles there are
 */
export function parseRole(
  input: string,
  customRoles: readonly CustomRole[] | null,
  allowUnknownCustom: boolean = false,
): Role {
  const typed = input.trim();
  const custom = customRoles?.find((role) => role.name === typed);
  if (custom) return { id: custom.name, label: custom.name };

  const folded = typed.toLowerCase().replaceAll(/[\s_-]+/g, "-");
  const builtIn = builtInRoles.find(
    (role) => role.id.toLowerCase().replaceAll("_", "-") === folded || roleSlug(role) === folded,
  );
  if (builtIn) return { id: builtIn.id, label: builtIn.label };

  if (allowUnknownCustom && isCustomRoleName(typed)) return { id: typed, label: typed };
  const known = offeredRoles(customRoles ?? []).map((role) =>
    role.id === role.label ? role.id : `${role.label} (${role.id})`,
  );
  throw new Failure("usage", "mapping.unknown_role", `Akto has no role ${quoted(typed)}.`, {
    hint: `Use one of: ${listed(known, "or")}.${customRoles === null ? ` ${allowUnknownCustom ? "A custom role's name has 1 to 50 letters, digits, - and _." : "A custom role that exists in Akto needs --custom-role."}` : ""}`,
  });
}
