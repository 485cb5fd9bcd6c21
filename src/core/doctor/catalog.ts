/** Every check of `doctor`, in the order in which they are told: from the addresses inwards to the people. */
import { Failure } from "../failure.ts";
import { listed, quoted } from "../text.ts";
import { addressChecks } from "./address-checks.ts";
import { aktoChecks } from "./akto-checks.ts";
import { appChecks } from "./app-checks.ts";
import type { DoctorCheck } from "./check.ts";
import { groupChecks } from "./group-checks.ts";
import { mappingChecks } from "./mapping-checks.ts";
import { signInChecks } from "./sign-in-checks.ts";
import { tokenChecks } from "./token-checks.ts";

export const catalog: readonly DoctorCheck[] = [
  ...aktoChecks,
  ...addressChecks,
  ...tokenChecks,
  ...appChecks,
  ...signInChecks,
  ...groupChecks,
  ...mappingChecks,
];

/**
 * The checks to make.
 *
 * @param only ids to make alone; none means all
 * @param without ids to leave out
 * @throws Failure `doctor.unknown_check`
 */
export function selectChecks(only: readonly string[], without: readonly string[]): readonly DoctorCheck[] {
  const known = new Set(catalog.map(({ id }) => id));
  const unknown = [...only, ...without].filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Failure("usage", "doctor.unknown_check", `There is no check ${listed(unknown.map(quoted), "or")}.`, {
      hint: "`akto-okta doctor --list` names them all.",
    });
  }
  return catalog.filter(({ id }) => (only.length === 0 || only.includes(id)) && !without.includes(id));
}
