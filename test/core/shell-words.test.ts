import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { splitCommands } from "../../src/core/shell-words.ts";

it.each<[string, string[][]]>([
  ["firefox", [["firefox"]]],
  [`firefox -P "my profile"`, [["firefox", "-P", "my profile"]]],
  [`'/opt/My Browser/run' --new-window %s`, [["/opt/My Browser/run", "--new-window", "%s"]]],
  [`/opt/My\\ Browser/run:w3m ''`, [["/opt/My Browser/run"], ["w3m", ""]]],
  [`firefox -P "a:b" : : lynx`, [["firefox", "-P", "a:b"], ["lynx"]]],
  [`say "it's \\"so\\" \\n"`, [["say", `it's "so" \\n`]]],
  [`open "never closed`, [["open", "never closed"]]],
  ["", []],
])("splits %s", (text, commands) => {
  expect(splitCommands(text, ":")).toEqual(commands);
});

it("leaves Windows' backslashes alone", () => {
  expect(splitCommands(`"C:\\Program Files\\b.exe" -x;C:\\b.exe`, ";", false)).toEqual([
    ["C:\\Program Files\\b.exe", "-x"],
    ["C:\\b.exe"],
  ]);
});

it("splits as a shell does", () => {
  // What a shell would expand, end a command at or take for something else is not what is asked here.
  const plain = fc.stringMatching(/^[a-z0-9=/.,%_ -]{1,5}$/);
  const piece = fc.oneof(
    plain,
    plain.map((text) => `'${text}'`),
    plain.map((text) => `"${text}"`),
    fc.constantFrom(`\\ `, `\\'`, `\\"`, `"\\""`, `"'"`, `'"'`, `''`, `""`, `"\\a"`, "\t"),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      const shell = execFileSync("/bin/sh", ["-c", `set -f; printf '%s\\0' x ${text}`], { encoding: "utf8" });
      expect(splitCommands(`x ${text}`, ":").flat()).toEqual(shell.split("\0").slice(0, -1));
    }),
    { numRuns: 60 },
  );
});
