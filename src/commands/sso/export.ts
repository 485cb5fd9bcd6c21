import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { clean } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { outputAt, writeOutput } from "../../usecases/output-file.ts";
import { exportSso } from "../../usecases/provision/export.ts";
import { writeSpec } from "../../usecases/provision/file.ts";
import { examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly output?: string;
}

export function declare(command: Command): void {
  command.option("-o, --output <path>", "the file to write; without it, the YAML goes to standard output");
  declareConnection(command, "okta", "oidc", "akto");
  examples(command, "sso export", "sso export -o akto-okta.yaml");
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const clients = {
    okta: await context.oktaIfAny(settings),
    akto: await context.aktoIfAny(settings),
    profiles: await context.profiles(),
  };
  const { spec, notes } = await terminal.during("Reading …", () => exportSso(settings, clients));
  const yaml = await writeSpec(spec, notes);
  for (const note of notes) terminal.warn(note);
  const { output } = options;
  const document = {
    akto: spec.akto,
    okta: { ...spec.okta, domain: spec.okta.domain.host },
    mapping: Object.fromEntries(spec.mapping),
    ...(output === undefined ? {} : { path: output }),
  };
  if (output === undefined) return terminal.data(yaml.trimEnd(), document);
  if (!(await write(context, output, yaml))) return terminal.note("Nothing was written.");
  terminal.result(`Written to ${clean(output)}.`, document);
}

async function write(context: Context, path: string, content: string): Promise<boolean> {
  const found = await outputAt(path);
  if (found?.isFile() && !(await confirmed(context, `${clean(path)} already exists. Overwrite it?`))) return false;
  await writeOutput(path, content);
  return true;
}
