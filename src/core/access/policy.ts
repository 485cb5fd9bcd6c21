/** The access policies of an authorization server: whether they let Akto's sign-in through, and whose. */

import { aktoScopes } from "../address.ts";
import type { AccessPolicy, AccessRule } from "../model/okta.ts";

/** Who signs in: the ids that a rule may name. */
export interface RuleSubject {
  readonly userId: string;
  readonly groupIds: readonly string[];
}

/** What the policies say to a sign-in by the authorization code grant with Akto's scopes. */
export type PolicyAnswer =
  | {
      readonly kind: "allowed";
      readonly policy: string;
      readonly rule: string;
      /** Whether the rule covers everybody there is. */
      readonly everyone: boolean;
      /** The token inline hook that the rule calls, if it calls one. */
      readonly inlineHook: string | null;
    }
  | {
      readonly kind: "denied";
      /**
       * How far it came: no policy is active at all, none covers the app, no rule covers the grant, none the scopes, or
       * none the user.
       */
      readonly why: "no_policy" | "no_policy_for_client" | "no_rule" | "grant" | "scopes" | "people";
    };

const grant = "authorization_code";

/**
 * Walks policies and rules in order, as Okta does: the first rule that covers everything lets the sign-in through
 * (Okta behavior).
 *
 * @param subject whose sign-in; `null` asks whether anybody's could pass
 */
export function askPolicies(
  policies: readonly AccessPolicy[],
  clientId: string,
  subject: RuleSubject | null,
  scopes: readonly string[] = aktoScopes,
): PolicyAnswer {
  const active = policies.filter((policy) => policy.active);
  if (active.length === 0) return { kind: "denied", why: "no_policy" };
  const covering = active.filter(({ clients }) => clients.includes("ALL_CLIENTS") || clients.includes(clientId));
  if (covering.length === 0) return { kind: "denied", why: "no_policy_for_client" };

  const steps = ["no_rule", "grant", "scopes", "people"] as const;
  let furthest = 0;
  for (const policy of covering) {
    for (const rule of policy.rules) {
      const reached = !rule.active
        ? 0
        : !rule.grantTypes.includes(grant)
          ? 1
          : !rule.scopes.includes("*") && !scopes.every((scope) => rule.scopes.includes(scope))
            ? 2
            : !covers(rule, subject)
              ? 3
              : 4;
      if (reached === steps.length) {
        const everyone =
          rule.groups.includes("EVERYONE") && rule.excludedGroups.length === 0 && rule.excludedUsers.length === 0;
        return { kind: "allowed", policy: policy.name, rule: rule.name, everyone, inlineHook: rule.inlineHook };
      }
      furthest = Math.max(furthest, reached);
    }
  }
  return { kind: "denied", why: steps[furthest] ?? "no_rule" };
}

/** Whether the rule is for the user; users excluded by name or by a group are not covered (Okta behavior). */
function covers({ groups, users, excludedGroups, excludedUsers }: AccessRule, subject: RuleSubject | null): boolean {
  if (!subject) return groups.length > 0 || users.length > 0;
  if (excludedUsers.includes(subject.userId) || excludedGroups.some((id) => subject.groupIds.includes(id)))
    return false;
  return (
    groups.includes("EVERYONE") || users.includes(subject.userId) || groups.some((id) => subject.groupIds.includes(id))
  );
}

/** Whether the answer would be another one for somebody in other groups. */
export function hangsOnGroups(answer: PolicyAnswer): boolean {
  return answer.kind === "denied" ? answer.why === "people" : !answer.everyone;
}

/**
 * Whether no rule lets the user in, whatever groups they are in: they are excluded by name, or the rules name others. A rule
 * that excludes groups is taken to exclude none of theirs.
 */
export function isKeptOut(policies: readonly AccessPolicy[], clientId: string, userId: string): boolean {
  const atBest = policies.map((policy) => ({
    ...policy,
    rules: policy.rules.map((rule) => ({
      ...rule,
      groups: rule.groups.length > 0 ? ["EVERYONE"] : [],
      excludedGroups: [],
    })),
  }));
  return askPolicies(atBest, clientId, { userId, groupIds: [] }).kind === "denied";
}

/** The active rules by which the app may get tokens, in the order in which Okta asks them. */
export function rulesFor(policies: readonly AccessPolicy[], clientId: string): AccessRule[] {
  return policies
    .filter(({ active, clients }) => active && (clients.includes("ALL_CLIENTS") || clients.includes(clientId)))
    .flatMap(({ rules }) => rules.filter(({ active, grantTypes }) => active && grantTypes.includes(grant)));
}

const reasons: Readonly<Record<Extract<PolicyAnswer, { kind: "denied" }>["why"], string>> = {
  no_policy: "the authorization server has no active access policy",
  no_policy_for_client: "no access policy covers this app",
  no_rule: "the access policy for this app has no active rule",
  grant: "no rule allows the authorization code grant",
  scopes: `no rule allows the scopes ${aktoScopes.join(", ")}`,
  people: "no rule covers the user",
};

/** Why the policies deny, as the end of a sentence. */
export function describeDenial({ why }: Extract<PolicyAnswer, { kind: "denied" }>): string {
  return reasons[why];
}
