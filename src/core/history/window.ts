/** From when to when the log is read. */
import { Failure } from "../failure.ts";
import { quoted } from "../text.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How many days Okta keeps the log. */
export const keptDays = 90;

/** Events may reach the log this late; rarely later (Okta's System Log guide). */
const lateness = 5 * minute;

/** A span of time. */
export interface Window {
  readonly since: Date;
  /** The first moment that is no longer in. */
  readonly until: Date;
  /** Whether it ends now, whatever time that is by Okta's clock: this machine's may be behind. */
  readonly open?: boolean | undefined;
}

/** What was asked for, cut to what there can be. */
export interface AskedWindow extends Window {
  /** Whether it began before the log does. */
  readonly cut: boolean;
  /** Whether it ends so late that events may still come. */
  readonly fresh: boolean;
}

const units = new Map([
  ["m", minute],
  ["h", hour],
  ["d", day],
  ["w", 7 * day],
]);

/**
 * The window that `--since` and `--until` name: a time ago (`30m`, `24h`, `7d`, `2w`), a day (`2026-11-20`, from its first
 * moment or to its last, by this machine's time zone) or a moment (`2026-11-20T10:42`).
 *
 * @param since 24 hours ago unless given
 * @param until now unless given
 * @throws Failure `history.time_invalid`, `history.window_empty`
 */
export function readWindow(since: string | undefined, until: string | undefined, now: Date): AskedWindow {
  const from = since === undefined ? new Date(now.getTime() - day) : readTime("--since", since, now, 0);
  const to = until === undefined ? now : readTime("--until", until, now, 1);
  const first = new Date(now.getTime() - keptDays * day);
  const cut = from < first;
  const window = { since: cut ? first : from, until: to > now ? now : to, open: to >= now };
  if (window.since >= window.until) {
    throw new Failure(
      "usage",
      "history.window_empty",
      "The log has nothing for the time between --since and --until.",
      {
        hint: `--since must be before --until, and Okta keeps its log for ${keptDays} days.`,
      },
    );
  }
  return { ...window, cut, fresh: now.getTime() - window.until.getTime() < lateness };
}

/** @param days how many days a day's name stands after its first moment */
function readTime(flag: string, text: string, now: Date, days: number): Date {
  const [, amount, unit = ""] = /^(\d{1,5})\s*([mhdw])$/.exec(text.trim()) ?? [];
  if (amount !== undefined) return new Date(now.getTime() - Number(amount) * (units.get(unit) ?? 0));
  const time = dayOf(text.trim(), days) ?? momentOf(text.trim());
  if (time) return time;
  throw new Failure("usage", "history.time_invalid", `${quoted(text)} is not a time that ${flag} accepts.`, {
    hint: "Use an age such as 30m, 24h, or 7d, a day such as 2026-11-20, or a time such as 2026-11-20T10:42.",
  });
}

/** The start of a day, or of the day `days` later; `undefined` if there is no such day, such as June 31. */
function dayOf(text: string, days: number): Date | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const isThere = new Date(year, month - 1, date).getDate() === date && month >= 1 && month <= 12;
  return isThere ? new Date(year, month - 1, date + days) : undefined;
}

function momentOf(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return undefined;
  const time = new Date(text.replace(" ", "T"));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
