/** Questions about groups that several commands ask. */

import { canGoOn, Failure, isFailure } from "../../core/failure.ts";
import type { NamedGroup } from "../../core/login/facts.ts";
import type { OktaGroup } from "../../core/model/okta.ts";
import { isHoldable, shellArgument, unholdable } from "../../core/roles/mapping.ts";
import { type Difference, suggestNames } from "../../core/similar.ts";
import { clean, listed, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Ledger } from "../provision/ledger.ts";
import { groupSight, seesNoGroup } from "../world/okta.ts";

const because: Record<Difference, string> = {
  case: " (differs in capitalization)",
  spaces: " (differs in spaces)",
  look_alike: " (differs in look-alike characters)",
  path: " (differs in the path before it)",
  similar: "",
};

// Past this many names a suggestion isn't worth the requests it takes.
const namesToCompare = 2000;

/**
 * The group of exactly this name, as Akto will compare it.
 *
 * @returns every group with the name: an imported one may have the same as Okta's own
 * @throws Failure `okta.group_not_found`, with the names that were probably meant; `okta.groups_unseen`;
 *   `mapping.unholdable_group` where only spaces at its ends keep a group from having the name
 */
async function requireGroup(org: OktaOrg, name: string): Promise<readonly OktaGroup[]> {
  const exact = await org.groupsNamed(name);
  if (exact.length > 0) return exact;
  const names = await someNames(org);
  const spaced = names.find((near) => !isHoldable(near) && near.trim() === name);
  if (spaced !== undefined) throw unholdable(spaced);
  const suggestions = suggestNames(name, names);
  const none =
    (await groupSight(org)) === "all"
      ? `Okta has no group named exactly ${quoted(name)}.`
      : `This API token shows no group named exactly ${quoted(name)}: its owner can see only some groups.`;
  throw new Failure("usage", "okta.group_not_found", none, {
    hint:
      suggestions.length > 0
        ? `Did you mean ${listed(
            suggestions.map(({ name: near, difference }) => quoted(near) + because[difference]),
            "or",
          )}? Or add --force to use the name as it is.`
        : "`akto-okta groups list` shows the names; or add --force to use the name as it is.",
  });
}

/** Names of the org's groups, to find what was meant. @throws Failure `okta.groups_unseen` where the token shows none */
async function someNames(org: OktaOrg): Promise<string[]> {
  const names: string[] = [];
  for await (const group of org.groups()) {
    names.push(group.name);
    if (names.length >= namesToCompare) break;
  }
  if (names.length === 0) throw groupsUnseen();
  return names;
}

/** What Okta shows of names that somebody gave. Throws `okta.groups_unseen`, and what `org` throws. */
export async function namesShown(org: OktaOrg, given: readonly string[]): Promise<NamedGroup[]> {
  const shown: NamedGroup[] = [];
  let names: readonly string[] | undefined;
  for (const name of new Set(given)) {
    const there = (await org.groupsNamed(name)).length > 0;
    if (!there) names ??= await someNames(org);
    shown.push({ name, there, near: there ? [] : suggestNames(name, names ?? []) });
  }
  return shown;
}

/** As {@link requireGroup}; with `force`, whatever Okta shows of the name, and nothing where it shows none. */
export async function groupsToMap(org: OktaOrg, name: string, force: boolean): Promise<readonly OktaGroup[]> {
  if (!force) return requireGroup(org, name);
  try {
    return await org.groupsNamed(name);
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return [];
  }
}

/**
 * Makes sure that no group has the name just as it was typed, with spaces at its ends: that one was meant, and Akto can't
 * hold it.
 *
 * @throws Failure `mapping.unholdable_group`
 */
export async function refuseUnholdable(org: OktaOrg, typed: string): Promise<void> {
  if (!isHoldable(typed) && (await org.groupsNamed(typed)).length > 0) throw unholdable(typed);
}

/**
 * Makes sure that a list of no groups means what it says.
 *
 * @throws Failure `okta.groups_unseen` when the token shows no group at all
 */
export async function demandSightOfGroups(org: OktaOrg): Promise<void> {
  if ((await groupSight(org)) === "none") throw groupsUnseen();
}

export function groupsUnseen(): Failure {
  return new Failure("auth", "okta.groups_unseen", seesNoGroup, {
    hint: "Use the API token of an admin who can read groups, such as a read-only administrator.",
  });
}

/** The org's group of this name. An imported group can have the same name. */
async function ownGroup(org: OktaOrg, name: string): Promise<OktaGroup | undefined> {
  return (await org.groupsNamed(name)).find(({ type }) => type !== "APP_GROUP");
}

/** @throws Failure `okta.group_exists` where Okta has a group of this name already */
export async function refuseExistingGroup(org: OktaOrg, name: string): Promise<void> {
  const present = await ownGroup(org, name);
  if (!present) return;
  throw new Failure(
    "rule",
    "okta.group_exists",
    `Okta already has a group named ${quoted(name)} (${clean(present.id)}).`,
    { hint: `Use it: akto-okta mapping add ${shellArgument(name) ?? "GROUP"} ROLE` },
  );
}

/**
 * Makes a group that Okta doesn't have, and notes it as this tool's. When the answer gets lost, it is looked up whether
 * the group was made.
 *
 * @throws Failure `okta.group_exists`, and what `org` and the profile throw
 */
export async function createGroup(
  org: OktaOrg,
  notes: Ledger,
  name: string,
  description: string | undefined,
): Promise<OktaGroup> {
  await refuseExistingGroup(org, name);
  return notes.make({ kind: "group", name }, async () => {
    try {
      return await org.createGroup(name, description);
    } catch (error) {
      const lost = isFailure(error) && error.kind === "unavailable";
      const made = lost ? await ownGroup(org, name).catch(() => undefined) : undefined;
      if (made) return made;
      // Somebody else made it since it was looked for.
      if (isFailure(error, "okta.refused")) await refuseExistingGroup(org, name);
      throw error;
    }
  });
}

/** A warning when several groups have the name, else `undefined`: members of any of them get the role. */
export function ambiguity(groups: readonly OktaGroup[]): string | undefined {
  const [first] = groups;
  if (groups.length < 2 || !first) return undefined;
  const types = listed(groups.map((group) => clean(group.type)));
  return `${groups.length} Okta groups are named ${quoted(first.name)} (${types}): members of any of them get the role.`;
}
