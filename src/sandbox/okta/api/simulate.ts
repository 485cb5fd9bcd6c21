/** `/api/v1/policies/simulate`: Okta's own answer to “what if”, which few orgs offer. */
import { isRecord, strings } from "../../../core/json.ts";
import { invalid, malformed, noSuchPath, notFound } from "../errors.ts";
import { type Call, ok, type Reply, type Route, route } from "../routes.ts";
import { conditionsOf, type Match, matches, policyOfApp, type SignOnSubject } from "../sign-on/evaluate.ts";
import type { OktaState, SignOnPolicyRecord, SignOnRuleRecord } from "../types.ts";

type Json = Readonly<Record<string, unknown>>;
const part = (of: unknown, name: string): Json => (isRecord(of) && isRecord(of[name]) ? of[name] : {});

/** A user, or a list of groups: never both. */
function subjectOf(context: Json, state: OktaState): SignOnSubject {
  const { id } = part(context, "user");
  const groups = strings(part(context, "groups").ids);
  if (typeof id !== "string") {
    if (groups.length === 0) throw invalid("policyContext", ["policyContext: A user or groups must be given."]);
    return { userId: "", groupIds: new Set(groups), place: undefined };
  }
  if (groups.length > 0) throw invalid("policyContext", ["policyContext: Only a user or groups are allowed."]);
  if (!state.users.has(id)) throw notFound(id, "User");
  return { userId: id, groupIds: state.memberships.groupsOf(id), place: undefined };
}

interface Told {
  readonly rule: SignOnRuleRecord;
  readonly status: Match;
  readonly conditions: ReturnType<typeof conditionsOf>;
}

const policiesOf = (policy: SignOnPolicyRecord, told: readonly Told[], status: Match) => ({
  policies: told.some((one) => one.status === status)
    ? [
        {
          id: policy.id,
          name: policy.name,
          status: "MATCH",
          conditions: [],
          rules: told
            .filter((one) => one.status === status)
            .map(({ rule, conditions }) => ({ id: rule.id, name: rule.name, status, conditions })),
        },
      ]
    : [],
});

function simulate(call: Call): Reply {
  const { state, body, query } = call;
  if (!state.policySimulation) throw noSuchPath();
  if (!Array.isArray(body)) throw malformed();
  const evaluated = query.get("expand")?.split(",").includes("EVALUATED") ?? false;
  const evaluations = body.map((asked: unknown) => {
    const appId = isRecord(asked) ? asked.appInstance : undefined;
    const app = state.apps.get(String(appId));
    if (!app) throw notFound(String(appId), "AppInstance");
    const subject = subjectOf(part(asked, "policyContext"), state);
    const policy = policyOfApp(app, state);
    if (!policy) throw notFound(app.id, "Policy");
    const told: Told[] = [];
    for (const rule of policy.rules.filter(({ status }) => status === "ACTIVE")) {
      const conditions = conditionsOf(rule, subject);
      told.push({ rule, conditions, status: matches(conditions) });
      // The first rule that is for the sign-in ends it.
      if (told.at(-1)?.status === "MATCH") break;
    }
    return {
      status: null,
      policyType: ["ACCESS_POLICY"],
      result: policiesOf(policy, told, "MATCH"),
      undefined: policiesOf(policy, told, "UNDEFINED"),
      evaluated: evaluated ? policiesOf(policy, told, "NOT_MATCH") : { policies: [] },
    };
  });
  return ok(evaluations);
}

export const simulationRoutes: readonly Route[] = [
  route("POST", "/api/v1/policies/simulate", "policies.read", simulate),
];
