/** Okta's part of a setup without a question: the app as the settings and the flags name it. */
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { LiveApp } from "../../core/plan/live.ts";
import { defaultAuthServerId, everyone, type SsoSpec } from "../../core/plan/spec.ts";
import { clean, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { missingSettings } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import { begunFor, madeFor, ssoOfSpec } from "../provision/ledger.ts";
import { readApp } from "../provision/live.ts";
import type { AktoPart } from "./akto-part.ts";
import { secretHidden } from "./carry-out.ts";
import { type Intent, type SetupOptions, specOf } from "./intent.ts";
import { type ClientToVerify, checkSignIn, verifyDomain, verifyOktaToken } from "./verify.ts";

/** What an intent says of Okta. */
type OktaPart = Pick<Intent, "domain" | "authServerId" | "byHand" | "org" | "oktaToken" | "app">;

/**
 * An app that the settings name with its secret, each checked against Okta.
 *
 * @throws Failure `input.missing` that names everything that is missing; and whatever a check finds
 */
export async function appAsGiven(
  context: Context,
  settings: Settings,
  options: SetupOptions,
  { url }: AktoPart,
): Promise<OktaPart> {
  const { terminal } = context;
  const given = await settings.require("domain", "authServerId", "clientId", "clientSecret");
  const { domain, authServerId, clientId, clientSecret } = given;
  const org = await orgOf(context, settings);
  const oktaToken = (await settings.secretFor("oktaToken", { domain })) ?? null;
  terminal.success(await verifyDomain(await context.http(), domain));
  const client = { ...given, issuer: settings.issuerOverride, aktoUrl: url };
  await checkSignIn(context, client, (verified, refused) =>
    mendRedirectUri(context, org, verified, (options.addRedirectUri ?? false) && !options.dryRun, refused),
  );
  if (org && oktaToken !== null) terminal.success(await verifyOktaToken(org));
  return {
    domain,
    authServerId,
    byHand: true,
    org,
    oktaToken,
    app: { label: undefined, clientId, clientSecret, who: { assign: [], unassign: [] }, initiateLogin: undefined },
  };
}

/**
 * An app that is made or mended by API: where it is, and who may sign in to it.
 *
 * @throws Failure `input.missing`; `okta.secret_hidden` where an app is there whose secret nobody here knows
 */
export async function appToMake(
  context: Context,
  settings: Settings,
  options: SetupOptions,
  decided: Omit<Intent, keyof OktaPart>,
): Promise<OktaPart> {
  const { terminal } = context;
  const { domain } = await settings.require("domain");
  const org = await context.oktaIfAny(settings);
  if (!org) throw missingSettings(["oktaToken"]);
  const oktaToken = (await settings.secret("oktaToken")) ?? null;
  terminal.success(await verifyDomain(await context.http(), domain));
  if (oktaToken !== null) terminal.success(await verifyOktaToken(org));
  const { issuer, akto } = decided;
  const asked = {
    label: options.appLabel,
    clientId: settings.clientId ?? akto.sso?.clientId,
    clientSecret: null,
    who: { assign: options.assign ?? [], unassign: [] },
    initiateLogin: options.initiateLogin,
  };
  const authServerId = settings.authServerId ?? akto.sso?.authorisationServerId ?? defaultAuthServerId;
  const okta: OktaPart = { domain, authServerId, byHand: false, org, oktaToken, app: asked };
  const spec = specOf({ ...decided, ...okta });
  const app = await readApp(spec, org);
  const open = options.assign === undefined && (!app || (await isUnfinished(context, spec, app)));
  const who = open ? { assign: [everyone], unassign: [] } : asked.who;
  if (!app) return { ...okta, app: { ...asked, who } };
  const { id, clientId } = app;
  if (settings.clientId !== undefined && settings.clientId !== clientId) {
    terminal.warn(
      `The org has no app with the client id ${clean(settings.clientId)}; the one with the same label and redirect URI is used instead: ${clean(clientId)}.`,
    );
  }
  const clientSecret =
    (await org.apps.clientSecret(id)) ??
    (await settings.secretFor("clientSecret", { domain, issuer, clientId })) ??
    null;
  if (clientSecret === null) throw secretHidden(clientId);
  return { ...okta, app: { ...asked, clientId, clientSecret, who } };
}

/** Whether the app was created by a run that was cut off before it assigned any group. */
async function isUnfinished({ profiles }: Context, spec: SsoSpec, { id, assignedGroups }: LiveApp): Promise<boolean> {
  const profile = await (await profiles()).read();
  const place = ssoOfSpec(spec);
  const own =
    madeFor(profile, place).some((made) => made.id === id) ||
    begunFor(profile, place).some(({ kind }) => kind === "app");
  return own && assignedGroups.length === 0;
}

/** The org, where there is a way to speak to it. A stored token of another org is none. */
export async function orgOf(context: Context, settings: Settings): Promise<OktaOrg | null> {
  const domain = await settings.domain();
  const token = await settings.secretFor("oktaToken", { domain });
  return token === undefined && (await settings.storedOwner("oktaToken")) ? null : context.oktaIfAny(settings);
}

/** Adds Akto's redirect URI to the app where that is wanted, and says how to have it added where it is not. */
async function mendRedirectUri(
  { terminal }: Context,
  org: OktaOrg | null,
  { clientId, redirectUri }: ClientToVerify,
  wanted: boolean,
  refused: Failure,
): Promise<void> {
  if (!wanted || !org) {
    const how = org ? "--add-redirect-uri" : "--add-redirect-uri with an Okta API token (OKTA_CLIENT_TOKEN)";
    throw new Failure(refused.kind, refused.code, refused.message, {
      hint: [refused.hint, `Or have it added: ${how}.`].filter(Boolean).join("\n"),
      cause: refused,
    });
  }
  const app = await org.apps.byClientId(clientId);
  // The token may not show the app, which the sign-in page knows.
  if (!app) throw refused;
  await org.apps.addRedirectUri(app.id, redirectUri);
  terminal.success(`Added the redirect URI to the app ${quoted(app.label)} in Okta: ${redirectUri}`);
}
