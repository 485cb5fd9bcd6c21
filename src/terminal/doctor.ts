import type { Check } from "../core/login/report.ts";
import { clean, count, listed } from "../core/text.ts";
import { renderCheck } from "./report.ts";
import type { Style } from "./style.ts";

/** The checks for a terminal: what is right and what was skipped, then what is wrong with its remedy, where the eye is; the sum last. */
export function renderDoctor(checks: readonly Check[], style: Style): string {
  const of = (status: Check["status"]) => checks.filter((check) => check.status === status);
  const [failed, warned, passed, skipped] = [of("fail"), of("warn"), of("pass"), of("skip")];
  const section = (those: readonly Check[]) => those.map((check) => renderCheck(check, style)).join("\n");
  const looked = skipped.length < checks.length;
  const outcome = () => {
    if (failed.length > 0) return style.red(count(failed.length, "problem"));
    if (skipped.length === 0) return style.green("No problems");
    const seen = `${checks.length - skipped.length} of ${checks.length}`;
    return style.yellow(`Found nothing wrong in what could be checked (${seen})`);
  };
  const sum = [
    // Where nothing could be looked at, the failure that follows says so.
    ...(looked ? [outcome()] : []),
    ...(warned.length > 0 ? [style.yellow(count(warned.length, "warning"))] : []),
    ...(looked ? [`${passed.length} passed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  return [section(passed), renderSkipped(skipped, style), section([...warned, ...failed]), `${sum.join(", ")}.`]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Checks are skipped for few reasons: each is told once. */
function renderSkipped(skipped: readonly Check[], style: Style): string {
  const reasons = new Map<string, string[]>();
  for (const { id, message } of skipped) reasons.set(message, [...(reasons.get(message) ?? []), id]);
  return Array.from(reasons, ([reason, ids]) => style.dim(`- ${clean(reason, 1000)} Skipped: ${listed(ids)}.`)).join(
    "\n",
  );
}
