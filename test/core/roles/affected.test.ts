import { expect, it } from "vitest";
import { describeAffected } from "../../../src/core/roles/affected.ts";

const group = (name: string, members: number | undefined) => ({ name, members });

it.each([
  [[group("A", 1)], "1 person is affected, the only member of “A”: their role is written at their next sign-in."],
  [[group("A", 1200)], "1,200 people are affected, the members of “A”: their role is written at their next sign-in."],
  [
    [group("A", 2), group("B", 0), group("C", 1), group("D", 0)],
    "Up to 3 people are affected, the members of “A”, “B” and 2 other groups: their role is written at their next sign-in.",
  ],
  [[group("A", 0)], "Nobody is affected yet: “A” has no members in Okta."],
  [[group("A", 0), group("B", 0)], "Nobody is affected yet: “A” and “B” have no members in Okta."],
  [[group("A", 2), group("B", undefined)], null],
  [[group("\u001b[2J", 0)], "Nobody is affected yet: “\\u{1b}[2J” has no members in Okta."],
])("says in one line who is affected", (groups, line) => {
  expect(describeAffected(groups)).toBe(line);
});
