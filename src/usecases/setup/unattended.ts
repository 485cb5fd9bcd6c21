/** The setup without a question: everything comes from flags, the environment, files and the profile. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import { defaultAuthServerId } from "../../core/plan/spec.ts";
import { clean } from "../../core/text.ts";
import { missingSettings, type Settings } from "../../settings.ts";
import type { AktoChangeOptions } from "../provision/connect.ts";
import { type Answers, issuerFor } from "./answers.ts";
import { type AppOptions, appByApi } from "./okta-app.ts";
import { differencesTo, ssoDiffers } from "./submit.ts";
import { verifyAktoSignIn, verifyClientSecret, verifyDomain, verifyIssuer, verifyOktaToken } from "./verify.ts";

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
  options: AppOptions & AktoChangeOptions,
  dashboard: AktoDashboard | null,
  mapped: readonly string[],
): Promise<Answers | null> {
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
  const oktaToken = await settings.secret("oktaToken");
  const tokenForAkto =
    oktaToken !== undefined || sso?.hasManagementApiToken === true || options.managementTokenFile !== undefined;
  const place = { domain, authServerId, aktoUrl, aktoAccountId, clientId: givenApp ?? sso?.clientId, tokenForAkto };
  const app = await appByApi(context, org, options, place, mapped);
  if (!app) return null;
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
    oktaToken,
    aktoKey: context.globals.offline ? undefined : await settings.secretFor("aktoKey", { aktoUrl, aktoAccountId }),
  };
}

/** Checks the answers in the order in which one needs the other. Stops at the first failure; nothing was written. */
export async function verifyAnswers(context: Context, settings: Settings, answers: Answers): Promise<void> {
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
  try {
    terminal.success(await verifyAktoSignIn(http, client));
  } catch (error) {
    // It proves nothing, neither for the app nor against it.
    if (!isFailure(error, "oidc.authorize_unanswered")) throw error;
    terminal.warn(error.message);
  }
  if (answers.oktaToken === undefined)
    terminal.note("- No Okta API token: the groups come from the access token alone.");
  else terminal.success(await verifyOktaToken(await context.okta(settings)));
}
