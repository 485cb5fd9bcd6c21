/** `login history`: the sign-ins to Akto that Okta recorded, and what was changed before one that was refused. */
import { type Fact, known, unknown, valueIn } from "../../core/evidence.ts";
import { canGoOn, isFailure } from "../../core/failure.ts";
import type { Concern, RecordedChange } from "../../core/history/changes.ts";
import type { AboutUser } from "../../core/history/join.ts";
import type { AboutApp } from "../../core/history/steps.ts";
import type { Window } from "../../core/history/window.ts";
import { userNotFound } from "../../okta/errors.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { insist } from "../world/read.ts";
import type { World } from "../world/world.ts";
import { changesSince, spoiltBetween } from "./changes.ts";
import { type FoundSignIns, lastSignIns, readSignIns } from "./sign-ins.ts";

/** What is asked for. */
export interface HistoryQuery {
  readonly window: Window;
  /** A login, an email or an id; everybody's unless given. */
  readonly login?: string | undefined;
  readonly failed?: boolean | undefined;
  readonly limit?: number | undefined;
}

/** What was found. */
export interface History extends FoundSignIns {
  /** What was changed between the user's last sign-in that went well and the one that was refused; none without a user. */
  readonly changes: Fact<readonly RecordedChange[]>;
}

/**
 * Reads it.
 *
 * @throws Failure `okta.log_unreadable`, `okta.user_not_found`, `input.missing`, and what Okta throws
 */
export async function readHistory(
  world: World,
  { window, login, failed, limit }: HistoryQuery,
  onRead?: (events: number) => void,
): Promise<History> {
  const org = insist(await world.org());
  const about = await aboutApp(world);
  const user = login === undefined ? undefined : await aboutUser(org, login);
  const found = await readSignIns(org, about, { window, user, failed, limit }, onRead);
  if (!user) return { ...found, changes: known([], "recorded") };
  return { ...found, changes: await changesBefore(world, org, about, user, window) };
}

/** The app that Akto signs in with; by its client id alone where it can't be seen. */
export async function aboutApp(world: World): Promise<AboutApp> {
  const setup = await world.setup();
  const clientId = valueIn(setup)?.clientId ?? world.settings.clientId ?? insist(setup).clientId;
  // An app's client id is its id, unless it was made with another one (Okta behavior).
  return { clientId, appId: valueIn(await world.app())?.id ?? clientId };
}

/** The user by id, where the token may see users; else by what was given, which must be the login then. */
async function aboutUser(org: OktaOrg, login: string): Promise<AboutUser> {
  try {
    const user = await org.user(login);
    if (user) return { id: user.id, login: user.login };
  } catch (error) {
    if (!isFailure(error, "okta.token_powerless")) throw error;
    return { id: null, login };
  }
  throw userNotFound(login);
}

/** What a change must be about to matter for this sign-on. */
export async function concernOf(world: World, about: AboutApp, userId: string | undefined): Promise<Concern> {
  const [setup, policies, app] = await Promise.all([world.setup(), world.policies(), world.app()]);
  const signInPolicyId = valueIn(app)?.signInPolicyId;
  const known = valueIn(policies)?.map(({ id }) => id);
  return {
    ...about,
    userId,
    serverId: valueIn(setup)?.authServerId,
    policyIds: known && [...known, ...(signInPolicyId ? [signInPolicyId] : [])],
  };
}

/** What was changed between a user's last good sign-in and the refusal after it. */
async function changesBefore(
  world: World,
  org: OktaOrg,
  about: AboutApp,
  user: AboutUser,
  { until, open = false }: Window,
): Promise<Fact<readonly RecordedChange[]>> {
  try {
    const span = spoiltBetween(await lastSignIns(org, about, user, { until: open ? undefined : until, most: 20 }));
    if (!span) return known([], "recorded");
    const concern = await concernOf(world, about, user.id ?? undefined);
    return known(await changesSince(org, concern, span), "recorded");
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return unknown(`What was changed before could not be read: ${error.message}`, error);
  }
}
