import { expect, it } from "vitest";
import { historyFooter } from "../../src/terminal/history.ts";

const window = { since: new Date(2026, 10, 20, 8), until: new Date(2026, 10, 21, 8) };
const nothing = { signIns: [], changes: [], silent: 0, limited: false, cut: false, fresh: true, window };

it.each([
  [{}, "since 2026-11-20 08:00:00. --since looks further back."],
  [{ fresh: false }, "between 2026-11-20 08:00:00 and 2026-11-21 08:00:00. --since looks further back."],
  [{ cut: true }, "since 2026-11-20 08:00:00.\nOkta keeps its log for 90 days"],
])("a list of no sign-ins says for which time: %j", (notes, said) => {
  expect(historyFooter({ ...nothing, ...notes })).toContain(`Okta recorded no sign-ins to Akto ${said}`);
});
