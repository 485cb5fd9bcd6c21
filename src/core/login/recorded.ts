/** What Okta recorded of a user's sign-ins, as evidence on the next one. */
import type { Fact } from "../evidence.ts";
import { ago } from "../history/ago.ts";
import type { RecordedChange } from "../history/changes.ts";
import type { RecordedSignIn } from "../history/sign-ins.ts";
import { clean, quoted } from "../text.ts";

/** What the log has of one user. */
export interface RecordedFact {
  /** The last sign-in; `null` where there is none in the time that was looked at. */
  readonly last: RecordedSignIn | null;
  /** What was changed since the last one that succeeded, newest first. */
  readonly changes: readonly RecordedChange[];
  readonly now: Date;
  /** How many days were looked at. */
  readonly days: number;
}

/** What the record says of the next sign-in. */
export interface RecordedWord {
  /**
   * `no` only of a refusal whose cause lies in Okta, since which nothing that matters was changed there; `open` of one whose
   * cause isn't known here.
   */
  readonly says: "no" | "open" | "nothing";
  readonly status: "pass" | "warn" | "skip";
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Refusals whose causes the log would show the end of: they lie in Okta's own settings, and don't hang on the moment. */
const lasting: ReadonlySet<string> = new Set(["assignment", "policy", "authorization"]);
const ofServer: ReadonlySet<string | null> = new Set(["no_matching_policy", "no_matching_scope"]);

function isLasting({ stage, reason }: RecordedSignIn): boolean {
  if (stage === "token") return reason === "user_claim_evaluation_failure";
  return lasting.has(stage) && (stage !== "authorization" || ofServer.has(reason));
}

/**
 * Refusals that say nothing of the next sign-in: what the user did, what hangs on the moment, and what Okta's own answer to
 * Akto's request tells better.
 */
const passing: ReadonlySet<string | null> = new Set([
  "invalid_grant",
  "mismatched_redirect_uri",
  "invalid_client_id",
  "invalid_scope",
]);

function weightOf(signIn: RecordedSignIn): RecordedWord["says"] {
  if (isLasting(signIn)) return "no";
  return signIn.stage === "session" || passing.has(signIn.reason) ? "nothing" : "open";
}

/** What the record says. */
export function recordedWord(recorded: Fact<RecordedFact>): RecordedWord {
  if (!recorded.known) return { says: "nothing", status: "skip", message: recorded.why };
  const { last, now, days } = recorded.value;
  if (!last) {
    const message = `Okta recorded no sign-in of this user to Akto in the last ${days} days.`;
    return { says: "nothing", status: "skip", message };
  }
  const when = ago(last.at, now);
  if (last.outcome === "success") {
    return { says: "nothing", status: "pass", message: `Okta signed the user in to Akto ${when}.` };
  }
  if (last.outcome === "unknown") {
    const message = `The log doesn't say how the user's last sign-in to Akto ended, ${when}. ${last.message}`;
    return { says: "nothing", status: "warn", message, hint: last.hint };
  }
  const message = `Okta refused the user's last sign-in to Akto ${when}: ${refusalWords(last)}`;
  const since = changeSince(recorded.value, last);
  if (since !== "") return { says: "nothing", status: "warn", message: message + since };
  return { says: weightOf(last), status: "warn", message, hint: last.hint };
}

/** The latest change after a refusal, as a sentence to put behind it; nothing where there is none. */
function changeSince({ changes, now }: RecordedFact, { at }: RecordedSignIn): string {
  const [since] = changes.filter((change) => change.at > at);
  return since ? ` Since then, ${ago(since.at, now)}: ${since.message}` : "";
}

/** Why a sign-in was refused, with Okta's own word for it. */
export function refusalWords({ message, reason }: RecordedSignIn): string {
  const word = reason === null || message.includes(clean(reason)) ? "" : ` (${clean(reason)})`;
  return `${message.replace(/\.$/, "")}${word}.`;
}

/** That the one before a sign-in that went well was refused, and what was changed in between. */
export function refusedBefore(recorded: RecordedFact | undefined): string[] {
  if (recorded?.last?.outcome !== "failure") return [];
  const { last, now } = recorded;
  const since = changeSince(recorded, last);
  return [
    `Okta refused the user's sign-in to Akto before this one, ${ago(last.at, now)}: ${refusalWords(last)}${since}`,
  ];
}

/** The most changes that a report names. */
const mostNamed = 3;

/** What was changed since the last good sign-in, as notes: most often the answer. */
export function recordedNotes(recorded: RecordedFact | undefined): string[] {
  if (!recorded) return [];
  const { changes, now } = recorded;
  const own = changes.filter(({ ofUser }) => ofUser);
  const all = [...own, ...changes.filter(({ ofUser, certain }) => !ofUser && certain)];
  // A change made repeatedly is reported once, as last made.
  const first = all.filter((one, index) => all.findIndex(({ message }) => message === one.message) === index);
  const named = first.slice(0, mostNamed);
  return named.map(({ at, message, by, event }) => {
    const person = event.actor.type === "User" ? by?.login : null;
    const login = person && person !== by?.name ? ` (${quoted(person)})` : "";
    return `Changed in Okta ${ago(at, now)}: ${message}${login}`;
  });
}
