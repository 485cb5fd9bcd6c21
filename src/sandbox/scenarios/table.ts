/** The named scenarios: each one way in which a set-up goes wrong, over the seed. */
import { Failure } from "../../core/failure.ts";
import { quoted } from "../../core/text.ts";
import type { WholeSeed } from "../seed.ts";

/** A scenario. */
export interface Scenario {
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  readonly apply: (seed: WholeSeed) => WholeSeed;
}

/** Every scenario. */
export const scenarios: readonly Scenario[] = [];

/**
 * The scenario of this name.
 *
 * @throws Failure `sandbox.scenario_unknown`
 */
export function findScenario(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new Failure("usage", "sandbox.scenario_unknown", `There is no scenario ${quoted(name)}.`, {
    hint: "akto-okta sandbox --list-scenarios shows which there are.",
  });
}
