/** The setup without a question: everything comes from flags, the environment, files and the profile. */
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import type { Settings } from "../../settings.ts";
import type { Answers } from "./answers.ts";
import { issuerFor } from "./answers.ts";
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
  return {
    aktoUrl: settings.aktoUrl,
    aktoAccountId: settings.aktoAccountId,
    domain,
    authServerId,
    issuer: settings.issuerOverride,
    clientId,
    clientSecret,
    oktaToken: await settings.secret("oktaToken"),
    aktoKey: context.globals.offline ? undefined : await settings.secret("aktoKey"),
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
  terminal.success(await verifyAktoSignIn(http, client));
  if (answers.oktaToken === undefined)
    terminal.note("- No Okta API token: the groups come from the access token alone.");
  else terminal.success(await verifyOktaToken(await context.okta(settings)));
}
