/** What Akto already has for a user, and what happens to it, in words. Pure. */
import { defaultRoleId, roleLabel } from "../roles/roles.ts";
import { clean, quoted } from "../text.ts";
import type { Membership } from "./report.ts";

/** What Akto has for the user now, in a few words. */
export function describeMembership(membership: Exclude<Membership, { kind: "unknown" }>): string {
  if (membership.kind === "new") return "not in the account's team yet";
  if (membership.kind === "invited") return "invited, not in the account's team yet";
  const { storedRole, scopedRoles } = membership;
  const stored = clean(roleLabel(storedRole ?? defaultRoleId));
  if (scopedRoles.size === 0) return storedRole === null ? `${stored} now, no role stored yet` : `${stored} now`;
  const products = describeProducts(scopedRoles);
  return storedRole === null
    ? `access set per product: ${products}`
    : `${stored} now, and access set per product: ${products}`;
}

// So many products are named: Akto has no more today.
const namedProducts = 8;

/** Access per product in words: `API: Guest, AGENTIC: No Access`. */
export function describeProducts(scopedRoles: ReadonlyMap<string, string>): string {
  const named = Array.from(scopedRoles, ([product, role]) => `${clean(product, 40)}: ${clean(roleLabel(role), 60)}`);
  const more = named.length - namedProducts;
  return named.slice(0, namedProducts).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * What becomes of the role that a sign-in gives: whether Akto stores it at once, what outranks it, and from when on it
 * holds, since Akto keeps a user's rights in memory for two minutes (Akto behavior).
 *
 * @param role the id of the role that the groups give
 * @param certain whether they give it for certain
 */
export function membershipNotes(membership: Membership, role: string, certain = true): string[] {
  const label = clean(roleLabel(role));
  const fallback = roleLabel(defaultRoleId);
  // The account of a user without any Akto login is made first, and the role stored later: Akto behavior.
  const firstSession = `the first session runs as ${fallback}, and the second sign-in stores ${label}. With a login in another Akto account, the first stores it already. A stored role takes effect within two minutes.`;
  switch (membership.kind) {
    case "unknown":
      return [
        ...(membership.why === undefined ? [] : [`What Akto has for the user isn't known: ${membership.why}`]),
        ...(role === defaultRoleId ? [] : [`For a user who is new to this Akto account, ${firstSession}`]),
        "A user whose access in Akto was set per product keeps that: it outranks the role.",
      ];
    case "new":
      return role === defaultRoleId ? [] : [`The user is new to this Akto account: ${firstSession}`];
    case "invited":
      return [
        `The user is invited to this Akto account. Anyone who follows the invitation gets access per product, as the invitation says or else as ${fallback}, and that outranks every role from Okta.`,
      ];
    case "member":
      return memberNotes(membership, role, certain);
  }
}

function memberNotes(
  { storedRole, scopedRoles }: Extract<Membership, { kind: "member" }>,
  role: string,
  certain: boolean,
): string[] {
  const label = clean(roleLabel(role));
  if (scopedRoles.size > 0) {
    // Read in Akto's source: an Admin by role gets every API collection, whatever the scope says.
    const admin =
      role === "ADMIN" ? " Even so, a stored Admin role gives the user access to every API collection." : "";
    return [
      `The user's access in Akto was set per product (${describeProducts(scopedRoles)}): that outranks ${label}.${admin}`,
    ];
  }
  if (!certain) {
    const now = storedRole === null ? "no role for the user yet" : `${quoted(roleLabel(storedRole))} for the user now`;
    return [`Akto stores ${now}. Whether the next sign-in changes that hangs on what isn't known here.`];
  }
  const next = `The next sign-in stores ${label}, which takes effect within two minutes.`;
  if (storedRole === null) {
    if (role === defaultRoleId) return [];
    return [
      `Akto stores no role for the user yet, as after a first session, and goes by ${quoted(roleLabel(defaultRoleId))}. ${next}`,
    ];
  }
  if (storedRole === role) return [];
  return [`Akto stores ${quoted(roleLabel(storedRole))} for the user now: ${whyOther}. ${next}`];
}

/** Why Akto may store another role than the next sign-in gives. */
const whyOther =
  "it was given by hand since the last sign-in, or the user's groups, their way to Akto or the mapping have changed";
