/**
 * Which groups have to be known to tell a person's role. Asking Okta for the members of a few groups takes far fewer
 * requests than asking for the groups of everyone, and mostly tells as much; here stands when it does.
 */

import { askPolicies } from "../access/policy.ts";
import type { Fact } from "../evidence.ts";
import { type RoleSetup, seenValue } from "../login/simulate.ts";
import type { Mapping } from "../model/akto.ts";
import type { AccessPolicy, ClaimGroup } from "../model/okta.ts";
import type { SignInPolicy } from "../model/sign-in-policy.ts";
import type { GroupSight } from "../picture.ts";
import { conventionRole, resolveGroups } from "../roles/resolve.ts";
import { rolePriority } from "../roles/roles.ts";

/** The mapping, and another to compare it with. */
export interface Mappings {
  readonly mapping: Mapping;
  readonly against?: Mapping | undefined;
}

/** Whether the group can decide a role under one of the mappings: by an entry, or by its name. */
export function isRelevant(name: string, { mapping, against }: Mappings): boolean {
  return mapping.has(name) || against?.has(name) === true || conventionRole(name) !== undefined;
}

/** Which of a person's groups are known when Okta was asked by group. */
export interface Extent {
  /**
   * `relevant`: those that can decide a role, see {@link isRelevant}. `passing`: these, and all that the claim's filter
   * lets through.
   */
  readonly known: "relevant" | "passing";
  /** How many of the org's groups the claim's filter lets through; `null` when that wasn't counted. */
  readonly orgMatches: number | null;
  /** Whether the org has so few groups that anybody's fit on the first page of Okta's list, the only one that Akto reads. */
  readonly onePage: boolean;
}

/**
 * Whether the known groups tell a person's role, and whether Okta makes a token at all, as surely as all of them would.
 * If not, the person's own groups have to be asked for.
 *
 * @param known those of the person's groups that `extent` names, in any order
 */
export function decidable(known: readonly ClaimGroup[], setup: RoleSetup & Mappings, extent: Extent): boolean {
  const relevant = known.filter(({ name }) => isRelevant(name, setup));
  const value = seenValue(setup.claims);
  if (value?.kind === "constant" || value?.kind === "fails") return true;
  // Everyone's groups are taken to be in it: those that can decide are enough.
  if (value?.kind === "unknown") return !anyTied(relevant, setup);
  if (value?.kind !== "filter") return isToldByApi(relevant, setup, extent);

  const seen = known.filter(value.passes);
  if (extent.known === "passing") {
    // Nobody signs in with so many; or a group function cuts its list, and only Okta can tell what stays.
    if (seen.length > value.limit) return !anyTied(relevant, setup) && !anyTied(seen, setup);
    return seen.length > 0 ? !anyTied(seen, setup) : isToldByApi(relevant, setup, extent);
  }
  // Somebody could be in more groups than the claim can carry.
  if (extent.orgMatches === null || extent.orgMatches > value.limit) return false;
  if (seen.length > 0) return !anyTied(seen, setup);
  // Whether Akto asks for the others depends on groups that don't matter otherwise.
  return relevant.length === 0 || !setup.aktoHasToken;
}

/** Whether what Akto gets by its API token is told: all groups, but of a long list the first page only. */
function isToldByApi(relevant: readonly ClaimGroup[], setup: RoleSetup & Mappings, { onePage }: Extent): boolean {
  const { aktoHasToken, aktoSees } = setup;
  const seen = aktoSees ? relevant.filter(({ name }) => aktoSees.has(name)) : relevant;
  if (!aktoHasToken || seen.length === 0) return true;
  return (onePage || aktoSees !== undefined) && !anyTied(seen, setup);
}

function anyTied(groups: readonly ClaimGroup[], setup: RoleSetup & Mappings): boolean {
  const { mapping, against } = setup;
  return [mapping, ...(against ? [against] : [])].some((each) => isTied(groups, each, setup));
}

/** Whether the order of the groups decides: two of them give roles of the same, highest priority. */
function isTied(groups: readonly ClaimGroup[], mapping: Mapping, { customRoles }: RoleSetup): boolean {
  const names = groups.map(({ name }) => name);
  const { group, decidedBy } = resolveGroups(names, mapping, customRoles);
  if (group === null) return false;
  const roleOf = decidedBy === "mapping" ? (name: string) => mapping.get(name) : conventionRole;
  const priority = (name: string) => {
    const role = roleOf(name);
    const rank = role === undefined ? undefined : rolePriority(role, customRoles);
    return rank && "priority" in rank ? rank.priority : undefined;
  };
  return names.some((name) => name !== group && priority(name) === priority(group));
}

/**
 * The ids of the groups on which it depends whether Okta denies a sign-in; none when the rules treat everyone alike.
 *
 * @param policies `null` where they can't be read
 */
export function decidingRuleGroups(policies: readonly AccessPolicy[] | null, clientId: string): string[] {
  if (policies === null) return [];
  const nobody = { userId: "", groupIds: [] };
  const rules = policies.flatMap((policy) => policy.rules);
  // Who is excluded from a rule, and whose rule calls a hook, hangs on the groups although somebody gets in anyway.
  const particular = rules.some(({ excludedGroups, inlineHook }) => excludedGroups.length > 0 || inlineHook !== null);
  const alike = askPolicies(policies, clientId, nobody).kind === askPolicies(policies, clientId, null).kind;
  if (alike && !particular) return [];
  const named = rules.flatMap(({ groups, excludedGroups }) => [...groups, ...excludedGroups]);
  return [...new Set(named)].filter((id) => id !== "EVERYONE");
}

/** The groups that decide what an authentication policy says: none where it says the same to all. */
export function signInRuleGroups(policy: SignInPolicy | null): string[] {
  const rules = policy?.rules.filter(({ active }) => active) ?? [];
  if (new Set(rules.map(({ access }) => access)).size < 2) return [];
  return [...new Set(rules.flatMap(({ groups }) => [...groups.include, ...groups.exclude]))];
}

/** Why the org may have groups that the token doesn't show: a sentence. Nothing where it shows all. */
export function hiddenGroups(sight: Fact<GroupSight>): string | undefined {
  if (!sight.known) return sight.why;
  if (sight.value === "all") return undefined;
  return "This API token shows only some of the org's groups: others may give a role.";
}
