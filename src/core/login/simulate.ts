/** What a sign-in would bring to Akto, told from a user's groups in Okta: the token's groups, and those by API token. */

import { type ClaimPrediction, predictClaim } from "../claim/claim.ts";
import type { CustomRole, Mapping } from "../model/akto.ts";
import type { ClaimGroup, ServerClaim } from "../model/okta.ts";
import type { GroupSource, RoleTrace } from "../roles/resolve.ts";
import { resolveGroups } from "../roles/resolve.ts";

/** What decides a role beside the user's groups. */
export interface RoleSetup {
  /** The authorization server's claims; `null` where they can't be read, as without API Access Management. */
  readonly claims: readonly ServerClaim[] | null;
  /** Whether Akto keeps an API token to ask Okta with, when the access token has no groups. */
  readonly aktoHasToken: boolean;
  /** The names of the groups that this token shows; `undefined` where it shows all, or that isn't known. */
  readonly aktoSees?: ReadonlySet<string> | undefined;
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
}

/** How the groups would get to Akto. */
export interface GroupPath {
  /** What the access token would carry; `null` where the claims can't be read. */
  readonly prediction: ClaimPrediction | null;
  readonly source: GroupSource;
  /**
   * The names that Akto would go by. Where Okta makes no token, since the claim matches too many groups, these are the
   * names that it would carry.
   */
  readonly names: readonly string[];
  /** Whether this is certain: an expression that only Okta evaluates makes it a guess, that all groups are in it. */
  readonly certain: boolean;
}

/** A user's groups as Okta lists them. */
export interface UserGroups<Group extends ClaimGroup = ClaimGroup> {
  /** All of them, in Okta's order. */
  readonly all: readonly Group[];
  /** How many stand on the first page of Okta's list: Akto reads no further (Akto behaviour). */
  readonly firstPage: number;
}

/** The way of a user's groups to Akto. */
export function groupPath(
  { all: groups, firstPage }: UserGroups,
  { claims, aktoHasToken, aktoSees }: Pick<RoleSetup, "claims" | "aktoHasToken" | "aktoSees">,
): GroupPath {
  const all = groups.map(({ name }) => name);
  const prediction = claims && predictClaim(claims, groups);
  if (prediction?.kind === "groups") {
    return { prediction, source: "access_token", names: prediction.names, certain: true };
  }
  if (prediction?.kind === "unknown") return { prediction, source: "access_token", names: all, certain: false };
  // A failed token request brings nobody in, and nothing is asked for after it.
  if (prediction?.kind === "too_many") {
    return { prediction, source: "access_token", names: prediction.matched, certain: true };
  }
  if (aktoHasToken) {
    // What the token doesn't show is on no page.
    const names = aktoSees ? all.filter((name) => aktoSees.has(name)) : all.slice(0, firstPage);
    return { prediction, source: "management_api", names, certain: true };
  }
  return { prediction, source: "none", names: [], certain: true };
}

/** A role with the way to it. */
export interface SimulatedRole extends Pick<RoleTrace, "role" | "label" | "decidedBy" | "group" | "candidates"> {
  readonly path: GroupPath;
}

/** The role that Akto would give to a user in these groups. */
export function simulateRole(groups: UserGroups, setup: RoleSetup): SimulatedRole {
  const path = groupPath(groups, setup);
  return { ...resolveGroups(path.names, setup.mapping, setup.customRoles), path };
}
