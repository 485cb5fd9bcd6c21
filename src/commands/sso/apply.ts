import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { changesOf } from "../../core/plan.ts";
import { clean, count } from "../../core/text.ts";
import { declareConnection } from "../../settings.ts";
import { renderPlan } from "../../terminal/plan.ts";
import type { Progress } from "../../terminal/terminal.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { applyPlan, keepApplied, makePlan } from "../../usecases/provision/apply.ts";
import { openProvisioning, type ProvisionOptions } from "../../usecases/provision/connect.ts";
import { planDocument } from "../../usecases/provision/document.ts";
import { examples } from "../options.ts";
import { declareProvisioning } from "./plan.ts";

interface Options extends ProvisionOptions {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  declareProvisioning(command);
  command.option("--dry-run", "show what would be done, and do nothing");
  declareConnection(command, "okta", "oidc", "akto");
  examples(command, "sso apply", "sso apply -f akto-okta.yaml --yes", "sso apply --dry-run --json");
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal, signal } = context;
  const { spec, clients, secrets } = await openProvisioning(context, options, true);
  const planned = await terminal.during("Comparing …", () =>
    makePlan(spec, clients, { token: secrets.managementToken.change, replaceSso: options.replaceSso }),
  );
  const { plan } = planned;
  const document = planDocument(plan);
  if (options.dryRun) terminal.result(renderPlan(plan, terminal.style), document);
  else if (plan.steps.length > 0) terminal.note(renderPlan(plan, terminal.noteStyle));
  for (const warning of plan.warnings) terminal.warn(warning);
  if (options.dryRun) return;

  const changes = changesOf(plan);
  const question = `Do it (${count(changes.length, "change")})?`;
  if (plan.steps.length > 0 && !(await confirmed(context, question))) return terminal.note("Nothing was changed.");

  let progress: Progress | undefined;
  const applied = await applyPlan(planned, clients, {
    secrets,
    signal,
    onStep: async ({ title }) => {
      progress = await terminal.progress(title);
    },
    onDone: ({ title }) => {
      progress?.stop();
      terminal.success(title);
    },
  }).finally(() => progress?.stop());
  await keepApplied(planned, clients, applied);
  if (applied.clientSecret !== undefined) await (await context.secrets()).set("clientSecret", applied.clientSecret);

  const clientId = applied.clientId ?? null;
  terminal.result(
    changes.length === 0
      ? "Nothing to do: Okta and Akto are as the file says."
      : `Done: ${count(changes.length, "change")}. Okta and Akto are as the file says.`,
    { ...document, clientId },
  );
  if (clientId !== null && clientId !== spec.okta.app.clientId) {
    terminal.note(`The app's client id is ${clean(clientId)}: write it into the file as okta.app.clientId.`);
  }
}
