import { type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import type { OktaGroup } from "../../core/model/okta.ts";
import { roleLabel } from "../../core/roles/roles.ts";
import { count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings.ts";
import type { Column } from "../../terminal/column.ts";
import { demandSightOfGroups } from "../../usecases/groups/groups.ts";
import { openMapping } from "../../usecases/mapping/mapping.ts";
import { declareOutput, examples, type ListOptions, wholeNumber } from "../options.ts";

interface Options extends ConnectionOptions, ListOptions {
  readonly search?: string;
  readonly type?: string;
  readonly limit?: number;
  readonly unmapped?: boolean;
  readonly members?: boolean;
}

interface Row extends OktaGroup {
  readonly role?: string;
}

export function declare(command: Command): void {
  command
    .option("--search <text>", "only groups whose name contains the text")
    .addOption(new Option("--type <type>", "only groups of this type").choices(["OKTA_GROUP", "APP_GROUP", "BUILT_IN"]))
    .option("--limit <n>", "at most this many", wholeNumber(1, 1_000_000))
    .option("--unmapped", "only groups that are mapped to no role")
    .option("--members", "count each group's members");
  declareOutput(command);
  declareConnection(command, "okta", "akto");
  examples(
    command,
    "groups list",
    "groups list --search akto --members",
    "groups list --unmapped --output csv",
    "groups list --json | jq -r '.groups[].name'",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const org = await context.okta(settings);
  const { mapping } = await openMapping(context, settings);
  const limit = options.limit ?? Number.POSITIVE_INFINITY;

  const rows = await terminal.during("Reading groups from Okta …", async (progress) => {
    const found: Row[] = [];
    for await (const group of org.groups({ search: options.search, type: options.type, members: options.members })) {
      const role = mapping.get(group.name);
      if (options.unmapped && role !== undefined) continue;
      found.push(role === undefined ? group : { ...group, role });
      if (found.length % 200 === 0) progress.update(`Reading groups from Okta … ${count(found.length, "group")}`);
      if (found.length >= limit) break;
    }
    // None at all is more than no match: it may be the token that shows none.
    if (found.length === 0) await demandSightOfGroups(org);
    return found;
  });

  const columns: Column<Row>[] = [
    { head: "NAME", cell: (row) => row.name },
    { head: "TYPE", cell: (row) => row.type },
    ...(options.members ? [{ head: "MEMBERS", cell: (row: Row) => String(row.members ?? "") }] : []),
    { head: "ROLE", cell: (row) => (row.role === undefined ? "" : roleLabel(row.role)) },
    { head: "DESCRIPTION", cell: (row) => row.description },
  ];
  await terminal.list(
    {
      rows,
      columns,
      document: { groups: rows, total: rows.length },
      record: ({ id, name, type, description, members, role }) => ({
        id,
        name,
        type,
        description,
        ...(members === undefined ? {} : { members }),
        ...(role === undefined ? {} : { role }),
      }),
      keys: ["id", "name", "type", "description", ...(options.members ? ["members"] : []), "role"],
      footer:
        rows.length === 0
          ? "No group matches."
          : `${count(rows.length, "group")}${rows.length >= limit ? " (there may be more)" : ""}.`,
    },
    options.output,
  );
}
