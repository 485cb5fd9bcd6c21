/** What Okta does at a sign-in with a user of each status (Okta's "User account status"). */
import { clean, quoted } from "../text.ts";

/** Whether Okta lets a user in: at once, once they have done their own part, or not before an admin has. */
export type StatusAnswer =
  | { readonly kind: "in" }
  | { readonly kind: "first"; readonly message: string }
  | { readonly kind: "unknown"; readonly message: string }
  | { readonly kind: "out"; readonly message: string; readonly hint: string };

const answers = new Map<string, StatusAnswer>([
  ["ACTIVE", { kind: "in" }],
  ["PASSWORD_EXPIRED", { kind: "first", message: "The user's password has expired: Okta asks for a new one first." }],
  ["RECOVERY", { kind: "first", message: "A password reset is under way: the user has to finish it first." }],
  ["PROVISIONED", { kind: "first", message: "The user has to activate their Okta account first." }],
  [
    "STAGED",
    {
      kind: "out",
      message: "The user's Okta account is staged, not activated: Okta doesn't let them in anywhere.",
      hint: "Activate the user in Okta: Directory → People.",
    },
  ],
  [
    "LOCKED_OUT",
    {
      kind: "out",
      message: "The user is locked out of Okta after too many failed attempts.",
      hint: "Unlock the user in Okta: Directory → People.",
    },
  ],
  [
    "SUSPENDED",
    {
      kind: "out",
      message: "The user is suspended in Okta.",
      hint: "Unsuspend the user in Okta: Directory → People.",
    },
  ],
  [
    "DEPROVISIONED",
    {
      kind: "out",
      message: "The user is deactivated in Okta.",
      hint: "Activate the user in Okta, and assign the app again: a deactivated user loses it.",
    },
  ],
]);

/** What Okta does with a user of this status; an empty one is one that Okta doesn't show. */
export function askStatus(status: string): StatusAnswer {
  return answers.get(status) ?? { kind: "unknown", message: unknownStatus(status) };
}

function unknownStatus(status: string): string {
  return status === ""
    ? "Okta doesn't show the user's status: whether they are active isn't known."
    : `The user has the status ${quoted(status)} in Okta: whether Okta lets them in with it isn't known here.`;
}

/**
 * Whether Okta lets a user of this status in, if need be once they have done their own part. A status that is unknown here
 * keeps nobody out.
 */
export function maySignIn(status: string): boolean {
  return askStatus(status).kind !== "out";
}

// The words of Okta's admin console, where they are others than the API's.
const consoleWords = new Map([
  ["DEPROVISIONED", "deactivated"],
  ["PROVISIONED", "pending user action"],
  ["RECOVERY", "password reset"],
]);

/** A status as Okta's admin console calls it, in lower case. */
export function statusWords(status: string): string {
  return consoleWords.get(status) ?? clean(status.toLowerCase().replaceAll("_", " "));
}
