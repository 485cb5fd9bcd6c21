import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { valueIn } from "../../core/evidence.ts";
import type { RecordedChange } from "../../core/history/changes.ts";
import type { RecordedSignIn } from "../../core/history/sign-ins.ts";
import { readWindow } from "../../core/history/window.ts";
import { count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { historyColumns, historyFooter, historyNotes } from "../../terminal/history.ts";
import { readHistory } from "../../usecases/history/history.ts";
import { createWorld } from "../../usecases/world/world.ts";
import { declareOutput, examples, type ListOptions, wholeNumber } from "../options.ts";

interface Options extends ConnectionOptions, ListOptions {
  readonly user?: string;
  readonly since?: string;
  readonly until?: string;
  readonly failed?: boolean;
  readonly limit?: number;
}

const standardLimit = 100;

export function declare(command: Command): void {
  command
    .option("--user <login>", "only this user's, and whatever kept them out of Okta itself")
    .option("--since <time>", "from this time on: 30m, 24h, or 7d ago, a day, or a time (default: 24h)")
    .option("--until <time>", "up to this time (default: now); a day includes all of it")
    .option("--failed", "only those that Okta refused")
    .option("--limit <n>", "at most this many, the newest ones", wholeNumber(1, 1_000_000), standardLimit);
  declareOutput(command);
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "login history",
    "login history --user jo@example.com --since 7d",
    "login history --failed --since 2026-11-20 --until 2026-11-21",
    "login history --since 30d --limit 9999 --output csv > log.csv",
    "login history --json | jq -r '.signIns[].reason'",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const { user, failed, limit = standardLimit } = options;
  const window = readWindow(options.since, options.until, new Date());
  const world = createWorld(context, await context.settings(options));
  const label = "Reading Okta's System Log …";
  const found = await terminal.during(label, ({ update }) =>
    readHistory(world, { window, login: user, failed, limit }, (events) =>
      update(`${label} ${count(events, "event")}`),
    ),
  );
  const { signIns, changes, silent, complete } = found;
  const notes = { silent, limited: !complete, cut: window.cut, fresh: window.fresh };
  await terminal.list(
    {
      rows: signIns,
      columns: historyColumns,
      document: {
        signIns: signIns.map(signInDocument),
        complete: complete && !window.cut,
        since: window.since.toISOString(),
        until: window.until.toISOString(),
        withoutUser: silent,
        ...(user === undefined ? {} : { changes: valueIn(changes)?.map(changeDocument) ?? null }),
        notes: [...historyNotes(notes), ...(changes.known ? [] : [changes.why])],
      },
      record: ({ at, user, outcome, stage, reason, message, hint, transaction }) => ({
        at,
        login: user?.login ?? null,
        userId: user?.id ?? null,
        outcome,
        stage,
        reason,
        message,
        hint: hint ?? null,
        transaction,
      }),
      keys: ["at", "login", "userId", "outcome", "stage", "reason", "message", "hint", "transaction"],
      footer: historyFooter({ ...notes, window, signIns, changes: valueIn(changes) ?? [] }),
    },
    options.output,
  );
}

function signInDocument({ at, user, outcome, stage, reason, message, hint, transaction, events }: RecordedSignIn) {
  return {
    at,
    user: user && { id: user.id, login: user.login },
    outcome,
    stage,
    reason,
    message,
    ...(hint === undefined ? {} : { hint }),
    transaction,
    events: events.map(({ id, at, type, result, reason, debug }) => ({
      id,
      at,
      type,
      result,
      reason,
      debug: Object.fromEntries(debug),
    })),
  };
}

function changeDocument({ at, by, kind, ofUser, certain, message, event }: RecordedChange) {
  return { at, by, kind, ofUser, certain, message, type: event.type };
}
