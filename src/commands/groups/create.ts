import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { normaliseGroupName } from "../../core/mapping.ts";
import { clean, quoted } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings.ts";
import { examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly description?: string;
}

export function declare(command: Command): void {
  command.argument("<name>", "the new group's name").option("--description <text>", "what the group is for");
  declareConnection(command, "okta");
  examples(command, 'groups create "Akto Admins" --description "Admins of Akto"');
}

export async function run(context: Context, options: Options, name: string): Promise<void> {
  const { terminal } = context;
  const org = await context.okta(await context.settings(options));
  const { name: wanted, trimmed } = normaliseGroupName(name);
  if (trimmed) terminal.warn(`Spaces at the ends of the name were taken off: ${quoted(wanted)}.`);
  const present = (await org.groupsNamed(wanted)).find(({ type }) => type === "OKTA_GROUP");
  if (present) {
    throw new Failure(
      "rule",
      "okta.group_exists",
      `Okta has a group named ${quoted(wanted)} already (${clean(present.id)}).`,
      {
        hint: `Use it: akto-okta mapping add ${quoted(wanted)} ROLE`,
      },
    );
  }
  const group = await org.createGroup(wanted, options.description);
  const store = await context.profiles();
  await store.update((profile) => ({
    ...profile,
    created: [...(profile.created ?? []), { kind: "group", id: group.id, name: group.name }],
  }));
  terminal.result(`Created ${quoted(group.name)} (${clean(group.id)}).`, { group });
}
