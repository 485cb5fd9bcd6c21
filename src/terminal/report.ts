import { describeMembership } from "../core/login/membership.ts";
import { type Check, type LoginReport, withoutRepeats } from "../core/login/report.ts";
import { answerOf } from "../core/login/standing.ts";
import type { Candidate } from "../core/roles/resolve.ts";
import { roleLabel } from "../core/roles/roles.ts";
import { clean, count, quoted } from "../core/text.ts";
import type { Style } from "./style.ts";

const sources: Record<LoginReport["groups"]["source"], string> = {
  access_token: "from the access token's groups claim",
  management_api: "from the Okta API token, since the access token has none",
  none: "neither in the access token nor by an API token",
};

/** Where the groups are from. */
function sourceOf({ source, basis }: LoginReport["groups"]): string {
  if (basis === "given") return "as they were given";
  return basis === "assumed" ? "if the access token's groups claim carries them all" : sources[source];
}

const outcomes: Record<Exclude<Candidate["outcome"], "won">, string> = {
  lower_priority: "a lower role",
  later_in_list: "the same rank, but later in the user's groups",
  unknown_role: "Akto has no such role",
  base_role_unresolvable: "a custom role whose base role Akto can't resolve",
};

/** Where a candidate comes from. */
const via: Record<Candidate["via"], string> = {
  mapping: "by the mapping",
  convention: "by its name, which Akto recognizes",
};

// More names than this are counted, not listed; JSON has them all.
const listedGroups = 12;

const marks = { pass: "✓", warn: "!", fail: "✗", skip: "-" } as const satisfies Record<Check["status"], string>;

/** A check's mark; a dot while it isn't done. */
export function renderMark(status: Check["status"] | undefined, style: Style): string {
  if (status === undefined) return style.dim("·");
  const color = { pass: style.green, warn: style.yellow, fail: style.red, skip: style.dim }[status];
  return color(marks[status]);
}

/** One check as a line, its hint under it. */
export function renderCheck({ status, message, hint }: Check, style: Style): string {
  const line = `${renderMark(status, style)} ${status === "skip" ? style.dim(clean(message, 1000)) : clean(message, 1000)}`;
  return hint === undefined || status === "pass" ? line : `${line}\n  ${style.dim(`→ ${clean(hint, 1000)}`)}`;
}

/** The report for a terminal: the role first, then the path to it, then what was checked, then what to know. */
export function renderReport(report: LoginReport, style: Style): string {
  const { groups, role, membership, checks, notes, candidates } = report;

  const field = (name: string, value: string) => `  ${style.dim(name.padEnd(9))} ${value}`;
  const under = (value: string) => `  ${" ".repeat(9)} ${value}`;
  const path = [
    field("Groups", `${groups.names.length === 0 ? "none" : count(groups.names.length, "group")}, ${sourceOf(groups)}`),
  ];
  if (groups.names.length > 0) {
    const shown = groups.names.slice(0, listedGroups).map((name) => clean(name, 80));
    const more = groups.names.length - shown.length;
    path.push(under(style.dim(shown.join(", ") + (more > 0 ? ` … and ${more} more` : ""))));
  }
  const winner = candidates.find(({ outcome }) => outcome === "won");
  path.push(
    field(
      "Matched",
      winner
        ? `${quoted(winner.group)} → ${clean(roleLabel(winner.role))}, ${via[winner.via]}`
        : isUnlooked(checks)
          ? "not known here"
          : `nothing, so Akto falls back to ${clean(role.label)}`,
    ),
  );
  if (membership.kind !== "unknown") path.push(field("In Akto", describeMembership(membership)));
  const passedOver = candidates.filter((candidate) => candidate !== winner);
  for (const [index, { group, role: passed, outcome }] of passedOver.entries()) {
    if (outcome === "won") continue;
    const line = `${quoted(group)} → ${clean(roleLabel(passed))}: ${outcomes[outcome]}`;
    path.push(index === 0 ? field("Skipped", line) : under(line));
  }

  return [
    headline(report, style),
    ...doubtLines(report).map((line) => `  ${style.dim(line)}`),
    "",
    ...path,
    ...(checks.length > 0 ? ["", ...withoutRepeats(checks).map((check) => indent(renderCheck(check, style)))] : []),
    ...(notes.length > 0 ? ["", ...notes.map((note) => indent(`${style.yellow("•")} ${clean(note, 1000)}`))] : []),
  ].join("\n");
}

/** Whether nothing could be looked up, for want of the groups or of the mapping. */
const isUnlooked = (checks: readonly Check[]) =>
  checks.some(({ id, status }) => id === "mapping.match" && status === "skip");

/** Why the answer is not certain, each reason once. */
function doubtLines({ certain, uncertainBecause }: LoginReport): string[] {
  return certain ? [] : uncertainBecause.map((reason) => `Not certain: ${clean(reason, 1000)}`);
}

function headline(report: LoginReport, style: Style): string {
  const { user } = report;
  const who = user ? `${clean(user.name)} <${clean(user.email || "no email address")}>` : "A user in these groups";
  const { mark, before, role, after } = answerOf(report);
  const label = mark === "pass" ? style.green(role) : mark === "warn" ? style.yellow(role) : style.bold(role);
  return `${renderMark(mark, style)} ${who} ${before} ${label}${after}.`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
