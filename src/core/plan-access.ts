/** The groups claim and the access policy of an authorization server: what they should be, given what they are. */
import { aktoScopes } from "./address.ts";
import { groupsClaimName, type ServerClaim } from "./claim.ts";
import { anyOf, type ClaimFilter, filterCovers, filterIncludes } from "./claim-filter.ts";
import type { LivePolicy, LiveRule } from "./plan-live.ts";
import { listed, quoted } from "./text.ts";

/** What of a claim is compared and changed. */
export interface ClaimSettings {
  readonly status: string;
  readonly filter: string;
  readonly value: string;
  /** None is any scope. */
  readonly scopes: readonly string[];
}

/** The claim that Akto could read: a server has one of a name for the access token. */
export function liveGroupsClaim(claims: readonly ServerClaim[]): ServerClaim | undefined {
  return claims.find(({ name, claimType }) => name === groupsClaimName && claimType === "RESOURCE");
}

/** The claim's settings, or `null` when it isn't a filter on groups. */
export function claimSettings(claim: ServerClaim): (ClaimSettings & ClaimFilter) | null {
  const { valueType, groupFilterType: filter, value, status, scopes } = claim;
  return valueType === "GROUPS" && filter !== null ? { status, filter, value, scopes } : null;
}

/** What is asked of the claim. */
export interface ClaimDemand {
  /** The filter that the document names, if it does. */
  readonly filter: ClaimFilter | undefined;
  /** The filter to take where the document names none. */
  readonly chosen: ClaimFilter;
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
      note: "The server's groups claim is an expression, which this tool neither reads nor changes: check with `akto-okta login test` that it holds the mapped groups.",
    };
  }
  const reached = now.scopes.length === 0 || now.scopes.some((scope) => aktoScopes.includes(scope));
  const { filter: next, note } = wantedFilter(now, asked, filter !== undefined, groups, own);
  return { settings: { status: "ACTIVE", ...next, scopes: reached ? now.scopes : [] }, note };
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
    if (covers === true) return { filter: now, note: null };
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
        : `The groups claim's filter stays ${filter} ${quoted(value)}: this tool did not make it, and ${asked.filter} ${quoted(asked.value)} may let less through to other apps of the server. Change it in Okta if that is meant.`,
    };
  }
  return { filter: anyOf([now, asked]), note: null };
}

/** What a rule must let through. */
export const wantedRule = {
  status: "ACTIVE",
  grantTypes: ["authorization_code"],
  scopes: [...aktoScopes],
  groups: ["EVERYONE"],
} as const;

export type RuleSettings = Pick<LiveRule, "status" | "grantTypes" | "scopes" | "groups" | "users">;

/** The rule as it should be: what it lets through now stays, what Akto needs is added. */
export function widenedRule(rule: RuleSettings): RuleSettings {
  const people = rule.groups.length + rule.users.length > 0;
  return {
    status: "ACTIVE",
    grantTypes: [...new Set([...rule.grantTypes, ...wantedRule.grantTypes])],
    scopes: rule.scopes.includes("*") ? rule.scopes : [...new Set([...rule.scopes, ...wantedRule.scopes])],
    groups: people ? rule.groups : wantedRule.groups,
    users: rule.users,
  };
}

function admits(rule: LiveRule): boolean {
  return (
    rule.status === "ACTIVE" &&
    rule.grantTypes.includes("authorization_code") &&
    (rule.scopes.includes("*") || aktoScopes.every((scope) => rule.scopes.includes(scope))) &&
    rule.groups.length + rule.users.length > 0
  );
}

/** How the server lets the app in. */
export type Access =
  | { readonly kind: "open" }
  /** Somebody held the rule to some people: that is respected, and said. */
  | { readonly kind: "restricted"; readonly policy: LivePolicy; readonly rule: LiveRule }
  /** No rule lets the app in. `policy` is one for this app alone, if there is one, and `rule` this tool's in it. */
  | { readonly kind: "closed"; readonly policy: LivePolicy | null; readonly rule: LiveRule | null };

/**
 * Whether a policy with a rule lets the app in for Akto's scopes.
 *
 * @param clientId `null` when the app does not exist yet
 * @param ruleName the name of the rule that this tool makes
 */
export function accessOf(policies: readonly LivePolicy[], clientId: string | null, ruleName: string): Access {
  let restricted: Access | undefined;
  for (const policy of policies) {
    const concerned =
      policy.clients.includes("ALL_CLIENTS") || (clientId !== null && policy.clients.includes(clientId));
    if (policy.status !== "ACTIVE" || !concerned) continue;
    for (const rule of policy.rules.filter(admits)) {
      if (rule.groups.includes("EVERYONE")) return { kind: "open" };
      restricted ??= { kind: "restricted", policy, rule };
    }
  }
  if (restricted) return restricted;
  const policy =
    clientId === null
      ? null
      : (policies.find(({ clients }) => clients.length === 1 && clients[0] === clientId) ?? null);
  return { kind: "closed", policy, rule: policy?.rules.find(({ name }) => name === ruleName) ?? null };
}

/** What to say about a rule that is held to some people. */
export function restrictedNote({ policy, rule }: Extract<Access, { kind: "restricted" }>): string {
  return `The access policy ${quoted(policy.name)} lets only some people in (rule ${quoted(rule.name)}); it is left as it is.`;
}

/** The name of the policy that this tool makes: the app's label, or with the client id after it when that is taken. */
export function policyName(policies: readonly LivePolicy[], label: string, clientId: string): string {
  return policies.some(({ name }) => name === label) ? `${label} ${clientId}` : label;
}

/** The name of the rule that this tool makes. */
export const accessRuleName = "Akto sign-in";

/** The scopes in words. */
export const aktoScopesInWords = listed(aktoScopes);
