import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { addToMapping, normalizeGroupName } from "../../core/roles/mapping.ts";
import { parseRole } from "../../core/roles/roles.ts";
import { clean, quoted } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { ambiguity, groupsToMap, refuseUnholdable } from "../../usecases/groups/groups.ts";
import { askForGroup, askForRole, mappedAlready } from "../../usecases/mapping/ask.ts";
import { impatientWorld, sayEffects, warnOfKeptOut } from "../../usecases/mapping/effects.ts";
import { mappingDocument, notInAktoYet, openMapping } from "../../usecases/mapping/mapping.ts";
import { rehearse } from "../../usecases/mapping/rehearse.ts";
import { confirmWide } from "../../usecases/mapping/wide.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly customRole?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command
    .argument("[group]", "the group's name, exactly as Okta has it")
    .argument("[role]", "a role's id, label, or slug, or a custom role's exact name")
    .option("--custom-role", "accept the role's name without checking it, if Akto can't be asked")
    .option("--force", "continue even if Okta has no group with that name");
  declareDryRun(command, "show what would change, without changing anything");
  declareConnection(command, "okta", "akto");
  examples(
    command,
    'mapping add "Akto Admins" admin',
    'mapping add "Akto Security" "Security Engineer"',
    "mapping add",
    'mapping add "Akto Admins" admin --dry-run',
    "mapping add Auditors red-team --custom-role --offline",
  );
}

export async function run(context: Context, options: Options, group?: string, role?: string): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const org = await context.oktaIfAny(settings);
  const access = await openMapping(context, settings);

  const typed = group ?? (await askForGroup(context, org, mappedAlready(access.mapping)));
  const { name, trimmed } = normalizeGroupName(typed);
  if (org) await refuseUnholdable(org, typed);
  if (trimmed) terminal.warn(`Spaces around the name were removed, as Akto's dashboard does: ${quoted(name)}.`);
  const { id, label } = parseRole(
    role ?? (await askForRole(await terminal.prompts("The role"), name, access.mapping, access.customRoles)),
    access.customRoles,
    options.customRole,
  );
  // A refusal by a rule comes before any question to Okta.
  addToMapping(access.mapping, name, id);

  const world = impatientWorld(context, settings);
  if (org) {
    const [groups] = await Promise.all([groupsToMap(org, name, options.force ?? false), world.claims()]);
    const warning = ambiguity(groups);
    if (warning) terminal.warn(warning);
    await warnOfKeptOut(context, world, groups);
  } else terminal.note("  The name was not checked against Okta: there is no API token.");

  if (options.dryRun) return rehearse(context, world, settings, access, addToMapping(access.mapping, name, id));
  const already = access.mapping.get(name) === id;
  if (!already && !(await confirmWide(context, org, [{ group: name, role: id }], access.customRoles))) {
    return terminal.note("Nothing was changed.");
  }
  const mapping = await access.change((current) => addToMapping(current, name, id));
  terminal.result(
    already ? `${quoted(name)} already has ${clean(label)}.` : `${quoted(name)} gets ${clean(label)}.`,
    mappingDocument(access.source, mapping),
  );
  if (!already) await sayEffects(context, world, { before: access.mapping, after: mapping });
  notInAktoYet(context, access.source, `add the group ${quoted(name)} with the role ${quoted(label)}.`);
}
