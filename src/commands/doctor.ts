import type { Command } from "commander";
import type { Context } from "../context.ts";
import { catalogue, selectChecks } from "../core/doctor/catalogue.ts";
import { meansWords } from "../core/doctor/facts.ts";
import { Failure } from "../core/failure.ts";
import { count, listed } from "../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../settings.ts";
import { renderDoctor } from "../terminal/doctor.ts";
import { runChecks, setupFacts } from "../usecases/doctor/run.ts";
import { declareOutput, examples, type ListOptions } from "./options.ts";

interface Options extends ConnectionOptions, ListOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly list?: boolean;
  readonly organisationDomain?: string;
}

const ids = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== ""),
];

export function declare(command: Command): void {
  command
    .option("--only <ids>", "make these checks alone, separated by commas", ids)
    .option("--skip <ids>", "leave these checks out, separated by commas", ids)
    .option("--list", "list the checks and what each needs, and make none")
    .option("--organisation-domain <domain>", "the Akto account's e-mail domain, where it can't be told from its team");
  declareOutput(command);
  declareConnection(command, "okta", "oidc", "akto");
  examples(command, "doctor", "doctor --only redirect-uri,pkce", "doctor --skip akto-token --json", "doctor --list");
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const checks = selectChecks(options.only ?? [], options.skip ?? []);
  if (options.list) {
    const rows = checks.map(({ id, title, means, remedy }) => ({ id, title, needs: means, remedy }));
    await terminal.list(
      {
        rows,
        columns: [
          { head: "CHECK", cell: ({ id }) => id },
          { head: "NEEDS", cell: ({ needs }) => listed(needs.map((means) => meansWords[means])) },
          { head: "IS RIGHT WHEN", cell: ({ title }) => title },
        ],
        document: { checks: rows },
        record: ({ needs, ...row }) => ({ ...row, needs: needs.join(" ") }),
        keys: ["id", "title", "remedy", "needs"],
        footer: `${count(rows.length, "check")}. Those that need nothing are made without any token.`,
      },
      options.output,
    );
    return;
  }

  const settings = await context.settings(options);
  let done = 0;
  const outcomes = await terminal.during(`Checking … 0 of ${checks.length}`, (progress) =>
    runChecks(setupFacts(context, settings, options.organisationDomain), checks, () => {
      done += 1;
      progress.update(`Checking … ${done} of ${checks.length}`);
    }),
  );
  const made = outcomes.map(({ check }) => check);
  const failed = made.filter(({ status }) => status === "fail").length;
  terminal.result(renderDoctor(made, terminal.style), { ok: failed === 0, checks: made });
  if (failed > 0) {
    throw new Failure("negative", "doctor.problems", `${count(failed, "check")} of ${catalogue.length} failed.`, {
      hint: "Each failed check above has its remedy under it.",
    });
  }
}
