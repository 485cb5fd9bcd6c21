import pico from "picocolors";
import { expect, it } from "vitest";
import type { Change } from "../../src/core/plan/plan.ts";
import { renderPlan } from "../../src/terminal/plan.ts";

const plain = pico.createColors(false);

function rendered(change: Omit<Change, "system" | "kind">): string {
  const changes: Change[] = [{ system: "okta", kind: "change", ...change }];
  const steps = [{ action: { kind: "app" as const }, title: "change", changes }];
  return renderPlan({ compared: ["okta"], steps, warnings: [] }, plain).split("\n")[1] ?? "";
}

it("names a field that changes alone", () => {
  const fields = [{ field: "startsFromOkta", from: false, to: true }];
  expect(rendered({ address: "okta.app", fields })).toBe("  ~ okta.app.startsFromOkta  false → true");
});

it("names no field where the address says it", () => {
  const role = [{ field: "role", from: "MEMBER", to: "ADMIN" }];
  expect(rendered({ address: 'mapping["Akto Admins"]', fields: role })).toBe(
    '  ~ mapping["Akto Admins"]  MEMBER → ADMIN',
  );
  const sync = [{ field: "syncGroupsToUserTags", from: false, to: true }];
  expect(rendered({ address: "akto.syncGroupsToUserTags", fields: sync })).toBe(
    "  ~ akto.syncGroupsToUserTags  false → true",
  );
});
