import { describe, expect, test } from "vitest";
import { readWindow } from "../../../src/core/history/window.ts";

const now = new Date(2026, 10, 26, 12, 0, 0);
const local = (...parts: [number, number, number, number?, number?]) =>
  new Date(parts[0], parts[1] - 1, ...(parts.slice(2) as [number]));

describe("the window of time", () => {
  test("is the last 24 hours unless it is said", () => {
    const { since, until, cut, fresh } = readWindow(undefined, undefined, now);
    expect(now.getTime() - since.getTime()).toBe(24 * 3600_000);
    expect([until, cut, fresh]).toEqual([now, false, true]);
  });

  test.each([
    ["30m", 30 * 60_000],
    ["24h", 24 * 3600_000],
    ["7d", 7 * 86_400_000],
    ["2w", 14 * 86_400_000],
    [" 3 h ", 3 * 3600_000],
  ])("begins %s ago", (text, ago) => {
    expect(now.getTime() - readWindow(text, undefined, now).since.getTime()).toBe(ago);
  });

  test("begins with a day, ends with a day, or goes from moment to moment", () => {
    expect(readWindow("2026-11-20", "2026-11-21", now)).toMatchObject({
      since: local(2026, 11, 20),
      until: local(2026, 11, 22),
      fresh: false,
    });
    const { since, until } = readWindow("2026-11-20T10:42", "2026-11-20 10:50:30", now);
    expect([since.getMinutes(), until.getTime() - since.getTime()]).toEqual([42, 510_000]);
    expect(readWindow("2026-11-20T10:42:00Z", undefined, now).since.toISOString()).toBe("2026-11-20T10:42:00.000Z");
  });

  test("begins no earlier than Okta's log, and ends no later than now", () => {
    const { since, cut } = readWindow("400d", undefined, now);
    expect([now.getTime() - since.getTime(), cut]).toEqual([90 * 86_400_000, true]);
    expect(readWindow("1h", "2030-01-01", now)).toMatchObject({ until: now, open: true });
    expect(readWindow("1h", "1m", now).open).toBe(false);
  });

  test.each(["", "yesterday", "7", "-1d", "2026-06-31", "2026-13-01", "2026-11-20T99:99", "1e9d", "123456d"])(
    "%j is refused",
    (text) => {
      expect(() => readWindow(text, undefined, now)).toThrow(expect.objectContaining({ code: "history.time_invalid" }));
    },
  );

  test.each([
    ["1h", "2h"],
    ["2026-11-26T13:00", undefined],
    ["400d", "300d"],
  ])("from %s to %s holds nothing", (since, until) => {
    expect(() => readWindow(since, until, now)).toThrow(expect.objectContaining({ code: "history.window_empty" }));
  });
});
