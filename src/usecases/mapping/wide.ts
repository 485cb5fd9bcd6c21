/** A role of high rank for a group that most of the org is in: said, and confirmed by typing the group's name. */
import type { Context } from "../../context.ts";
import { canGoOn } from "../../core/failure.ts";
import type { CustomRole } from "../../core/model/akto.ts";
import { everyone } from "../../core/plan/spec.ts";
import { builtInRole, defaultRoleId, roleLabel, rolePriority } from "../../core/roles/roles.ts";
import { clean, count, quoted, thousands } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { confirmedByTyping } from "../confirm.ts";

/** An entry that is to be made. */
export interface WantedEntry {
  readonly group: string;
  readonly role: string;
}

/**
 * Has each such entry confirmed. What can't be counted, without a token or an answer, is not asked about, but for
 * Everyone, which needs no count.
 *
 * @param customRoles the account's own roles; `null` when they aren't known, which ranks each of them as high as can be
 * @returns false when the person thought better of it
 * @throws Failure `input.confirmation_needed` when there is nobody to ask, and no `--yes`
 */
export async function confirmWide(
  context: Context,
  org: OktaOrg | null,
  entries: readonly WantedEntry[],
  customRoles: readonly CustomRole[] | null,
): Promise<boolean> {
  for (const { group, role } of entries.filter((entry) => ranksHigh(entry.role, customRoles ?? []))) {
    const extent = await context.terminal.during("Checking how many people that concerns …", () =>
      extentOf(context, org, group),
    );
    if (extent === undefined) continue;
    const label = clean(roleLabel(role));
    const lower = role === defaultRoleId ? ", including those who have a lower role through another group" : "";
    const what = `${quoted(group)} ${extent}, and this gives ${label} to each of them${lower}.`;
    if (!(await confirmedByTyping(context, what, group, "the group's"))) return false;
  }
  return true;
}

/** Whether a role ranks as high as the one that Akto falls back to: it outranks what most people would have. */
function ranksHigh(role: string, customRoles: readonly CustomRole[]): boolean {
  const rank = rolePriority(role, customRoles);
  const fallback = builtInRole(defaultRoleId)?.priority ?? 0;
  return "skipped" in rank ? rank.skipped === "unknown_role" : rank.priority <= fallback;
}

/** How much of the org the group is, where that is most of it. */
async function extentOf({ terminal }: Context, org: OktaOrg | null, name: string): Promise<string | undefined> {
  const unless = name === everyone ? "is the whole org" : undefined;
  if (!org) return unless;
  try {
    const all = await membersOf(org, everyone);
    if (name === everyone) return all === undefined ? unless : `is the whole org (${count(all, "person", "people")})`;
    const members = all === undefined ? undefined : await membersOf(org, name);
    if (all === undefined || members === undefined || members * 2 <= all) return undefined;
    return `has ${thousands(members)} of the org's ${count(all, "person", "people")}`;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    terminal.debug(`Could not find out how many people are in ${name}: ${error.message}`);
    return unless;
  }
}

/** How many people are in the groups of this name; `undefined` where Okta doesn't say. */
async function membersOf(org: OktaOrg, name: string): Promise<number | undefined> {
  const counts = (await org.groupsNamed(name, { members: true })).map(({ members }) => members);
  return counts.reduce<number | undefined>(
    (sum, members) => (members === undefined ? sum : (sum ?? 0) + members),
    undefined,
  );
}
