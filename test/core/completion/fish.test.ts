import { expect, it } from "vitest";
import { readFishLine } from "../../../src/core/completion/fish.ts";

it.each<[string, readonly string[]]>([
  ["akto-okta mapping ", ["akto-okta", "mapping", ""]],
  ["akto-okta 'a b' \"c $d\" e\\ f\\n", ["akto-okta", "a b", "c $d", "e f\n"]],
  ["akto-okta 'it\\'s \\x", ["akto-okta", "it's \\x"]],
  ['akto-okta "a \\" \\$b', ["akto-okta", 'a " $b']],
  ["akto-okta a\\", ["akto-okta", "a"]],
  ["", [""]],
])("%j is read without its quotes, and nothing in it is expanded", (line, words) => {
  expect(readFishLine(line)).toEqual(words);
});
