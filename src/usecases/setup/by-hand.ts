/** The wizard's part about Okta, done by hand: the steps in Okta's console, then the values that came of them. */
import { type OktaDomain, parseAuthServerId, parseClientId, redirectUri } from "../../core/address.ts";
import type { Failure } from "../../core/failure.ts";
import { defaultAuthServerId } from "../../core/plan/spec.ts";
import { clean } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { AktoPart } from "./akto-part.ts";
import { issuerFor } from "./answers.ts";
import type { Changeable } from "./interview.ts";
import { askForDomain } from "./okta-part.ts";
import { type Setup, secretQuestion, settingQuestion } from "./questions.ts";
import { oktaScreens } from "./screens.ts";
import { verifyAktoSignIn, verifyClientSecret, verifyIssuer, verifyOktaToken } from "./verify.ts";

/** What was made by hand. */
export interface HandMade {
  readonly domain: OktaDomain;
  readonly authServerId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Without one nobody's groups can be looked up here. */
  readonly token: string | null;
  readonly org: OktaOrg | null;
}

/** The steps in Okta's own console, one after the other. */
export async function walkThroughConsole({ interview }: Setup, { url, accountId }: AktoPart): Promise<void> {
  for (const { id, title, lines } of oktaScreens(url, accountId)) {
    interview.section(2, `In Okta's console: ${title}`);
    interview.say(...lines.map((line) => `  ${line}`));
    await interview.ask<true>({
      id: `screen.${id}`,
      title,
      shown: () => "done",
      kept: () => true,
      read: (kept) => (kept === true ? kept : undefined),
      ask: async (prompts) => {
        await prompts.pause("Press Enter when that is done.");
        return true;
      },
    });
  }
}

/** Asks for the values, and checks each as soon as it can be. */
export async function askForValues(setup: Setup, { url }: AktoPart): Promise<HandMade> {
  const { context, settings, profile, interview } = setup;
  interview.section(3, "The values from Okta");
  const domain = await askForDomain(setup);
  const server = await settingQuestion(setup, "authServerId", {
    question: "Okta authorization server id:",
    parse: parseAuthServerId,
    text: (id) => id,
    initial: profile.authServerId ?? defaultAuthServerId,
  });
  const authServerId = await interview.ask(server);
  const issuer = settings.issuerOverride;
  const http = await context.http();
  const domainQuestion: Changeable = { id: "domain", title: "Okta domain" };
  const found = await interview.look(
    "issuer",
    [domain.origin, authServerId, issuer],
    () => verifyIssuer(http, issuerFor({ domain, authServerId, issuer })),
    (found) => `The authorization server answers: ${clean(found.issuer)}`,
    [server, domainQuestion],
  );
  const client = await settingQuestion(setup, "clientId", {
    question: "Okta client id:",
    parse: parseClientId,
    text: (id) => id,
    initial: profile.clientId,
  });
  const clientId = await interview.ask(client);
  const secret = await secretQuestion(setup, "clientSecret", {
    question: "Okta client secret",
    addresses: { domain, issuer, clientId },
  });
  const clientSecret = (await interview.ask(secret)) ?? "";
  // Where no server answers, there is nobody to ask about the client.
  if (found) {
    const whole = { issuer: found, clientId, clientSecret, redirectUri: redirectUri(url) };
    const given = [found.issuer, clientId, clientSecret, url];
    await interview.look(
      "client",
      given,
      () => verifyClientSecret(http, whole),
      (found) => found,
      ({ code }: Failure) => (code === "oidc.unknown_client" ? [client, secret] : [secret, client]),
    );
    await interview.look(
      "sign-in",
      given,
      () => verifyAktoSignIn(http, whole),
      (found) => found,
      [client, { id: "aktoUrl", title: "Akto URL" }],
    );
  }
  return { domain, authServerId, clientId, clientSecret, ...(await askForToken(setup, domain)) };
}

/** A token is only for looking here: the groups' names are chosen from Okta's, and checked. */
async function askForToken(setup: Setup, domain: OktaDomain): Promise<Pick<HandMade, "token" | "org">> {
  const { context, interview } = setup;
  const question = await secretQuestion(setup, "oktaToken", {
    question: "Okta API token",
    addresses: { domain },
    without: true,
  });
  interview.say("  With an Okta API token, you can search for groups, and their names are checked.");
  const token = await interview.ask(question);
  if (token === null) return { token, org: null };
  const org = await context.oktaWith(domain, token);
  const works = await interview.look(
    "token",
    [domain.origin, token],
    () => verifyOktaToken(org),
    (found) => found,
    [question, { id: "domain", title: "Okta domain" }],
  );
  return { token, org: works === undefined ? null : org };
}
