/** The wizard's part about groups and roles. */
import type { CustomRole, Mapping } from "../../core/model/akto.ts";
import { normalizeGroupName } from "../../core/roles/mapping.ts";
import { roleLabel } from "../../core/roles/roles.ts";
import { clean, count, listed, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { askForRole, groupFinder, mappedAlready } from "../mapping/ask.ts";
import type { Question } from "./interview.ts";
import type { Setup } from "./questions.ts";
import { sentenceOf } from "./questions.ts";

/**
 * Asks for groups and their roles.
 *
 * @param present the mapping as it is
 * @param customRoles the account's own roles; `null` when they can't be known here
 * @returns the entries to add
 */
export async function askForEntries(
  setup: Setup,
  org: OktaOrg | null,
  present: Mapping,
  customRoles: readonly CustomRole[] | null,
): Promise<Mapping> {
  const { interview } = setup;
  interview.section(4, "Groups and roles");
  interview.say(
    "  A group has one role, and a role has one group. Whoever is in no mapped group becomes Security Engineer.",
  );
  for (const [group, role] of present) interview.say(`  ${quoted(group)} → ${clean(roleLabel(role))} (as it is)`);
  const taken = mappedAlready(present);
  const groups = await interview.ask(org ? searched(org, taken) : typed(present));
  const entries = new Map<string, string>();
  for (const group of groups) {
    const role = await interview.ask(roleOf(group, new Map([...present, ...entries]), customRoles));
    if (role !== null) entries.set(group, role);
  }
  return entries;
}

const called = (chosen: number) => count(chosen, "group");
const none = "Continue without mapping a group";

const shared = {
  id: "map",
  title: "groups that get a role",
  shown: (groups: readonly string[]) => (groups.length === 0 ? "none" : clean(listed(groups), 200)),
  kept: (groups: readonly string[]) => groups,
  read: (kept: unknown) => (Array.isArray(kept) ? kept.map(String) : undefined),
};

function searched(org: OktaOrg, taken: (name: string) => string | undefined): Question<readonly string[]> {
  return {
    ...shared,
    ask: (prompts, before = []) =>
      prompts.findSeveral(
        "Which groups get a role in Akto?",
        groupFinder(org, taken, true),
        { called, none },
        before.map((name) => ({ value: name, name })),
      ),
  };
}

/** Without an org to look in, the names are typed one after the other. */
function typed(present: Mapping): Question<readonly string[]> {
  return {
    ...shared,
    ask: async (prompts) => {
      const names: string[] = [];
      for (;;) {
        const more = names.length > 0 ? "Another group" : "Group name, exactly as in Okta";
        const answer = await prompts.text(`${more} (Enter to ${names.length > 0 ? "finish" : "skip"}):`, {
          check: (text) => {
            if (text.trim() === "") return true;
            const name = text.trim();
            if (names.includes(name)) return `${quoted(name)} is in the list already.`;
            if (present.has(name)) return `${quoted(name)} is mapped already.`;
            return sentenceOf(normalizeGroupName)(text);
          },
        });
        if (answer.trim() === "") return names;
        names.push(answer.trim());
      }
    },
  };
}

function roleOf(group: string, mapping: Mapping, customRoles: readonly CustomRole[] | null): Question<string | null> {
  const leaveOut = "";
  return {
    id: `map.role.${group}`,
    title: `role of ${quoted(group)}`,
    shown: (role) => (role === null ? "none" : clean(roleLabel(role))),
    kept: (role) => role,
    read: (kept) => (kept === null || typeof kept === "string" ? kept : undefined),
    ask: async (prompts, before) => {
      const none = { value: leaveOut, name: "None: leave this group out" };
      const role = await askForRole(prompts, group, mapping, customRoles, [none], before ?? undefined);
      return role === leaveOut ? null : role;
    },
  };
}
