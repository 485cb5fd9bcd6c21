/** The two questions of a mapping entry: which group, which role. */

import type { Context } from "../../context.ts";
import type { Mapping } from "../../core/model/akto.ts";
import type { OktaGroup } from "../../core/model/okta.ts";
import { groupOfRole, isHoldable } from "../../core/roles/mapping.ts";
import { offeredRoles, parseRole } from "../../core/roles/roles.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Choice, Finder } from "../../terminal/prompts.ts";
import type { MappingAccess } from "./mapping.ts";

// More than a person scrolls through; typing narrows the list.
const shownGroups = 50;

/**
 * Asks for a group: a searchable choice with an Okta API token, else a line of text.
 *
 * @param taken why a group can't be chosen, if it can't
 * @param creatable whether a name that no group bears may be chosen, for a group that is to be made
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
  return prompts.find("Okta group (type to search):", groupFinder(org, taken, creatable));
}

/** Finds groups by a part of their name, the one of exactly that name first. */
function groupFinder(org: OktaOrg, taken: (name: string) => string | undefined, creatable: boolean): Finder<string> {
  const choice = ({ name, type, description }: OktaGroup): Choice<string> => ({
    value: name,
    name,
    typed: name,
    hint: [type, description].filter((part) => part !== "").join(" · "),
    disabled: isHoldable(name) ? taken(name) : "has spaces at its ends, which Akto can't hold",
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
    const create = { value: typed, name: `Create the group “${typed}”`, hint: "makes it in Okta; nobody is in it yet" };
    return [...choices, create];
  };
}

/** What keeps a group from being mapped: that it is. */
export function mappedAlready(mapping: Mapping): (name: string) => string | undefined {
  return (name) => {
    const role = mapping.get(name);
    return role && `is mapped to ${role}`;
  };
}

/** Asks for one of the roles that are still free. */
export async function askForRole(
  context: Context,
  { mapping, customRoles }: MappingAccess,
  group: string,
): Promise<string> {
  const prompts = await context.terminal.prompts("The role");
  const choices = offeredRoles(customRoles ?? []).map(({ id, label }) => {
    const holder = groupOfRole(mapping, id);
    return { value: id, name: label, disabled: holder && holder !== group ? `given to ${holder}` : undefined };
  });
  if (customRoles !== null) return prompts.choose("Akto role:", choices);
  const other = "";
  const chosen = await prompts.choose("Akto role:", [...choices, { value: other, name: "A custom role …" }]);
  if (chosen !== other) return chosen;
  return prompts.text("Custom role, exactly as Akto has it:", {
    check: (answer) => {
      try {
        parseRole(answer, null, true);
        return true;
      } catch (error) {
        return error instanceof Error ? error.message : "That is no role's name.";
      }
    },
  });
}
