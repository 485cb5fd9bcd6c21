/** The report on one sign-in: the role that Akto gives, the path to it, and whether Akto lets the user in. */

import type { Grade } from "../evidence.ts";
import type { RecordedChange } from "../history/changes.ts";
import type { RecordedSignIn } from "../history/sign-ins.ts";
import type { TeamMember } from "../model/akto.ts";
import type { Candidate, DecidedBy, GroupSource } from "../roles/resolve.ts";

/** The outcome of one check, in `login test`, `login explain` and `doctor` alike. */
export interface Check {
  readonly id: string;
  readonly status: "pass" | "warn" | "fail" | "skip";
  readonly message: string;
  readonly hint?: string;
  /** What it is known from; absent where it was not looked at. */
  readonly evidence?: Grade;
}

/** What is known of the user in Akto's team. */
export type Membership =
  | {
      readonly kind: "unknown";
      /** Why, where Akto was asked: a sentence. */
      readonly why?: string | undefined;
    }
  /** Not in the account's team. Whether the user has a login in another account can't be told from outside. */
  | { readonly kind: "new" }
  /** Invited, and not in the team yet. */
  | { readonly kind: "invited" }
  | ({ readonly kind: "member" } & Pick<TeamMember, "storedRole" | "scopedRoles">);

/** What `login test` and `login explain` answer. The JSON shape is public. */
export interface LoginReport {
  readonly user: { readonly id: string; readonly email: string; readonly name: string } | null;
  readonly groups: {
    readonly source: GroupSource;
    readonly names: readonly string[];
    /** Where they were neither read nor predicted: named by who asks, or all of the user's for want of better. */
    readonly basis?: "given" | "assumed";
  };
  readonly role: {
    readonly id: string;
    readonly label: string;
    readonly decidedBy: DecidedBy;
    readonly group: string | null;
  };
  /** With `false`, the role is what the user would get if nothing stood in the way. */
  readonly admitted: boolean;
  /** Who turns the user away. */
  readonly turnedAwayBy: "okta" | "akto" | null;
  /** Whether everything that decides the user's access and role is known. */
  readonly certain: boolean;
  /** Whether the role is, of somebody who is turned away as well. */
  readonly roleCertain: boolean;
  /** Why it isn't certain: sentences. */
  readonly uncertainBecause: readonly string[];
  /** What Akto has for the user now. */
  readonly membership: Membership;
  readonly checks: readonly Check[];
  readonly notes: readonly string[];
  /** The user's last sign-in that Okta recorded, where it was looked up. */
  readonly recorded: RecordedSignIn | null;
  /** What was changed in Okta since their last successful sign-in, newest first. */
  readonly changes: readonly RecordedChange[];
  /** The entries that the resolver looked at, best first: the path that terminal and page draw. */
  readonly candidates: readonly Candidate[];
}

/** The checks as people read them: a reason for which several are skipped is said once. */
export function withoutRepeats(checks: readonly Check[]): Check[] {
  return checks.filter(
    ({ status, message }, index) =>
      status !== "skip" || checks.findIndex((other) => other.status === "skip" && other.message === message) === index,
  );
}
