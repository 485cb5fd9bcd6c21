import type { Command } from "commander";
import type { Context } from "../context.ts";
import { selectChecks } from "../core/doctor/catalog.ts";
import type { Outcome } from "../core/doctor/check.ts";
import { describeFix } from "../core/doctor/fix.ts";
import { meansWords } from "../core/doctor/means.ts";
import { Failure } from "../core/failure.ts";
import { count, listed } from "../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../settings/definitions.ts";
import { renderDoctor } from "../terminal/doctor.ts";
import { type Mended, mend } from "../usecases/doctor/mend.ts";
import { runChecks } from "../usecases/doctor/run.ts";
import { createWorld } from "../usecases/world/world.ts";
import { declareDryRun, declareOutput, examples, type ListOptions } from "./options.ts";

interface Options extends ConnectionOptions, ListOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly list?: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly organizationDomain?: string;
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
    .option("--only <ids>", "run only these checks, separated by commas", ids)
    .option("--skip <ids>", "skip these checks, separated by commas", ids)
    .option("--fix", "offer to fix what can be fixed by API, one by one, then check again")
    .option("--list", "list the checks and what each one needs, without running any")
    .option("--organization-domain <domain>", "the Akto account's email domain, if its team doesn't show it");
  declareDryRun(command, "with --fix: show what would be fixed, without fixing it");
  declareOutput(command);
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "doctor",
    "doctor --only redirect-uri,pkce",
    "doctor --skip akto-token --json",
    "doctor --fix",
    "doctor --fix --dry-run",
    "doctor --list",
  );
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
          { head: "NEEDS", cell: ({ needs }) => needs.map((means) => meansWords[means]).join(", "), wraps: true },
          { head: "IS RIGHT WHEN", cell: ({ title }) => title, wraps: true },
        ],
        document: { checks: rows },
        record: ({ needs, ...row }) => ({ ...row, needs: needs.join(" ") }),
        keys: ["id", "title", "remedy", "needs"],
        footer: `${count(rows.length, "check")}. Those that need nothing run without any token.`,
      },
      options.output,
    );
    return;
  }

  const settings = await context.settings(options);
  const look = async () => {
    // Anew for each look: what was mended is to be seen.
    const world = createWorld(context, settings, options.organizationDomain);
    const list = await terminal.liveList("Checking", checks);
    try {
      const outcomes = await runChecks(world, checks, ({ check }) => list.mark(check.id, check.status));
      return { world, outcomes };
    } finally {
      list.stop();
    }
  };
  const { outcomes, mended } = options.fix
    ? await mend(context, look, options.dryRun ?? false)
    : { ...(await look()), mended: [] };

  if (mended.some(({ result }) => result !== "not_asked")) terminal.note();
  const made = outcomes.map(({ check }) => check);
  const failed = made.filter(({ status }) => status === "fail").map(({ id }) => id);
  const nothing = made.every(({ status }) => status === "skip");
  terminal.result(renderDoctor(made, terminal.style), {
    ok: failed.length === 0 && !nothing,
    looked: made.filter(({ status }) => status !== "skip").length,
    of: made.length,
    checks: outcomes.map(({ check, fix }) => (fix ? { ...check, fix: describeFix(fix) } : check)),
    ...(options.fix ? { fixes: mended } : {}),
  });
  tellFixes(context, options, options.fix ? mended : null, outcomes);
  if (nothing) {
    throw new Failure("usage", "doctor.nothing_checked", "None of the checks could be run.", {
      hint: "The list above says what each of them needs. `akto-okta sso setup` saves it in a profile.",
    });
  }
  if (failed.length > 0) {
    // How many they are stands at the end of the report.
    throw new Failure("negative", "doctor.problems", `Failed: ${listed(failed)}.`, {
      hint: "The line under each failed check says how to fix it.",
    });
  }
}

/** What `--fix` would do, or could not do for want of somebody to ask. */
function tellFixes(
  { terminal }: Context,
  { dryRun = false }: Options,
  mended: readonly Mended[] | null,
  outcomes: readonly Outcome[],
): void {
  const unasked = mended?.filter(({ result }) => result === "not_asked") ?? [];
  if (unasked.length > 0) {
    const changes = unasked.map(({ change }) => `\n  ${change}`).join("");
    if (dryRun) terminal.note(`These changes would be offered:${changes}`);
    else {
      terminal.warn(
        `Nothing was changed, because nobody can be asked here. With --yes, these changes would be made:${changes}`,
      );
    }
  }
  if (mended?.length === 0 && outcomes.some(({ check: { status } }) => status === "fail" || status === "warn")) {
    terminal.note("--fix can change none of this: the line under each check says what to do.");
  }
  const fixable = outcomes.filter(({ fix }) => fix).map(({ check }) => check.id);
  if (mended === null && fixable.length > 0) {
    terminal.note(`\`akto-okta doctor --fix\` offers to fix ${listed(fixable)}.`);
  }
}
