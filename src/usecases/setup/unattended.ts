/** The setup without a question: what the wizard would ask comes from flags, the environment, files and the profile. */
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { differingFromSso } from "../../core/agreement.ts";
import { Failure } from "../../core/failure.ts";
import { changesOf } from "../../core/plan/plan.ts";
import { diffMappings, givenBy } from "../../core/roles/mapping.ts";
import { clean, listed, quoted } from "../../core/text.ts";
import type { Settings } from "../../settings/settings.ts";
import { renderReview } from "../../terminal/review.ts";
import { confirmed } from "../confirm.ts";
import { confirmWide } from "../mapping/wide.ts";
import { managementToken } from "../provision/connect.ts";
import { planDocument } from "../provision/document.ts";
import { type AktoPart, readAkto } from "./akto-part.ts";
import { carryOut, type SetUp } from "./carry-out.ts";
import { type Intent, mappingOf, planOf, presentMapping, type SetupOptions } from "./intent.ts";
import { reviewOf } from "./review.ts";
import { reviewedEffects } from "./review-effects.ts";
import { appAsGiven, appToMake, orgOf } from "./unattended-okta.ts";
import { checkSignIn, demandSignIns } from "./verify.ts";

/**
 * Does what the settings and the flags ask for.
 *
 * @returns `null` where it ended with the review, because of `--dry-run`
 * @throws Failure `input.missing` that names everything that is missing; `akto.sso_differs`, `okta.no_sign_ins` and
 *   `input.confirmation_needed`, before anything is written; whatever a check finds; and what `carryOut` throws
 */
export async function setUpUnattended(
  context: Context,
  settings: Settings,
  options: SetupOptions,
): Promise<SetUp | null> {
  const { terminal } = context;
  const { dryRun = false } = options;
  const intent = await intentFrom(context, settings, options);
  const differs = differencesTo(intent);
  if (differs !== "" && !intent.replaceSso && !dryRun) throw ssoDiffers(differs);
  const { akto, app, byHand } = intent;
  if (!byHand) await demandSignIns(context, { ...intent, aktoUrl: akto.url, clientId: app.clientId });

  const planned = await terminal.during("Comparing …", () => planOf(context, intent));
  const { plan } = planned;
  const effects = await reviewedEffects(context, intent, planned, dryRun);
  const places = [...(await reviewOf(context, intent, planned)), ...effects.places];
  if (dryRun) terminal.result(renderReview(places, terminal.style), planDocument(plan));
  const replaces = plan.steps.some(({ action }) => action.kind === "replace");
  const asks = replaces || changesOf(plan).some(({ system }) => system === "okta");
  if (asks && !dryRun) terminal.note(renderReview(places, terminal.noteStyle));
  for (const warning of [...plan.warnings, ...effects.warnings]) terminal.warn(clean(warning, 1000));
  if (dryRun) {
    if (replaces && !intent.replaceSso) {
      terminal.warn("Akto has a different Okta configuration: without --replace-sso, the setup stops there.");
    }
    return null;
  }
  if (asks) await confirmed(context, "Do all of this?");
  return carryOut(context, settings, intent, planned, async (answers) => {
    // What was given was looked at before.
    if (!byHand) await checkSignIn(context, answers);
  });
}

/** What the wizard's answers come to, by the settings and the flags. Nothing is written but what `--add-redirect-uri` asks for. */
async function intentFrom(context: Context, settings: Settings, options: SetupOptions): Promise<Intent> {
  const token = await managementToken(context, options);
  const dashboard = await context.aktoIfAny(settings);
  const akto: AktoPart = {
    url: settings.aktoUrl,
    accountId: settings.aktoAccountId,
    key: dashboard ? ((await settings.secret("aktoKey")) ?? null) : null,
    dashboard,
    ...(dashboard ? await readAkto(dashboard) : { sso: null, customRoles: null }),
  };
  const present = await presentMapping(context, akto);
  const mapping = options.mapping === undefined ? present : await mappingOf(context, options.mapping, akto);
  const changes = diffMappings(present, mapping);
  if (!options.dryRun) {
    await confirmWide(context, await orgOf(context, settings), givenBy(changes), akto.customRoles);
  }
  const decided = {
    akto,
    issuer: settings.issuerOverride,
    mapping,
    changes,
    createGroups: options.createGroup ?? [],
    token,
    syncTags: options.syncTags,
    replaceSso: options.replaceSso ?? false,
  };
  return options.createApp
    ? { ...decided, ...(await appToMake(context, settings, options, decided)) }
    : { ...decided, ...(await appAsGiven(context, settings, options, akto)) };
}

/** What Akto's SSO and the intent differ in, in words; empty where Akto has none, or one that the intent fits. */
function differencesTo({ akto: { sso, url }, app, authServerId, domain, byHand }: Intent): string {
  if (!sso) return "";
  if (!byHand && app.clientSecret === null && app.clientId === sso.clientId) {
    return `it signs in with the app ${clean(sso.clientId)}, which the org does not have`;
  }
  const here = { clientId: app.clientId, authServerId, domain: domain.host, redirectUri: redirectUri(url) };
  return listed(
    differingFromSso(sso, here).map(
      ({ what, akto, here }) => `the ${what} is ${quoted(akto)} there, ${quoted(here)} here`,
    ),
  );
}

/** The failure of an intent that Akto could only take in place of what it has. */
function ssoDiffers(differences: string): Failure {
  return new Failure("rule", "akto.sso_differs", `Akto has a different Okta configuration: ${differences}.`, {
    hint: "Akto can't change a configuration, only delete it (which signs everybody out) and add a new one: --replace-sso does that and keeps the mapping, and so does `akto-okta sso apply -f FILE`.",
  });
}
