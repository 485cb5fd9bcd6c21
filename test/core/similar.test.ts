import { describe, expect, it } from "vitest";
import { nearMiss, suggestNames } from "../../src/core/similar.ts";

describe("a group name that was nearly right", () => {
  it.each([
    ["akto admins", "Akto Admins", "case"],
    ["Akto  Admins", "Akto Admins", "spaces"],
    ["akto-admins", "Akto Admins", "spaces"],
    ["Аkto Admins", "Akto Admins", "look_alike"],
    ["Akto\u00a0Admins", "Akto Admins", "spaces"],
    ["Akto Admíns", "Akto Admins", "look_alike"],
    ["/Akto Admins", "Akto Admins", "path"],
    ["Akto Admins", "/staff/akto admins", "path"],
    ["/staff/Akto Admins", "/Akto Admins", undefined],
    ["/", "", undefined],
    ["Akto Admins", "Akto Admins", undefined],
    ["Sales", "Akto Admins", undefined],
  ])("%j against %j differs by %s", (typed, name, difference) => expect(nearMiss(typed, name)).toBe(difference));

  it("suggests the nearest first and leaves out what is far away", () => {
    expect(
      suggestNames("Akto Admin", ["Sales", "Akto Admins", "akto admin", "Atko Admin"]).map(({ name }) => name),
    ).toEqual(["akto admin", "Akto Admins", "Atko Admin"]);
  });
});
