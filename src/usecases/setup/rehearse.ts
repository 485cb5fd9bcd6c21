/** A setup that writes nothing: what it would do, as the wizard's review says it. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import type { Mapping } from "../../core/model/akto.ts";
import { everyone } from "../../core/plan/spec.ts";
import type { Settings } from "../../settings.ts";
import type { ManagementToken } from "../provision/clients.ts";
import { readApp } from "../provision/live.ts";
import type { AktoPart } from "./akto-part.ts";
import { type Intent, planOf, presentMapping, specOf } from "./intent.ts";
import type { AppOptions } from "./okta-app.ts";
import { type Review, reviewOf } from "./review.ts";
import { answersFromSettings, appPlace, verifyAnswers } from "./unattended.ts";

/** What the flags say. */
export interface Rehearsed extends AppOptions {
  readonly createApp?: boolean;
  readonly syncTags?: boolean;
  readonly replaceSso?: boolean;
  readonly token: ManagementToken;
}

/**
 * The review of the setup that these settings and flags ask for.
 *
 * @param wanted the mapping to set; without one it stays as it is
 * @throws Failure what the setup itself throws before it writes anything
 */
export async function rehearseSetup(
  context: Context,
  settings: Settings,
  options: Rehearsed,
  dashboard: AktoDashboard | null,
  wanted: Mapping | undefined,
): Promise<{ review: Review; planned: Awaited<ReturnType<typeof planOf>> }> {
  const { aktoUrl: url, aktoAccountId: accountId } = settings;
  const [sso, customRoles] = dashboard
    ? await Promise.all([dashboard.fetchSso(), dashboard.customRoles()])
    : [null, null];
  const key = dashboard ? ((await settings.secret("aktoKey")) ?? null) : null;
  const akto: AktoPart = { url, accountId, key, dashboard, sso, customRoles };
  const present = await presentMapping(context, akto);
  const mapping = wanted ?? present;
  const shared = {
    akto,
    issuer: settings.issuerOverride,
    mapping,
    entries: new Map([...mapping].filter(([group, role]) => present.get(group) !== role)),
    createGroups: options.createGroup ?? [],
    token: options.token,
    syncTags: options.syncTags,
    replaceSso: options.replaceSso ?? false,
  };
  const intent = options.createApp
    ? { ...shared, ...(await madeByApi(context, settings, options, dashboard, shared)) }
    : { ...shared, ...(await givenByHand(context, settings)) };
  const planned = await planOf(context, intent);
  return { review: await reviewOf(context, intent, planned), planned };
}

type Okta = Pick<Intent, "domain" | "authServerId" | "byHand" | "org" | "oktaToken" | "app">;

async function madeByApi(
  context: Context,
  settings: Settings,
  options: Rehearsed,
  dashboard: AktoDashboard | null,
  shared: Omit<Intent, keyof Okta>,
): Promise<Okta> {
  const { org, place } = await appPlace(context, settings, options, dashboard);
  const { domain, authServerId, clientId } = place;
  const assign = options.assign ?? [];
  const app = {
    label: options.appLabel,
    clientId,
    clientSecret: null,
    who: { assign, unassign: [] },
    initiateLogin: options.initiateLogin,
  };
  const okta: Okta = {
    domain,
    authServerId,
    byHand: false,
    org,
    oktaToken: (await settings.secret("oktaToken")) ?? null,
    app,
  };
  const isNew = (await readApp(specOf({ ...shared, ...okta }), org)) === null;
  const who = isNew && options.assign === undefined ? [everyone] : assign;
  return { ...okta, app: { ...app, who: { assign: who, unassign: [] } } };
}

async function givenByHand(context: Context, settings: Settings): Promise<Okta> {
  const answers = await answersFromSettings(context, settings);
  await verifyAnswers(context, settings, answers);
  const { domain, authServerId, clientId, clientSecret, oktaToken } = answers;
  return {
    domain,
    authServerId,
    byHand: true,
    org: null,
    oktaToken: oktaToken ?? null,
    app: { label: undefined, clientId, clientSecret, who: { assign: [], unassign: [] }, initiateLogin: undefined },
  };
}
