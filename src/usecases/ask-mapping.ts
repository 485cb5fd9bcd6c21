/** The two questions of a mapping entry: which group, which role. */
import type { Context } from "../context.ts";
import { groupOfRole, type Mapping } from "../core/mapping.ts";
import { offeredRoles, parseRole } from "../core/roles.ts";
import type { OktaOrg } from "../okta/types.ts";
import type { Choice } from "../terminal/prompts.ts";
import type { MappingAccess } from "./mapping.ts";

// More than a person scrolls through; typing narrows the list.
const shownGroups = 50;

/** Asks for a group that isn't mapped yet: a searchable choice with an Okta API token, else a line of text. */
export async function askForGroup(context: Context, org: OktaOrg | null, mapping: Mapping): Promise<string> {
  const prompts = await context.terminal.prompts("The group");
  if (!org)
    return prompts.text("Group name, exactly as Okta has it:", {
      check: (answer) => answer.trim() !== "" || "The name is empty.",
    });
  return prompts.find("Okta group (type to search):", async (text, signal) => {
    const choices: Choice<string>[] = [];
    for await (const { name, type, description } of org.groups({ search: text || undefined })) {
      if (signal.aborted || choices.length >= shownGroups) break;
      const role = mapping.get(name);
      choices.push({
        value: name,
        name,
        hint: [type, description].filter((part) => part !== "").join(" · "),
        disabled: role && `is mapped to ${role}`,
      });
    }
    return choices;
  });
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
