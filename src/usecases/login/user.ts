/** The facts of a user's sign-in, told from Okta's settings: what would happen, without anybody signing in. */
import { askPolicies, hangsOnGroups } from "../../core/access/policy.ts";
import { askSignInPolicy, readSimulatedAnswer, type SignInPolicyAnswer } from "../../core/access/sign-in-policy.ts";
import { derive, type Fact, unknown, valueIn } from "../../core/evidence.ts";
import type { ApiGroups, AppForUser, LoginFacts, SignInUser } from "../../core/login/facts.ts";
import { type GroupPath, groupPath, type UserGroups } from "../../core/login/simulate.ts";
import type { OktaGroup, OktaUser } from "../../core/model/okta.ts";
import { userNotFound } from "../../okta/errors.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { recordedFact } from "../history/recorded.ts";
import { assignments } from "../world/assignments.ts";
import { fact, insist, need } from "../world/read.ts";
import type { World } from "../world/world.ts";
import { type Account, aktoAsks, unanswered } from "./account.ts";

/** Reads a user and what Okta would do with them. Throws `okta.user_not_found`, `input.missing`, and what Okta throws. */
export async function userFacts(
  world: World,
  account: Account,
  login: string,
): Promise<Pick<LoginFacts, "user" | "token" | "api" | "okta" | "recorded">> {
  const org = insist(await world.org());
  const { clientId } = insist(await world.setup());
  const user = await org.user(login);
  if (!user) throw userNotFound(login);
  const coming = groupsOfUser(org, user.id);
  const [groups, claims, policies, app, signInPolicy, simulation, recorded] = await Promise.all([
    coming,
    world.claims(),
    world.policies(),
    appForUser(world, org, clientId, user.id, coming),
    world.signInPolicy(),
    simulated(world, org, user.id),
    recordedFact(world, org, user),
  ]);
  const { hidden } = groups;
  const groupIds = groups.all.map(({ id }) => id);
  const seen = { userId: user.id, groupIds: hidden === undefined ? groupIds : null };
  const signIn = derive(signInPolicy, (one) => one && askSignInPolicy(one, seen), "predicted");
  const asked = derive(policies, (all) => askPolicies(all, clientId, { userId: user.id, groupIds }), "predicted");
  const policy = hidden !== undefined && asked.known && hangsOnGroups(asked.value) ? unknown(hidden) : asked;
  const answer = valueIn(policy);
  const hook = answer?.kind === "allowed" ? answer.inlineHook : null;
  const predicted = groupPath(groups, { claims, ...aktoAsks(account) }, hook);
  return {
    user: signInUser(user),
    token: { predicted },
    api: answeredGroups(predicted, groups, account),
    okta: { status: user.status, app, signIn, simulated: simulation, policy },
    recorded,
  };
}

/** What Okta's own simulation says about the user; `null` if the org has none, or it names nothing that is known. */
async function simulated(world: World, org: OktaOrg, userId: string): Promise<SignInPolicyAnswer | null> {
  const [app, policy] = [valueIn(await world.app()), valueIn(await world.signInPolicy())];
  if (!app || !policy) return null;
  const asked = await fact(() => org.signInPolicies.simulate(app.id, userId))();
  const answer = asked.known && asked.value ? readSimulatedAnswer(asked.value, policy) : null;
  return answer?.kind === "unknown" ? null : answer;
}

/** The app from the user's side: whether they are assigned, directly or by a group. */
async function appForUser(
  world: World,
  org: OktaOrg,
  clientId: string,
  userId: string,
  groups: Promise<UserGroups<OktaGroup>>,
): Promise<Fact<AppForUser>> {
  return fact(async (): Promise<AppForUser> => {
    const app = await need(world.app);
    if (!app) return { kind: "missing", clientId };
    const { id, label, active, implicitAssignment } = app;
    const assigned = implicitAssignment
      ? "everybody"
      : await assignments(org, id)(userId, async () => (await groups).all.map((group) => group.id));
    return { kind: "found", label, active, assigned };
  })();
}

/** The user as userinfo would tell of them. */
export const signInUser = ({ id, email, login, name }: OktaUser): SignInUser => ({
  id,
  email: email === undefined ? undefined : email || null,
  preferredUsername: login,
  name,
});

/** A user's groups, and where Okta's first page of them ends. */
export async function groupsOfUser(org: OktaOrg, userId: string): Promise<UserGroups<OktaGroup>> {
  const all: OktaGroup[] = [];
  let firstPage: number | undefined;
  for await (const page of org.userGroupPages(userId)) {
    all.push(...page);
    firstPage ??= page.length;
  }
  return { all, firstPage: firstPage ?? 0, hidden: hiddenGroups(all) };
}

/** Why there may be more groups than these: everybody is in Everyone (Okta behavior), and whoever can't see that one may not see others. */
function hiddenGroups(shown: readonly OktaGroup[]): string | undefined {
  if (shown.some(({ type }) => type === "BUILT_IN")) return undefined;
  const what = shown.length === 0 ? "no group of the user" : "the user's groups without Everyone";
  return `This API token shows ${what}, and everybody is in the group Everyone: its owner may not see all groups.`;
}

/** What Okta's API would answer to Akto. The groups are read already, with our token in place of Akto's. */
function answeredGroups({ source, names }: GroupPath, { all, hidden }: UserGroups, account: Account): ApiGroups {
  if (source === "access_token") return { kind: "not_needed" };
  if (source !== "management_api") return unanswered(account);
  if (hidden !== undefined && names.length === 0) return { kind: "unasked", message: hidden };
  const { state, sees } = account.token;
  return {
    kind: "answered",
    names,
    total: all.length,
    hidden: sees ? all.length - names.length : 0,
    assumed: state === "own",
  };
}
