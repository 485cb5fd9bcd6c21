/** The facts of a user's sign-in, told from Okta's settings: what would happen, without anybody signing in. */

import { askPolicies } from "../../core/access/policy.ts";
import { Failure } from "../../core/failure.ts";
import type { ApiGroups, LoginFacts, SignInUser } from "../../core/login/facts.ts";
import type { AppForUser, OktaSide } from "../../core/login/okta-side.ts";
import { type GroupPath, groupPath, type UserGroups } from "../../core/login/simulate.ts";
import type { OktaGroup, OktaUser } from "../../core/model/okta.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { aktoCanAsk, claimsIfAny, ifInSight, type LoginSetup, unanswered } from "./facts.ts";

/** Where the user would sign in. */
export interface SignInPlace {
  readonly authServerId: string;
  /** `undefined` when neither Akto nor the settings tell it. */
  readonly clientId: string | undefined;
  readonly setup: LoginSetup;
}

/** Reads a user and what Okta would do with them. Throws `okta.user_not_found`, and what Okta throws. */
export async function userFacts(
  org: OktaOrg,
  place: SignInPlace,
  login: string,
): Promise<Pick<LoginFacts, "user" | "token" | "api" | "okta">> {
  const user = await org.user(login);
  if (!user) {
    throw new Failure("usage", "okta.user_not_found", `Okta has no user ${quoted(login)}.`, {
      hint: "Give the user's login or e-mail address, as Directory → People shows it.",
    });
  }
  const [groups, claims] = await Promise.all([groupsOfUser(org, user.id), claimsIfAny(org, place.authServerId)]);
  const predicted = groupPath(groups, {
    claims,
    aktoHasToken: aktoCanAsk(place.setup, org),
    aktoSees: place.setup.aktoSees,
  });
  return {
    user: signInUser(user),
    token: { predicted },
    api: answeredGroups(predicted, groups, place.setup),
    okta: await oktaSide(org, place, user, groups.all),
  };
}

/** The user as userinfo would tell of them. */
export const signInUser = ({ id, email, login, name }: OktaUser): SignInUser => ({
  id,
  email: email || null,
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
  return { all, firstPage: firstPage ?? 0 };
}

/** What Okta's API would answer to Akto. The groups are read already, with our token in place of Akto's. */
function answeredGroups({ source, names }: GroupPath, { all }: UserGroups, setup: LoginSetup): ApiGroups {
  if (source === "access_token") return { kind: "not_needed" };
  if (source !== "management_api") return unanswered(setup);
  const hidden = setup.aktoSees ? all.length - names.length : 0;
  return { kind: "answered", names, total: all.length, hidden, assumed: setup.aktoToken === "own" };
}

async function oktaSide(
  org: OktaOrg,
  { authServerId, clientId }: SignInPlace,
  user: OktaUser,
  groups: readonly OktaGroup[],
): Promise<OktaSide> {
  const { status } = user;
  if (clientId === undefined) {
    const unknown = { kind: "unknown", why: "The client id is not known here, so the app was not looked at." } as const;
    return { status, app: unknown, policy: unknown };
  }
  const subject = { userId: user.id, groupIds: groups.map(({ id }) => id) };
  const [app, policy] = await Promise.all([
    ifInSight("The app was", () => appForUser(org, clientId, user.id)),
    ifInSight("The access policies were", async () =>
      askPolicies(await org.authServers.policies(authServerId), clientId, subject),
    ),
  ]);
  return { status, app, policy };
}

async function appForUser(org: OktaOrg, clientId: string, userId: string): Promise<AppForUser> {
  const app = await org.apps.byClientId(clientId);
  if (!app) return { kind: "missing", clientId };
  const { label, active } = app;
  return { kind: "found", label, active, assigned: await org.apps.isAssigned(app.id, userId) };
}
