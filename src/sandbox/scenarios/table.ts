/** The named scenarios: each is one way in which a setup goes wrong. */
import { Failure } from "../../core/failure.ts";
import { suggestNames } from "../../core/similar.ts";
import { quoted } from "../../core/text.ts";
import { aktoScenarios } from "./akto.ts";
import type { Scenario } from "./change.ts";
import { oktaScenarios } from "./okta.ts";
import { recordedScenarios } from "./recorded.ts";

export { configured, type Scenario } from "./change.ts";

/** Every scenario; the first has nothing wrong. */
export const scenarios: readonly Scenario[] = [...aktoScenarios, ...oktaScenarios, ...recordedScenarios];

/**
 * The scenario of this name.
 *
 * @throws Failure `sandbox.scenario_unknown`
 */
export function findScenario(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found) return found;
  const [meant] = suggestNames(
    name,
    scenarios.map((scenario) => scenario.name),
    1,
  );
  throw new Failure("usage", "sandbox.scenario_unknown", `There is no scenario ${quoted(name)}.`, {
    hint: meant ? `Did you mean ${quoted(meant.name)}?` : "`akto-okta sandbox --list-scenarios` lists them.",
  });
}
