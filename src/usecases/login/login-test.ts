/** `login test`: a real sign-in, and the report on the role that Akto would give. */

import type { Context } from "../../context.ts";
import { loopbackRedirectUri } from "../../core/address.ts";
import { type Failure, isFailure } from "../../core/failure.ts";
import { buildLoginReport, userFromClaims } from "../../core/login/build-report.ts";
import { claimsOf, type SignInClaims } from "../../core/login/claims.ts";
import type { LoginFacts } from "../../core/login/facts.ts";
import type { LoginReport } from "../../core/login/report.ts";
import { moment } from "../../core/text.ts";
import type { SignedIn } from "../../oidc/sign-in.ts";
import type { PageFacts } from "../../page/document.ts";
import type { ResultDetails } from "../../page/result.ts";
import { recordedFact } from "../history/recorded.ts";
import type { World } from "../world/world.ts";
import { accountFacts, apiGroups, readAccount, signsInAsAkto } from "./account.ts";
import { Browser, type Browsing } from "./browse.ts";
import { withCauses } from "./causes.ts";
import {
  type LoopbackRehearsal,
  type LoopbackUri,
  rehearseLoopbackRedirectUri,
  withLoopbackRedirectUri,
} from "./loopback-redirect.ts";
import { membershipOf } from "./membership.ts";
import { askAsAkto } from "./request.ts";

export interface LoginTestOptions extends Browsing {
  readonly timeoutSeconds: number;
  /** Have Okta ask who signs in, also where the browser is signed in already. */
  readonly anotherUser?: boolean | undefined;
  /** Called with why there is no report, before that is thrown. */
  readonly onFailure: (failure: Failure, details: ResultDetails) => Promise<void>;
}

/** How long a browser waits for its page while the cause of a refusal is looked for, in milliseconds. */
const browserWaits = 4_000;

/** A sign-in's report, and what the page says beside it. */
export interface TestedLogin {
  readonly report: LoginReport;
  readonly details: ResultDetails & { readonly claims: { readonly of: SignInClaims; readonly at: Date } };
}

/** The issuer, and the redirect URI that a test has the browser come back to. */
async function loopbackOf({ context, settings }: World, port: number): Promise<LoopbackUri> {
  const { clientId } = await settings.require("domain", "authServerId", "clientId", "clientSecret");
  const { discoverIssuer } = await import("../../oidc/discover.ts");
  const issuer = await discoverIssuer(await context.http(), await settings.issuer());
  return { issuer, clientId, uri: loopbackRedirectUri(port) };
}

/** What a test would change in Okta, see {@link rehearseLoopbackRedirectUri}: nobody signs in. */
export async function rehearseTest(world: World, port: number): Promise<LoopbackRehearsal & { readonly uri: string }> {
  const loopback = await loopbackOf(world, port);
  return { uri: loopback.uri, ...(await rehearseLoopbackRedirectUri(world.context, world.settings, loopback)) };
}

/** Signs in for real and reports. Throws what `signIn` throws; `login.redirect_uri_missing` before anything opens. */
export async function testLogin(world: World, options: LoginTestOptions): Promise<TestedLogin> {
  const { context, settings } = world;
  const { terminal } = context;
  const loopback = await loopbackOf(world, options.port);
  const { issuer, clientId } = loopback;
  const { clientSecret } = await settings.require("clientSecret");
  const http = await context.http();

  // Read before the browser opens: what fails here would otherwise fail after somebody signed in.
  const gather = await prepareFacts(world);
  const facts: PageFacts = [
    ["Issuer", issuer.issuer],
    ["Client id", clientId],
    ["Tested", moment(new Date())],
  ];
  const { signIn } = await import("../../oidc/sign-in.ts");
  const { renderResultPage } = await import("../../page/result.ts");
  const browser = new Browser(context, options);
  let tested: TestedLogin | undefined;
  const started = new Date();
  let begun = started;
  const explained = new Map<Failure, Promise<Failure>>();
  const explain = (failure: Failure) => {
    const found = explained.get(failure) ?? withCauses(world, failure, { started, begun });
    explained.set(failure, found);
    return found;
  };
  try {
    await signIn({
      http,
      issuer,
      clientId,
      clientSecret,
      port: options.port,
      timeoutMs: options.timeoutSeconds * 1000,
      anotherUser: options.anotherUser,
      signal: context.signal,
      around: (run) => withLoopbackRedirectUri(context, settings, loopback, run),
      onAuthorizeUrl: (url) => {
        begun = new Date();
        return browser.open(url);
      },
      render: async (outcome) => {
        let page: string;
        if (outcome.kind === "failed") {
          const failure = await soon(context, explain(outcome.failure), outcome.failure);
          page = renderResultPage(failure, { facts, again: true });
        } else {
          const report = buildLoginReport(await gather(outcome.signedIn, started));
          const claims = { of: claimsOf(outcome.signedIn, context.redaction), at: new Date() };
          tested = { report, details: { facts, claims, again: true } };
          page = renderResultPage(report, tested.details);
        }
        browser.done();
        return context.redaction.redact(page);
      },
      ...(browser.pastes && { paste: (signal, check) => browser.pasted(signal, check) }),
    });
  } catch (error) {
    if (!isFailure(error) || error.kind === "interrupted") throw error;
    const failure = await explain(error);
    await options.onFailure(failure, { facts, again: true });
    throw failure;
  }
  if (!tested) throw new Error("The sign-in ended without a report.");
  terminal.note();
  return tested;
}

/** The waiting browser is told what is known by then; the terminal tells the rest. */
async function soon<Value>(context: Context, coming: Promise<Value>, instead: Value): Promise<Value> {
  const timer = new AbortController();
  const late = context.pause(browserWaits, timer.signal).then(
    () => instead,
    () => instead,
  );
  try {
    return await Promise.race([coming, late]);
  } finally {
    timer.abort();
  }
}

/** Reads what the report needs beside the tokens, and says how to put both together. */
async function prepareFacts(world: World): Promise<(signedIn: SignedIn, started: Date) => Promise<LoginFacts>> {
  const [account, request, asAkto, server, impatient] = await Promise.all([
    readAccount(world),
    askAsAkto(world),
    signsInAsAkto(world),
    world.server(),
    world.context.oktaIfAny(world.settings, { patient: false }),
  ]);
  // Without a token nobody expects to see it.
  const unseen = account.org && !server.known ? [server.why] : [];

  return async ({ accessToken, idTokenClaims, userinfo }, started) => {
    const user = userFromClaims(userinfo);
    const subject = { id: user.id, login: user.preferredUsername ?? "" };
    return {
      user,
      ...(impatient && { recorded: await recordedFact(world, impatient, subject, started) }),
      token: { accessToken },
      request,
      signedIn: asAkto,
      unseen,
      otherClaims: { idToken: idTokenClaims, userinfo },
      api: await apiGroups(account, accessToken, user.id),
      ...accountFacts(account),
      membership: membershipOf(account, user.email),
    };
  };
}
