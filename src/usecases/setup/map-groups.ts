/** The wizard's last part: mapping groups to roles, one after the other. */

import type { Context } from "../../context.ts";
import { canGoOn } from "../../core/failure.ts";
import type { Mapping } from "../../core/model/akto.ts";
import { addToMapping, normaliseGroupName } from "../../core/roles/mapping.ts";
import { offeredRoles, roleLabel } from "../../core/roles/roles.ts";
import { clean, quoted } from "../../core/text.ts";
import type { Settings } from "../../settings.ts";
import { ambiguity, requireGroup } from "../groups/groups.ts";
import { sayAffected } from "../mapping/affected.ts";
import { askForGroup, askForRole, mappedAlready } from "../mapping/ask.ts";
import { type MappingAccess, openMapping } from "../mapping/mapping.ts";
import { confirmWide } from "../mapping/wide.ts";
import { provideGroup } from "../provision/create-app.ts";
import { createLedger } from "../provision/ledger.ts";

/** Asks for groups and their roles until the person has enough, each entry saved as it is made. */
export async function mapGroups(context: Context, settings: Settings): Promise<void> {
  const { terminal } = context;
  const prompts = await terminal.prompts("The mapping");
  const org = await context.oktaIfAny(settings);
  let access = await openMapping(context, settings);
  terminal.note();
  terminal.note(terminal.noteStyle.bold("Map groups to roles"));
  terminal.note("  A group has one role, a role one group. Whoever is in no mapped group becomes Security Engineer.");
  show(context, access.mapping);
  while (
    rolesLeft(access) &&
    (await prompts.yesNo(
      access.mapping.size === 0 ? "Map a group to a role?" : "Map another group?",
      access.mapping.size === 0,
    ))
  ) {
    try {
      const { name } = normaliseGroupName(await askForGroup(context, org, mappedAlready(access.mapping), true));
      if (org) {
        await provideGroup(org, createLedger(await context.profiles(), await settings.sso()), name);
        const warning = ambiguity(await requireGroup(org, name));
        if (warning) terminal.warn(warning);
      }
      const role = await askForRole(context, access, name);
      if (await confirmWide(context, org, [{ group: name, role }], access.customRoles)) {
        await access.change((current) => addToMapping(current, name, role));
        terminal.success(`${quoted(name)} gets ${clean(roleLabel(role))}.`);
        await sayAffected(context, settings, [name]);
      }
    } catch (error) {
      if (!canGoOn(error)) throw error;
      terminal.complain(error);
    }
    access = await openMapping(context, settings);
  }
}

function show(context: Context, mapping: Mapping): void {
  for (const [group, role] of mapping) context.terminal.note(`  ${quoted(group)} → ${clean(roleLabel(role))}`);
}

function rolesLeft({ mapping, customRoles }: MappingAccess): boolean {
  const taken = new Set(mapping.values());
  return customRoles === null || offeredRoles(customRoles).some(({ id }) => !taken.has(id));
}
