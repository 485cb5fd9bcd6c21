/** The report on one sign-in: the role that Akto gives, the path to it, and whether Akto lets the user in. */
import type { Candidate, DecidedBy, GroupSource } from "./resolve.ts";

/** The outcome of one check, in `login test`, `login explain` and `doctor` alike. */
export interface Check {
  readonly id: string;
  readonly status: "pass" | "warn" | "fail" | "skip";
  readonly message: string;
  readonly hint?: string;
}

/** What `login test` and `login explain` answer. The JSON shape is public. */
export interface LoginReport {
  readonly user: { readonly id: string; readonly email: string; readonly name: string } | null;
  readonly groups: { readonly source: GroupSource; readonly names: readonly string[] };
  readonly role: {
    readonly id: string;
    readonly label: string;
    readonly decidedBy: DecidedBy;
    readonly group: string | null;
  };
  readonly admitted: boolean;
  readonly checks: readonly Check[];
  readonly notes: readonly string[];
  /** The entries that the resolver looked at, best first: the path that terminal and page draw. */
  readonly candidates: readonly Candidate[];
}
