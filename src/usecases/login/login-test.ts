/** `login test`: a real sign-in, and the report on the role that Akto would give. */

import type { Context } from "../../context.ts";
import { loopbackRedirectUri } from "../../core/address.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import { buildLoginReport, userFromClaims } from "../../core/login/build-report.ts";
import type { LoginFacts } from "../../core/login/facts.ts";
import type { LoginReport } from "../../core/login/report.ts";
import { moment } from "../../core/text.ts";
import type { SignedIn } from "../../oidc/sign-in.ts";
import type { PageFacts } from "../../page/document.ts";
import { recordedFact } from "../history/recorded.ts";
import type { World } from "../world/world.ts";
import { apiGroups, readAccount, signsInAsAkto } from "./account.ts";
import { Browser, type Browsing } from "./browse.ts";
import { withCauses } from "./causes.ts";
import { withLoopbackRedirectUri } from "./loopback-redirect.ts";
import { membershipOf } from "./membership.ts";
import { askAsAkto } from "./request.ts";

export interface LoginTestOptions extends Browsing {
  readonly timeoutSeconds: number;
  /** Is told why there is no report, before it is thrown. */
  readonly onFailure: (failure: Failure, facts: PageFacts) => Promise<void>;
}

/** For so long a browser is left without its page while the cause of a refusal is looked for, in milliseconds. */
const browserWaits = 4_000;

/** A sign-in's report, and what the page says about it at its foot. */
export interface TestedLogin {
  readonly report: LoginReport;
  readonly facts: PageFacts;
}

/** Signs in for real and reports. Throws what `signIn` throws; `login.redirect_uri_missing` before anything opens. */
export async function testLogin(world: World, options: LoginTestOptions): Promise<TestedLogin> {
  const { context, settings } = world;
  const { terminal } = context;
  const { clientId, clientSecret } = await settings.require("domain", "authServerId", "clientId", "clientSecret");
  const http = await context.http();
  const { discoverIssuer } = await import("../../oidc/discover.ts");
  const issuer = await discoverIssuer(http, await settings.issuer());
  const uri = loopbackRedirectUri(options.port);

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
  let report: LoginReport | undefined;
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
      signal: context.signal,
      around: (run) => withLoopbackRedirectUri(context, settings, { issuer, clientId, uri }, run),
      onAuthorizeUrl: (url) => {
        begun = new Date();
        return browser.open(url);
      },
      render: async (outcome) => {
        const result =
          outcome.kind === "failed"
            ? await soon(context, explain(outcome.failure), outcome.failure)
            : buildLoginReport(await gather(outcome.signedIn, started));
        if (!(result instanceof Failure)) report = result;
        browser.done();
        return context.redaction.redact(renderResultPage(result, facts));
      },
      ...(browser.pastes && { paste: (signal, check) => browser.pasted(signal, check) }),
    });
  } catch (error) {
    if (!isFailure(error) || error.kind === "interrupted") throw error;
    const failure = await explain(error);
    await options.onFailure(failure, facts);
    throw failure;
  }
  if (!report) throw new Error("The sign-in ended without a report.");
  terminal.note();
  return { report, facts };
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
  const { mapping, customRoles, organizationDomain, team } = account;

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
      mapping,
      customRoles,
      organizationDomain,
      membership: membershipOf(team, user.email),
    };
  };
}
