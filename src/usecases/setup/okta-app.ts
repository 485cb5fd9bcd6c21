/** The Okta half of a setup, done by the API instead of by hand: the plan is shown first. */
import type { Context } from "../../context.ts";
import { issuerOf, redirectUri } from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import { changesOf } from "../../core/plan/plan.ts";
import { clean } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { renderPlan } from "../../terminal/plan.ts";
import { confirmed } from "../confirm.ts";
import { type AppRequest, type ProvidedApp, planApp, provideApp } from "../provision/create-app.ts";
import { shownSteps } from "../provision/shown-steps.ts";

/** What the flags say about the app. What they don't say is left as it is. */
export interface AppOptions {
  readonly appLabel?: string | undefined;
  /** The groups whose members may sign in; everyone may with a new app, unless told otherwise. */
  readonly assign?: readonly string[] | undefined;
  readonly initiateLogin?: boolean | undefined;
  /** Groups to make first, where Okta lacks them. */
  readonly createGroup?: readonly string[] | undefined;
}

/** Where the app is, or is to be. */
export type AppPlace = Pick<
  AppRequest,
  "domain" | "authServerId" | "aktoUrl" | "aktoAccountId" | "clientId" | "tokenForAkto"
>;

/**
 * Finds or makes the app with its assignments, the groups claim and the access policy, after showing what that changes.
 *
 * @param claimGroups the groups that the claim has to let through; `createGroup` adds to them
 * @param question what the person is asked once the plan was shown
 * @returns the app's client id and secret, or `null` when the person said no
 * @throws Failure `okta.no_sign_ins`; what `planApp` and `provideApp` throw; run again, it goes on where it stopped
 */
export async function appByApi(
  context: Context,
  org: OktaOrg,
  options: AppOptions,
  place: AppPlace,
  claimGroups: readonly string[],
  question: string = "Make these changes in Okta?",
): Promise<ProvidedApp | null> {
  const { terminal } = context;
  await demandSignIns(context, place);
  const profiles = await context.profiles();
  const planned = await terminal.during("Comparing with Okta …", () =>
    planApp(org, profiles, {
      ...place,
      label: options.appLabel,
      assignments: options.assign,
      initiateLogin: options.initiateLogin,
      createGroups: options.createGroup ?? [],
      mappedGroups: claimGroups,
    }),
  );
  for (const warning of planned.plan.warnings) terminal.warn(clean(warning, 1000));
  if (changesOf(planned.plan).length > 0) {
    terminal.note(renderPlan(planned.plan, terminal.noteStyle));
    if (!(await confirmed(context, question))) return null;
  }
  const provided = await provideApp(planned, org, profiles, shownSteps(context));
  if (provided.done.length === 0) terminal.success("The app, its claim, and its access policy need no change.");
  return provided;
}

/**
 * Makes sure, before anything is made, that the authorization server accepts sign-ins at all. Okta says so to any request,
 * whoever's client id is in it.
 *
 * @throws Failure `okta.no_sign_ins` in an org without API Access Management
 */
async function demandSignIns(context: Context, { domain, authServerId, aktoUrl, clientId }: AppPlace): Promise<void> {
  const { probeAuthorize } = await import("../../oidc/probe.ts");
  const { kind } = await probeAuthorize({
    http: await context.http(),
    authorizationEndpoint: `${issuerOf(domain, authServerId)}/v1/authorize`,
    clientId: clientId ?? "0oa00000000000000000",
    redirectUri: redirectUri(aktoUrl),
  });
  if (kind !== "feature_missing") return;
  throw new Failure(
    "rule",
    "okta.no_sign_ins",
    "This Okta org has no API Access Management: Okta accepts no sign-in at its custom authorization servers, and Akto signs in at no other.",
    {
      hint: "Nothing was made. Have Okta add API Access Management to the org, or set Akto up with SAML.",
    },
  );
}
