/** After a mapping has changed: one line on who is affected. */
import type { Context } from "../../context.ts";
import { isFailure } from "../../core/failure.ts";
import { type ChangedGroup, describeAffected } from "../../core/roles/affected.ts";
import type { Settings } from "../../settings/settings.ts";
import { inTurns } from "../in-turns.ts";

// A request for each group: for more changes than this `login preview` is the way to look.
const mostGroups = 8;

/**
 * Says who is affected, where that can be known cheaply: by the member counts of a few groups. The change is made by now,
 * so nothing of this fails or holds up the command: without an Okta API token, offline, or when Okta doesn't answer at
 * once, nothing is said.
 *
 * @param names the groups whose entries have changed
 */
export async function sayAffected(context: Context, settings: Settings, names: readonly string[]): Promise<void> {
  const { offline, json, quiet } = context.globals;
  if (offline || json || quiet || names.length === 0 || names.length > mostGroups) return;
  try {
    const org = await context.oktaIfAny(settings, { patient: false });
    if (!org) return;
    const groups = await inTurns(names, async (name): Promise<ChangedGroup> => {
      const found = await org.groupsNamed(name, { members: true });
      const counts = found.flatMap(({ members }) => (members === undefined ? [] : [members]));
      const known = found.length > 0 && counts.length === found.length;
      return { name, members: known ? counts.reduce((sum, count) => sum + count, 0) : undefined };
    });
    const line = describeAffected(groups);
    if (line !== null) context.terminal.note(`  ${line}`);
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.terminal.debug(`Who is affected could not be told: ${error.message}`);
  }
}
