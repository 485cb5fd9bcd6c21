import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { mappingRows } from "../../core/roles/mapping.ts";
import { describeStarts, startsOf } from "../../core/start.ts";
import { clean, count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import { impatientWorld, sayEffects } from "../../usecases/mapping/effects.ts";
import { openMapping } from "../../usecases/mapping/mapping.ts";
import type { SetUp } from "../../usecases/setup/carry-out.ts";
import type { SetupOptions } from "../../usecases/setup/intent.ts";
import { setUpUnattended } from "../../usecases/setup/unattended.ts";
import { runWizard } from "../../usecases/setup/wizard.ts";
import { declareDryRun, examples } from "../options.ts";
import { declareAktoChanges } from "./plan.ts";

type Options = ConnectionOptions & SetupOptions;

export function declare(command: Command): void {
  command
    .option("--mapping <file>", "the mapping to set, as `mapping import` reads it")
    .option("--create-app", "create or repair the app, the groups claim, and the access policy in Okta by API")
    .option("--add-redirect-uri", "add Akto's redirect URI to the app in Okta by API, if it's missing")
    .option("--app-label <label>", "the app's label (a new app: Akto)")
    .option("--assign <group...>", "the groups whose members may sign in (a new app: Everyone)")
    .option("--create-group <name...>", "groups to create in Okta first, if they don't exist")
    .option("--initiate-login", "let users start a sign-in from Okta's dashboard")
    .option("--no-initiate-login", "don't let users start a sign-in there")
    .option("--sync-tags", "turn on Akto's setting syncGroupsToUserTags, which needs an Okta API token stored in Akto")
    .option("--no-sync-tags", "turn it off");
  declareDryRun(command, "show what would be done, without doing it");
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
  const { terminal, globals } = context;
  const asks = terminal.interactive && !globals.yes;
  const done = await (asks ? runWizard : setUpUnattended)(context, await context.settings(options), options);
  if (!done) return;
  // From here on the profile holds what was answered.
  const kept = await context.settings(options);
  if (asks) terminal.note();
  await summary(context, kept, done);
  await sayEffects(context, impatientWorld(context, kept), done.mapping, "Whose role changes:");
  if (!asks) return;
  const prompts = await terminal.prompts("A login test");
  if (await prompts.yesNo("Try a sign-in now and see the role?", true)) {
    const { run: loginTest } = await import("../login/test.ts");
    await loginTest(context, { ...options, timeout: 120 });
  } else terminal.note("Try it any time with `akto-okta login test`.");
}

async function summary(context: Context, settings: Settings, { answers, submission }: SetUp): Promise<void> {
  const { source, mapping } = await openMapping(context, settings);
  const { aktoUrl, aktoAccountId, domain, authServerId, clientId } = answers;
  const starts = startsOf(aktoUrl, aktoAccountId);
  const local = submission.kind === "local";
  const text = [
    local
      ? `The settings for ${clean(aktoUrl)} are saved here; what Akto has is as it was:`
      : `Okta sign-in is set up for ${clean(aktoUrl)}:`,
    `  ${clean(domain.host)}, authorization server ${clean(authServerId)}, ${count(mapping.size, "group")} mapped.`,
    local ? "Once they are in Akto, users can start a sign-in at:" : "Users can start a sign-in at:",
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
