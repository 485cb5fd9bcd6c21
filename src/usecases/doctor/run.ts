/** `doctor`: every check that can be made from here, side by side. */
import type { Context } from "../../context.ts";
import type { DoctorCheck, FactStates, Outcome } from "../../core/doctor/check.ts";
import type { Settings } from "../../settings.ts";
import { type AktoFacts, aktoFacts } from "./akto-facts.ts";
import { type OktaFacts, oktaFacts } from "./okta-facts.ts";
import { peopleFacts } from "./people-facts.ts";
import { signInFacts } from "./sign-in-facts.ts";
import { type FactSource, factSource } from "./source.ts";

/** The facts of a setup, and the two systems that they come from. */
export interface Diagnosis extends FactSource {
  readonly akto: AktoFacts;
  readonly okta: OktaFacts;
}

/** The facts of a setup, gathered as they are asked for. */
export function setupFacts(context: Context, settings: Settings, organisationDomain: string | undefined): Diagnosis {
  const akto = aktoFacts(context, settings, organisationDomain);
  const okta = oktaFacts(context, settings, akto);
  const gatherers = { ...akto, ...signInFacts(context, settings, akto), ...okta, ...peopleFacts(okta, akto) };
  return { ...factSource(gatherers), akto, okta };
}

/**
 * Makes the checks, all at once.
 *
 * @param onOutcome is told each outcome as it comes
 * @returns the outcomes in the checks' order
 */
export function runChecks(
  source: FactSource,
  checks: readonly DoctorCheck[],
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
  return Promise.all(
    checks.map(async (check) => {
      const names = [...check.needs, ...check.wants];
      const states = await Promise.all(names.map(async (name) => [name, await source.state(name)] as const));
      const outcome = check.evaluate(Object.fromEntries(states) satisfies FactStates);
      onOutcome(outcome);
      return outcome;
    }),
  );
}
