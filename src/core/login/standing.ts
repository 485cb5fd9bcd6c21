/** The answer of a report in one line: what a user can do in Akto now, and after the next sign-in. Pure. */
import { defaultRoleId, roleLabel } from "../roles/roles.ts";
import { clean } from "../text.ts";
import { describeProducts } from "./membership.ts";
import type { LoginReport } from "./report.ts";

/** What the user has now and gets. Roles are ids. */
export type Standing =
  | { readonly kind: "turned_away"; readonly by: "okta" | "akto" }
  /** The next sign-in stores the role. `now` is the one that they have; `null` where that isn't known. */
  | { readonly kind: "role"; readonly now: string | null }
  /** New to the account: a first session runs as Security Engineer, and the second sign-in stores the role. */
  | { readonly kind: "new" }
  /** Access per product outranks the role, which is set already or comes with an invitation. */
  | { readonly kind: "outranked"; readonly by: "product_access" | "invitation" };

/** What the report comes to. */
export function standingOf({ membership, role, turnedAwayBy }: LoginReport): Standing {
  if (turnedAwayBy !== null) return { kind: "turned_away", by: turnedAwayBy };
  switch (membership.kind) {
    case "unknown":
      return { kind: "role", now: null };
    case "new":
      // Whose role is the default gets just that at the first sign-in.
      return role.id === defaultRoleId ? { kind: "role", now: null } : { kind: "new" };
    case "invited":
      return { kind: "outranked", by: "invitation" };
    case "member":
      return membership.scopedRoles.size > 0
        ? { kind: "outranked", by: "product_access" }
        : { kind: "role", now: membership.storedRole ?? defaultRoleId };
  }
}

/** The answer in words. */
export interface Answer {
  /** `pass`: the role is what the groups were to bring. `warn`: so far, and there is something to know about it. */
  readonly mark: "pass" | "warn" | "fail";
  /** What is said of the user, before the role and after it. */
  readonly before: string;
  readonly role: string;
  readonly after: string;
  /** What there is to know, as a sentence without its full stop; `null` where nothing is. */
  readonly catch: string | null;
}

/** The answer that stands first in every report; `who` … `before` `role` `after` is one sentence. */
export function answerOf(report: LoginReport): Answer {
  const { role, certain, membership } = report;
  const standing = standingOf(report);
  const label = clean(role.label);
  const probably = certain ? "" : "probably ";
  const fallback = roleLabel(defaultRoleId);
  const byDefault = role.decidedBy === "default";
  switch (standing.kind) {
    case "turned_away": {
      const by = standing.by === "okta" ? "Okta" : "Akto";
      return {
        mark: "fail",
        before: `would be turned away by ${by}. The role would ${report.roleCertain ? "" : "probably "}be`,
        role: label,
        after: "",
        catch: `${by} does not let the user in`,
      };
    }
    case "new":
      return {
        mark: "warn",
        before: `${probably}signs in as ${fallback} the first time, and as`,
        role: label,
        after: " from the second time on",
        catch: `New to Akto: the first session runs as ${fallback}`,
      };
    case "outranked": {
      const scoped = membership.kind === "member" ? describeProducts(membership.scopedRoles) : "";
      const invited = standing.by === "invitation";
      return {
        mark: "warn",
        before: invited
          ? "is invited to Akto, and what the invitation says outranks"
          : `has access per product (${scoped}), which outranks`,
        role: label,
        after: "",
        catch: invited
          ? `Whoever follows an invitation gets access per product: it outranks ${label}`
          : `Access per product counts, not the role: ${scoped}`,
      };
    }
    case "role": {
      const { now } = standing;
      const same = now === role.id;
      const change =
        now === null ? "" : same ? ", as now" : ` at the next sign-in, in place of ${clean(roleLabel(now))}`;
      return {
        mark: certain && !byDefault ? "pass" : "warn",
        before: `${probably}gets the role`,
        role: label,
        after: byDefault ? ` by default${change}: no group decides` : change,
        catch: byDefault ? `${label} is only Akto's default: no group of the user decides a role` : null,
      };
    }
  }
}

/** What is said around the role in a heading, in fewer words than in {@link answerOf}. */
export function headingOf(report: LoginReport): Pick<Answer, "before" | "after"> {
  const standing = standingOf(report);
  const probably = report.certain ? "" : "probably ";
  switch (standing.kind) {
    case "turned_away":
      return answerOf(report);
    case "new":
      return { before: `${probably}becomes`, after: " at the second sign-in" };
    case "outranked":
      return {
        before:
          standing.by === "invitation"
            ? "is invited to Akto, which outranks"
            : "has access per product, which outranks",
        after: "",
      };
    case "role":
      return { before: `${probably}signs in as`, after: report.role.decidedBy === "default" ? ", by default" : "" };
  }
}

/** The answer as one sentence. */
export function summaryOf(report: LoginReport): string {
  const { user } = report;
  const who = user ? clean(user.name || user.email || user.id || "The user", 80) : "A user in these groups";
  const { before, role, after } = answerOf(report);
  return `${who} ${before} ${role}${after}.`;
}
