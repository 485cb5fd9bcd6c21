/** The Okta app as Akto needs it: what it should be, given what it is. */

import { coversUri } from "../access/redirect-uris.ts";
import { initiateLoginUri, redirectUri } from "../address.ts";
import { Failure } from "../failure.ts";
import type { OktaApp } from "../model/okta.ts";
import { quoted } from "../text.ts";
import { labelOf, type SsoSpec } from "./spec.ts";

/** What of an app is compared and changed. The names are those of the plan. */
export type AppSettings = Pick<
  OktaApp,
  | "label"
  | "active"
  | "redirectUris"
  | "grantTypes"
  | "responseTypes"
  | "clientAuthMethod"
  | "pkceRequired"
  | "dpopRequired"
  | "initiateLoginUri"
  | "idpInitiatedLogin"
  | "onDashboard"
>;

/** An app as Okta makes it where nothing else is said. */
const newApp = {
  active: true,
  redirectUris: [],
  grantTypes: [],
  responseTypes: [],
  clientAuthMethod: "client_secret_post",
  pkceRequired: false,
  dpopRequired: false,
  initiateLoginUri: null,
  idpInitiatedLogin: "DISABLED",
  onDashboard: false,
} as const satisfies Partial<AppSettings>;

/** Whether an app authenticates by a secret. Akto sends it in the form; Okta takes it there and in the header alike. */
export function takesSecret(clientAuthMethod: string): boolean {
  return clientAuthMethod === "client_secret_post" || clientAuthMethod === "client_secret_basic";
}

/**
 * The app's settings as they should be: what is there and does no harm stays, what Akto needs is added.
 *
 * @param live the app, or `null` when there is none yet
 * @throws Failure `input.missing` when the initiate-login URI is wanted and no account id is known, `okta.app_not_web`
 */
export function wantedApp({ akto, okta }: SsoSpec, live: OktaApp | null): AppSettings {
  if (live && live.applicationType !== "web") {
    throw new Failure(
      "rule",
      "okta.app_not_web",
      `The Okta app ${quoted(live.label)} is of the type ${quoted(live.applicationType)}, and Akto needs a web app.`,
      { hint: "Okta can't change an app's type. Leave out its client id, and a new web app is created." },
    );
  }
  const now: AppSettings = live ?? { label: labelOf(okta.app), ...newApp };
  const covered = live !== null && coversUri(live, redirectUri(akto.url));
  return {
    label: okta.app.label ?? now.label,
    active: true,
    redirectUris: covered ? now.redirectUris : withItem(now.redirectUris, redirectUri(akto.url)),
    grantTypes: withItem(now.grantTypes, "authorization_code"),
    responseTypes: withItem(now.responseTypes, "code"),
    clientAuthMethod: takesSecret(now.clientAuthMethod) ? now.clientAuthMethod : newApp.clientAuthMethod,
    pkceRequired: false,
    dpopRequired: false,
    initiateLoginUri: now.initiateLoginUri,
    idpInitiatedLogin: now.idpInitiatedLogin,
    onDashboard: now.onDashboard,
    ...initiateLogin(akto, okta.app.initiateLogin),
  };
}

function initiateLogin(
  akto: SsoSpec["akto"],
  wanted: boolean | undefined,
): Partial<Pick<AppSettings, "initiateLoginUri" | "idpInitiatedLogin" | "onDashboard">> {
  if (wanted === undefined) return {};
  if (!wanted) return { initiateLoginUri: null, idpInitiatedLogin: "DISABLED" };
  if (akto.accountId === undefined) {
    throw new Failure(
      "usage",
      "input.missing",
      "Missing: the Akto account id, which is part of the initiate-login URI.",
      {
        hint: "Write akto.accountId in the file, or give --akto-account-id or AKTO_ACCOUNT_ID.",
      },
    );
  }
  return { initiateLoginUri: initiateLoginUri(akto.url, akto.accountId), idpInitiatedLogin: "SPEC", onDashboard: true };
}

/** The list with this item, which it has once. */
export function withItem(items: readonly string[], item: string): readonly string[] {
  return items.includes(item) ? items : [...items, item];
}

/**
 * The app that the document means, among the org's: the one with its client id, else one with its label and Akto's
 * redirect URI.
 *
 * @throws Failure `okta.app_ambiguous` when several have the label and the redirect URI
 */
export function findApp<App extends OktaApp>({ akto, okta }: SsoSpec, apps: readonly App[]): App | null {
  const { clientId } = okta.app;
  const label = labelOf(okta.app);
  const named = clientId === undefined ? undefined : apps.find((app) => app.clientId === clientId);
  if (named) return named;
  const [first, second] = apps.filter((app) => app.label === label && coversUri(app, redirectUri(akto.url)));
  if (first && second) {
    throw new Failure(
      "rule",
      "okta.app_ambiguous",
      `Two Okta apps are called ${quoted(label)} and have Akto's redirect URI: ${first.clientId} and ${second.clientId}.`,
      { hint: "Give the client id of the one you mean." },
    );
  }
  return first ?? null;
}
