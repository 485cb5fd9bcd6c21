import { type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { toJson } from "../../core/json.ts";
import { changesOf, type Plan } from "../../core/plan/plan.ts";
import { specFileName } from "../../core/plan/spec.ts";
import { clean } from "../../core/text.ts";
import { declareConnection } from "../../settings/definitions.ts";
import { renderPlan } from "../../terminal/plan.ts";
import {
  fileOf,
  managementTokenVariable,
  openProvisioning,
  type ProvisionOptions,
  planFile,
} from "../../usecases/provision/connect.ts";
import { planDocument } from "../../usecases/provision/document.ts";
import { examples } from "../options.ts";

interface Options extends ProvisionOptions {
  readonly detailedExitcode?: boolean;
  readonly output?: "text" | "json" | "markdown";
}

export function declare(command: Command): void {
  declareProvisioning(command);
  command
    .option("--detailed-exitcode", "exit with 6 if anything differs")
    .addOption(
      new Option("-o, --output <format>", "how to print the plan; markdown is for a comment on a pull request").choices(
        ["text", "json", "markdown"],
      ),
    );
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "sso plan",
    "sso plan -f akto-okta.yaml --detailed-exitcode",
    "sso plan --output markdown > plan.md",
    "sso plan --json",
  );
}

/** The flags that `plan` and `apply` share. */
export function declareProvisioning(command: Command): void {
  command.option("-f, --file <path>", `the file that holds the SSO, - for standard input (default: "${specFileName}")`);
  declareAktoChanges(command);
}

/** The flags about what Akto can't change or never shows. */
export function declareAktoChanges(command: Command): void {
  command
    .option(
      "--management-token-file <path>",
      `file that holds the Okta API token for Akto to store (env ${managementTokenVariable}: only if Akto has none)`,
    )
    .option("--remove-management-token", "remove the Okta API token from Akto")
    .option(
      "--replace-sso",
      "remove the SSO from Akto and add it again, to change it or to give it a new client secret",
    );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const provisioning = await openProvisioning(context, options, false);
  const { plan } = await terminal.during("Comparing …", () => planFile(provisioning, options));
  await print(context, options, plan);
  for (const warning of plan.warnings) terminal.warn(warning);
  const changes = changesOf(plan);
  if (options.detailedExitcode && changes.length > 0) {
    // How much it differs stands at the end of the plan.
    throw new Failure("negative", "plan.changes", `The SSO differs from ${clean(fileOf(options))}.`, {
      hint: "`akto-okta sso apply` with the same file makes the SSO match it.",
    });
  }
}

async function print({ terminal, redaction }: Context, options: Options, plan: Plan): Promise<void> {
  const { output } = options;
  if (output === "markdown" && !terminal.json) {
    const { planMarkdown } = await import("../../terminal/plan-markdown.ts");
    return terminal.line(planMarkdown(plan, fileOf(options), (text) => redaction.redact(text)));
  }
  const document = planDocument(plan);
  if (output === "json") return terminal.data(toJson(document, 2), document);
  terminal.result(renderPlan(plan, terminal.style), document);
}
