import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { clean, count, listed } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { carryOutRemoval, describeObject, describePlace, planRemoval } from "../../usecases/provision/remove.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly okta?: boolean;
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command.option("--okta", "also delete what this tool created in Okta, and nothing else");
  declareDryRun(command, "show what would be removed, without removing it");
  declareConnection(command, "okta", "akto");
  examples(command, "sso remove", "sso remove --okta --yes", "sso remove --okta --dry-run --json");
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const clients = {
    okta: options.okta ? await context.okta(settings) : null,
    akto: await context.aktoIfAny(settings, { evenWhenInterrupted: true }),
    profiles: await context.profiles(),
  };
  const place = { ...(await settings.sso()), ...(clients.akto && { aktoUrl: settings.aktoUrl }) };
  const removal = await terminal.during("Looking …", () => planRemoval(clients, place));
  const { sso, copied, objects, kept, unsettled, others } = removal;
  const document = {
    akto: { connected: clients.akto !== null, sso: sso !== null, mapped: sso?.mapping.size ?? 0 },
    okta: objects.map(({ kind, name, id }) => ({ kind, name, id })),
    kept: kept.map(({ object: { kind, name, id }, why }) => ({ kind, name, id, why })),
    others: others.map(({ kind, name, id, org = null }) => ({ kind, name, id, org })),
    removed: !options.dryRun,
  };
  const lines = [
    ...(sso
      ? [
          `Akto at ${clean(settings.aktoUrl)}: the Okta SSO with its mapping of ${count(sso.mapping.size, "group")}. Everybody is signed out.`,
        ]
      : []),
    ...(copied > 0 ? [`This profile: the mapping of ${count(copied, "group")}, which Akto doesn't have.`] : []),
    ...objects.map((object) => `Okta: the ${describeObject(object)}, which this tool created`),
  ];
  for (const { object, why } of kept) terminal.note(`The ${describeObject(object)} stays: ${why}.`);
  for (const object of others) {
    terminal.note(`The ${describeObject(object)} stays: it was created for ${describePlace(object)}.`);
  }
  if (options.okta && [objects, kept, others, unsettled].every(({ length }) => length === 0)) {
    terminal.note("This profile has no record of anything that this tool created in Okta: nothing is deleted there.");
  }
  if (unsettled.length > 0) {
    terminal.warn(
      `A run was interrupted while it was creating ${listed(unsettled.map((each) => `the ${describeObject(each)}`))} in Okta. To have that removed as well, first run that command again and let it finish.`,
    );
  }
  if (!clients.akto) {
    terminal.warn(
      "Without an API key, Akto can't be asked: remove the SSO there under Settings → Integrations → Okta SSO.",
    );
  }
  if (lines.length === 0) return terminal.result("There is nothing to remove.", { ...document, removed: false });
  const list = lines.map((line) => `  - ${line}`).join("\n");
  if (sso) {
    terminal.warn(
      "If Akto's plan allows sign-in through SSO only (SSO_ONLY_LOGIN), nobody can sign in after this until an SSO is set up again: stay signed in to Akto as an Admin, and keep the API key.",
    );
  }
  if (options.dryRun) return terminal.result(`To be removed:\n${list}`, document);

  terminal.note(`To be removed:\n${list}`);
  if (sso) terminal.note("`akto-okta sso export -o akto-okta.yaml` keeps a copy of it.");
  if (!(await confirmed(context, "Remove it?"))) return terminal.note("Nothing was removed.");
  const gone = await carryOutRemoval(removal, clients, place, await context.secrets(), (what) =>
    terminal.success(what),
  );
  terminal.result("Removed.", { ...document, gone: gone.map(({ kind, name, id }) => ({ kind, name, id })) });
}
