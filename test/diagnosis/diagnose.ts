/** Diagnoses a sandbox in this process, with the adapters that the program has. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext } from "../../src/context.ts";
import { catalogue } from "../../src/core/doctor/catalogue.ts";
import type { Outcome } from "../../src/core/doctor/check.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { runChecks, setupFacts } from "../../src/usecases/doctor/run.ts";
import { environment } from "../program.ts";

/** What `doctor` finds. `change` replaces variables of the run; an empty one counts as absent. */
export async function diagnose(
  sandbox: Sandbox,
  {
    change = {},
    organisationDomain,
  }: { change?: Record<string, string>; organisationDomain?: string | undefined } = {},
): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
  try {
    const context = createContext(
      {
        profile: "default",
        json: true,
        input: false,
        yes: false,
        quiet: true,
        debug: false,
        color: false,
        offline: false,
        secrets: "file",
      },
      { ...environment(folder, sandbox), ...change },
      new AbortController().signal,
    );
    const settings = await context.settings({});
    return await runChecks(setupFacts(context, settings, organisationDomain), catalogue);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The checks that are no pass and no skip, as `id` or, for a warning, `id?`. */
export function faults(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ check: { id, status } }) =>
    status === "fail" ? [id] : status === "warn" ? [`${id}?`] : [],
  );
}
