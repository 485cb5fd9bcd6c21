import { describe, expect, it } from "vitest";
import { forProfile } from "../../src/core/named-profile.ts";

describe("a command that a message suggests", () => {
  it.each([
    ["Run `akto-okta sso setup` first.", "Run `akto-okta sso setup --profile staging` first."],
    ["→ akto-okta mapping list shows the entries.", "→ akto-okta mapping list --profile staging shows the entries."],
    ["akto-okta mapping remove --role guest", "akto-okta mapping remove --profile staging --role guest"],
    ["`akto-okta doctor --fix` widens it.", "`akto-okta doctor --profile staging --fix` widens it."],
  ])("names the profile: %s", (text, named) => {
    expect(forProfile(text, "staging")).toBe(named);
  });

  it.each(["akto-okta sandbox", "akto-okta profile list", "akto-okta demo", "`akto-okta sso status --profile other`"])(
    "names none where it goes by none, or names one: %s",
    (text) => {
      expect(forProfile(text, "staging")).toBe(text);
    },
  );

  it("stands alone where no flag named the profile", () => {
    expect(forProfile("akto-okta doctor", undefined)).toBe("akto-okta doctor");
  });
});
