/** How long ago something was, as people say it. */
import { count } from "../text.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** “just now”, “5 minutes ago”, “3 hours ago”, “2 days ago”. What lies ahead, by another clock, is just now too. */
export function ago(iso: string, now: Date): string {
  const passed = now.getTime() - Date.parse(iso);
  if (Number.isNaN(passed)) return "at a time that isn't known";
  if (passed < 2 * minute) return "just now";
  if (passed < 2 * hour) return `${count(Math.floor(passed / minute), "minute")} ago`;
  if (passed < 2 * day) return `${count(Math.floor(passed / hour), "hour")} ago`;
  return `${count(Math.floor(passed / day), "day")} ago`;
}
