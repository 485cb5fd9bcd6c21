/** The Okta half of a setup, done by the API instead of by hand: the plan is shown first. */
import type { Context } from "../../context.ts";
import { changesOf } from "../../core/plan.ts";
import { clean } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { renderPlan } from "../../terminal/plan.ts";
import { confirmed } from "../confirm.ts";
import { type AppRequest, type ProvidedApp, planApp, provideApp, provideGroup } from "../provision/create-app.ts";

/** What the flags say about the app. */
export interface AppOptions {
  readonly appLabel: string;
  /** The groups whose members may sign in. */
  readonly assign: readonly string[];
  readonly initiateLogin: boolean;
  /** Groups to make first, where Okta lacks them. */
  readonly createGroup: readonly string[];
}

/**
 * Finds or makes the app with its assignments, the groups claim and the access policy, after showing what that changes.
 *
 * @param claimGroups the groups that the claim has to let through; `createGroup` adds to them
 * @returns the app's client id and secret, or `null` when the person said no
 * @throws Failure what `planApp` and `provideApp` throw; run again, it goes on where it stopped
 */
export async function appByApi(
  context: Context,
  org: OktaOrg,
  options: AppOptions,
  place: Pick<AppRequest, "domain" | "authServerId" | "aktoUrl" | "aktoAccountId" | "clientId">,
  claimGroups: readonly string[],
): Promise<ProvidedApp | null> {
  const { terminal } = context;
  const profiles = await context.profiles();
  for (const name of options.createGroup) await provideGroup(org, profiles, name);
  const planned = await terminal.during("Comparing with Okta …", () =>
    planApp(org, profiles, {
      ...place,
      label: options.appLabel,
      assignments: options.assign,
      initiateLogin: options.initiateLogin,
      mappedGroups: [...new Set([...claimGroups, ...options.createGroup])],
    }),
  );
  for (const warning of planned.plan.warnings) terminal.warn(clean(warning, 1000));
  if (changesOf(planned.plan).length > 0) {
    terminal.note(renderPlan(planned.plan, terminal.noteStyle));
    if (!(await confirmed(context, "Make these changes in Okta?"))) return null;
  }
  const provided = await provideApp(planned, org, profiles, {
    signal: context.signal,
    onStep: ({ title }) => terminal.success(`Done: ${clean(title)}.`),
  });
  if (provided.done.length === 0) terminal.success("The app, its claim and its access policy are as they have to be.");
  return provided;
}
