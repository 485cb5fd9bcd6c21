import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { mappingRows } from "../../core/roles/mapping.ts";
import { count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { mappingDocument, openMapping } from "../../usecases/mapping/mapping.ts";
import { declareOutput, examples, type ListOptions } from "../options.ts";

type Options = ConnectionOptions & ListOptions;

export function declare(command: Command): void {
  declareOutput(command);
  declareConnection(command, "akto");
  examples(command, "mapping list", "mapping list --json", "mapping list --output csv > mapping.csv");
}

export async function run(context: Context, options: Options): Promise<void> {
  const { source, mapping } = await openMapping(context, await context.settings(options));
  const rows = mappingRows(mapping);
  const where = source === "akto" ? "in Akto" : "in the local copy";
  await context.terminal.list(
    {
      rows,
      columns: [
        { head: "GROUP", cell: (row) => row.group },
        { head: "ROLE", cell: (row) => row.label },
        { head: "ID", cell: (row) => row.role, extra: true },
      ],
      document: mappingDocument(source, mapping),
      record: ({ group, role, label }) => ({ group, role, label }),
      keys: ["group", "role", "label"],
      footer:
        rows.length === 0
          ? `No group is mapped ${where}: everyone becomes Security Engineer. Add one with \`akto-okta mapping add\`.`
          : `${count(rows.length, "group")} mapped ${where}.`,
    },
    options.output,
  );
}
