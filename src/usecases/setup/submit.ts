/** The end of a setup: into Akto when there is a key for it, and into the profile in any case. */

import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { AktoSso, CustomRole, Mapping } from "../../core/model/akto.ts";
import { ownersAt, secretNames } from "../../core/model/secret.ts";
import { dashboardForm } from "../../core/plan/akto.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import { listed, quoted } from "../../core/text.ts";
import { type ApplyOptions, applyPlan, makePlan } from "../provision/apply.ts";
import type { Clients, ManagementToken, Secrets } from "../provision/clients.ts";
import { keepSecrets, sayDropped } from "../provision/kept-secrets.ts";
import { replacedIn } from "../provision/live.ts";
import { type Answers, profileFrom } from "./answers.ts";

/** What became of the configuration in Akto. */
export type Submission =
  | {
      readonly kind: "created" | "replaced" | "unchanged";
      readonly sso: AktoSso;
      readonly customRoles: readonly CustomRole[];
      readonly token: TokenInAkto;
    }
  /** There is no Akto API key, or `--offline`: nothing was sent. */
  | { readonly kind: "local" };

/** What became of the Okta API token that Akto stores. */
export type TokenInAkto =
  /** `works` is `false` where Akto gets no groups with it. */
  { readonly state: "stored"; readonly works: boolean } | { readonly state: "kept" | "removed" | "none" };

/** How the answers are submitted. */
export interface SubmitOptions extends Omit<ApplyOptions, "secrets"> {
  /** What becomes of the Okta API token that Akto stores, where a flag or the environment says it. */
  readonly token: ManagementToken;
  /** Akto's setting of that name; left as it is unless given. */
  readonly syncTags: boolean | undefined;
  /** The client secrets of other apps, to put an SSO back that was taken out. */
  readonly secrets: Secrets["clientSecret"];
  /** Whether to remove the SSO and add it again even if nothing of it differs: for a new client secret. */
  readonly replaceSso: boolean;
  /** Asked before an SSO is removed in order to add another; `differences` says what the two differ in. */
  readonly mayReplace: (differences: string, warnings: readonly string[]) => Promise<boolean>;
}

/**
 * Submits the answers to the dashboard and reads them back. The mapping stays as it is.
 *
 * @returns `unchanged` when Akto has just this configuration already; whether the secrets are the same can't be seen
 * @throws Failure `akto.sso_differs` when Akto has another Okta configuration and it may not be replaced; what
 *   `diffSpec` and `applyPlan` throw
 */
export async function submit(
  { okta, akto, profiles }: Clients,
  answers: Answers,
  options: SubmitOptions,
): Promise<Submission> {
  if (!akto) return { kind: "local" };
  const present = await akto.fetchSso();
  const { replacing } = await profiles.read();
  const { aktoUrl: url, aktoAccountId: accountId } = answers;
  const taken = replacedIn(replacing, { url, accountId })?.mapping ?? [];
  // One that a run left without its mapping gets back what was taken out.
  const mapping = present && present.mapping.size > 0 ? present.mapping : new Map(taken);
  const spec = specFrom(answers, mapping, options.syncTags);
  const { tokenForAkto } = answers;
  const token: ManagementToken =
    options.token.change === "keep" && tokenForAkto !== undefined
      ? { change: "ensure", value: tokenForAkto }
      : options.token;
  const planned = await makePlan(
    spec,
    { okta: null, akto, profiles },
    { token: token.change, replaceSso: options.replaceSso },
  );
  const steps = planned.plan.steps.map(({ action }) => action.kind);
  if (present && steps.includes("replace")) {
    const differences = differencesTo(present, answers);
    if (!(await options.mayReplace(differences, planned.plan.warnings))) throw ssoDiffers(differences);
  }
  const clientSecret: Secrets["clientSecret"] = async (id) =>
    id === answers.clientId ? answers.clientSecret : options.secrets(id);
  await applyPlan(planned, { okta, akto, profiles }, { ...options, secrets: { clientSecret, managementToken: token } });
  const sso = await akto.fetchSso();
  if (!sso) throw notStored();
  const kind = !present ? "created" : steps.includes("replace") ? "replaced" : "unchanged";
  return {
    kind,
    sso,
    customRoles: planned.live.akto?.customRoles ?? [],
    token: await tokenInAkto(akto, { present, sso, kind }, token),
  };
}

/** The failure of an SSO that Akto took and does not show. */
export function notStored(): Failure {
  return new Failure("unavailable", "akto.not_stored", "Akto took the configuration, but does not show it.", {
    hint: "Look at Settings → Integrations → Okta SSO, then run this again.",
  });
}

