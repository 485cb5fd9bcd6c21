import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { groupOfRole, removeFromMapping } from "../../core/roles/mapping.ts";
import { parseRole, roleLabel } from "../../core/roles/roles.ts";
import { clean, quoted } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { impatientWorld, sayEffects } from "../../usecases/mapping/effects.ts";
import { type MappingAccess, mappingDocument, notInAktoYet, openMapping } from "../../usecases/mapping/mapping.ts";
import { rehearse } from "../../usecases/mapping/rehearse.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly role?: string;
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command
    .argument("[group]", "the group to take the role from")
    .option("--role <role>", "name the entry by its role instead");
  declareDryRun(command, "show what would change, without changing anything");
  declareConnection(command, "okta", "akto");
  examples(command, 'mapping remove "Akto Admins"', "mapping remove --role guest", "mapping remove");
}

export async function run(context: Context, options: Options, group?: string): Promise<void> {
  const settings = await context.settings(options);
  const access = await openMapping(context, settings);
  const name = await entryToRemove(context, access, options, group);
  const role = access.mapping.get(name) ?? access.mapping.get(name.trim());
  const world = impatientWorld(context, settings);
  if (options.dryRun) return rehearse(context, world, settings, access, removeFromMapping(access.mapping, name));
  const mapping = await access.change((current) => removeFromMapping(current, name));
  context.terminal.result(
    `${quoted(name)} no longer gets ${role === undefined ? "a role" : clean(roleLabel(role))}. Its members get the role of another mapped group that they are in, or else Security Engineer.`,
    mappingDocument(access.source, mapping),
  );
  await sayEffects(context, world, { before: access.mapping, after: mapping });
  notInAktoYet(context, access.source, `remove the group ${quoted(name)}.`);
}

async function entryToRemove(
  context: Context,
  { mapping, customRoles }: MappingAccess,
  options: Options,
  group?: string,
): Promise<string> {
  if (group !== undefined && options.role !== undefined) {
    throw new Failure("usage", "usage.conflict", "Both a group and --role were given.", {
      hint: "Use one of them.",
    });
  }
  if (group !== undefined) return group;
  if (options.role !== undefined) {
    // An entry may bear a role that Akto no longer has: the stored name counts before any parsing.
    const id = [...mapping.values()].includes(options.role)
      ? options.role
      : parseRole(options.role, customRoles, true).id;
    const holder = groupOfRole(mapping, id);
    if (holder !== undefined) return holder;
    throw new Failure("usage", "mapping.not_mapped", `No group has the role ${quoted(roleLabel(id))}.`, {
      hint: "`akto-okta mapping list` shows what is mapped.",
    });
  }
  if (mapping.size === 0)
    throw new Failure("usage", "mapping.not_mapped", "No group is mapped, so there is nothing to remove.");
  const prompts = await context.terminal.prompts("The group");
  return prompts.choose(
    "Which entry should be removed?",
    Array.from(mapping, ([name, role]) => ({ value: name, name: `${name} → ${roleLabel(role)}` })),
  );
}
