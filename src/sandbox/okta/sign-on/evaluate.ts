/** The app's authentication policy: which of its rules is for a sign-in, and whether that lets the user in. */
import { isRecord, strings } from "../../../core/json.ts";
import { callersZone } from "../caller.ts";
import type { AppRecord, OktaState, SignOnPolicyRecord, SignOnRuleRecord } from "../types.ts";

/** The result of a condition, or of all of a rule's: `UNDEFINED` where only a browser could tell. */
export type Match = "MATCH" | "NOT_MATCH" | "UNDEFINED";

/** One condition of a rule, by Okta's name for it. */
export interface ConditionMatch {
  readonly type: string;
  readonly status: Match;
}

/** Who signs in, from where. Without a place, as in a simulation, the conditions on it can't be told. */
export interface SignOnSubject {
  readonly userId: string;
  readonly groupIds: ReadonlySet<string>;
  readonly place: "browser" | undefined;
}

/** The policy that the app is under. */
export const policyOfApp = (app: AppRecord, state: OktaState): SignOnPolicyRecord | undefined =>
  state.signOnPolicies.get(app.signOnPolicyId);

/** Puts the app under the org's own policy. */
export function useOwnPolicy(app: AppRecord, { signOnPolicies }: OktaState): void {
  app.signOnPolicyId = [...signOnPolicies.values()].find(({ system }) => system)?.id ?? "";
}

/** The first active rule that is for the sign-in; the last one, the catch-all, is for every one. */
export function ruleFor(policy: SignOnPolicyRecord, subject: SignOnSubject): SignOnRuleRecord | undefined {
  return policy.rules.find((rule) => rule.status === "ACTIVE" && matches(conditionsOf(rule, subject)) === "MATCH");
}

/** What a rule does: anything but a `DENY` lets in. */
export function accessOf({ actions }: SignOnRuleRecord): "ALLOW" | "DENY" {
  const signOn = isRecord(actions.appSignOn) ? actions.appSignOn : {};
  return signOn.access === "DENY" ? "DENY" : "ALLOW";
}

/** All conditions together. */
export function matches(conditions: readonly ConditionMatch[]): Match {
  if (conditions.some(({ status }) => status === "NOT_MATCH")) return "NOT_MATCH";
  return conditions.some(({ status }) => status === "UNDEFINED") ? "UNDEFINED" : "MATCH";
}

/** Each condition of a rule, evaluated for this sign-in. */
export function conditionsOf(rule: SignOnRuleRecord, subject: SignOnSubject): ConditionMatch[] {
  const conditions = rule.conditions ?? {};
  const part = (of: unknown, name: string): Record<string, unknown> => {
    const value = isRecord(of) ? of[name] : undefined;
    return isRecord(value) ? value : {};
  };
  const told: ConditionMatch[] = [];
  const tell = (type: string, status: Match) => told.push({ type, status });
  const people = part(conditions, "people");
  const [users, groups] = [part(people, "users"), part(people, "groups")];
  const isUser = (list: unknown) => strings(list).includes(subject.userId);
  const inGroup = (list: unknown) => strings(list).some((id) => subject.groupIds.has(id));
  const yes = (matched: boolean): Match => (matched ? "MATCH" : "NOT_MATCH");

  // Whoever is named by either list is meant (Okta behavior).
  const [named, namedGroups] = [strings(users.include), strings(groups.include)];
  if (named.length + namedGroups.length > 0) {
    const type = namedGroups.length > 0 ? "people.groups.include" : "people.users.include";
    tell(type, yes(isUser(named) || inGroup(namedGroups)));
  }
  if (strings(users.exclude).length > 0) tell("people.users.exclude", yes(!isUser(users.exclude)));
  if (strings(groups.exclude).length > 0) tell("people.groups.exclude", yes(!inGroup(groups.exclude)));

  /** Of what only a browser has; `here` is what the sandbox's visitors are like. */
  const tellOfPlace = (type: string, here: boolean) => tell(type, subject.place ? yes(here) : "UNDEFINED");
  const network = part(conditions, "network");
  if (network.connection === "ZONE") {
    const included = strings(network.include);
    const inside = included.length === 0 || included.includes(callersZone) || included.includes("ALL_ZONES");
    tellOfPlace("network", inside && !strings(network.exclude).includes(callersZone));
  }
  const device = part(conditions, "device");
  if (Object.keys(device).length > 0) tellOfPlace("device", device.registered !== true && device.managed !== true);
  const { level = "ANY" } = part(conditions, "riskScore");
  if (level !== "ANY") tellOfPlace("riskScore", level === "LOW");
  const platforms = part(conditions, "platform").include;
  if (Array.isArray(platforms) && platforms.length > 0) {
    tellOfPlace(
      "platform",
      platforms.some((one) => isRecord(one) && (one.type === "DESKTOP" || one.type === "ANY")),
    );
  }
  // Nobody here has a user type of their own, and only Okta evaluates its expressions.
  if (strings(part(conditions, "userType").include).length > 0) tell("userType", "NOT_MATCH");
  if (Object.keys(part(conditions, "elCondition")).length > 0) tellOfPlace("elCondition", false);
  return told;
}
