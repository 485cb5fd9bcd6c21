/** Reads what was changed in Okta lately, and by whom. */
import { type Concern, changesIn, type RecordedChange } from "../../core/history/changes.ts";
import { changeFilter } from "../../core/history/filter.ts";
import type { RecordedSignIn } from "../../core/history/sign-ins.ts";
import { keptDays, type Window } from "../../core/history/window.ts";
import type { SystemLogEvent } from "../../core/model/log.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { readLog } from "./sign-ins.ts";

/**
 * The changes that matter for a sign-in, the newest first.
 *
 * @throws Failure `okta.log_unreadable`, and what Okta throws
 */
export async function changesSince(org: OktaOrg, concern: Concern, window: Window): Promise<RecordedChange[]> {
  const events: SystemLogEvent[] = [];
  for await (const page of readLog(org, { ...window, filter: changeFilter(concern) })) events.push(...page);
  return changesIn(events, concern);
}

const day = 24 * 3600_000;

/**
 * When to look for what spoilt a sign-in: between the last one that went well and the refusal.
 *
 * @param signIns those of one user, the newest first
 * @param days how far back, where none that went well is known
 * @returns `undefined` where the newest one went well, or there is none
 */
export function spoiltBetween(signIns: readonly RecordedSignIn[], days: number = 7): Window | undefined {
  const [newest] = signIns;
  if (!newest || newest.outcome === "success") return undefined;
  const good = signIns.find(({ outcome }) => outcome === "success");
  const until = new Date(newest.at);
  const since = good ? new Date(good.at) : new Date(until.getTime() - Math.min(days, keptDays - 1) * day);
  return { since, until };
}
