/** The wizard's step with the dashboard's own fields: what Akto has to know of Okta, each value checked. */
import { parseAuthServerId, parseClientId, redirectUri } from "../../core/address.ts";
import type { SecretAddresses } from "../../core/model/secret.ts";
import { defaultAuthServerId } from "../../core/plan/spec.ts";
import { clean } from "../../core/text.ts";
import type { Issuer } from "../../oidc/discover.ts";
import { settingDefinitions } from "../../settings.ts";
import { type Answers, issuerFor } from "./answers.ts";
import type { Questions, WayOut } from "./questions.ts";
import { verifyAktoSignIn, verifyClientSecret, verifyDomain, verifyIssuer } from "./verify.ts";

/** The values that Akto is given. */
export type OktaValues = Pick<Answers, "clientId" | "clientSecret" | "authServerId" | "domain" | "issuer">;

/** Asks for the values that aren't known yet, then checks them: each until it passes, or the person goes on without. */
export async function askForValues(questions: Questions, aktoUrl: string): Promise<OktaValues> {
  const { context, settings, profile, prompts } = questions;
  const clientId = (initial: string | undefined, anew?: boolean) =>
    questions.text("clientId", "Client ID:", parseClientId, initial, anew);
  const clientSecret = (addresses: SecretAddresses, anew?: boolean) =>
    questions.requiredSecret("clientSecret", "Client Secret:", addresses, anew);
  const authServerId = (initial: string, anew?: boolean) =>
    questions.text("authServerId", "Authorization Server ID:", parseAuthServerId, initial, anew);

  const { issuerOverride: issuerGiven } = settings;
  const named = await clientId(profile.clientId);
  let values: OktaValues = {
    clientId: named,
    // The fields stand in the dashboard's order, in which the domain comes later, if it isn't known yet.
    clientSecret: await clientSecret({ domain: await questions.knownDomain(), issuer: issuerGiven, clientId: named }),
    authServerId: await authServerId(profile.authServerId ?? defaultAuthServerId),
    domain: await questions.domain(),
    issuer: issuerGiven,
  };
  await questions.draft.bindSecret("clientSecret", values);
  const askAgain = {
    clientId: async () => ({ clientId: await clientId(values.clientId, true) }),
    clientSecret: async () => ({ clientSecret: await clientSecret(values, true) }),
    authServerId: async () => ({ authServerId: await authServerId(values.authServerId, true) }),
    domain: async () => ({ domain: await questions.domain(true) }),
    issuer: async () => ({ issuer: (await prompts.text("Issuer:", { initial: issuerFor(values) })).trim() }),
  } satisfies { [Name in keyof OktaValues]: () => Promise<Pick<OktaValues, Name>> };
  const change = (name: keyof OktaValues): WayOut => ({
    name: `Change the ${settingDefinitions[name].title}`,
    go: async () => {
      values = { ...values, ...(await askAgain[name]()) };
    },
  });

  const http = await context.http();
  await questions.settle(
    () => verifyDomain(http, values.domain),
    () => [change("domain")],
  );
  let issuer: Issuer | undefined;
  await questions.settle(
    async () => {
      issuer = await verifyIssuer(http, issuerFor(values));
      return `The authorization server answers: ${clean(issuer.issuer)}`;
    },
    ({ code }) =>
      code === "oidc.issuer_mismatch"
        ? [change("issuer"), change("domain")]
        : [change("authServerId"), change("domain")],
  );
  const found = issuer;
  // Where no server answers, there is nobody to ask about the client.
  if (!found) return values;
  const client = () => ({ ...values, issuer: found, redirectUri: redirectUri(aktoUrl) });
  await questions.settle(
    () => verifyClientSecret(http, client()),
    ({ code }) =>
      code === "oidc.unknown_client"
        ? [change("clientId"), change("clientSecret")]
        : [change("clientSecret"), change("clientId")],
  );
  await questions.settle(
    () => verifyAktoSignIn(http, client()),
    () => [change("clientId")],
  );
  return values;
}
