/** The sign-ins that Okta recorded, for people. */
import type { RecordedChange } from "../core/history/changes.ts";
import type { RecordedSignIn } from "../core/history/sign-ins.ts";
import type { Stage } from "../core/history/steps.ts";
import { keptDays, type Window } from "../core/history/window.ts";
import { clean, count } from "../core/text.ts";
import type { Column } from "./column.ts";

/** Where a sign-in ended, in a word or two. */
const stageWords: Readonly<Record<Stage, string>> = {
  session: "at Okta's sign-in",
  assignment: "not assigned",
  policy: "sign-in policy",
  authorization: "access policy",
  token: "token",
  done: "signed in",
};

/** A moment by this machine's clock, to the second. */
function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

const marks = { success: "✓", failure: "✗", unknown: "?" } as const;

/** A refusal by the authorization server for a reason other than its policy is named after that reason. */
const placeOf = ({ stage, reason }: RecordedSignIn) =>
  stage === "authorization" && reason !== "no_matching_policy" ? "authorization" : stageWords[stage];

/** The columns of `login history`. */
export const historyColumns: readonly Column<RecordedSignIn>[] = [
  { head: "WHEN", cell: ({ at }) => localTime(at), key: "first" },
  { head: "USER", cell: ({ user }) => user?.login ?? "", key: "first" },
  { head: "RESULT", cell: (signIn) => `${marks[signIn.outcome]} ${placeOf(signIn)}` },
  { head: "WHY", cell: ({ message, outcome }) => (outcome === "success" ? "" : message), wraps: true },
  { head: "OKTA'S WORD", cell: ({ reason }) => reason ?? "", wraps: true, extra: true },
];

/** What stands under the table. */
export interface HistoryNotes {
  readonly signIns: readonly RecordedSignIn[];
  readonly window: Window;
  /** Requests without a user that were left out. */
  readonly silent: number;
  /** Whether the limit left some out. */
  readonly limited: boolean;
  readonly cut: boolean;
  readonly fresh: boolean;
  readonly changes: readonly RecordedChange[];
}

/** What else there is to say of the list, as sentences: for people and for scripts. */
export function historyNotes({
  silent,
  limited,
  cut,
  fresh,
}: Pick<HistoryNotes, "silent" | "limited" | "cut" | "fresh">): string[] {
  return [
    ...(limited ? ["There are more: --limit shows them, or --since a shorter period."] : []),
    ...(silent > 0 ? [`${count(silent, "request")} without a user left out, such as a check by this tool.`] : []),
    ...(cut ? [`Okta keeps its log for ${keptDays} days, so nothing older can be shown.`] : []),
    ...(fresh ? ["An event can reach the log minutes late: what happened just now may be missing."] : []),
  ];
}

/** The foot of the table: what to do about each kind of refusal, what was changed before the last, and the notes. */
export function historyFooter(notes: HistoryNotes): string {
  const { signIns, changes } = notes;
  const hints = new Map<string, string>();
  for (const { outcome, reason, hint, message } of signIns) {
    if (outcome === "success" || hint === undefined) continue;
    // The table may cut a long word, and people look for it in Okta's console.
    const word = reason === null ? "" : ` (Okta's word: ${clean(reason)})`;
    hints.set(`${message}${word}`, `${message}${word}\n    ${hint}`);
  }
  const whatToDo = hints.size === 0 ? [] : ["What to do:", ...[...hints.values()].map((text) => `  ${text}`), ""];
  const before = changes.slice(0, mostChanges).map((change) => `  ${localTime(change.at)}  ${describeChange(change)}`);
  const changed = before.length === 0 ? [] : ["Changed in Okta before the last one:", ...before, ""];
  const total = signIns.length === 0 ? nothing(notes) : summary(signIns);
  const space = signIns.length === 0 ? [] : [""];
  return [...space, ...whatToDo, ...changed, total, ...historyNotes(notes)].join("\n");
}

function nothing({ window: { since, until }, fresh, cut }: HistoryNotes): string {
  const when = fresh
    ? `since ${localTime(since.toISOString())}`
    : `between ${localTime(since.toISOString())} and ${localTime(until.toISOString())}`;
  return `Okta recorded no sign-ins to Akto ${when}.${cut ? "" : " --since looks further back."}`;
}

const mostChanges = 8;

function summary(signIns: readonly RecordedSignIn[]): string {
  const refused = signIns.filter(({ outcome }) => outcome === "failure").length;
  return `${count(signIns.length, "sign-in")}${refused > 0 ? `, ${refused} of them refused` : ""}. Times are in this machine's time zone.`;
}

/** A change as a line. One that may be of another server or policy says so. */
function describeChange({ message, certain }: RecordedChange): string {
  return clean(certain ? message : `${message} (perhaps of another server or policy)`, 400);
}
