/** `doctor`: every check that can be made from here, side by side. */
import type { DoctorCheck, FactStates, Outcome } from "../../core/doctor/check.ts";
import type { Picture } from "../world/read.ts";

/**
 * Makes the checks, all at once.
 *
 * @param onOutcome is told each outcome as it comes
 * @returns the outcomes in the checks' order
 */
export function runChecks(
  picture: Picture,
  checks: readonly DoctorCheck[],
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
  return Promise.all(
    checks.map(async (check) => {
      const names = [...check.needs, ...check.wants];
      const states = await Promise.all(names.map(async (name) => [name, await picture[name]()] as const));
      const outcome = check.evaluate(Object.fromEntries(states) satisfies FactStates);
      onOutcome(outcome);
      return outcome;
    }),
  );
}
