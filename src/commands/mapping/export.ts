import { type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { mappingRows } from "../../core/roles/mapping.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { mappingToYaml } from "../../usecases/mapping/file.ts";
import { mappingDocument, openMapping } from "../../usecases/mapping/mapping.ts";
import { examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly output: "yaml" | "json" | "jsonl" | "csv";
}

export function declare(command: Command): void {
  command.addOption(
    new Option("-o, --output <format>", "the format to write")
      .choices(["yaml", "json", "jsonl", "csv"])
      .default("yaml"),
  );
  declareConnection(command, "akto");
  examples(command, "mapping export > mapping.yaml", "mapping export --output csv > mapping.csv");
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const { source, mapping } = await openMapping(context, await context.settings(options));
  const document = mappingDocument(source, mapping);
  if (options.output === "yaml" && !terminal.json) return terminal.data(await mappingToYaml(mapping), document);
  await terminal.list(
    {
      rows: mappingRows(mapping),
      columns: [],
      document,
      record: ({ group, role }) => ({ group, role }),
      keys: ["group", "role"],
    },
    options.output === "yaml" ? "json" : options.output,
  );
}
