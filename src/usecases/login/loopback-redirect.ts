/**
 * The loopback redirect URI of `login test`: probed before a browser opens, since Okta answers a wrong one with a page
 * from which nobody comes back. If it is missing and there is an API token, it is added for the duration of the test.
 */

import type { Context } from "../../context.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { TemporaryRedirectUri } from "../../core/model/profile.ts";
import { clean, quoted } from "../../core/text.ts";
import type { Issuer } from "../../oidc/discover.ts";
import type { Settings } from "../../settings/settings.ts";
import { isGone, ownerName } from "../../store/owner.ts";
import { confirmed } from "../confirm.ts";

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
  const { own, others } = await leftovers(context, settings, loopback);
  for (const note of others) await takeOff(context, settings, note, ", where an earlier test had left it");
  // Taken over: it goes at the end.
  let added = own;
  if (await isMissing(context, loopback)) {
    if (added) await forget(context, added);
    added = await add(context, settings, loopback);
  }
  try {
    return await work();
  } finally {
    if (added) await takeOff(context, settings, added);
  }
}

/** What {@link withLoopbackRedirectUri} would do: nothing is changed. */
export interface LoopbackRehearsal {
  /** The label of the app that the redirect URI would be added to; left out where it has it, or nobody knows. */
  readonly addedTo?: string;
  /** What earlier tests have left, and would be removed. */
  readonly removed: readonly TemporaryRedirectUri[];
}

/** Looks at what it would do. Throws what it throws before it does anything. */
export async function rehearseLoopbackRedirectUri(
  context: Context,
  settings: Settings,
  loopback: LoopbackUri,
): Promise<LoopbackRehearsal> {
  const { own, others } = await leftovers(context, settings, loopback);
  const addedTo = (await isMissing(context, loopback))
    ? (await appToAddTo(context, settings, loopback)).label
    : undefined;
  return {
    ...(addedTo !== undefined && { addedTo }),
    removed: own && addedTo === undefined ? [own, ...others] : others,
  };
}

// A test waits for an hour at most.
const longestTest = 2 * 60 * 60 * 1000;

async function isLeftover({ by, at }: TemporaryRedirectUri): Promise<boolean> {
  return (await isGone(by)) ?? !(Date.now() - Date.parse(at) < longestTest);
}

/** What killed tests have left on apps of this org: `own` is the one that this test is about to use itself. */
async function leftovers(context: Context, settings: Settings, { clientId, uri }: LoopbackUri) {
  const domain = (await settings.domain())?.host;
  const { temporaryRedirectUris = [] } = await (await context.profiles()).read();
  const others: TemporaryRedirectUri[] = [];
  let own: TemporaryRedirectUri | undefined;
  for (const note of temporaryRedirectUris) {
    if (note.domain !== domain || !(await isLeftover(note))) continue;
    if (note.clientId === clientId && note.uri === uri) own = note;
    else others.push(note);
  }
  return { own, others };
}

/**
 * Whether only the redirect URI is missing. Whatever else the probe finds wrong is thrown; where it finds out nothing, the
 * sign-in itself is to show.
 */
async function isMissing(context: Context, { issuer, clientId, uri }: LoopbackUri): Promise<boolean> {
  const { probeAuthorize, probeFailure } = await import("../../oidc/probe.ts");
  const http = await context.http();
  const { authorizationEndpoint } = issuer;
  const goOn = (why: string) => {
    context.terminal.warn(
      `${why} So it is not known whether the app has the redirect URI ${clean(uri)} of this test. If the browser doesn't come back, add it to the app.`,
    );
    return false;
  };
  try {
    const result = await probeAuthorize({ http, authorizationEndpoint, clientId, redirectUri: uri, pkce: true });
    if (result.kind === "wrong_redirect_uri") return true;
    if (result.kind === "unanswered") return goOn(result.why);
    const failure = probeFailure(result, { clientId, redirectUri: uri });
    if (failure) throw failure;
    return false;
  } catch (error) {
    if (canGoOn(error) && error.code.startsWith("http.")) return goOn(error.message);
    throw error;
  }
}

