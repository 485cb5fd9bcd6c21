import type { Command } from "commander";
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import type { Mapping } from "../../core/model/akto.ts";
import { diffMappings, mappingRows } from "../../core/roles/mapping.ts";
import { describeStarts, startsOf } from "../../core/start.ts";
import { clean, count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection, type Settings } from "../../settings.ts";
import { renderReview } from "../../terminal/review.ts";
import { sayAffected } from "../../usecases/mapping/affected.ts";
import { readMappingFile } from "../../usecases/mapping/file.ts";
import { notInAktoYet, openMapping } from "../../usecases/mapping/mapping.ts";
import { confirmWide } from "../../usecases/mapping/wide.ts";
import { type AktoChangeOptions, managementToken } from "../../usecases/provision/connect.ts";
import { planDocument } from "../../usecases/provision/document.ts";
import type { Answers } from "../../usecases/setup/answers.ts";
import { finish } from "../../usecases/setup/finish.ts";
import type { AppOptions } from "../../usecases/setup/okta-app.ts";
import { rehearseSetup } from "../../usecases/setup/rehearse.ts";
import type { Submission } from "../../usecases/setup/submit.ts";
import { answersFromSettings, answersWithApp, verifyAnswers } from "../../usecases/setup/unattended.ts";
import { runWizard } from "../../usecases/setup/wizard.ts";
import { examples } from "../options.ts";
import { declareAktoChanges } from "./plan.ts";

interface Options extends ConnectionOptions, AppOptions, AktoChangeOptions {
  readonly mapping?: string;
  readonly createApp?: boolean;
  readonly addRedirectUri?: boolean;
  readonly dryRun?: boolean;
  readonly syncTags?: boolean;
}

export function declare(command: Command): void {
  command
    .option("--mapping <file>", "the mapping to set, as `mapping import` reads it")
    .option("--create-app", "create or repair the app, the groups claim, and the access policy in Okta by API")
    .option("--add-redirect-uri", "add Akto's redirect URI to the app in Okta, by API, where it lacks it")
    .option("--app-label <label>", "the app's label (a new app: Akto)")
    .option("--assign <group...>", "the groups whose members may sign in (a new app: Everyone)")
    .option("--create-group <name...>", "groups to make in Okta first, where it lacks them")
    .option("--initiate-login", "let users start the sign-in from Okta's own dashboard")
    .option("--no-initiate-login", "don't let them start it there")
    .option("--sync-tags", "turn Akto's setting syncGroupsToUserTags on; it needs an Okta API token that Akto stores")
    .option("--no-sync-tags", "turn it off")
    .option("--dry-run", "show what would be done, and do nothing");
  declareAktoChanges(command);
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "sso setup",
    "sso setup --profile staging",
    "sso setup --no-input --create-app --dry-run",
    "sso setup --no-input --yes --create-app --domain acme.okta.com \\\n      --okta-token-file token.txt --mapping mapping.yaml",
    "sso setup --no-input --domain acme.okta.com \\\n      --auth-server-id default --client-id 0oa1abcd2EFGHIJKL3m4 \\\n      --client-secret-file secret.txt",
    "sso setup --no-input --yes --replace-sso \\\n      --client-secret-file new-secret.txt",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const settings = await context.settings(options);
  if (!context.terminal.interactive || context.globals.yes) return unattended(context, settings, options);

  const { terminal } = context;
  const done = await runWizard(context, settings, options);
  if (!done) return;
  // From here on the profile holds what was answered.
  const kept = await context.settings(options);
  terminal.note();
  await summary(context, kept, done.answers, done.submission);
  await sayAffected(context, kept, done.mapped);
  const prompts = await terminal.prompts("A login test");
  if (await prompts.yesNo("Try a sign-in now and see the role?", true)) {
    const { run: loginTest } = await import("../login/test.ts");
    await loginTest(context, { ...options, timeout: 120 });
  } else terminal.note("Try it any time: akto-okta login test");
}

