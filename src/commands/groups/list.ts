import { type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import type { OktaGroup } from "../../core/model/okta.ts";
import { roleLabel } from "../../core/roles/roles.ts";
import { count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import type { Column } from "../../terminal/column.ts";
import type { Progress } from "../../terminal/passing.ts";
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
  readonly role: string | undefined;
}

export function declare(command: Command): void {
  command
    .option("--search <text>", "only groups whose name contains the text")
    .addOption(new Option("--type <type>", "only groups of this type").choices(["OKTA_GROUP", "APP_GROUP", "BUILT_IN"]))
    .option("--limit <n>", "at most this many", wholeNumber(1, 1_000_000))
    .option("--unmapped", "only groups that aren't mapped to a role")
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
  const { mapping, source } = await openMapping(context, settings);
  if (source === "profile" && mapping.size === 0 && options.unmapped) {
    terminal.warn("The local copy of the mapping is empty, and Akto isn't asked: which groups are mapped isn't known.");
  }
  const limit = options.limit ?? Number.POSITIVE_INFINITY;

  const label = "Reading groups from Okta …";

  async function* pages(progress: Progress): AsyncGenerator<readonly Row[], void> {
    const { search, type, members, unmapped } = options;
    let found = 0;
    let sawEveryone = false;
    for await (const page of org.groupPages({ search, type, members })) {
      sawEveryone ||= page.some((group) => group.type === "BUILT_IN");
      const rows = page
        .map((group): Row => ({ ...group, role: mapping.get(group.name) }))
        .filter(({ role }) => !unmapped || role === undefined)
        .slice(0, limit - found);
      found += rows.length;
      progress.update(`${label} ${count(found, "group")}`);
      yield rows;
      if (found >= limit) return;
    }
    if (found > 0 && !sawEveryone && search === undefined && type === undefined) {
      terminal.warn("This API token shows only some groups: Everyone, which every org has, is not among them.");
    }
    if (found > 0) return;
    // None at all is more than no match: it may be the token that shows none.
    const { demandSightOfGroups } = await import("../../usecases/groups/groups.ts");
    await demandSightOfGroups(org);
  }

  const columns: Column<Row>[] = [
    { head: "NAME", cell: (row) => row.name },
    { head: "TYPE", cell: (row) => row.type, extra: true },
    ...(options.members ? [{ head: "MEMBERS", cell: (row: Row) => String(row.members ?? "") }] : []),
    { head: "ROLE", cell: (row) => (row.role === undefined ? "" : roleLabel(row.role)) },
    { head: "DESCRIPTION", cell: (row) => row.description, extra: true },
  ];
  const record = ({ id, name, type, description, members, role }: Row) => ({
    id,
    name,
    type,
    description,
    ...(members === undefined ? {} : { members }),
    ...(role === undefined ? {} : { role }),
  });
  await terminal.during(label, (progress) =>
    terminal.listPages(
      {
        pages: pages(progress),
        columns,
        document: { list: "groups", item: record, rest: (total) => ({ total }) },
        record,
        keys: ["id", "name", "type", "description", ...(options.members ? ["members"] : []), "role"],
        footer: (rows) =>
          rows === 0 ? "No groups match." : `${count(rows, "group")}${rows >= limit ? " (there may be more)" : ""}.`,
      },
      options.output,
    ),
  );
}
