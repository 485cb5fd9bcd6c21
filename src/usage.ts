/** What commander says of a command line that it can't read, in this program's own words. */
import type { CommanderError } from "commander";
import { Failure } from "./core/failure.ts";
import { clean } from "./core/text.ts";

/** Commander's sentences (version 14), and what is said in their place. What none of them fits is said as it is. */
const sentences: readonly (readonly [said: RegExp, ours: string])[] = [
  [/^unknown (option|command) '([^']*)'$/, "Unknown $1 “$2”."],
  [/^option '(?:-\w, )?([^' ]+) ([^']*)' argument missing$/, "$1 needs a value: $1 $2"],
  [/^missing required argument '([^']*)'$/, "The argument <$1> is missing."],
  [/^too many arguments for '([^']*)'\. Expected (\d+) arguments? but got (\d+)\.$/, "“$1” takes $2 but got $3."],
  [/^option '(?:-\w, )?([^' ]+)(?: [^']*)?' argument '([^']*)' is invalid\. (.*)$/, "$1 can't be “$2”. $3"],
  [/^command-argument value '([^']*)' is invalid for argument '([^']*)'\. (.*)$/, "<$2> can't be “$1”. $3"],
];

/** As a failure of usage; its code is commander's own. */
export function usageFailure({ code, message }: CommanderError): Failure {
  if (code === "commander.help") {
    return new Failure("usage", "usage.command_missing", "No command was given.", {
      hint: "The help above lists the commands.",
    });
  }
  const [first = "", ...rest] = message.replace(/^error: /, "").split("\n");
  const suggestions = rest.map((line) => clean(line.replace(/^\((.*)\)$/, "$1"))).filter((line) => line !== "");
  return new Failure("usage", code.replace(/^commander\./, "usage."), clean(reworded(withoutValue(first))), {
    hint: [...suggestions, "Add --help to see what it accepts."].join("\n"),
  });
}

function reworded(message: string): string {
  const found = sentences.find(([said]) => said.test(message));
  if (!found) return sentence(message);
  const [said, ours] = found;
  return message
    .replace(said, ours)
    .replace("takes 0 but", "takes no argument but")
    .replace("takes 1 but", "takes 1 argument but")
    .replace(/takes (\d+) but/, "takes $1 arguments but")
    .replace("Allowed choices are ", "It is one of ");
}

/**
 * Commander's message without what was typed in a wrong place, which may be a secret: `--okta-token=00…`. What looks like a
 * mistyped word is kept.
 */
function withoutValue(message: string): string {
  return message
    .replace(/(unknown option '--[a-z-]+=)[^']*'/, "$1…'")
    .replace(
      /(unknown (?:option|command) ')([^']*)'/,
      (_, before: string, word: string) => `${before}${mistyped(word)}'`,
    )
    .replace(/((?:argument|value) ')([^']*)('? is invalid)/, (_, before: string, word: string, after: string) => {
      return before + (word.length <= 20 ? word : "…") + after;
    });
}

function mistyped(word: string): string {
  const [dashes = ""] = /^-{0,2}/.exec(word) ?? [];
  return /^-{0,2}[a-z][a-z-]{0,23}(?:=…)?$/.test(word) ? word : `${dashes}…`;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
