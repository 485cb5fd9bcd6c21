/** What a sign-in would bring to Akto, told from a user's groups in Okta: the token's groups, and those by API token. */
import { type ClaimPrediction, claimedValue, predictClaim } from "../claim/claim.ts";
import { describePrediction } from "../claim/describe.ts";
import type { ClaimValue } from "../claim/value.ts";
import { overHundredGroups } from "../disputed.ts";
import type { Fact, Unknown } from "../evidence.ts";
import type { CustomRole, Mapping } from "../model/akto.ts";
import type { ClaimGroup, ServerClaim } from "../model/okta.ts";
import type { GroupSource, RoleTrace } from "../roles/resolve.ts";
import { resolveGroups } from "../roles/resolve.ts";
import { quoted } from "../text.ts";

/** What brings the groups to Akto. */
export interface PathSetup {
  /** The authorization server's claims; `null` where it carries none, without API Access Management. */
  readonly claims: Fact<readonly ServerClaim[] | null>;
  /** Whether Akto stores an API token to ask Okta with, when the access token has no groups. */
  readonly aktoHasToken: boolean;
  /** The names of the groups that this token shows; `undefined` where it shows all, or that isn't known. */
  readonly aktoSees?: ReadonlySet<string> | undefined;
}

/** What decides a role beside the user's groups. */
export interface RoleSetup extends PathSetup {
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
}

/** Why the way of the groups is not certain. */
export interface Doubt {
  readonly kind: "expression" | "regex" | "filter" | "unseen" | "hidden" | "hook" | "limit";
  /** A sentence. */
  readonly message: string;
}

/** How the groups would get to Akto. */
export interface GroupPath {
  /** What the access token would carry; `null` without API Access Management, `unseen` where the claims can't be seen. */
  readonly prediction:
    | ClaimPrediction
    | { readonly kind: "unseen"; readonly why: string; readonly hint: string | undefined }
    | null;
  readonly source: GroupSource;
  /**
   * The names that Akto would go by. Where only Okta can tell what the claim holds, or it issues no token at all, these are
   * all of the user's groups.
   */
  readonly names: readonly string[];
  /** Why that isn't certain; none where it is. */
  readonly doubts: readonly Doubt[];
}

/** A user's groups as Okta lists them. */
export interface UserGroups<Group extends ClaimGroup = ClaimGroup> {
  /** All of them, in Okta's order. */
  readonly all: readonly Group[];
  /** How many stand on the first page of Okta's list: Akto reads no further (Akto behavior). */
  readonly firstPage: number;
  /** Why there may be more: a sentence. Left out where these are all. */
  readonly hidden?: string | undefined;
}

/** Whether Okta issues no token at all, so that nobody signs in. */
export function issuesNoToken({ prediction }: Pick<GroupPath, "prediction">): boolean {
  return prediction?.kind === "fails" || (prediction?.kind === "too_many" && overHundredGroups === "refused");
}

/** What the claim that Akto reads does with a user's groups; `undefined` where there is no such claim. */
export function seenValue(claims: PathSetup["claims"]): ClaimValue | undefined {
  return claims.known ? claimedValue(claims.value) : { kind: "unknown", reason: "unseen" };
}

/**
 * The way of a user's groups to Akto.
 *
 * @param inlineHook the token inline hook of the access rule that lets the user in, if it calls one
 */
export function groupPath(
  { all: groups, firstPage, hidden }: UserGroups,
  { claims, aktoHasToken, aktoSees }: PathSetup,
  inlineHook: string | null = null,
): GroupPath {
  const all = groups.map(({ name }) => name);
  const standing: Doubt[] = [];
  if (hidden !== undefined) standing.push({ kind: "hidden", message: hidden });
  if (inlineHook !== null) {
    standing.push({
      kind: "hook",
      message: `The access rule calls the token inline hook ${quoted(inlineHook)}, which can add, change, or take away the groups claim.`,
    });
  }
  /** Where the token has no groups. */
  const fallback = (prediction: GroupPath["prediction"]): GroupPath => {
    if (!aktoHasToken) return { prediction, source: "none", names: [], doubts: standing };
    // What the token doesn't show is on no page.
    const names = aktoSees ? all.filter((name) => aktoSees.has(name)) : all.slice(0, firstPage);
    return { prediction, source: "management_api", names, doubts: standing };
  };
  if (!claims.known) {
    const doubts: Doubt[] = [{ kind: "unseen", message: claims.why }, ...standing];
    return {
      prediction: { kind: "unseen", why: claims.why, hint: unseenHint(claims) },
      source: "access_token",
      names: all,
      doubts,
    };
  }
  const prediction = claims.value && predictClaim(claims.value, groups);
  switch (prediction?.kind) {
    case "groups":
      return { prediction, source: "access_token", names: prediction.names, doubts: standing };
    case "unknown": {
      const doubt: Doubt = { kind: prediction.reason, message: "Only Okta can evaluate the groups claim." };
      return { prediction, source: "access_token", names: all, doubts: [doubt, ...standing] };
    }
    case "too_many": {
      const limit: Doubt = { kind: "limit", message: describePrediction(prediction).message };
      const doubts = overHundredGroups === "disputed" ? [limit, ...standing] : standing;
      return { prediction, source: "access_token", names: prediction.matched, doubts };
    }
    // Names or not, they are strings in a list, and Akto goes by them.
    case "ids":
      return prediction.names.length > 0
        ? { prediction, source: "access_token", names: prediction.names, doubts: standing }
        : fallback(prediction);
    // Without a token nobody gets in, and nothing is asked for after it.
    case "fails":
      return { prediction, source: "access_token", names: all, doubts: standing };
    default:
      return fallback(prediction);
  }
}

/** What makes the claims seen: another token, unless it is an address, a setting, or Okta's answer itself that is at fault. */
function unseenHint({ failure }: Unknown): string | undefined {
  const elsewhere = failure?.kind === "unavailable" || failure?.kind === "usage";
  return elsewhere && failure.code !== "okta.not_found"
    ? failure.hint
    : "Use the token of an admin who can read authorization servers.";
}

/** A role with the way to it. */
export interface SimulatedRole extends Pick<RoleTrace, "role" | "label" | "decidedBy" | "group" | "candidates"> {
  readonly path: GroupPath;
}

/** The role that Akto would give to a user in these groups; see {@link groupPath}. */
export function simulateRole(groups: UserGroups, setup: RoleSetup, inlineHook: string | null = null): SimulatedRole {
  const path = groupPath(groups, setup, inlineHook);
  return { ...resolveGroups(path.names, setup.mapping, setup.customRoles), path };
}
