/** The setup is done: in Okta, in Akto, in the profile, in this order. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { AktoSso, CustomRole } from "../../core/model/akto.ts";
import { dashboardForm } from "../../core/plan/akto.ts";
import { changesOf } from "../../core/plan/plan.ts";
import type { MappingStep } from "../../core/preview/effects.ts";
import { roleLabel } from "../../core/roles/roles.ts";
import { clean, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Settings } from "../../settings/settings.ts";
import { applyPlan, type Planned, type ProvidedApp } from "../provision/apply.ts";
import type { ManagementToken } from "../provision/clients.ts";
import { keptClientSecret } from "../provision/kept-secrets.ts";
import { shownSteps } from "../provision/shown-steps.ts";
import type { Answers } from "./answers.ts";
import { type Intent, mappingStep } from "./intent.ts";
import { keep, prepareToKeep } from "./keep.ts";
import { type StoredToken, sayToken, storedToken } from "./stored-token.ts";

/** What came of a setup. */
export interface SetUp {
  readonly answers: Answers;
  readonly submission: Submission;
  /** The mapping before it and after it. */
  readonly mapping: MappingStep;
}

/** What became of the configuration in Akto. */
export type Submission =
  | {
      readonly kind: "created" | "replaced" | "unchanged";
      readonly sso: AktoSso;
      readonly customRoles: readonly CustomRole[];
      readonly token: StoredToken;
    }
  /** There is no Akto API key, or `--offline`: nothing was sent. */
  | { readonly kind: "local" };

/**
 * Does it. Run again after it was cut off, it goes on where it stopped.
 *
 * @param planned as it was shown
 * @param check looks at the client once Okta's part is done, and ends the setup before Akto's where it throws
 * @throws Failure what `applyPlan` and the stores throw; `okta.secret_hidden` where the app's secret can't be had
 */
export async function carryOut(
  context: Context,
  settings: Settings,
  intent: Intent,
  planned: Planned,
  check: (answers: Answers) => Promise<void> = async () => {},
): Promise<SetUp> {
  const { akto, domain, authServerId, issuer, org, byHand, app, token } = intent;
  const begun = {
    aktoUrl: akto.url,
    aktoAccountId: akto.accountId,
    domain,
    authServerId,
    issuer,
    oktaToken: intent.oktaToken ?? undefined,
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
  const answersWith = async ({ clientId, clientSecret }: ProvidedApp): Promise<Answers> => {
    const secret = app.clientSecret ?? (await clientSecret());
    if (clientId === undefined || secret === undefined) throw secretHidden(clientId);
    return { ...begun, clientId, clientSecret: secret };
  };
  const applied = await applyPlan(
    planned,
    { okta: byHand ? null : org, akto: dashboard, profiles: await context.profiles() },
    {
      ...shownSteps(context),
      secrets: {
        clientSecret: async (id) =>
          id === app.clientId && app.clientSecret !== null ? app.clientSecret : otherSecret(context, org, id),
        managementToken: token,
      },
      onApp: async (provided) => check(await answersWith(provided)),
    },
  );
  const answers = await answersWith(applied);
  const submission = await submissionOf(planned, dashboard, token);
  await keep(
    context,
    answers,
    submission.kind === "local"
      ? { kind: "local", mapping: intent.mapping }
      : { ...submission, kind: "akto", product: dashboard?.product() },
  );
  sayWhatCame(context, intent, planned, answers, submission);
  return { answers, submission, mapping: mappingStep(intent) };
}

/** The failure of an app whose secret can't be had. */
export function secretHidden(clientId: string | undefined): Failure {
  const named = clientId === undefined ? "" : ` --client-id ${clean(clientId)}`;
  return new Failure("auth", "okta.secret_hidden", "The app's client secret can't be read with this API token.", {
    hint: `Copy it from the app's General tab in Okta, and run this again with${named} --client-secret-file PATH.`,
  });
}

/** The client secret of another app, for an SSO that may have to be put back: from the store or Okta. */
async function otherSecret(context: Context, org: OktaOrg | null, clientId: string): Promise<string | undefined> {
  const kept = await keptClientSecret(context, clientId);
  if (kept !== undefined || !org) return kept;
  try {
    const app = await org.apps.byClientId(clientId);
    return (app && (await org.apps.clientSecret(app.id))) ?? undefined;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // It is only needed to undo the replacement: a token that can't read it goes on without.
    return undefined;
  }
}

async function submissionOf(
  { plan, live }: Planned,
  dashboard: AktoDashboard | null,
  token: ManagementToken,
): Promise<Submission> {
  if (!dashboard) return { kind: "local" };
  const sso = await dashboard.fetchSso();
  if (!sso) {
    throw new Failure("unavailable", "akto.not_stored", "Akto accepted the configuration, but does not show it.", {
      hint: "Check Settings → Integrations → Okta SSO, then run this again.",
    });
  }
  const did = (kind: string) => plan.steps.some(({ action }) => action.kind === kind);
  const kind = did("activate") ? "created" : did("replace") ? "replaced" : "unchanged";
  return {
    kind,
    sso,
    customRoles: live.akto?.customRoles ?? [],
    token: await storedToken(dashboard, live.akto?.sso ?? null, sso, kind === "replaced", token.change),
  };
}

function sayWhatCame(
  context: Context,
  { mapping, token }: Intent,
  { plan }: Planned,
  { clientId, authServerId, domain }: Answers,
  submission: Submission,
): void {
  const { terminal, globals } = context;
  if (submission.kind !== "local") {
    terminal.success(
      changesOf(plan).some(({ system }) => system === "akto")
        ? "Okta SSO is active in Akto; what it stored was read back."
        : "Akto already has exactly this configuration.",
    );
    sayToken(context, submission.token);
    return;
  }
  terminal.success(
    `Saved in the profile. ${globals.offline ? "--offline was given" : "There is no Akto API key"}, so nothing was sent to Akto. What to enter there:`,
  );
  const connection = { clientId, authorisationServerId: authServerId, oktaDomain: domain.host };
  for (const line of [
    "In Akto: Settings → Integrations → Okta SSO",
    ...dashboardForm(connection, "value" in token),
    ...Array.from(
      mapping,
      ([group, role]) => `  Group mapping            ${quoted(group)} → ${clean(roleLabel(role))}`,
    ),
  ])
    terminal.note(line);
}
