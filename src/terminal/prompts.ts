/** Questions to the person at the terminal. They are asked on standard error, so that standard output stays data. */
import { confirm, input, password, search, select } from "@inquirer/prompts";
import { Failure } from "../core/failure.ts";
import type { Redaction } from "../core/redaction.ts";
import { clean, cleanLines } from "../core/text.ts";

/** One thing to choose. `hint` stands under the list while it is marked. */
export interface Choice<Value> {
  readonly value: Value;
  readonly name: string;
  readonly hint?: string | undefined;
  readonly disabled?: string | undefined;
}

export interface Prompts {
  /** A line of text. `check` returns a sentence when the answer won't do. */
  text(
    question: string,
    options?: { initial?: string | undefined; check?: (answer: string) => true | string | Promise<true | string> },
  ): Promise<string>;
  /** A secret: nothing of it is shown but that something was typed. */
  secret(question: string, check?: (answer: string) => true | string): Promise<string>;
  yesNo(question: string, initial?: boolean): Promise<boolean>;
  choose<Value>(question: string, choices: readonly Choice<Value>[], initial?: Value): Promise<Value>;
  /** A choice with a search field; `find` is asked again with each change of the text. */
  find<Value>(
    question: string,
    find: (text: string, signal: AbortSignal) => Promise<readonly Choice<Value>[]>,
  ): Promise<Value>;
}

/**
 * @param signal ends a question that is being asked
 * @param redaction is told each secret that is typed
 * @throws Failure `interrupted` from every question on Ctrl-C
 */
export function createPrompts(signal: AbortSignal, redaction: Redaction): Prompts {
  const context = { output: process.stderr, signal };
  const shown = <Value>({ value, name, hint, disabled }: Choice<Value>) => ({
    value,
    name: clean(name),
    short: clean(name),
    ...(hint === undefined ? {} : { description: clean(hint) }),
    ...(disabled === undefined ? {} : { disabled: clean(disabled) }),
  });
  return {
    text: (question, { initial, check } = {}) =>
      answered(
        input(
          {
            message: cleanLines(question),
            ...(initial === undefined ? {} : { default: initial }),
            ...(check ? { validate: check } : {}),
          },
          context,
        ),
      ),
    secret: (question, check = (answer) => answer.trim() !== "" || "Nothing was typed.") =>
      answered(
        password({ message: cleanLines(question), mask: "•", validate: check }, context).then((answer) => {
          redaction.hide(answer);
          return answer;
        }),
      ),
    yesNo: (question, initial = true) =>
      answered(confirm({ message: cleanLines(question), default: initial }, context)),
    choose: (question, choices, initial) =>
      answered(
        select(
          {
            message: cleanLines(question),
            choices: choices.map(shown),
            pageSize: 12,
            ...(initial === undefined ? {} : { default: initial }),
          },
          context,
        ),
      ),
    find: (question, find) =>
      answered(
        search(
          {
            message: cleanLines(question),
            pageSize: 12,
            source: async (text, { signal: typed }) => (await find(text ?? "", typed)).map(shown),
          },
          context,
        ),
      ),
  };
}

async function answered<Value>(question: Promise<Value>): Promise<Value> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && (error.name === "ExitPromptError" || error.name === "AbortPromptError")) {
      throw new Failure("interrupted", "interrupted", "Interrupted.", { cause: error });
    }
    throw error;
  }
}
