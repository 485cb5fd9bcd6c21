/**
 * The loopback redirect URI of `login test`: probed before a browser opens, since Okta answers a wrong one with a page
 * from which nobody comes back. Where it is missing and there is an API token, it is added for the time of the test.
 */
import type { Context } from "../context.ts";
import { Failure } from "../core/failure.ts";
import { clean, quoted } from "../core/text.ts";
import type { Issuer } from "../oidc/discover.ts";
import type { Settings } from "../settings.ts";
import { confirmed } from "./confirm.ts";

/** The redirect URI and whose it is to be. */
export interface LoopbackUri {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly uri: string;
}

/**
 * Does `work` while the app has the redirect URI. What was added for it is taken off again, also after Ctrl-C; were the
 * process killed, the next test takes it off.
 *
 * @throws Failure `login.redirect_uri_missing`, the codes of `probeFailure`, and what `work` throws
 */
export async function withLoopbackRedirectUri<Value>(
  context: Context,
  settings: Settings,
  loopback: LoopbackUri,
  work: () => Promise<Value>,
): Promise<Value> {
  const left = (await (await context.profiles()).read()).temporaryRedirectUri;
  const leftBehind = left !== undefined && left.clientId === loopback.clientId && left.uri === loopback.uri;
  const added = (await isMissing(context, loopback)) && (await add(context, settings, loopback));
  try {
    return await work();
  } finally {
    if (added || leftBehind) await takeOff(context, settings, loopback);
  }
}

/** Whether only the redirect URI is missing. Whatever else the probe finds wrong is thrown. */
async function isMissing(context: Context, { issuer, clientId, uri }: LoopbackUri): Promise<boolean> {
  const { probeAuthorize, probeFailure } = await import("../oidc/probe.ts");
  const result = await probeAuthorize({
    http: await context.http(),
    authorizationEndpoint: issuer.authorizationEndpoint,
    clientId,
    redirectUri: uri,
    pkce: true,
  });
  if (result.kind === "wrong_redirect_uri") return true;
  const failure = probeFailure(result, { clientId, redirectUri: uri });
  if (failure) throw failure;
  return false;
}

async function add(context: Context, settings: Settings, { clientId, uri }: LoopbackUri): Promise<boolean> {
  const missing = (hint: string) =>
    new Failure(
      "usage",
      "login.redirect_uri_missing",
      `The app lacks the redirect URI ${clean(uri)}, so Okta would not send the browser back.`,
      { hint },
    );
  const byHand = `In Okta: Applications → the app → General → Sign-in redirect URIs, add exactly ${clean(uri)}`;
  const org = await context.oktaIfAny(settings);
  if (!org) throw missing(`${byHand}\nOr give an Okta API token, and it is added for the time of the test.`);
  const app = await org.apps.byClientId(clientId);
  if (!app) throw missing(byHand);
  const wanted = await confirmed(
    context,
    `Add ${clean(uri)} to the app ${quoted(app.label)} and take it off again after the test?`,
  );
  if (!wanted) throw missing(byHand);
  const store = await context.profiles();
  // Noted before it is done: a test that gets killed leaves a note for the next one.
  await store.update((profile) => ({ ...profile, temporaryRedirectUri: { clientId, uri } }));
  if (!(await org.apps.addRedirectUri(app.id, uri))) {
    // The app has it already: the probe's answer came from a cache, or another test runs. It isn't ours to take off.
    await store.update(({ temporaryRedirectUri: _, ...profile }) => profile);
    return false;
  }
  context.terminal.note(`  Added ${clean(uri)} to ${quoted(app.label)} for this test.`);
  return true;
}

async function takeOff(context: Context, settings: Settings, { clientId, uri }: LoopbackUri): Promise<void> {
  try {
    const org = await context.okta(settings, { evenWhenInterrupted: true });
    const app = await org.apps.byClientId(clientId);
    if (app) await org.apps.removeRedirectUri(app.id, uri);
    const store = await context.profiles();
    await store.update(({ temporaryRedirectUri: _, ...profile }) => profile);
    context.terminal.note(`  Took ${clean(uri)} off the app again.`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.terminal.warn(
      `${clean(uri)} is still on the app: ${error.message} The next \`login test\` takes it off, or remove it in Okta.`,
    );
  }
}
