/** The groups claim and the access policy of an authorization server: what they should be, given what they are. */

import { askPolicies } from "../access/policy.ts";
import { aktoScopes } from "../address.ts";
import { groupsClaimName } from "../claim/claim.ts";
import { anyOf, type ClaimChoice, type ClaimFilter, filterCovers, filterIncludes } from "../claim/filter.ts";
import { allowListOf, listedIds } from "../claim/value.ts";
import type { AccessPolicy, AccessRule, ServerClaim } from "../model/okta.ts";
import { quoted } from "../text.ts";
import type { LiveServer } from "./live.ts";
import { claimedGroups, type SsoSpec } from "./spec.ts";

/** What of a claim is compared and changed. */
export interface ClaimSettings {
  readonly filter: ClaimChoice["filter"];
  readonly value: string;
  readonly status: ServerClaim["status"];
  /** None is any scope. */
  readonly scopes: readonly string[];
}

/** The claim that Akto could read: a server has one of a name for the access token. */
export function liveGroupsClaim(claims: readonly ServerClaim[]): ServerClaim | undefined {
  return claims.find(({ name, claimType }) => name === groupsClaimName && claimType === "RESOURCE");
}

/** The claim's settings, or `null` when it is neither a filter on groups nor a list of groups by id. */
export function claimSettings(claim: ServerClaim): ClaimSettings | null {
  const { valueType, groupFilterType, value, status, scopes } = claim;
  if (valueType === "EXPRESSION" && listedIds(value)) return { status, filter: "EXPRESSION", value, scopes };
  return valueType === "GROUPS" && groupFilterType !== null ? { status, filter: groupFilterType, value, scopes } : null;
}

/** The settings' filter, or the list. */
function choiceOf({ filter, value }: ClaimSettings): ClaimChoice {
  return filter === "EXPRESSION" ? { filter, value } : { filter, value };
}

/** What is asked of the claim. */
export interface ClaimDemand {
  /** The filter that the document names, if it does. */
  readonly filter: ClaimFilter | undefined;
  /** What to take where the document names none. */
  readonly chosen: ClaimChoice;
  readonly groups: readonly string[];
  /** Whether this tool made the claim, and so may narrow it. */
  readonly own: boolean;
}

/**
 * The claim as it should be. A claim that somebody else made is never narrowed: other apps of the server may live by it.
 *
 * @returns `null` for the settings when the claim must stay as it is; a note where that leaves something open
 */
export function wantedClaim(
  live: ServerClaim | undefined,
  { filter, chosen, groups, own }: ClaimDemand,
): { settings: ClaimSettings | null; note: string | null } {
  const asked = filter ?? chosen;
  if (!live) return { settings: { status: "ACTIVE", ...asked, scopes: [] }, note: null };
  const now = claimSettings(live);
  if (!now) {
    return {
      settings: null,
      note: "The server's groups claim is an expression, which this tool neither reads nor changes: check with `akto-okta login test` that it carries the mapped groups.",
    };
  }
  const reached = now.scopes.length === 0 || now.scopes.some((scope) => aktoScopes.includes(scope));
  const current = choiceOf(now);
  const { filter: next, note } =
    asked.filter === "EXPRESSION" || current.filter === "EXPRESSION"
      ? wantedList(current, asked, own)
      : wantedFilter(current, asked, filter !== undefined, groups, own);
  return { settings: { status: "ACTIVE", ...next, scopes: reached ? now.scopes : [] }, note };
}

/** The server's claim, and what it should be by the document: see {@link wantedClaim}. */
export function plannedClaim(
  spec: SsoSpec,
  { claims }: LiveServer,
  own: ReadonlySet<string>,
  chosen: ClaimChoice,
): ReturnType<typeof wantedClaim> & { readonly claim: ServerClaim | undefined } {
  const claim = liveGroupsClaim(claims);
  const wanted = wantedClaim(claim, {
    filter: spec.okta.groupsClaim,
    chosen,
    groups: claimedGroups(spec),
    own: claim !== undefined && own.has(claim.id),
  });
  return { claim, ...wanted };
}

/** Where the claim is a list of groups by id, or should be one since a mapped group is imported. */
function wantedList(now: ClaimChoice, asked: ClaimChoice, own: boolean): { filter: ClaimChoice; note: string | null } {
  if (own) return { filter: asked, note: null };
  const [present, needed] = [listedIds(now.value), listedIds(asked.value)];
  if (now.filter === "EXPRESSION" && present && needed) {
    const ids = union(present, needed);
    return { filter: ids.length === present.length ? now : { ...now, value: allowListOf(ids) }, note: null };
  }
  return {
    filter: now,
    note:
      now.filter === "EXPRESSION"
        ? "The groups claim lists groups by id, and this tool did not create it: check with `akto-okta login test` that it carries the mapped groups."
        : `A mapped group is imported, and a filter carries Okta's own groups only. The claim stays as it is, since this tool did not create it and a list may let less through to other apps of the server: if that is what you want, make it the expression ${asked.value} in Okta, or give Akto an authorization server of its own.`,
  };
}

