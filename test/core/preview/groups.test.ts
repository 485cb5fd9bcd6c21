import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/core/evidence.ts";
import { hiddenGroups } from "../../../src/core/preview/groups.ts";

describe("groups that a token may not show", () => {
  it("are none where it shows all", () => {
    expect(hiddenGroups(known("all", "told"))).toBeUndefined();
  });

  it("are said to be there only where it is known to show some alone", () => {
    expect(hiddenGroups(known("some", "told"))).toBe(
      "This API token shows only some of the org's groups: others may give a role.",
    );
    expect(hiddenGroups(unknown("Okta is overloaded."))).toBe("Okta is overloaded.");
  });
});
