import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  askSignInPolicy,
  readSimulatedAnswer,
  type SignInPolicyAnswer,
  signInPolicyTestimony,
} from "../../../src/core/access/sign-in-policy.ts";
import type { SignInPolicy, SignInRule } from "../../../src/core/model/sign-in-policy.ts";

const nobody = { include: [], exclude: [] };
const rule = (name: string, changes: Partial<SignInRule> = {}): SignInRule => ({
  id: `id-${name}`,
  name,
  active: true,
  access: "allow",
  users: nobody,
  groups: nobody,
  others: [],
  ...changes,
});
const policy = (...rules: SignInRule[]): SignInPolicy => ({ id: "rst1", name: "Akto", active: true, rules });
const deny = (name: string, changes: Partial<SignInRule> = {}) => rule(name, { access: "deny", ...changes });
const groups = (...include: string[]) => ({ groups: { include, exclude: [] } });
const jane = { userId: "jane", groupIds: ["dev", "everyone"] };
const ask = (...rules: SignInRule[]) => askSignInPolicy(policy(...rules), jane);

describe("An authentication policy", () => {
  test("is decided by the first rule that is for the user", () => {
    expect(ask(deny("no devs", groups("dev")), rule("all"))).toEqual({ kind: "denied", rule: "no devs" });
    expect(ask(deny("no ops", groups("ops")), rule("all"))).toEqual({ kind: "allowed", rule: "all" });
    expect(ask(rule("devs", groups("dev")), deny("all"))).toEqual({ kind: "allowed", rule: "devs" });
    expect(ask(deny("off", { active: false }), rule("all"))).toEqual({ kind: "allowed", rule: "all" });
    expect(ask(deny("jane", { users: { include: ["jane"], exclude: [] } }), rule("all")).kind).toBe("denied");
  });

  test("is not for whom a rule leaves out, by name or by group", () => {
    expect(ask(deny("not jane", { users: { include: [], exclude: ["jane"] } }), rule("all")).kind).toBe("allowed");
    const named = { groups: { include: ["everyone"], exclude: ["dev"] } };
    expect(ask(deny("all but devs", named), rule("all")).kind).toBe("allowed");
  });

  test("depends on what only the moment tells, where that would change the answer", () => {
    expect(ask(deny("abroad", { others: ["network", "risk"] }), rule("all"))).toEqual({
      kind: "depends",
      on: ["network", "risk"],
      mayDeny: "abroad",
    });
    expect(ask(rule("managed", { others: ["device"] }), deny("all"))).toEqual({
      kind: "depends",
      on: ["device"],
      mayDeny: "all",
    });
    expect(ask(rule("managed", { others: ["device"] }), rule("all"))).toEqual({ kind: "allowed", rule: "all" });
    expect(ask(deny("abroad", { others: ["network"] }), deny("all"))).toEqual({ kind: "denied", rule: "abroad" });
  });

  test("depends on groups that can't be seen, where a rule names groups", () => {
    const unseen = { userId: "jane", groupIds: null };
    const asked = (...rules: SignInRule[]) => askSignInPolicy(policy(...rules), unseen);
    expect(asked(deny("no devs", groups("dev")), rule("all"))).toMatchObject({
      kind: "depends",
      on: ["the user's groups"],
    });
    expect(asked(deny("jane", { users: { include: ["jane"], exclude: [] } }), rule("all")).kind).toBe("denied");
    expect(asked(deny("bob", { users: { include: ["bob"], exclude: [] } }), rule("all")).kind).toBe("allowed");
    const but = { groups: { include: [], exclude: ["ops"] } };
    expect(asked(deny("all but ops", but), rule("all")).kind).toBe("depends");
  });

  test("is asked of anybody: denied only where nobody gets through", () => {
    const asked = (...rules: SignInRule[]) => askSignInPolicy(policy(...rules), null);
    expect(asked(deny("all")).kind).toBe("denied");
    expect(asked(deny("devs", groups("dev")), deny("all")).kind).toBe("denied");
    expect(asked(rule("devs", groups("dev")), deny("all"))).toMatchObject({ kind: "depends", on: ["who the user is"] });
    expect(asked(rule("all")).kind).toBe("allowed");
  });

  test("that is inactive, has no rule for the user, or one that does neither is not told", () => {
    expect(askSignInPolicy({ ...policy(rule("all")), active: false }, jane).kind).toBe("unknown");
    expect(ask(rule("ops", groups("ops"))).kind).toBe("unknown");
    expect(ask().kind).toBe("unknown");
    expect(ask(rule("odd", { access: null }))).toEqual({
      kind: "unknown",
      why: "What the rule “odd” of the app's authentication policy does isn't known.",
    });
  });
});

