/** `doctor --fix`: offers what can be done by API, one by one, and checks again. */
import type { Context } from "../../context.ts";
import type { Outcome } from "../../core/doctor/check.ts";
import { describeFix, type Fix } from "../../core/doctor/fix.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { World } from "../world/world.ts";
import { applyFix } from "./apply-fix.ts";

/** What became of one fix. The JSON of `doctor --fix` holds them as they are. */
export interface Mended {
  /** The check that it is for. */
  readonly check: string;
  readonly change: string;
  readonly result: "done" | "declined" | "failed" | "not_asked";
  /** Why it failed. */
  readonly message?: string;
}

/** A look at everything: the facts, and what the checks made of them. */
export interface Look {
  readonly world: World;
  readonly outcomes: readonly Outcome[];
}

/**
 * Offers each fix once. After a round of changes everything is looked at again: what was mended may bring to light what
 * was hidden behind it.
 *
 * @param look looks at everything
 * @param dryRun offers nothing, so that no fix is asked for or made
 * @returns the last look's outcomes, and what became of each fix
 * @throws Failure `interrupted` from a question; what was done before it stays done, and was said
 */
export async function mend(
  context: Context,
  look: () => Promise<Look>,
  dryRun: boolean = false,
): Promise<{ outcomes: readonly Outcome[]; mended: readonly Mended[] }> {
  const mended: Mended[] = [];
  const offered = new Set<string>();
  for (;;) {
    const { world, outcomes } = await look();
    let changed = false;
    for (const { check, fix } of outcomes) {
      if (!fix || offered.has(JSON.stringify(fix))) continue;
      offered.add(JSON.stringify(fix));
      const outcome: Offered = dryRun
        ? { result: "not_asked" }
        : await offer(context, check.message, fix, () => applyFix(world, fix));
      mended.push({ check: check.id, change: describeFix(fix), ...outcome });
      changed ||= outcome.result === "done";
    }
    if (!changed) return { outcomes, mended };
  }
}

type Offered = Pick<Mended, "result" | "message">;

async function offer(
  { terminal, globals }: Context,
  fault: string,
  fix: Fix,
  apply: () => Promise<void>,
): Promise<Offered> {
  const change = describeFix(fix);
  if (!globals.yes && !terminal.interactive) return { result: "not_asked" };
  terminal.complain(new Failure("negative", "doctor.fault", fault));
  if (!globals.yes && !(await (await terminal.prompts(change)).yesNo(`${change}?`))) return { result: "declined" };
  try {
    await apply();
  } catch (error) {
    if (!canGoOn(error)) throw error;
    terminal.complain(error);
    return { result: "failed", message: error.message };
  }
  terminal.success(`Done: ${change}.`);
  return { result: "done" };
}