function wantedFilter(
  { filter, value }: ClaimFilter,
  asked: ClaimFilter,
  named: boolean,
  groups: readonly string[],
  own: boolean,
): { filter: ClaimFilter; note: string | null } {
  const now: ClaimFilter = { filter, value };
  const covers = filterCovers(now, groups);
  if (!named) {
    // What is chosen for a claim of its own is the filter that it has, unless that one won't do.
    if (covers === true && !own) return { filter: now, note: null };
    if (covers === undefined) {
      return {
        filter: now,
        note: `Only Okta can tell what the groups claim's filter lets through (${quoted(value)}): check with \`akto-okta login test\`.`,
      };
    }
  }
  if (own || filterIncludes(asked, now)) return { filter: asked, note: null };
  if (named && covers !== false) {
    const same = filter === asked.filter && value === asked.value;
    return {
      filter: now,
      note: same
        ? null
        : `The groups claim's filter stays ${filter} ${quoted(value)}: this tool did not create it, and ${asked.filter} ${quoted(asked.value)} may let less through to other apps of the server. Change it in Okta if that is what you want.`,
    };
  }
  return { filter: anyOf([now, asked]), note: null };
}

/** What of a rule is compared and changed. */
export type RuleSettings = Pick<AccessRule, "active" | "grantTypes" | "scopes" | "groups" | "users">;

/** The rule that this tool makes. */
export const newRule: RuleSettings = {
  active: true,
  grantTypes: ["authorization_code"],
  scopes: aktoScopes,
  groups: ["EVERYONE"],
  users: [],
};

/** The rule as it should be: what it lets through now stays, what Akto needs is added. */
export function wantedRule(rule: RuleSettings | null): RuleSettings {
  if (!rule) return newRule;
  const forNobody = rule.groups.length + rule.users.length === 0;
  return {
    active: true,
    grantTypes: union(rule.grantTypes, newRule.grantTypes),
    scopes: rule.scopes.includes("*") ? rule.scopes : union(rule.scopes, newRule.scopes),
    groups: forNobody ? newRule.groups : rule.groups,
    users: rule.users,
  };
}

/** A rule's settings without its name. */
export function ruleSettings({ active, grantTypes, scopes, groups, users }: AccessRule): RuleSettings {
  return { active, grantTypes, scopes, groups, users };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

/** How the server lets the app in. */
export type Access =
  | { readonly kind: "open" }
  /** Somebody held the rule to some people: that is respected, and said. */
  | { readonly kind: "restricted"; readonly policy: string; readonly rule: string }
  /** No rule lets the app in. `policy` is the one for this app alone, if there is one, and `rule` this tool's in it. */
  | { readonly kind: "closed"; readonly policy: AccessPolicy | null; readonly rule: AccessRule | null };

/**
 * Whether a policy with a rule lets the app in for Akto's scopes.
 *
 * @param clientId `null` when the app does not exist yet
 */
export function accessOf(policies: readonly AccessPolicy[], clientId: string | null): Access {
  const client = clientId ?? "";
  const forEveryone = policies.map((policy) => ({
    ...policy,
    rules: policy.rules.filter(({ groups }) => groups.includes("EVERYONE")),
  }));
  if (askPolicies(forEveryone, client, null).kind === "allowed") return { kind: "open" };
  const answer = askPolicies(policies, client, null);
  if (answer.kind === "allowed") return { kind: "restricted", policy: answer.policy, rule: answer.rule };
  const policy = policies.find(({ clients }) => clients.length === 1 && clients[0] === clientId) ?? null;
  return { kind: "closed", policy, rule: policy?.rules.find(({ name }) => name === accessRuleName) ?? null };
}

/** What to say about a rule that is held to some people. */
export function restrictedNote({ policy, rule }: Extract<Access, { kind: "restricted" }>): string {
  return `The access policy ${quoted(policy)} lets only some people in (rule ${quoted(rule)}); it is left as it is.`;
}

/** The name of the policy that this tool makes: the app's label, or with the client id after it when that is taken. */
export function policyName(policies: readonly AccessPolicy[], label: string, clientId: string): string {
  return policies.some(({ name }) => name === label) ? `${label} ${clientId}` : label;
}

/** The name of the rule that this tool makes. */
export const accessRuleName = "Akto sign-in";
