/** The setup without a question: everything comes from flags, the environment, files and the profile. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import { defaultAuthServerId } from "../../core/plan/spec.ts";
import { clean, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { missingSettings, type Settings } from "../../settings.ts";
import type { ManagementToken } from "../provision/clients.ts";
import { type Answers, issuerFor } from "./answers.ts";
import { type AppOptions, type AppPlace, appByApi } from "./okta-app.ts";
import { differencesTo, ssoDiffers } from "./submit.ts";
import {
  type ClientToVerify,
  verifyAktoSignIn,
  verifyClientSecret,
  verifyDomain,
  verifyIssuer,
  verifyOktaToken,
} from "./verify.ts";

/**
 * The answers, each checked against Okta.
 *
 * @throws Failure `input.missing` that names everything that is missing; and whatever a check finds
 */
export async function answersFromSettings(context: Context, settings: Settings): Promise<Answers> {
  const { domain, authServerId, clientId, clientSecret } = await settings.require(
    "domain",
    "authServerId",
    "clientId",
    "clientSecret",
  );
  const { aktoUrl, aktoAccountId } = settings;
  return {
    aktoUrl,
    aktoAccountId,
    domain,
    authServerId,
    issuer: settings.issuerOverride,
    clientId,
    clientSecret,
    oktaToken: await settings.secretFor("oktaToken", { domain }),
    tokenForAkto: undefined,
    aktoKey: context.globals.offline ? undefined : await settings.secretFor("aktoKey", { aktoUrl, aktoAccountId }),
  };
}

/**
 * The answers of a setup that makes the app itself: its client id and secret come from Okta.
 *
 * @param dashboard Akto, where there is a key: what it has already is gone by, and looked at before anything is made
 * @param mapped the groups that are to be mapped, which the claim has to let through
 * @returns `null` when the person said no to the plan
 * @throws Failure `input.missing`, `akto.sso_differs`, `okta.secret_hidden` and what `appByApi` throws
 */
export async function answersWithApp(
  context: Context,
  settings: Settings,
  options: AppOptions & { readonly replaceSso?: boolean; readonly token: ManagementToken },
  dashboard: AktoDashboard | null,
  mapped: readonly string[],
): Promise<Answers | null> {
  const { org, place } = await appPlace(context, settings, options, dashboard);
  const app = await appByApi(context, org, options, place, mapped);
  if (!app) return null;
  const { domain, authServerId, aktoUrl, aktoAccountId } = place;
  const { clientId } = app;
  const issuer = settings.issuerOverride;
  const clientSecret =
    app.clientSecret ?? (await settings.secretFor("clientSecret", { domain, issuer, clientId: app.clientId }));
  if (clientSecret === undefined) {
    throw new Failure("auth", "okta.secret_hidden", "The app's client secret can't be read with this API token.", {
      hint: `Copy it from the app's General tab in Okta, and run this again with --client-id ${clean(clientId)} --client-secret-file PATH.`,
    });
  }
  return {
    aktoUrl,
    aktoAccountId,
    domain,
    authServerId,
    issuer,
    clientId,
    clientSecret,
    oktaToken: await settings.secret("oktaToken"),
    tokenForAkto: undefined,
    aktoKey: context.globals.offline ? undefined : await settings.secretFor("aktoKey", { aktoUrl, aktoAccountId }),
  };
}

/**
 * Where the app is, or is to be, by the settings and by what Akto has.
 *
 * @throws Failure `input.missing`, `akto.sso_differs`
 */
export async function appPlace(
  context: Context,
  settings: Settings,
  options: { readonly replaceSso?: boolean; readonly token: ManagementToken },
  dashboard: AktoDashboard | null,
): Promise<{ org: OktaOrg; place: AppPlace }> {
  const { domain } = await settings.require("domain");
  const org = await context.oktaIfAny(settings);
  if (!org) throw missingSettings(["oktaToken"]);
  const { aktoUrl, aktoAccountId, authServerId: givenServer, clientId: givenApp } = settings;
  const sso = (await dashboard?.fetchSso()) ?? null;
  if (sso && !options.replaceSso) {
    const known = {
      aktoUrl,
      domain,
      ...(givenServer && { authServerId: givenServer }),
      ...(givenApp && { clientId: givenApp }),
    };
    const differences = differencesTo(sso, known);
    if (differences !== "") throw ssoDiffers(differences);
    if (givenApp === undefined && (await org.apps.byClientId(sso.clientId)) === null) {
      throw ssoDiffers(`it signs in with the app ${clean(sso.clientId)}, which the org does not have`);
    }
  }
  const authServerId = givenServer ?? sso?.authorisationServerId ?? defaultAuthServerId;
  const tokenForAkto =
    "value" in options.token || (options.token.change === "keep" && sso?.hasManagementApiToken === true);
  const place = { domain, authServerId, aktoUrl, aktoAccountId, clientId: givenApp ?? sso?.clientId, tokenForAkto };
  return { org, place };
}

/**
 * Checks the answers in the order in which one needs the other. Stops at the first failure; nothing was written but, where
 * that is wanted, Akto's redirect URI in the app that lacks it.
 */
export async function verifyAnswers(
  context: Context,
  settings: Settings,
  answers: Answers,
  { addRedirectUri = false }: { readonly addRedirectUri?: boolean } = {},
): Promise<void> {
  const { terminal } = context;
  const http = await context.http();
  terminal.success(await verifyDomain(http, answers.domain));
  const issuer = await verifyIssuer(http, issuerFor(answers));
  terminal.success(`The authorization server answers: ${issuer.issuer}`);
  const client = {
    issuer,
    clientId: answers.clientId,
    clientSecret: answers.clientSecret,
    redirectUri: redirectUri(answers.aktoUrl),
  };
  terminal.success(await verifyClientSecret(http, client));
  const verifySignIn = async () => terminal.success(await verifyAktoSignIn(http, client));
  try {
    await verifySignIn();
  } catch (error) {
    if (isFailure(error, "oidc.wrong_redirect_uri")) {
      await mendRedirectUri(context, settings, client, addRedirectUri, error);
      await verifySignIn();
    } else if (isFailure(error, "oidc.authorize_unanswered")) {
      // It proves nothing, neither for the app nor against it.
      terminal.warn(error.message);
    } else throw error;
  }
  if (answers.oktaToken !== undefined) terminal.success(await verifyOktaToken(await context.okta(settings)));
}

/** Adds Akto's redirect URI to the app where that is wanted, and says how to have it added where it is not. */
async function mendRedirectUri(
  context: Context,
  settings: Settings,
  { clientId, redirectUri }: ClientToVerify,
  wanted: boolean,
  refused: Failure,
): Promise<void> {
  const org = await context.oktaIfAny(settings);
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
  context.terminal.success(`Added the redirect URI to the app ${quoted(app.label)} in Okta: ${redirectUri}`);
}
