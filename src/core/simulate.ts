/** What a sign-in would bring to Akto, told from a user's groups in Okta: the token's groups, and those by API token. */
import { type ClaimGroup, type ClaimPrediction, predictClaim, type ServerClaim } from "./claim.ts";
import type { Mapping } from "./mapping.ts";
import type { GroupSource, RoleTrace } from "./resolve.ts";
import { resolveGroups } from "./resolve.ts";
import type { CustomRole } from "./roles.ts";

/** What decides a role beside the user's groups. */
export interface RoleSetup {
  /** The authorization server's claims; `null` where they can't be read, as without API Access Management. */
  readonly claims: readonly ServerClaim[] | null;
  /** Whether Akto keeps an API token to ask Okta with, when the access token has no groups. */
  readonly aktoHasToken: boolean;
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
}

/** How the groups would get to Akto. */
export interface GroupPath {
  /** What the access token would carry; `null` where the claims can't be read. */
  readonly prediction: ClaimPrediction | null;
  readonly source: GroupSource;
  /** The names that Akto would go by. */
  readonly names: readonly string[];
  /** Whether this is certain: an expression that only Okta evaluates makes it a guess, that all groups are in it. */
  readonly certain: boolean;
}

/**
 * The way of a user's groups to Akto.
 *
 * @param groups all of the user's groups, in Okta's order
 */
export function groupPath(groups: readonly ClaimGroup[], { claims, aktoHasToken }: RoleSetup): GroupPath {
  const all = groups.map(({ name }) => name);
  const prediction = claims && predictClaim(claims, groups);
  if (prediction?.kind === "groups") {
    return { prediction, source: "access_token", names: prediction.names, certain: true };
  }
  if (prediction?.kind === "unknown") return { prediction, source: "access_token", names: all, certain: false };
  // A failed token request brings nobody in, and nothing is asked for after it.
  if (aktoHasToken && prediction?.kind !== "too_many") {
    return { prediction, source: "management_api", names: all, certain: true };
  }
  return { prediction, source: "none", names: [], certain: true };
}

/** A role with the way to it. */
export interface SimulatedRole extends Pick<RoleTrace, "role" | "label" | "decidedBy" | "group" | "candidates"> {
  readonly path: GroupPath;
}

/** The role that Akto would give to a user in these groups. */
export function simulateRole(groups: readonly ClaimGroup[], setup: RoleSetup): SimulatedRole {
  const path = groupPath(groups, setup);
  return { ...resolveGroups(path.names, setup.mapping, setup.customRoles), path };
}