/** What became of the Okta API token that Akto stores. */
export async function tokenInAkto(
  akto: AktoDashboard,
  { present, sso, kind }: { readonly present: AktoSso | null; readonly sso: AktoSso; readonly kind: string },
  token: ManagementToken,
): Promise<TokenInAkto> {
  const had = present?.hasManagementApiToken ?? false;
  const isNew = token.change === "replace" || (token.change === "ensure" && (!had || kind === "replaced"));
  if (!sso.hasManagementApiToken) return { state: had ? "removed" : "none" };
  return isNew ? { state: "stored", works: await tokenWorks(akto) } : { state: "kept" };
}

/** Whether Akto gets groups with its token. Every org has one, Everyone: none at all means that Okta refused (Akto behavior). */
async function tokenWorks(akto: AktoDashboard): Promise<boolean> {
  try {
    return (await akto.fetchGroups()).length > 0;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // It is stored; that nothing could be seen of it says nothing against it.
    return true;
  }
}

/** The failure of answers that Akto could only take in place of what it has. */
export function ssoDiffers(differences: string): Failure {
  return new Failure("rule", "akto.sso_differs", `Akto has another Okta configuration: ${differences}.`, {
    hint: "Akto can't change a configuration, only delete it (which signs everybody out) and add a new one: --replace-sso does that and keeps the mapping, and so does `akto-okta sso apply -f FILE`.",
  });
}

/** The answers as a document that says nothing about Okta's own side. */
function specFrom(
  { aktoUrl, aktoAccountId, domain, authServerId, clientId }: Answers,
  mapping: Mapping,
  syncGroupsToUserTags: boolean | undefined,
): SsoSpec {
  return {
    akto: { url: aktoUrl, accountId: aktoAccountId, syncGroupsToUserTags },
    okta: {
      domain,
      authorizationServerId: authServerId,
      createGroups: false,
      app: { label: undefined, clientId, assignments: [], initiateLogin: undefined },
      groupsClaim: undefined,
    },
    mapping,
  };
}

/** What Akto's SSO and the answers differ in, in words; empty when nothing of it can be seen to differ. */
export function differencesTo(sso: AktoSso, { clientId, authServerId, domain, aktoUrl }: Partial<Answers>): string {
  const pairs = [
    ["client id", sso.clientId, clientId],
    ["authorization server id", sso.authorisationServerId, authServerId],
    ["Okta domain", sso.oktaDomain, domain?.host],
    ["redirect URI", sso.redirectUri, aktoUrl === undefined ? undefined : redirectUri(aktoUrl)],
  ] as const;
  return listed(
    pairs
      .filter(([, there, here]) => here !== undefined && there !== here)
      .map(([what, there, here]) => `the ${what} is ${quoted(there)} there, ${quoted(here)} here`),
  );
}

/**
/**
 * Finds out whether the answers can be kept, before anything is written elsewhere: a secret of which there is none yet is
 * stored at once, which takes nothing from a profile that works.
 *
 * @throws Failure what the stores throw
 */
export async function prepareToKeep(
  context: Context,
  answers: Omit<Answers, "clientId" | "clientSecret"> & Partial<Pick<Answers, "clientId" | "clientSecret">>,
): Promise<void> {
  await (await context.profiles()).update((profile) => profile);
  const secrets = await context.secrets();
  const owners = ownersAt(answers);
  for (const name of secretNames) {
    const value = answers[name];
    if (value !== undefined && !(await secrets.get(name))) await secrets.set(name, { value, owner: owners[name] });
  }
}

/**
 * Keeps the answers: the settings in the profile, the secrets in the store, bound to them. What Akto has of the mapping is
 * taken over.
 * The draft of an interrupted setup is dropped.
 *
 * @param aktoProduct the product that calls to Akto name, where it isn't Akto's own default
 */
export async function keep(
  context: Context,
  answers: Answers,
  submission: Submission,
  aktoProduct: string | undefined,
): Promise<void> {
  const store = await context.profiles();
  sayDropped(context, await keepSecrets(await context.secrets(), await store.read(), answers, answers));
  await store.update(({ setup: _, issuer: __, origin: ___, aktoProduct: kept, replacing, ...before }) => ({
    ...before,
    ...(replacing && submission.kind === "local" ? { replacing } : {}),
    ...profileFrom(answers),
    ...(submission.kind === "local"
      ? kept !== undefined && { aktoProduct: kept }
      : {
          ...(aktoProduct !== undefined && { aktoProduct }),
          mapping: [...submission.sso.mapping],
          syncGroupsToUserTags: submission.sso.syncGroupsToUserTags,
          customRoles: submission.customRoles,
        }),
  }));
}

/** What to type into which field of the dashboard, in its order, for a setup without a key. Nothing secret is in it. */
export function whatToType({ clientId, authServerId, domain, tokenForAkto }: Answers): string {
  const connection = { clientId, authorisationServerId: authServerId, oktaDomain: domain.host };
  return [
    "In Akto: Settings → Integrations → Okta SSO",
    ...dashboardForm(connection, tokenForAkto !== undefined),
    "This tool keeps the secrets and does not show them.",
  ].join("\n");
}
