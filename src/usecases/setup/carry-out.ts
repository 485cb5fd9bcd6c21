/** The setup is done: in Okta, in Akto, in the profile, in this order. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import { roleLabel } from "../../core/roles/roles.ts";
import { clean, quoted } from "../../core/text.ts";
import type { Settings } from "../../settings.ts";
import { applyPlan, type Planned } from "../provision/apply.ts";
import type { ManagementToken } from "../provision/clients.ts";
import { keptClientSecret } from "../provision/kept-secrets.ts";
import { shownSteps } from "../provision/shown-steps.ts";
import { type Answers, issuerFor } from "./answers.ts";
import { sayToken } from "./finish.ts";
import { type Intent, planOf } from "./intent.ts";
import { keep, notStored, prepareToKeep, type Submission, tokenInAkto, whatToType } from "./submit.ts";
import { verifyAktoSignIn, verifyClientSecret, verifyIssuer } from "./verify.ts";

/** What came of a setup. */
export interface SetUp {
  readonly answers: Answers;
  readonly submission: Submission;
  /** The groups whose entries are new. */
  readonly mapped: readonly string[];
}

/**
 * Does it. Run again after it was cut off, it goes on where it stopped.
 *
 * @throws Failure what `applyPlan` and the stores throw; `okta.secret_hidden` where the app's secret can't be had
 */
export async function carryOut(context: Context, settings: Settings, intent: Intent): Promise<SetUp> {
  const { terminal } = context;
  const { akto, domain, authServerId, issuer, org, byHand, app, token } = intent;
  const profiles = await context.profiles();
  const begun = {
    aktoUrl: akto.url,
    aktoAccountId: akto.accountId,
    domain,
    authServerId,
    issuer,
    oktaToken: intent.oktaToken ?? undefined,
    tokenForAkto: "value" in token ? token.value : undefined,
    aktoKey: akto.key ?? undefined,
  };
  // What can't be kept here must not be begun elsewhere.
  await prepareToKeep(context, {
    ...begun,
    ...(app.clientId !== undefined && { clientId: app.clientId }),
    ...(app.clientSecret !== null && { clientSecret: app.clientSecret }),
  });
  // What was begun in Akto must not be left half done.
  const dashboard =
    akto.key === null
      ? null
      : await context.aktoWith(settings, akto.url, akto.key, { quiet: true, evenWhenInterrupted: true });
  const planned = await planOf(context, intent, dashboard);
  const applied = await applyPlan(
    planned,
    { okta: byHand ? null : org, akto: dashboard, profiles },
    {
      ...shownSteps(context),
      secrets: {
        clientSecret: async (id) =>
          id === app.clientId && app.clientSecret !== null ? app.clientSecret : keptClientSecret(context, id),
        managementToken: token,
      },
    },
  );
  const clientId = applied.clientId;
  const clientSecret = app.clientSecret ?? (await applied.clientSecret());
  if (clientId === undefined || clientSecret === undefined) {
    throw new Failure("auth", "okta.secret_hidden", "The app's client secret can't be read with this API token.", {
      hint: "Copy it from the app's General tab in Okta, and run the setup again with --client-secret-file PATH.",
    });
  }
  const answers: Answers = { ...begun, clientId, clientSecret };
  const submission = await submissionOf(planned, dashboard, token);
  await keep(context, answers, submission, dashboard?.product());
  if (submission.kind === "local") {
    await profiles.update((profile) => ({ ...profile, mapping: [...intent.mapping] }));
    terminal.success(
      `Saved in the profile. ${context.globals.offline ? "--offline was given" : "There is no Akto API key"}, so nothing was sent to Akto:`,
    );
    terminal.note(whatToType(answers));
    for (const [group, role] of intent.mapping)
      terminal.note(`  Group mapping            ${quoted(group)} → ${clean(roleLabel(role))}`);
  } else {
    terminal.success(
      submission.kind === "unchanged"
        ? "Akto has just this configuration already."
        : "Okta SSO is active in Akto; what it stored was read back.",
    );
    sayToken(context, submission.token);
  }
  return { answers, submission, mapped: [...intent.entries.keys()] };
}

async function submissionOf(
  { plan, live }: Planned,
  dashboard: AktoDashboard | null,
  token: ManagementToken,
): Promise<Submission> {
  if (!dashboard) return { kind: "local" };
  const sso = await dashboard.fetchSso();
  if (!sso) throw notStored();
  const did = (kind: string) => plan.steps.some(({ action }) => action.kind === kind);
  const kind = did("activate") ? "created" : did("replace") ? "replaced" : "unchanged";
  return {
    kind,
    sso,
    customRoles: live.akto?.customRoles ?? [],
    token: await tokenInAkto(dashboard, { present: live.akto?.sso ?? null, sso, kind }, token),
  };
}

/** Looks whether Okta would let Akto sign in now, as far as that can be seen without a user. */
export async function checkSignIn(context: Context, answers: Answers): Promise<void> {
  const { terminal } = context;
  try {
    const http = await context.http();
    const lines = await terminal.during("Checking the sign-in …", async () => {
      const issuer = await verifyIssuer(http, issuerFor(answers));
      const client = { ...answers, issuer, redirectUri: redirectUri(answers.aktoUrl) };
      return [await verifyClientSecret(http, client), await verifyAktoSignIn(http, client)];
    });
    for (const line of lines) terminal.success(line);
  } catch (error) {
    if (!canGoOn(error)) throw error;
    terminal.complain(error);
    terminal.note("  All is set up as planned; `akto-okta doctor` looks for what is in the way of a sign-in.");
  }
}
