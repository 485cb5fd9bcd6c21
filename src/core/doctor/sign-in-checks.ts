/** Checks of what Okta asks a user at the app, and of what became of those who signed in lately. */
import { askSignInPolicy } from "../access/sign-in-policy.ts";
import { ago } from "../history/ago.ts";
import type { SignInPolicy, SignInRule } from "../model/sign-in-policy.ts";
import { clean, count, listed, quoted } from "../text.ts";
import { defineCheck, fail, pass, warn } from "./check.ts";

const authenticationPolicy = defineCheck({
  id: "authentication-policy",
  title: "The app's authentication policy denies nobody",
  remedy: "Look at the rule in Okta: Security → Authentication Policies.",
  needs: ["signInPolicy"],
  check: ({ signInPolicy: policy }) => {
    if (!policy) return pass("Okta has no authentication policy for the app.");
    const name = `The app's authentication policy ${quoted(policy.name)}`;
    const answer = askSignInPolicy(policy, null);
    if (answer.kind === "denied") return fail(`${name} denies everyone, by its rule ${quoted(answer.rule)}.`);
    if (answer.kind === "unknown") return warn(answer.why);
    const denying = rulesThatDeny(policy);
    if (denying.length > 0) return warn(`${name} denies some people, by its rule ${listed(denying.map(quoted))}.`);
    if (answer.kind === "allowed") return pass(`${name} lets everyone in.`);
    return answer.on.includes(who)
      ? warn(`${name} lets only some people in: its rule ${quoted(answer.mayDeny)} denies everyone else.`)
      : pass(`${name} may deny, by its rule ${quoted(answer.mayDeny)}: that depends on ${listed(answer.on)}.`);
  },
});

const who = "who the user is";
const names = ({ users, groups }: SignInRule) => users.include.length + groups.include.length > 0;

/** The rules that deny everyone they name, at any time. */
const rulesThatDeny = ({ rules }: SignInPolicy): string[] =>
  rules
    .filter((rule) => rule.active && rule.access === "deny" && names(rule) && rule.others.length === 0)
    .map(({ name }) => name);

/** What people themselves did wrong on the way into Okta, such as a mistyped password, isn't the setup's fault. */
const recordedSignIns = defineCheck({
  id: "recorded-sign-ins",
  title: "Okta refused no sign-in to Akto in the last 24 hours",
  remedy: "`akto-okta login history --failed` lists them, with the cause and what was changed before.",
  needs: ["recentSignIns"],
  check: ({ recentSignIns: { signIns, now } }) => {
    const refused = signIns.filter(({ outcome, stage }) => outcome === "failure" && stage !== "session");
    const [last] = refused;
    const all = `${count(signIns.length, "sign-in")} to Akto in the last 24 hours`;
    if (signIns.length === 0) return pass("Okta recorded no sign-in to Akto in the last 24 hours.");
    if (!last) return pass(`Okta recorded ${all}: none failed because of the setup.`);
    const whose = last.user ? `${clean(last.user.login)}, ` : "";
    return warn(`Of ${all} Okta refused ${refused.length}, the last ${ago(last.at, now)}: ${whose}“${last.message}”`);
  },
});

export const signInChecks = [authenticationPolicy, recordedSignIns];
