/** The two questions of a mapping entry: which group, which role. */

import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { CustomRole, Mapping } from "../../core/model/akto.ts";
import type { OktaGroup } from "../../core/model/okta.ts";
import { groupOfRole, isHoldable } from "../../core/roles/mapping.ts";
import { offeredRoles, parseRole, roleLabel } from "../../core/roles/roles.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Choice, Finder, Prompts } from "../../terminal/prompts.ts";

// More than a person scrolls through; typing narrows the list.
const shownGroups = 50;

/**
 * Asks for a group: a searchable choice with an Okta API token, else a line of text.
 *
 * @param taken why a group can't be chosen, if it can't
 * @param creatable whether a name that no group has can be chosen, for a group that will be created
 */
export async function askForGroup(
  context: Context,
  org: OktaOrg | null,
  taken: (name: string) => string | undefined,
  creatable: boolean = false,
): Promise<string> {
  const prompts = await context.terminal.prompts("The group");
  if (!org)
    return prompts.text("Group name, exactly as Okta has it:", {
      check: (answer) => answer.trim() !== "" || "The name is empty.",
    });
  return prompts.find("Okta group:", groupFinder(org, taken, creatable));
}

/** Finds groups by a part of their name, the one of exactly that name first. */
export function groupFinder(
  org: OktaOrg,
  taken: (name: string) => string | undefined,
  creatable: boolean,
): Finder<string> {
  const choice = ({ name, type, description }: OktaGroup): Choice<string> => ({
    value: name,
    name,
    typed: name,
    hint: [type, description].filter((part) => part !== "").join(" · "),
    disabled: isHoldable(name) ? taken(name) : "has spaces around it, which Akto can't store",
  });
  return async (text, signal) => {
    const typed = text.trim();
    const found: OktaGroup[] = [];
    for await (const group of org.groups({ search: typed || undefined })) {
      if (signal.aborted || found.length >= shownGroups) break;
      found.push(group);
    }
    const isTyped = ({ name }: OktaGroup) => name === typed;
    const here = found.filter(isTyped);
    // It may be one of many more, or so new that the search does not find it yet.
    const exact = here.length > 0 || typed === "" || signal.aborted ? here : await org.groupsNamed(typed);
    const choices = [...exact, ...found.filter((group) => !isTyped(group))].map(choice);
    if (!creatable || typed === "" || exact.length > 0) return choices;
    const create = {
      value: typed,
      name: `Create the group “${typed}”`,
      short: `${typed} (new)`,
      hint: "creates it in Okta; nobody is in it yet",
    };
    return [...choices, create];
  };
}

/** What keeps a group from being mapped: that it is. */
export function mappedAlready(mapping: Mapping): (name: string) => string | undefined {
  return (name) => {
    const role = mapping.get(name);
    return role && `has ${roleLabel(role)} already`;
  };
}

/** What each role may do, in a line (Akto's documentation). Of the threat roles it says no more than the name. */
const rights = new Map<string, string>([
  ["ADMIN", "everything, users and settings included"],
  ["MEMBER", "runs tests, manages the API inventory and issues; sees the settings"],
  ["DEVELOPER", "sees the inventory, tests, and issues; manages integrations"],
  ["GUEST", "sees most of it, changes nothing"],
  ["THREAT_ENGINEER", "threat detection"],
  ["THREAT_VIEWER", "threat detection, to look only"],
]);

/** The roles to choose from, those that another group has among them, which can't be. */
function roleChoices(mapping: Mapping, customRoles: readonly CustomRole[] | null): Choice<string>[] {
  return offeredRoles(customRoles ?? []).map(({ id, label }) => {
    const holder = groupOfRole(mapping, id);
    const base = customRoles?.find(({ name }) => name === id)?.baseRole;
    return {
      value: id,
      name: label,
      hint: base === undefined ? rights.get(id) : `a role of this account, based on ${roleLabel(base)}`,
      disabled: holder && `${holder} has it`,
    };
  });
}

/**
 * Asks for one of the roles that are still free.
 *
 * @param customRoles the account's own roles; where they can't be known, one is taken by its name
 * @param more what else may be chosen
 */
export async function askForRole(
  prompts: Prompts,
  group: string,
  mapping: Mapping,
  customRoles: readonly CustomRole[] | null,
  more: readonly Choice<string>[] = [],
  initial?: string,
): Promise<string> {
  const others = new Map([...mapping].filter(([name]) => name !== group));
  const custom = " ";
  const chosen = await prompts.choose(
    `Role of ${quoted(group)}:`,
    [
      ...roleChoices(others, customRoles),
      ...(customRoles === null ? [{ value: custom, name: "A custom role …" }] : []),
      ...more,
    ],
    initial,
  );
  if (chosen !== custom) return chosen;
  return prompts.text("Custom role, exactly as Akto has it:", {
    check: (answer) => {
      try {
        parseRole(answer, null, true);
        return true;
      } catch (error) {
        if (error instanceof Failure) return error.message;
        throw error;
      }
    },
  });
}
