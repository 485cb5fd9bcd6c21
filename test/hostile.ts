/** Text that means harm, and what must not be left of it where people read. */
import fc from "fast-check";

/**
 * Controls (C0 but for none, C1), bidi controls, zero-width characters, line and paragraph separators, tags, half
 * characters. Written out on its own here, so that it doesn't err with the program.
 */
export const hostile =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/u;

/** Names as nobody should give them, each with what it tries. */
export const hostileNames: ReadonlyMap<string, string> = new Map([
  ["clears and colors the screen", "Akto \u001b[2J\u001b[1;1H\u001b[31mred\u001b[0m"],
  ["a link (OSC 8)", "Akto \u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007"],
  ["the clipboard (OSC 52)", "Akto \u001b]52;c;cm0gLXJm\u001b\\"],
  ["the title, by C1 controls", "Akto \u009d0;title\u009c\u009b31m"],
  ["bidi overrides", "Akto \u202egnp.exe\u2066x\u2069\u200f"],
  ["zero-width characters", "Akto\u200bAdmins\ufeff\u2060\u00ad"],
  ["a line of its own", "Akto\n✓ All is well.\r\nx\u2028y\u2029z\u0085"],
  ["backspaces and a bell", "Akto\b\b\b\bRoot\u0007\u007f"],
  ["a column of its own", "Akto\tAdmins"],
  ["invisible tags", "Akto \u{e0041}\u{e0042}"],
  ["a letter that is none", "Akto\u3164\u115f"],
  ["half characters", "Akto \ud800 and \udc00"],
  ["a wall of accents", `Akto e${"\u0301".repeat(200)}`],
  ["joiners where nothing is joined", "Akto\u200dAdmins 👩\u200d and"],
  ["wide and astral letters", "Akto 漢字かな \u{1f680}\u{10400}"],
  ["ten kilobytes", `Akto ${"L".repeat(10_000)}`],
  ["a formula", '=HYPERLINK("https://evil.example","Akto")'],
  ["a formula by plus", "+1+cmd|' /C calc'!A0"],
  ["a formula by minus", "-2+3"],
  ["a formula by at", "@SUM(1+1)*cmd|' /C calc'!A0"],
  ["a disarmed formula", "'=1+1"],
  ["HTML", "Akto <img src=x onerror=alert(1)>&amp;"],
  ["quotes and a shell", "Akto \"q\", 'x', `y` $(z) \\ \\u{1b}"],
  ["a key of JavaScript", "__proto__"],
  ["YAML", "yes: [no, *a] # &b"],
]);

/** Text made of such pieces. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from(hostileNames.values(), (name) => name.slice(0, 60))),
      fc.constantFrom("\ud800", "\udc00", "\u001b[", "\u0000", "\u202e", "=", "\r", "\n", " ", "\u00a0", '"', ",", ":"),
      fc.string({ unit: "binary", maxLength: 8 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));
