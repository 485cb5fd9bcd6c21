/** The end of a setup: into Akto when there is a key for it, and into the profile in any case. */
import type { AktoDashboard, AktoSso } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { clean, listed, quoted } from "../../core/text.ts";
import type { SecretName } from "../../store/types.ts";
import { type Answers, aktoSsoFrom, profileFrom } from "./answers.ts";

/** What became of the configuration in Akto. */
export type Submission =
  | { readonly kind: "created" | "unchanged"; readonly sso: AktoSso }
  /** There is no Akto API key, or `--offline`: nothing was sent. */
  | { readonly kind: "local" };

/**
 * Submits the answers to the dashboard and reads them back.
 *
 * @returns `unchanged` when Akto has just this configuration already; whether the secrets are the same can't be seen
 * @throws Failure `akto.sso_differs` when Akto has another Okta configuration: there is no update, see `sso apply`
 */
export async function submit(dashboard: AktoDashboard | null, answers: Answers): Promise<Submission> {
  if (!dashboard) return { kind: "local" };
  const wanted = aktoSsoFrom(answers);
  const present = await dashboard.fetchSso();
  if (!present) await dashboard.addSso(wanted);
  const sso = present ?? (await dashboard.fetchSso());
  if (!sso) {
    throw new Failure("unavailable", "akto.not_stored", "Akto took the configuration, but does not show it.", {
      hint: "Look at Settings → Integrations → Okta SSO, then run this again.",
    });
  }
  const different = (["clientId", "authorisationServerId", "oktaDomain", "redirectUri"] as const).filter(
    (field) => sso[field] !== wanted[field],
  );
  if (different.length > 0) {
    const details = different.map((field) => `${field} is ${quoted(sso[field])} there, ${quoted(wanted[field])} here`);
    throw new Failure("rule", "akto.sso_differs", `Akto has another Okta configuration: ${listed(details)}.`, {
      hint: "Akto can't change a configuration, only delete it (which signs everybody out) and add a new one: `akto-okta sso apply -f FILE` does that and keeps the mapping.",
    });
  }
  return { kind: present ? "unchanged" : "created", sso };
}

/**
 * Keeps the answers: the settings in the profile, the secrets in the store. What Akto has of the mapping is taken over.
 * The draft of an interrupted setup is dropped.
 */
export async function keep(context: Context, answers: Answers, submission: Submission): Promise<void> {
  const store = await context.profiles();
  const secrets = await context.secrets();
  const values = {
    clientSecret: answers.clientSecret,
    oktaToken: answers.oktaToken,
    aktoKey: answers.aktoKey,
  } satisfies Record<SecretName, string | undefined>;
  for (const name of Object.keys(values) as SecretName[]) {
    const value = values[name];
    if (value !== undefined) await secrets.set(name, value);
  }
  await store.update(({ setup: _, issuer: __, origin: ___, ...before }) => ({
    ...before,
    ...profileFrom(answers),
    ...(submission.kind === "local"
      ? {}
      : { mapping: [...submission.sso.mapping], syncGroupsToUserTags: submission.sso.syncGroupsToUserTags }),
  }));
}

/** What to type into which field of the dashboard, in its order, for a setup without a key. Nothing secret is in it. */
export function whatToType(answers: Answers): string {
  const { clientId, authServerId, domain, oktaToken } = answers;
  return [
    "In Akto: Settings → Integrations → Okta SSO",
    `  Client ID                ${clean(clientId)}`,
    "  Client Secret            the app's secret (kept by this tool, not shown)",
    `  Authorisation Server ID  ${clean(authServerId)}`,
    `  Domain Name              ${clean(domain.host)}`,
    `  API Token                ${oktaToken === undefined ? "leave it empty" : "the Okta API token (kept by this tool, not shown)"}`,
  ].join("\n");
}
