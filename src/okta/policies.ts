/** Apps' authentication policies, and Okta's own simulation of them where the org offers it. */
import { isFailure } from "../core/failure.ts";
import { isRecord, strings } from "../core/json.ts";
import type { Listed, PolicySimulation, SignInRule, SimulatedRule } from "../core/model/sign-in-policy.ts";
import type { Connection } from "./connection.ts";
import { pathTo } from "./links.ts";
import { inOrder, Reader } from "./read.ts";
import type { OktaSignInPolicies } from "./types.ts";

/** The id at the end of an app's link to its policy; `null` when it leads to none. */
export function policyIdIn(href: string | null): string | null {
  const [, id] = /\/api\/v1\/policies\/([^/?#]+)\/?$/.exec(href ?? "") ?? [];
  try {
    return id === undefined ? null : decodeURIComponent(id);
  } catch {
    return null;
  }
}

const access = new Map<string | null, SignInRule["access"]>([
  ["ALLOW", "allow"],
  ["DENY", "deny"],
]);

/** Okta's names of conditions in the words of its console; people are told apart. */
const words = new Map([
  ["network", "network"],
  ["device", "device"],
  ["riskScore", "risk"],
  ["risk", "risk"],
  ["platform", "platform"],
  ["userType", "user type"],
  ["elCondition", "expression"],
]);

/** Whether a condition always holds: it is there, and requires nothing. */
function asksNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.every(asksNothing);
  if (!isRecord(value)) return value === "ANY" || value === "ANYWHERE";
  return Object.values(value).every(asksNothing);
}

const listed = (reader: Reader): Listed => ({ include: reader.texts("include"), exclude: reader.texts("exclude") });

const unshown = "conditions that aren't shown";

/** A rule as Okta answers it, and its place in the order. */
export function readSignInRule(value: unknown): { rule: SignInRule; priority: number | undefined } {
  const rule = new Reader(value, "rule");
  const status = rule.optional("status");
  const shown = isRecord(value) ? value.conditions : undefined;
  // `null` is what Okta writes for none, as in the catch-all rule; a missing field could mean anything.
  const conditions = isRecord(shown) ? shown : shown === null ? {} : { [unshown]: {} };
  const people = rule.within("conditions").within("people");
  const others = Object.entries(conditions)
    .filter(([name, condition]) => name === unshown || (name !== "people" && !asksNothing(condition)))
    .map(([name]) => words.get(name) ?? name);
  return {
    rule: {
      id: rule.text("id"),
      name: rule.optional("name") ?? "",
      active: status !== "INACTIVE",
      // Whether a rule without a status does anything isn't known.
      access:
        status === null ? null : (access.get(rule.within("actions").within("appSignOn").optional("access")) ?? null),
      users: listed(people.within("users")),
      groups: listed(people.within("groups")),
      others: [...new Set(others)],
    },
    priority: rule.number("priority"),
  };
}

function simulatedRules(value: unknown): SimulatedRule[] {
  const policies = isRecord(value) && Array.isArray(value.policies) ? value.policies : [];
  return policies.flatMap((policy: unknown) => {
    const rules = isRecord(policy) && Array.isArray(policy.rules) ? policy.rules : [];
    return rules.filter(isRecord).map(({ id, name }) => ({
      id: typeof id === "string" ? id : "",
      name: typeof name === "string" ? name : "",
    }));
  });
}

/** What a simulation says of authentication policies. Okta's schema has a list, its example an object around one. */
export function readSimulation(value: unknown): PolicySimulation {
  const list = isRecord(value) ? (value.evaluation ?? value.evaluations) : value;
  const evaluations = (Array.isArray(list) ? list : []).filter(isRecord).filter(({ policyType }) => {
    return policyType === "ACCESS_POLICY" || strings(policyType).includes("ACCESS_POLICY");
  });
  return {
    matched: evaluations.flatMap(({ result }) => simulatedRules(result)),
    open: evaluations.flatMap((evaluation) => simulatedRules(evaluation.undefined)),
  };
}

const notOffered: readonly string[] = [
  "okta.token_powerless",
  "okta.not_found",
  "okta.feature_missing",
  "okta.refused",
  "okta.unexpected_answer",
];

/** The authentication policies of an org. */
export function oktaSignInPolicies(connection: Connection): OktaSignInPolicies {
  return {
    async byId(policyId) {
      const found = await connection.find(pathTo`/api/v1/policies/${policyId}`);
      if (found === null) return null;
      const policy = new Reader(found, "policy");
      const rules = await connection.all(pathTo`/api/v1/policies/${policyId}/rules`, readSignInRule);
      return {
        id: policy.text("id"),
        name: policy.optional("name") ?? "",
        active: policy.text("status") === "ACTIVE",
        rules: inOrder(rules, "authentication policy's rules").map(({ rule }) => rule),
      };
    },

    async simulate(appId, userId) {
      const asked = { appInstance: appId, policyContext: { user: { id: userId } }, policyTypes: ["ACCESS_POLICY"] };
      try {
        return readSimulation(await connection.ask("/api/v1/policies/simulate", [asked]));
      } catch (error) {
        // Few orgs offer it; the others refuse it in one of these ways (Okta behavior).
        if (notOffered.some((code) => isFailure(error, code))) return null;
        throw error;
      }
    },
  };
}