describe("Okta's own simulation", () => {
  const rules = policy(deny("abroad", { others: ["network"] }), deny("devs", groups("dev")), rule("all"));
  const named = (...names: string[]) => names.map((name) => ({ id: `id-${name}`, name }));

  test("names the rule, and the policy what it does", () => {
    expect(readSimulatedAnswer({ matched: named("devs"), open: [] }, rules)).toEqual({ kind: "denied", rule: "devs" });
    expect(readSimulatedAnswer({ matched: named("all"), open: [] }, rules)).toEqual({ kind: "allowed", rule: "all" });
  });

  test("is open where a rule before it may be for the user", () => {
    expect(readSimulatedAnswer({ matched: named("all"), open: named("abroad") }, rules)).toEqual({
      kind: "depends",
      on: ["network"],
      mayDeny: "abroad",
    });
    expect(readSimulatedAnswer({ matched: named("devs"), open: named("abroad") }, rules).kind).toBe("denied");
  });

  test("that names nothing known tells nothing", () => {
    expect(readSimulatedAnswer({ matched: [], open: [] }, rules).kind).toBe("unknown");
    expect(readSimulatedAnswer({ matched: named("other"), open: [] }, rules).kind).toBe("unknown");
  });
});

describe("Whatever the policy is", () => {
  const ids = ["dev", "ops", "everyone"];
  const some = fc.record({ include: fc.subarray(ids), exclude: fc.subarray(ids) });
  const anyRule = fc
    .record({
      name: fc.string({ maxLength: 3 }),
      active: fc.boolean(),
      access: fc.constantFrom("allow" as const, "deny" as const),
      users: fc.record({ include: fc.subarray(["jane", "bob"]), exclude: fc.subarray(["jane", "bob"]) }),
      groups: some,
      others: fc.subarray(["network", "device", "risk"]),
    })
    .map(({ name, ...parts }) => rule(name, parts));
  const anyPolicy = fc.array(anyRule, { maxLength: 5 }).map((rules) => policy(...rules, rule("catch-all")));
  const subject = fc.record({ userId: fc.constantFrom("jane", "bob"), groupIds: fc.subarray(ids) });
  const isCertain = ({ kind }: SignInPolicyAnswer) => kind === "allowed" || kind === "denied";

  test("what is certain without seeing the groups, or of anybody, is so with them", () => {
    fc.assert(
      fc.property(anyPolicy, subject, (one, seen) => {
        const withGroups = askSignInPolicy(one, seen);
        for (const less of [askSignInPolicy(one, { ...seen, groupIds: null }), askSignInPolicy(one, null)]) {
          if (isCertain(less)) expect(withGroups.kind).toBe(less.kind);
        }
      }),
    );
  });

  test("a certain answer is the same whatever the network, the device and the risk are", () => {
    fc.assert(
      fc.property(anyPolicy, subject, fc.subarray(["network", "device", "risk"]), (one, seen, holding) => {
        const answer = askSignInPolicy(one, seen);
        // In a moment in which some of the conditions hold, and the others don't.
        const rules = one.rules
          .filter(({ others }) => others.every((other) => holding.includes(other)))
          .map((each) => ({ ...each, others: [] }));
        const then = askSignInPolicy({ ...one, rules }, seen);
        if (isCertain(answer)) expect(then.kind).toBe(answer.kind);
        expect(isCertain(then)).toBe(true);
      }),
    );
  });
});

test("As evidence a denial is a no, and what depends on the moment leaves the question open", () => {
  const says = (answer: SignInPolicyAnswer) => signInPolicyTestimony(answer, "predicted").says;
  expect(says({ kind: "denied", rule: "r" })).toBe("no");
  expect(says({ kind: "allowed", rule: "r" })).toBe("yes");
  expect(says({ kind: "unknown", why: "x" })).toBe("open");
  expect(signInPolicyTestimony({ kind: "depends", on: ["network", "risk"], mayDeny: "r" }, "told")).toMatchObject({
    says: "open",
    message: "The app's authentication policy may deny the user, by its rule “r”: that depends on network and risk.",
  });
});