async function unattended(context: Context, settings: Settings, options: Options): Promise<void> {
  const token = await managementToken(context, options);
  const dashboard = await context.aktoIfAny(settings);
  let wanted: Mapping = new Map();
  if (options.mapping !== undefined) {
    const customRoles = (await dashboard?.customRoles()) ?? null;
    wanted = await readMappingFile(options.mapping, { customRoles, trustUnknown: dashboard === null });
    const entries = Array.from(wanted, ([group, role]) => ({ group, role }));
    if (!options.dryRun && !(await confirmWide(context, await context.oktaIfAny(settings), entries, customRoles)))
      throw declined();
  }
  if (options.dryRun) {
    return rehearsed(
      context,
      settings,
      { ...options, token },
      dashboard,
      options.mapping === undefined ? undefined : wanted,
    );
  }
  const answers = options.createApp
    ? await answersWithApp(context, settings, { ...options, token }, dashboard, [...wanted.keys()])
    : await answersFromSettings(context, settings);
  if (!answers) throw declined("Without the app there is nothing to submit.");
  await verifyAnswers(context, settings, answers, options);
  const submission = await finish(context, settings, answers, { ...options, token });
  const kept = await context.settings(options);
  if (options.mapping !== undefined) await importMapping(context, kept, options.mapping);
  await summary(context, kept, answers, submission);
}

/** What would be done, and nothing of it done. */
async function rehearsed(
  context: Context,
  settings: Settings,
  options: Parameters<typeof rehearseSetup>[2],
  dashboard: AktoDashboard | null,
  wanted: Mapping | undefined,
): Promise<void> {
  const { terminal } = context;
  const { review, planned } = await rehearseSetup(context, settings, options, dashboard, wanted);
  const { okta, akto, here, warnings } = review;
  terminal.result(renderReview([okta, akto, here], terminal.style), planDocument(planned.plan));
  for (const warning of warnings) terminal.warn(clean(warning, 1000));
  if (planned.plan.steps.some(({ action }) => action.kind === "replace") && !options.replaceSso) {
    terminal.warn("Akto has another Okta configuration: without --replace-sso the setup ends there.");
  }
  terminal.note("Nothing was written: --dry-run was given.");
}

function declined(hint?: string): Failure {
  return new Failure("usage", "input.declined", "Nothing was changed.", { hint });
}

async function importMapping(context: Context, settings: Settings, file: string): Promise<void> {
  const access = await openMapping(context, settings);
  const wanted = await readMappingFile(file, {
    customRoles: access.customRoles,
    trustUnknown: access.customRoles === null,
  });
  const changed = diffMappings(access.mapping, wanted).map(({ group }) => group);
  if (changed.length > 0) await access.change(() => wanted);
  context.terminal.success(`The mapping is as ${clean(file)} says: ${count(wanted.size, "group")}.`);
  await sayAffected(context, settings, changed);
  notInAktoYet(context, access.source, "enter the same.");
}

async function summary(context: Context, settings: Settings, answers: Answers, submission: Submission): Promise<void> {
  const { source, mapping } = await openMapping(context, settings);
  const { aktoUrl, aktoAccountId, domain, authServerId, clientId } = answers;
  const starts = startsOf(aktoUrl, aktoAccountId);
  const text = [
    `Okta sign-in is set up for ${clean(aktoUrl)}:`,
    `  ${clean(domain.host)}, authorization server ${clean(authServerId)}, ${count(mapping.size, "group")} mapped.`,
    "Users start a sign-in at one of:",
    ...describeStarts(starts).map((line) => `  ${line}`),
  ].join("\n");
  context.terminal.result(text, {
    akto: {
      url: aktoUrl,
      accountId: aktoAccountId ?? null,
      submitted: submission.kind,
      ...(submission.kind === "local" ? {} : { managementToken: submission.token.state }),
    },
    okta: { domain: domain.host, authorizationServerId: authServerId, clientId },
    redirectUri: redirectUri(aktoUrl),
    ssoLoginUrl: starts.byEmail,
    initiateLoginUri: starts.byAccount,
    source,
    mapping: mappingRows(mapping),
  });
}
