/** The setup without a question: what the wizard would ask comes from flags, the environment, files and the profile. */
import type { Context } from "../../context.ts";
import { issuerOf, redirectUri } from "../../core/address.ts";
import { differingFromSso } from "../../core/agreement.ts";
import { Failure } from "../../core/failure.ts";
import type { LiveApp } from "../../core/plan/live.ts";
import { changesOf } from "../../core/plan/plan.ts";
import { defaultAuthServerId, everyone, type SsoSpec } from "../../core/plan/spec.ts";
import { diffMappings, givenBy } from "../../core/roles/mapping.ts";
import { clean, listed, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { missingSettings } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import { renderReview } from "../../terminal/review.ts";
import { confirmed } from "../confirm.ts";
import { confirmWide } from "../mapping/wide.ts";
import { managementToken } from "../provision/connect.ts";
import { planDocument } from "../provision/document.ts";
import { begunFor, madeFor, ssoOfSpec } from "../provision/ledger.ts";
import { readApp } from "../provision/live.ts";
import { type AktoPart, readAkto } from "./akto-part.ts";
import { carryOut, type SetUp, secretHidden } from "./carry-out.ts";
import { type Intent, mappingOf, planOf, presentMapping, type SetupOptions, specOf } from "./intent.ts";
import { reviewOf } from "./review.ts";
import { reviewedEffects } from "./review-effects.ts";
import { type ClientToVerify, checkSignIn, verifyDomain, verifyOktaToken } from "./verify.ts";

/**
 * Does what the settings and the flags ask for.
 *
 * @returns `null` where it ended with the review, because of `--dry-run`
 * @throws Failure `input.missing` that names everything that is missing; `akto.sso_differs`, `okta.no_sign_ins` and
 *   `input.confirmation_needed`, before anything is written; whatever a check finds; and what `carryOut` throws
 */
export async function setUpUnattended(
  context: Context,
  settings: Settings,
  options: SetupOptions,
): Promise<SetUp | null> {
  const { terminal } = context;
  const { dryRun = false } = options;
  const intent = await intentFrom(context, settings, options);
  const differs = differencesTo(intent);
  if (differs !== "" && !intent.replaceSso && !dryRun) throw ssoDiffers(differs);
  if (!intent.byHand) await demandSignIns(context, intent);

  const planned = await terminal.during("Comparing …", () => planOf(context, intent));
  const { plan } = planned;
  const effects = await reviewedEffects(context, intent, planned, dryRun);
  const places = [...(await reviewOf(context, intent, planned)), ...effects.places];
  if (dryRun) terminal.result(renderReview(places, terminal.style), planDocument(plan));
  const replaces = plan.steps.some(({ action }) => action.kind === "replace");
  const asks = replaces || changesOf(plan).some(({ system }) => system === "okta");
  if (asks && !dryRun) terminal.note(renderReview(places, terminal.noteStyle));
  for (const warning of [...plan.warnings, ...effects.warnings]) terminal.warn(clean(warning, 1000));
  if (dryRun) {
    if (replaces && !intent.replaceSso) {
      terminal.warn("Akto has a different Okta configuration: without --replace-sso, the setup stops there.");
    }
    terminal.note("Nothing was written: --dry-run was given.");
    return null;
  }
  if (asks) await confirmed(context, "Do all of this?");
  return carryOut(context, settings, intent, planned, async (answers) => {
    // What was given was looked at before.
    if (!intent.byHand) await checkSignIn(context, answers);
  });
}

/** What the wizard's answers come to, by the settings and the flags. Nothing is written but what `--add-redirect-uri` asks for. */
async function intentFrom(context: Context, settings: Settings, options: SetupOptions): Promise<Intent> {
  const token = await managementToken(context, options);
  const dashboard = await context.aktoIfAny(settings);
  const akto: AktoPart = {
    url: settings.aktoUrl,
    accountId: settings.aktoAccountId,
    key: dashboard ? ((await settings.secret("aktoKey")) ?? null) : null,
    dashboard,
    ...(dashboard ? await readAkto(dashboard) : { sso: null, customRoles: null }),
  };
  const present = await presentMapping(context, akto);
  const mapping = options.mapping === undefined ? present : await mappingOf(context, options.mapping, akto);
  const changes = diffMappings(present, mapping);
  if (!options.dryRun) {
    await confirmWide(context, await orgOf(context, settings), givenBy(changes), akto.customRoles);
  }
  const decided = {
    akto,
    issuer: settings.issuerOverride,
    mapping,
    changes,
    createGroups: options.createGroup ?? [],
    token,
    syncTags: options.syncTags,
    replaceSso: options.replaceSso ?? false,
  };
  return options.createApp
    ? { ...decided, ...(await appToMake(context, settings, options, decided)) }
    : { ...decided, ...(await appAsGiven(context, settings, options, akto)) };
}

/** The org, where there is a way to speak to it. A stored token of another org is none. */
async function orgOf(context: Context, settings: Settings): Promise<OktaOrg | null> {
  const domain = await settings.domain();
  const token = await settings.secretFor("oktaToken", { domain });
  return token === undefined && (await settings.storedOwner("oktaToken")) ? null : context.oktaIfAny(settings);
}

type OktaPart = Pick<Intent, "domain" | "authServerId" | "byHand" | "org" | "oktaToken" | "app">;

/**
 * An app that the settings name with its secret, each checked against Okta.
 *
 * @throws Failure `input.missing` that names everything that is missing; and whatever a check finds
 */
async function appAsGiven(
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
async function appToMake(
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

/** Whether the app was made by a run that was cut off, and got no further. */
async function isUnfinished({ profiles }: Context, spec: SsoSpec, { id, assignedGroups }: LiveApp): Promise<boolean> {
  const profile = await (await profiles()).read();
  const place = ssoOfSpec(spec);
  const own =
    madeFor(profile, place).some((made) => made.id === id) ||
    begunFor(profile, place).some(({ kind }) => kind === "app");
  return own && assignedGroups.length === 0;
}

/** What Akto's SSO and the intent differ in, in words; empty where Akto has none, or one that the intent fits. */
function differencesTo({ akto: { sso, url }, app, authServerId, domain, byHand }: Intent): string {
  if (!sso) return "";
  if (!byHand && app.clientSecret === null && app.clientId === sso.clientId) {
    return `it signs in with the app ${clean(sso.clientId)}, which the org does not have`;
  }
  const here = { clientId: app.clientId, authServerId, domain: domain.host, redirectUri: redirectUri(url) };
  return listed(
    differingFromSso(sso, here).map(
      ({ what, akto, here }) => `the ${what} is ${quoted(akto)} there, ${quoted(here)} here`,
    ),
  );
}

/** The failure of an intent that Akto could only take in place of what it has. */
function ssoDiffers(differences: string): Failure {
  return new Failure("rule", "akto.sso_differs", `Akto has a different Okta configuration: ${differences}.`, {
    hint: "Akto can't change a configuration, only delete it (which signs everybody out) and add a new one: --replace-sso does that and keeps the mapping, and so does `akto-okta sso apply -f FILE`.",
  });
}

/**
 * Makes sure, before anything is made, that the authorization server accepts sign-ins at all. Okta says so to any request,
 * whoever's client id is in it.
 *
 * @throws Failure `okta.no_sign_ins` in an org without API Access Management
 */
async function demandSignIns({ http }: Context, { domain, authServerId, akto, app }: Intent): Promise<void> {
  const { probeAuthorize } = await import("../../oidc/probe.ts");
  const { kind } = await probeAuthorize({
    http: await http(),
    authorizationEndpoint: `${issuerOf(domain, authServerId)}/v1/authorize`,
    clientId: app.clientId ?? "0oa00000000000000000",
    redirectUri: redirectUri(akto.url),
  });
  if (kind !== "feature_missing") return;
  throw new Failure(
    "rule",
    "okta.no_sign_ins",
    "This Okta org has no API Access Management: Okta accepts no sign-in at its custom authorization servers, and Akto signs in at no other.",
    {
      hint: "Nothing was created. Have Okta add API Access Management to the org, or set Akto up with SAML.",
    },
  );
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
