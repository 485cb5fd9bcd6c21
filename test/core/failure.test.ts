import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Failure, isOwnFault, unreadable } from "../../src/core/failure.ts";

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

it("tells a mistake of this program's from what the network and the file system throw", () => {
  const coded = (error: Error, code: string) => Object.assign(error, { code });
  expect(isOwnFault(new TypeError("undefined is not a function"))).toBe(true);
  expect(isOwnFault(coded(new Error("Cannot find module"), "MODULE_NOT_FOUND"))).toBe(true);
  expect(isOwnFault(coded(new Error("connect"), "ECONNREFUSED"))).toBe(false);
  expect(isOwnFault(new Failure("auth", "okta.token_invalid", "No."))).toBe(false);
});

it("passes on what it has no words for", () => {
  expect(unreadable(Object.assign(new Error("busy"), { code: "EBUSY" }))).toBe("the system says EBUSY");
  expect(unreadable(Object.assign(new Error("no"), { code: "EACCES" }))).toBe("you don't have permission to read it");
});
