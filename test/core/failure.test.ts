import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { unreadable } from "../../src/core/failure.ts";

it.each([
  ["/nowhere/mapping.yaml", "there is no such file"],
  [`${import.meta.filename}/below`, "there is no such file"],
  [import.meta.dirname, "it is a folder"],
])("says why %s can't be read", (path, why) => {
  let thrown: unknown;
  try {
    readFileSync(path);
  } catch (error) {
    thrown = error;
  }
  expect(unreadable(thrown)).toBe(why);
});

it("passes on what it has no words for", () => {
  expect(unreadable(Object.assign(new Error("busy"), { code: "EBUSY" }))).toBe("the system says EBUSY");
  expect(unreadable(Object.assign(new Error("no"), { code: "EACCES" }))).toBe("you don't have permission to read it");
});
