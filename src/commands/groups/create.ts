import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { normalizeGroupName } from "../../core/roles/mapping.ts";
import { clean, quoted } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { createGroup, refuseExistingGroup } from "../../usecases/groups/groups.ts";
import { createLedger } from "../../usecases/provision/ledger.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly description?: string;
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command.argument("<name>", "the new group's name").option("--description <text>", "what the group is for");
  declareDryRun(command, "show what would be created, without creating it");
  declareConnection(command, "okta");
  examples(command, 'groups create "Akto Admins" --description "Admins of Akto"');
}

export async function run(context: Context, options: Options, name: string): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const org = await context.okta(settings);
  const { name: wanted, trimmed } = normalizeGroupName(name);
  const notes = createLedger(await context.profiles(), await settings.sso());
  if (trimmed) terminal.warn(`Spaces around the name were removed: ${quoted(wanted)}.`);
  if (options.dryRun) {
    await refuseExistingGroup(org, wanted);
    return terminal.result(`${quoted(wanted)} would be created in Okta.`, { group: { name: wanted }, dryRun: true });
  }
  const group = await createGroup(org, notes, wanted, options.description);
  terminal.result(`Created ${quoted(group.name)} (${clean(group.id)}).`, { group });
}