/** The app that the redirect URI can be added to. Throws `login.redirect_uri_missing` where it can't. */
async function appToAddTo(context: Context, settings: Settings, loopback: LoopbackUri) {
  const org = await context.oktaIfAny(settings);
  const domain = (await settings.domain())?.host;
  if (!org || domain === undefined) {
    throw missing(loopback, "Or give an Okta API token, and it is added for the duration of the test.");
  }
  const app = await org.apps.byClientId(loopback.clientId);
  if (!app) throw missing(loopback);
  return { apps: org.apps, domain, id: app.id, label: app.label };
}

function missing({ uri }: LoopbackUri, otherwise?: string): Failure {
  const byHand = `In Okta: Applications → the app → General → Sign-in redirect URIs, add exactly ${clean(uri)}`;
  return new Failure(
    "usage",
    "login.redirect_uri_missing",
    `The app doesn't have the redirect URI ${clean(uri)}, so Okta would not send the browser back.`,
    { hint: otherwise === undefined ? byHand : `${byHand}\n${otherwise}` },
  );
}

async function add(
  context: Context,
  settings: Settings,
  loopback: LoopbackUri,
): Promise<TemporaryRedirectUri | undefined> {
  const { clientId, uri } = loopback;
  const { apps, domain, id, label } = await appToAddTo(context, settings, loopback);
  const wanted = await confirmed(
    context,
    `Add ${clean(uri)} to the app ${quoted(label)} and remove it again after the test?`,
  );
  if (!wanted) throw missing(loopback);
  // Noted before it is done: a test that gets killed leaves a note for the next one.
  const note = { domain, clientId, uri, by: await ownerName(), at: new Date().toISOString() };
  await (await context.profiles()).update((profile) => ({
    ...profile,
    temporaryRedirectUris: [...(profile.temporaryRedirectUris ?? []), note],
  }));
  try {
    if (!(await aloneAtApp(context, () => apps.addRedirectUri(id, uri), context.signal))) {
      // The app has it already: the probe's answer came from a cache, or another test runs. It isn't ours to take off.
      await forget(context, note);
      return undefined;
    }
  } catch (error) {
    // The answer may have been lost, or the person may have given up: it may be there anyway.
    await takeOff(context, settings, note);
    throw error;
  }
  context.terminal.note(`  Added ${clean(uri)} to ${quoted(label)} for this test.`);
  return note;
}

/** Of two tests at once each would write the app as it was before the other one. */
async function aloneAtApp<Value>(context: Context, work: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
  return (await context.profiles()).alone(work, signal, "app");
}

async function takeOff(
  context: Context,
  settings: Settings,
  note: TemporaryRedirectUri,
  why: string = " again",
): Promise<void> {
  const uri = clean(note.uri);
  if (context.signal.aborted)
    context.terminal.note(`  Removing ${uri} from the app … Ctrl-C once more leaves it there.`);
  try {
    const org = await context.okta(settings, { evenWhenInterrupted: true });
    const app = await org.apps.byClientId(note.clientId);
    const removed = app ? await aloneAtApp(context, () => org.apps.removeRedirectUri(app.id, note.uri)) : false;
    await forget(context, note);
    if (removed) context.terminal.note(`  Removed ${uri} from the app${why}.`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.terminal.warn(
      `${uri} is still on the app with the client id ${clean(note.clientId)}: ${error.message} The next \`login test\` removes it, or remove it in Okta yourself.`,
    );
  }
}

async function forget(context: Context, { by, uri }: TemporaryRedirectUri): Promise<void> {
  await (await context.profiles()).update(({ temporaryRedirectUris = [], ...profile }) => {
    const left = temporaryRedirectUris.filter((each) => each.by !== by || each.uri !== uri);
    return left.length === 0 ? profile : { ...profile, temporaryRedirectUris: left };
  });
}
