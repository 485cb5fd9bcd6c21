import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { ago } from "../../core/history/ago.ts";
import type { ProfileOrigin } from "../../core/model/profile.ts";
import { describeProfileOrigin } from "../../core/profile-state.ts";
import { clean, count, listed, quoted } from "../../core/text.ts";
import type { Column } from "../../terminal/column.ts";
import { type ProfileRow, profileRows } from "../../usecases/profile/rows.ts";
import { declareOutput, examples, type ListOptions } from "../options.ts";

export function declare(command: Command): void {
  declareOutput(command);
  examples(command, "profile list", "profile list --json | jq -r '.profiles[].name'");
}

export async function run(context: Context, options: ListOptions): Promise<void> {
  const { terminal, globals, env } = context;
  const { profile: name, profileFrom: from = "default" } = globals;
  const rows = await profileRows(env, name);
  const now = new Date();
  const columns: Column<ProfileRow>[] = [
    { head: "NAME", cell: (row) => row.name, key: "whole" },
    { head: "IN USE", cell: ({ current }) => (current ? "*" : "") },
    { head: "OKTA DOMAIN", cell: ({ domain }) => domain ?? "", key: "whole" },
    { head: "AKTO", cell: ({ aktoUrl }) => (aktoUrl ?? "").replace(/^https:\/\//, ""), key: "whole" },
    { head: "ACCOUNT", cell: ({ accountId }) => String(accountId ?? ""), key: "whole" },
    { head: "SETUP", cell: setupWords },
    { head: "SECRETS", cell: ({ secrets }) => listed(secrets) || "none", extra: true },
    { head: "CHANGED", cell: ({ changedAt }) => (changedAt === null ? "" : ago(changedAt, now)), extra: true },
  ];
  await terminal.list(
    {
      rows,
      columns,
      document: { profiles: rows, inUse: { name, from } },
      record: ({ secrets, problems, unknown, ...row }) => ({
        ...row,
        secrets: secrets.join(" "),
        unknown: unknown.join(" "),
        problems: problems.join(" "),
      }),
      keys: [
        "name",
        "current",
        "domain",
        "aktoUrl",
        "accountId",
        "setup",
        "begun",
        "secrets",
        "changedAt",
        "unknown",
        "problems",
      ],
      footer: `${count(rows.length, "profile")}. ${inUse(rows, name, from)}`,
    },
    options.output,
  );
  for (const row of rows) {
    for (const problem of row.problems) terminal.warn(`${quoted(row.name)}: ${problem}`);
  }
}

function inUse(rows: readonly ProfileRow[], name: string, from: ProfileOrigin): string {
  const start = `In use: ${clean(name)} (${describeProfileOrigin(from)})`;
  if (rows.some(({ current }) => current)) return `${start}.`;
  const others = rows.length > 0 ? " `akto-okta profile use NAME` chooses another one." : "";
  return `${start}, under which nothing is set up.${others}`;
}

function setupWords({ setup, begun, unknown }: ProfileRow): string {
  const words = {
    finished: begun ? "finished, another begun" : "finished",
    unfinished: "unfinished",
    interrupted: "interrupted",
    corrupt: "corrupt",
    refused: "not usable",
    secrets_only: "secrets only",
  } satisfies Record<ProfileRow["setup"], string>;
  return unknown.length > 0 ? `${words[setup]} (of a newer version)` : words[setup];
}
