/** Access policies: whether a custom authorization server gives tokens for a request, and for how long. */
import type { AuthorizationServerRecord, OktaState, RuleRecord } from "../types.ts";

/** Who asks for what. Without a user, the people in the rules are ignored: nobody has signed in yet. */
export interface AccessRequest {
  readonly clientId: string;
  readonly grantType: string;
  readonly scopes: readonly string[];
  readonly userId: string | undefined;
}

/** What Okta says when no rule lets a request through. */
export const policyRefusal = "Policy evaluation failed for this request, please check the policy configurations.";

/** The scopes that a rule need not name: they ask for the user's own data, or for no resource at all. */
const alwaysAllowed: ReadonlySet<string> = new Set(["offline_access"]);

function covers(rule: RuleRecord, request: AccessRequest, state: OktaState): boolean {
  if (rule.status !== "ACTIVE" || !rule.grantTypes.includes(request.grantType)) return false;
  const scopes = new Set(rule.scopes);
  if (!scopes.has("*") && !request.scopes.every((scope) => scopes.has(scope) || alwaysAllowed.has(scope))) return false;
  const { userId } = request;
  if (userId === undefined) return true;
  const groups = state.memberships.groupsOf(userId);
  const among = (users: readonly string[] = [], of: readonly string[] = []) =>
    users.includes(userId) || of.some((group) => group === "EVERYONE" || groups.has(group));
  const { people } = rule;
  // A user who is excluded is not covered, whatever else includes them (Okta behavior).
  if (among(people.users.exclude, people.groups.exclude)) return false;
  return among(people.users.include, people.groups.include);
}

/**
 * The rule that lets the request through: the first one that covers it, in the first policy that is for the client and
 * has such a rule. Policies and rules are taken in order of priority, the inactive ones left out (Okta behavior).
 */
export function ruleFor(
  server: AuthorizationServerRecord,
  request: AccessRequest,
  state: OktaState,
): RuleRecord | undefined {
  for (const policy of server.policies) {
    const applies = policy.clients.includes("ALL_CLIENTS") || policy.clients.includes(request.clientId);
    if (policy.status !== "ACTIVE" || !applies) continue;
    const rule = policy.rules.find((candidate) => covers(candidate, request, state));
    if (rule) return rule;
  }
  return undefined;
}
