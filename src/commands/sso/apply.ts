import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { changesOf } from "../../core/plan/plan.ts";
import { clean, count } from "../../core/text.ts";
import { declareConnection } from "../../settings/definitions.ts";
import { asTheFileSays, renderPlan } from "../../terminal/plan.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { applyPlan, keepApplied } from "../../usecases/provision/apply.ts";
import { openProvisioning, type ProvisionOptions, planFile } from "../../usecases/provision/connect.ts";
import { planDocument } from "../../usecases/provision/document.ts";
import { sayDropped } from "../../usecases/provision/kept-secrets.ts";
import { shownSteps } from "../../usecases/provision/shown-steps.ts";
import { declareDryRun, examples } from "../options.ts";
import { declareProvisioning } from "./plan.ts";

interface Options extends ProvisionOptions {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  declareProvisioning(command);
  declareDryRun(command, "show what would be done, without doing it");
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "sso apply",
    "sso apply -f akto-okta.yaml --yes",
    "sso apply --dry-run --json",
    "sso apply --management-token-file token.txt   # Akto gets a token",
    "sso apply --replace-sso --client-secret-file new-secret.txt",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const { spec, clients, secrets } = await openProvisioning(context, options, true);
  const planned = await terminal.during("Comparing …", () => planFile({ spec, clients, secrets }, options));
  const { plan } = planned;
  const document = planDocument(plan);
  if (options.dryRun) terminal.result(renderPlan(plan, terminal.style), document);
  else if (plan.steps.length > 0) terminal.note(renderPlan(plan, terminal.noteStyle));
  for (const warning of plan.warnings) terminal.warn(warning);
  if (options.dryRun) return;

  const changes = changesOf(plan);
  const question = `Apply ${count(changes.length, "change")}?`;
  if (plan.steps.length > 0 && !(await confirmed(context, question))) return terminal.note("Nothing was changed.");

  const applied = await applyPlan(planned, clients, { secrets, ...shownSteps(context) });
  const dropped = await keepApplied(planned, clients, applied, await context.secrets());

  const clientId = applied.clientId ?? null;
  terminal.result(
    changes.length === 0
      ? `Nothing to do: ${asTheFileSays(plan)}`
      : `Done: ${count(changes.length, "change")}. ${asTheFileSays(plan)}`,
    { ...document, clientId },
  );
  sayDropped(context, dropped);
  if (clientId !== null && clientId !== spec.okta.app.clientId) {
    terminal.note(`The app's client id is ${clean(clientId)}: put it in the file as okta.app.clientId.`);
  }
}
