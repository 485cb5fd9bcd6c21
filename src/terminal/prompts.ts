/** Questions to the person at the terminal. They are asked on standard error, so that standard output stays data. */
import { confirm, input, password, select } from "@inquirer/prompts";
import { Failure } from "../core/failure.ts";
import type { Redaction } from "../core/redaction.ts";
import { clean, cleanLines } from "../core/text.ts";
import { type Choice, findPrompt } from "./find.ts";
import type { Keyboard } from "./keyboard.ts";

export type { Choice } from "./find.ts";

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
  find<Value>(question: string, find: Finder<Value>): Promise<Value>;
  /**
   * As {@link Prompts.find}, of one or more.
   *
   * @param called what a number of them is called: `2 groups`
   */
  findSeveral<Value>(
    question: string,
    find: Finder<Value>,
    called: (chosen: number) => string,
  ): Promise<readonly Value[]>;
}

/** Finds what fits a text; the signal says that nobody waits for it any more. */
export type Finder<Value> = (text: string, signal: AbortSignal) => Promise<readonly Choice<Value>[]>;

/**
 * @param signal ends a question that is being asked
 * @param redaction is told each secret that is typed
 * @throws Failure `interrupted` from every question on Ctrl-C
 */
export function createPrompts(signal: AbortSignal, redaction: Redaction, keyboard: Keyboard): Prompts {
  const asked = <Value>(ask: (context: AskContext) => Promise<Value>) =>
    keyboard.lend((keys) => answered(ask({ input: keys, output: process.stderr, signal })));
  const pageSize = () => Math.max(5, Math.min(12, (process.stderr.rows || 24) - 10));
  const find = <Value>(question: string, finder: Finder<Value>, several?: (chosen: number) => string) =>
    asked((context) =>
      findPrompt({ message: cleanLines(question), find: finder, several, keys: [], pageSize: pageSize() }, context),
    );
  return {
    text: (question, { initial, check } = {}) =>
      asked((context) =>
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
      asked((context) =>
        password({ message: cleanLines(question), mask: "•", validate: check }, context).then((answer) => {
          redaction.hide(answer);
          return answer;
        }),
      ),
    yesNo: (question, initial = true) =>
      asked((context) => confirm({ message: cleanLines(question), default: initial }, context)),
    choose: (question, choices, initial) =>
      asked((context) =>
        select(
          {
            message: cleanLines(question),
            choices: choices.map(listed),
            pageSize: pageSize(),
            ...(initial === undefined ? {} : { default: initial }),
          },
          context,
        ),
      ),
    find: async (question, finder) => {
      const [found] = await find(question, finder);
      if (!found) throw new Error("A search ended without a choice.");
      return found.value;
    },
    findSeveral: async (question, finder, called) => (await find(question, finder, called)).map(({ value }) => value),
  };
}

interface AskContext {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** A choice as the library's own lists take it. */
function listed<Value>({ value, name, hint, disabled }: Choice<Value>) {
  return {
    value,
    name: clean(name),
    short: clean(name),
    ...(hint === undefined ? {} : { description: clean(hint) }),
    ...(disabled === undefined ? {} : { disabled: `(${clean(disabled)})` }),
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
