/**
 * What an Okta authorization server's claims put into the access token: which groups Akto gets to see for a user, or why
 * it gets none. Pure, so that explaining one user, previewing everyone and checking the setup agree.
 */

import { aktoScopes } from "../address.ts";
import type { ClaimGroup, ServerClaim } from "../model/okta.ts";
import { type ClaimValue, claimValue } from "./value.ts";

/** The one claim that Akto reads (Akto behavior). */
export const groupsClaimName = "groups";

/** Why a claim that looks like the right one brings nothing to Akto. */
export type MissReason = "id_token" | "inactive" | "scopes" | "name";

/** A claim that looks like the right one, and what is wrong with it. */
export interface NearMiss {
  readonly claim: ServerClaim;
  readonly why: readonly MissReason[];
}

/** The claim that Akto would read, or those that only look like it. */
export type GroupsClaim =
  | { readonly kind: "found"; readonly claim: ServerClaim }
  | { readonly kind: "missing"; readonly nearMisses: readonly NearMiss[] };

/** What the access token's `groups` claim would hold for a user. */
export type ClaimPrediction =
  | { readonly kind: "groups"; readonly claim: ServerClaim; readonly names: readonly string[] }
  /** None of the user's groups passes: Okta leaves the claim out. */
  | { readonly kind: "none_match"; readonly claim: ServerClaim }
  /** More groups than Okta's limit: what Okta does then is disputed, see `disputed.ts`. */
  | { readonly kind: "too_many"; readonly claim: ServerClaim; readonly matched: readonly string[] }
  /** Okta can't evaluate the claim, and issues no token: nobody signs in at all. */
  | { readonly kind: "fails"; readonly claim: ServerClaim }
  /** The token carries ids, which no mapping has. */
  | { readonly kind: "ids"; readonly claim: ServerClaim; readonly names: readonly string[] }
  /** The claim holds a text, or true or false, rather than a list: Akto counts that as no groups. */
  | { readonly kind: "not_list"; readonly claim: ServerClaim }
  /** Only Okta can tell: an expression, a regular expression of Java's own kind, or a filter of a kind that is unknown here. */
  | { readonly kind: "unknown"; readonly claim: ServerClaim; readonly reason: "expression" | "regex" | "filter" }
  | { readonly kind: "no_claim"; readonly nearMisses: readonly NearMiss[] };

/**
 * The claim from which Akto would get the groups: active, named `groups`, in the access token, and for a scope that is
 * asked for.
 *
 * @param scopes what the sign-in asks for; Akto's scopes unless told otherwise
 */
export function findGroupsClaim(claims: readonly ServerClaim[], scopes: readonly string[] = aktoScopes): GroupsClaim {
  const nearMisses: NearMiss[] = [];
  for (const claim of claims) {
    if (claim.name !== groupsClaimName && claim.valueType !== "GROUPS") continue;
    const why: MissReason[] = [];
    if (claim.name !== groupsClaimName) why.push("name");
    if (claim.claimType !== "RESOURCE") why.push("id_token");
    if (claim.status !== "ACTIVE") why.push("inactive");
    if (claim.scopes.length > 0 && !claim.scopes.some((scope) => scopes.includes(scope))) why.push("scopes");
    if (why.length === 0) return { kind: "found", claim };
    nearMisses.push({ claim, why });
  }
  // The fewer faults, the closer: the first one is what a person would mend.
  return { kind: "missing", nearMisses: nearMisses.sort((a, b) => a.why.length - b.why.length) };
}

/** What the claim that Akto reads does with a user's groups; `undefined` where there is no such claim. */
export function claimedValue(claims: readonly ServerClaim[] | null): ClaimValue | undefined {
  const found = claims && findGroupsClaim(claims);
  return found?.kind === "found" ? claimValue(found.claim) : undefined;
}

/**
 * What the access token would carry for a user in these groups.
 *
 * @param groups all of the user's groups, in Okta's order
 */
export function predictClaim(
  claims: readonly ServerClaim[],
  groups: readonly ClaimGroup[],
  scopes: readonly string[] = aktoScopes,
): ClaimPrediction {
  const found = findGroupsClaim(claims, scopes);
  if (found.kind === "missing") return { kind: "no_claim", nearMisses: found.nearMisses };
  const { claim } = found;
  const value = claimValue(claim);
  if (value.kind === "unknown") {
    return { kind: "unknown", claim, reason: value.reason === "unseen" ? "expression" : value.reason };
  }
  if (value.kind === "not_list") return { kind: "not_list", claim };
  if (value.kind === "fails") return { kind: "fails", claim };
  if (value.kind === "constant") return named(claim, value.names);
  const passing = groups.filter(value.passes);
  if (value.shows === "id") return { kind: "ids", claim, names: passing.map(({ id = "" }) => id) };
  const names = passing.map(({ name }) => name);
  if (names.length > value.limit) {
    // A group function cuts its list at the limit it was given, and nothing says which groups stay.
    return claim.valueType === "GROUPS"
      ? { kind: "too_many", claim, matched: names }
      : { kind: "unknown", claim, reason: "expression" };
  }
  return named(claim, names);
}

function named(claim: ServerClaim, names: readonly string[]): ClaimPrediction {
  return names.length === 0 ? { kind: "none_match", claim } : { kind: "groups", claim, names };
}
