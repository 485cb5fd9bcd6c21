/** From the facts of a sign-in to the report on it: the role, the path to it, the checks and the notes. Pure. */
import { accessChecks, groupChecks, mappingChecks } from "./login-checks.ts";
import type { Mapping } from "./mapping.ts";
import type { LoginReport } from "./report.ts";
import { type RoleTrace, resolveGroups, traceRole } from "./resolve.ts";
import { type CustomRole, defaultRoleId, roleLabel } from "./roles.ts";
import { clean, quoted } from "./text.ts";

/** The user as Akto learns of them, from userinfo. */
export interface SignInUser {
  /** `sub`: in userinfo the Okta user id (Okta behaviour). */
  readonly id: string;
  readonly email: string | null;
  /** `preferred_username`: the Okta login. */
  readonly preferredUsername: string | null;
  readonly name: string | null;
}

/** What the Okta API answered to Akto's question for the user's groups, or why it was not asked. */
export type ApiGroups =
  /** The first page of names, in Okta's order. */
  | { readonly kind: "answered"; readonly names: readonly string[] }
  /** The token brought groups, so Akto does not ask. */
  | { readonly kind: "not_needed" }
  | { readonly kind: "no_token" }
  /** Okta refused or could not be reached: Akto counts that as no groups. */
  | { readonly kind: "failed"; readonly message: string };

/** What is known of the user in Akto's team. */
export type Membership =
  | { readonly kind: "unknown" }
  | { readonly kind: "new" }
  | { readonly kind: "member"; readonly role: string; readonly productScoped: boolean };

/** Everything that decides a sign-in. */
export interface LoginFacts {
  /** `null` when no user is meant, as in a what-if on groups alone. */
  readonly user: SignInUser | null;
  /** The access token, or group names taken instead of it: simulated, or read from Okta for the user. */
  readonly token: { readonly accessToken: string } | { readonly groups: readonly string[] };
  /** Claims of the ID token and of userinfo: Akto ignores their groups, and people look for them there. */
  readonly otherClaims?: { readonly idToken?: object; readonly userinfo?: object };
  readonly api: ApiGroups;
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
  /** The account's e-mail domain; `null` when it can't be known here. */
  readonly organisationDomain: string | null;
  readonly membership: Membership;
}

/**
 * The user in a userinfo answer. A claim that is no text, or empty, counts as missing.
 *
 * @param claims the userinfo answer, or any claims of the same names
 */
export function userFromClaims(claims: Readonly<Record<string, unknown>>): SignInUser {
  const text = (name: string) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof value === "string" && value.trim() !== "" ? value : null;
  };
  return {
    id: text("sub") ?? "",
    email: text("email"),
    preferredUsername: text("preferred_username"),
    name: text("name"),
  };
}

/** The report on a sign-in with these facts. */
export function buildLoginReport(facts: LoginFacts): LoginReport {
  const trace = traceOf(facts);
  const access = accessChecks(facts);
  const admitted = access.every(({ status }) => status !== "fail");
  const { user } = facts;
  return {
    user: user && { id: user.id, email: user.email ?? "", name: user.name ?? user.preferredUsername ?? "" },
    groups: { source: trace.source, names: trace.groups },
    role: { id: trace.role, label: trace.label, decidedBy: trace.decidedBy, group: trace.group },
    admitted,
    checks: [...access, ...groupChecks(facts, trace), ...mappingChecks(facts, trace)],
    notes: notes(facts, trace, admitted),
    candidates: trace.candidates,
  };
}

function traceOf({ token, api, mapping, customRoles }: LoginFacts): RoleTrace {
  const groupsFromApi = api.kind === "answered" ? api.names : null;
  if ("accessToken" in token) {
    return traceRole({ accessToken: token.accessToken, groupsFromApi, mapping, customRoles });
  }
  if (token.groups.length === 0) return traceRole({ accessToken: "", groupsFromApi, mapping, customRoles });
  const { groups } = token;
  const resolved = resolveGroups(groups, mapping, customRoles);
  return { ...resolved, groups, source: "access_token", claim: { kind: "groups", groups } };
}

function notes({ membership }: LoginFacts, trace: RoleTrace, admitted: boolean): string[] {
  const fallback = roleLabel(defaultRoleId);
  const role = clean(trace.label);
  const found: string[] = [];
  if (trace.decidedBy === "default") {
    found.push(
      `No group of the user decides a role, so Akto falls back to ${fallback}. Such a user is not kept out, and is not a guest.`,
    );
  }
  if (!admitted) return found;
  if (membership.kind === "member" && membership.productScoped) {
    found.push(`The user's access in Akto was set per product: that outranks ${role}.`);
  }
  if (membership.kind === "member" && !membership.productScoped && membership.role !== trace.role) {
    found.push(
      `In Akto the user has ${quoted(roleLabel(membership.role))} now; each sign-in writes the role anew, so the next makes it ${role}.`,
    );
  }
  if (trace.role !== defaultRoleId) {
    const first = `the first session runs as ${fallback}, and ${role} is written on the next sign-in`;
    if (membership.kind === "new") found.push(`The user is new to Akto: ${first}.`);
    if (membership.kind === "unknown") found.push(`For a user who is new to Akto, ${first}.`);
  }
  if (membership.kind === "unknown") {
    found.push("A user whose access in Akto was set per product keeps that: it outranks the role.");
  }
  return found;
}
