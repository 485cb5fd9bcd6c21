/** Diagnoses a sandbox in this process, with the adapters that the program has. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, createContext } from "../../../src/context.ts";
import { catalog } from "../../../src/core/doctor/catalog.ts";
import type { Outcome } from "../../../src/core/doctor/check.ts";
import type { Profile } from "../../../src/core/model/profile.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import type { Settings } from "../../../src/settings/settings.ts";
import { mend } from "../../../src/usecases/doctor/mend.ts";
import { runChecks } from "../../../src/usecases/doctor/run.ts";
import { createWorld } from "../../../src/usecases/world/world.ts";
import { environment } from "../../program.ts";

/** How a sandbox is looked at. */
export interface DiagnoseOptions {
  /** Replaces variables of the run; an empty one counts as absent. */
  readonly change?: Readonly<Record<string, string>>;
  readonly organizationDomain?: string | undefined;
  /** What the profile holds. */
  readonly profile?: Profile;
}

/** The context and the settings of a run of the program, with all that connects it to the sandbox. */
export async function visiting<Result>(
  sandbox: Sandbox,
  { change = {}, profile = {} }: DiagnoseOptions,
  work: (context: Context, settings: Settings) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
  try {
    const context = createContext(
      {
        profile: "default",
        json: true,
        input: false,
        yes: true,
        quiet: true,
        debug: false,
        color: false,
        offline: false,
        secrets: "file",
      },
      { ...environment(folder, sandbox), ...change },
      new AbortController().signal,
      { out: () => {}, err: () => {} },
    );
    await (await context.profiles()).update(() => profile);
    return await work(context, await context.settings({}));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `doctor` finds. */
export function diagnose(sandbox: Sandbox, options: DiagnoseOptions = {}): Promise<readonly Outcome[]> {
  return visiting(sandbox, options, (context, settings) =>
    runChecks(createWorld(context, settings, options.organizationDomain), catalog),
  );
}

/** What `doctor --fix --yes` changes, and finds afterwards. */
export function diagnoseAndMend(sandbox: Sandbox, options: DiagnoseOptions = {}) {
  return visiting(sandbox, options, (context, settings) =>
    mend(context, async () => {
      const world = createWorld(context, settings, options.organizationDomain);
      return { world, outcomes: await runChecks(world, catalog) };
    }),
  );
}

/** The checks that are no pass and no skip, as `id` or, for a warning, `id?`. */
export function faults(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ check: { id, status } }) =>
    status === "fail" ? [id] : status === "warn" ? [`${id}?`] : [],
  );
}
