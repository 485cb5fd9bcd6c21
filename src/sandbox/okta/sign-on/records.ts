/** Authentication policies as records: Okta's presets for what is left out. */
import type { Finder, Making } from "../state.ts";
import type { SignOnPolicyRecord, SignOnPolicySeed, SignOnRuleRecord, SignOnRuleSeed } from "../types.ts";

type Json = Readonly<Record<string, unknown>>;

/** How a rule that allows access asks the user to prove who they are, unless it says otherwise. */
const verification = { factorMode: "1FA", type: "ASSURANCE", reauthenticateIn: "PT12H", constraints: [] };

/** What a rule does, with Okta's presets. */
export const signOnActions = (appSignOn: Json): Json => ({
  appSignOn: {
    access: "ALLOW",
    verificationMethod: verification,
    keepMeSignedIn: { postAuth: "NOT_ALLOWED" },
    ...appSignOn,
  },
});

/** A rule's conditions, with Okta's presets. */
export function signOnConditions({ people = {}, ...others }: { readonly people?: Json } & Json): Json {
  return {
    people: { users: { exclude: [] }, ...people },
    network: { connection: "ANYWHERE" },
    riskScore: { level: "ANY" },
    userType: { include: [], exclude: [] },
    ...others,
  };
}

const dates = (making: Making) => ({ created: making.now(), lastUpdated: making.now() });

/** The rule at the end of every policy: it is for everybody not covered by another one. */
export function catchAll(making: Making, access: "ALLOW" | "DENY" = "ALLOW"): SignOnRuleRecord {
  return {
    id: making.newId("signOnRule"),
    name: "Catch-all Rule",
    status: "ACTIVE",
    system: true,
    conditions: null,
    actions: signOnActions({ access }),
    ...dates(making),
  };
}

function newRule(seed: SignOnRuleSeed, making: Making, find: Finder): SignOnRuleRecord {
  const people = {
    users: { include: (seed.users ?? []).map(find.userId), exclude: (seed.exceptUsers ?? []).map(find.userId) },
    groups: { include: (seed.groups ?? []).map(find.groupId), exclude: (seed.exceptGroups ?? []).map(find.groupId) },
  };
  return {
    id: making.newId("signOnRule"),
    name: seed.name,
    status: seed.status ?? "ACTIVE",
    system: false,
    conditions: signOnConditions({ ...seed.conditions, people }),
    actions: signOnActions({ access: seed.access ?? "ALLOW" }),
    ...dates(making),
  };
}

/** A policy from its seed; its catch-all comes last. */
export function newSignOnPolicy(
  { name, system = false, rules = [], otherwise }: SignOnPolicySeed & { readonly system?: boolean },
  making: Making,
  find: Finder,
): SignOnPolicyRecord {
  return {
    id: making.newId("signOnPolicy"),
    name,
    description: "",
    status: "ACTIVE",
    system,
    rules: [...rules.map((rule) => newRule(rule, making, find)), catchAll(making, otherwise)],
    ...dates(making),
  };
}
