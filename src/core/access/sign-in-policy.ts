/**
 * An app's authentication policy: whether it turns a user away. Okta asks it before the authorization server's access
 * policy. People are told; what depends on network, device or risk only the moment tells.
 */
import type { Grade, Testimony } from "../evidence.ts";
import type { PolicySimulation, SignInPolicy, SignInRule } from "../model/sign-in-policy.ts";
import { listed, quoted } from "../text.ts";

/** Who signs in. */
export interface SignInSubject {
  readonly userId: string;
  /** The ids of all the user's groups; `null` where they can't be seen. */
  readonly groupIds: readonly string[] | null;
}

/** What the policy says to a sign-in. */
export type SignInPolicyAnswer =
  | { readonly kind: "allowed"; readonly rule: string }
  | { readonly kind: "denied"; readonly rule: string }
  | {
      readonly kind: "depends";
      /** What it depends on, in Okta's words: `network`, `device`, `risk` … or `who the user is`. */
      readonly on: readonly string[];
      /** A rule that denies, if what it depends on holds. */
      readonly mayDeny: string;
    }
  | { readonly kind: "unknown"; readonly why: string };

const who = "who the user is";
const groups = "the user's groups";

/** On what it depends whether the rule is for the subject: on nothing where it is; `null` where it is not. */
function dependsOn(rule: SignInRule, subject: SignInSubject | null): readonly string[] | null {
  const { users, groups: listed, others } = rule;
  const named = users.include.length + listed.include.length > 0;
  const excludes = users.exclude.length + listed.exclude.length > 0;
  if (!subject) return named || excludes ? [who, ...others] : others;
  const { userId, groupIds } = subject;
  if (users.exclude.includes(userId) || groupIds?.some((id) => listed.exclude.includes(id))) return null;
  const isNamed = users.include.includes(userId) || (groupIds?.some((id) => listed.include.includes(id)) ?? false);
  // Groups that can't be seen may name the user, or leave them out.
  const unseen = groupIds === null && (listed.exclude.length > 0 || (named && !isNamed && listed.include.length > 0));
  if (named && !isNamed && !unseen) return null;
  return unseen ? [groups, ...others] : others;
}

/** A rule that is for the sign-in, for certain or perhaps. */
interface Reached {
  readonly rule: SignInRule;
  readonly on: readonly string[];
}

/**
 * Walks the rules in order, as Okta does: the first one that is for the sign-in decides.
 *
 * @param subject whose sign-in; `null` asks of anybody's
 */
export function askSignInPolicy(policy: SignInPolicy, subject: SignInSubject | null): SignInPolicyAnswer {
  if (!policy.active)
    return { kind: "unknown", why: `The app's authentication policy ${quoted(policy.name)} is inactive.` };
  const reached: Reached[] = [];
  for (const rule of policy.rules) {
    const on = rule.active ? dependsOn(rule, subject) : null;
    if (on === null) continue;
    reached.push({ rule, on });
    if (on.length === 0) break;
  }
  return decide(reached);
}

/** Where the rules that may be the first agree, it does not matter which it is. */
function decide(reached: readonly Reached[]): SignInPolicyAnswer {
  const [first] = reached;
  const last = reached.at(-1);
  if (!first || !last || last.on.length > 0) {
    return { kind: "unknown", why: "No rule of the app's authentication policy applies to this sign-in." };
  }
  const strange = reached.find(({ rule }) => rule.access === null);
  if (strange) {
    return {
      kind: "unknown",
      why: `What the rule ${quoted(strange.rule.name)} of the app's authentication policy does isn't known.`,
    };
  }
  if (reached.every(({ rule }) => rule.access === "allow")) return { kind: "allowed", rule: last.rule.name };
  if (reached.every(({ rule }) => rule.access === "deny")) return { kind: "denied", rule: first.rule.name };
  const mayDeny = reached.find(({ rule }) => rule.access === "deny");
  return {
    kind: "depends",
    on: [...new Set(reached.flatMap(({ on }) => on))],
    mayDeny: mayDeny?.rule.name ?? "",
  };
}

/**
 * What Okta's own simulation says, by what the policy's rules do; it names rules, not what they do.
 *
 * @returns `unknown` where it names none, or one that the policy has not
 */
export function readSimulatedAnswer(simulation: PolicySimulation, policy: SignInPolicy): SignInPolicyAnswer {
  const [matched] = simulation.matched;
  const place = policy.rules.findIndex(({ id }) => id === matched?.id);
  const rule = policy.rules[place];
  if (!rule) return { kind: "unknown", why: "Okta's simulation names a rule that isn't known here." };
  const open = policy.rules
    .slice(0, place)
    .filter(({ id }) => simulation.open.some((one) => one.id === id))
    .map((one) => ({ rule: one, on: one.others.length > 0 ? one.others : ["the moment"] }));
  return decide([...open, { rule, on: [] }]);
}

const policies = "Security → Authentication Policies";

/** What the policy says to a sign-in, as evidence on whether Okta lets it through. */
export function signInPolicyTestimony(answer: SignInPolicyAnswer, grade: Grade): Testimony {
  switch (answer.kind) {
    case "allowed":
      return {
        says: "yes",
        grade,
        message: `The app's authentication policy lets the user in, by its rule ${quoted(answer.rule)}.`,
      };
    case "denied":
      return {
        says: "no",
        grade,
        message: `The app's authentication policy denies the user, by its rule ${quoted(answer.rule)}.`,
        hint: `${policies}: change the rule, or remove the user from what it applies to.`,
      };
    case "depends":
      return {
        says: "open",
        grade,
        message: `The app's authentication policy may deny the user, by its rule ${quoted(answer.mayDeny)}: that depends on ${listed(answer.on)}.`,
        hint: `${policies} shows the rule; \`akto-okta login history --user\` shows what it did with real sign-ins.`,
      };
    case "unknown":
      return { says: "open", grade, message: answer.why };
  }
}
