/** Claims in words: what a claim does, what is wrong with it, and how to mend it. */
import type { ClaimFilterType, ServerClaim } from "../model/okta.ts";

import { clean, count, listed, quoted } from "../text.ts";
import { type ClaimPrediction, groupsClaimName, type MissReason, type NearMiss } from "./claim.ts";
import { claimGroupLimit } from "./filter.ts";

export const filterWords: Readonly<Record<ClaimFilterType, string>> = {
  STARTS_WITH: "starts with",
  EQUALS: "equals",
  CONTAINS: "contains",
  REGEX: "matches regex",
};

/** The claim's value as Okta's admin console words it: `starts with “Akto”`. */
export function describeFilter(claim: ServerClaim): string {
  if (claim.valueType !== "GROUPS") return `expression ${quoted(claim.value)}`;
  return `${claim.groupFilterType === null ? "an unknown kind of filter," : filterWords[claim.groupFilterType]} ${quoted(claim.value)}`;
}

const faults: Readonly<Record<MissReason, (claim: ServerClaim) => string>> = {
  name: () => `is not named “${groupsClaimName}”, and Akto reads no other`,
  id_token: () => "is on the ID token, which Akto never looks at",
  inactive: () => "is inactive",
  scopes: ({ scopes }) =>
    `comes only with the ${scopes.length === 1 ? "scope" : "scopes"} ${listed(scopes.map(quoted), "or")}, which Akto does not ask for`,
};

const remedies: Readonly<Record<MissReason, string>> = {
  name: `name it “${groupsClaimName}”`,
  id_token: "include it in the access token",
  inactive: "activate it",
  scopes: "include it in any scope",
};

/** What is wrong with a claim that only looks like the right one, as the end of a sentence. */
export function describeMiss({ claim, why }: NearMiss): string {
  return listed(why.map((reason) => faults[reason](claim)));
}

/** How to mend a claim that only looks like the right one. */
export function mendMiss({ claim, why }: NearMiss): string {
  return `In the authorization server's Claims, edit ${quoted(claim.name)}: ${listed(why.map((reason) => remedies[reason]))}.`;
}

/** What the token will carry, in a sentence, and what to do where that is not what one wants. */
export function describePrediction(prediction: ClaimPrediction): { message: string; hint?: string } {
  switch (prediction.kind) {
    case "groups":
      return {
        message: `The access token would carry ${count(prediction.names.length, "group")} (${describeFilter(prediction.claim)}).`,
      };
    case "none_match":
      return {
        message: `The claim's filter (${describeFilter(prediction.claim)}) lets none of the user's groups through, so the access token would carry none.`,
        hint: "Widen the claim's filter, or put the user in a group that it lets through.",
      };
    case "too_many":
      return {
        message: `The claim's filter (${describeFilter(prediction.claim)}) matches ${prediction.matched.length} of the user's groups. With more than ${claimGroupLimit}, Okta may carry them all, cut the list, or refuse the token: Okta's own sources differ.`,
        hint: "Narrow the claim's filter, for instance to the names that start with what your mapped groups have in common.",
      };
    case "fails":
      return {
        message: `Okta can't evaluate the claim (${describeFilter(prediction.claim)}), since its limit is over ${claimGroupLimit}, and issues no token.`,
        hint: `Set the last argument of the group function to ${claimGroupLimit} or less.`,
      };
    case "ids":
      return {
        message: `The claim (${describeFilter(prediction.claim)}) carries the groups' ids, and the mapping has their names.`,
        hint: "Write “group.name” in the expression in place of “group.id”.",
      };
    case "not_list":
      return {
        message: `The claim “${clean(prediction.claim.name)}” is not a list, and Akto accepts only a list of names.`,
        hint: "Give the claim the value type Groups.",
      };
    case "unknown":
      return {
        message:
          prediction.reason === "filter"
            ? `The claim's filter (${quoted(prediction.claim.value)}) is of a kind that isn't known here: only Okta can evaluate it.`
            : prediction.reason === "regex"
              ? `The claim's filter (${describeFilter(prediction.claim)}) is a regular expression that only Okta can evaluate.`
              : `The claim is an ${describeFilter(prediction.claim)}, which only Okta can evaluate.`,
        hint: "`akto-okta login test` shows what the token really carries.",
      };
    case "no_claim": {
      const [closest] = prediction.nearMisses;
      return closest
        ? {
            message: `The access token would carry no groups: the claim ${quoted(closest.claim.name)} ${describeMiss(closest)}.`,
            hint: mendMiss(closest),
          }
        : {
            message: `The authorization server has no claim “${groupsClaimName}”, so the access token would carry no groups.`,
            hint: "Add one in the authorization server's Claims: access token, always, value type Groups, any scope. `akto-okta sso setup` does it.",
          };
    }
  }
}
