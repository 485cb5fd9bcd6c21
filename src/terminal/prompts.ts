/** Questions to the person at the terminal. They are asked on standard error, so that standard output stays data. */
import { confirm, input, password, select } from "@inquirer/prompts";
import { Failure } from "../core/failure.ts";
import type { Redaction } from "../core/redaction.ts";
import { clean, cleanLines } from "../core/text.ts";
import { columnsOf } from "./columns.ts";
import { type Choice, findPrompt, helpLine, type Several } from "./find.ts";
import type { Keyboard } from "./keyboard.ts";
import { pausePrompt } from "./pause.ts";
import { standardError } from "./standard.ts";
import { wrapped } from "./wrap.ts";

export type { Choice } from "./find.ts";

export interface Prompts {
  /**
   * A line of text. `check` returns a sentence when the answer won't do.
   *
   * @param options.initial what Enter alone takes
   * @param options.typed what stands in the line to begin with
   */
  text(
    question: string,
    options?: {
      initial?: string | undefined;
      typed?: string | undefined;
      check?: (answer: string) => true | string | Promise<true | string>;
    },
  ): Promise<string>;
  /** A secret: nothing of it is shown but that something was typed. */
  secret(question: string, check?: (answer: string) => true | string): Promise<string>;
  yesNo(question: string, initial?: boolean): Promise<boolean>;
  choose<Value>(question: string, choices: readonly Choice<Value>[], initial?: Value): Promise<Value>;
  /** A choice with a search field; `find` is asked again with each change of the text. */
  find<Value>(question: string, find: Finder<Value>): Promise<Value>;
  /** As {@link Prompts.find}, of several. */
  findSeveral<Value>(
    question: string,
    find: Finder<Value>,
    several: Several,
    chosen?: readonly Choice<Value>[],
  ): Promise<readonly Value[]>;
  /** Waits for Enter. */
  pause(question: string): Promise<void>;
}

/** Finds what fits a text; the signal says that nobody waits for it any more. */
export type Finder<Value> = (text: string, signal: AbortSignal) => Promise<readonly Choice<Value>[]>;

/** The person pressed Escape: the question before is to be asked again. */
export class WentBack extends Error {}

/** The question was taken off the screen before it was answered. */
export class TakenOff extends Error {}

export interface PromptOptions {
  /** Ends a question that is being asked. */
  readonly signal: AbortSignal;
  /** Takes a question off the screen, since its answer came in another way or isn't wanted any more. */
  readonly settled?: AbortSignal | undefined;
  /** Is told each secret that is typed. */
  readonly redaction: Redaction;
  readonly keyboard: Keyboard;
  /** Whether Escape goes back; `false` leaves the key without a meaning. */
  readonly back: () => boolean;
}

/**
 * @throws Failure `interrupted` from every question on Ctrl-C
 * @throws WentBack from every question on Escape, where that goes back
 * @throws TakenOff from every question that `settled` ends
 */
export function createPrompts({ signal, settled, redaction, keyboard, back }: PromptOptions): Prompts {
  const asked = <Value>(ask: (context: AskContext) => Promise<Value>) =>
    keyboard.lend(async (keys) => {
      const left = new AbortController();
      const context = {
        input: keys,
        output: standardError.stream,
        signal: AbortSignal.any([signal, left.signal]),
        clearPromptOnDone: false,
      };
      const takeOff = () => {
        context.clearPromptOnDone = true;
        left.abort();
      };
      if (settled?.aborted) throw new TakenOff();
      settled?.addEventListener("abort", takeOff, { once: true });
      if (back()) {
        keys.on("keypress", (_text: unknown, key: { readonly name?: string } | undefined) => {
          if (key?.name === "escape") takeOff();
        });
      }
      try {
        return await answered(ask(context));
      } catch (error) {
        if (!left.signal.aborted || signal.aborted) throw error;
        throw settled?.aborted ? new TakenOff() : new WentBack();
      } finally {
        settled?.removeEventListener("abort", takeOff);
      }
    });
  const pageSize = () => Math.max(5, Math.min(12, (standardError.stream.rows || 24) - 10));
  const escapeKey = (): [string, string][] => (back() ? [["esc", "back"]] : []);
  const find = <Value>(
    question: string,
    finder: Finder<Value>,
    several?: Several,
    chosen: readonly Choice<Value>[] = [],
  ) =>
    asked((context) =>
      findPrompt(
        {
          message: cleanLines(question),
          find: finder,
          several,
          chosen,
          keys: escapeKey(),
          pageSize: pageSize(),
        },
        context,
      ),
    );
  return {
    text: (question, { initial, typed, check } = {}) =>
      asked((context) =>
        input(
          {
            message: cleanLines(question),
            ...(typed === undefined
              ? initial !== undefined && { default: initial }
              : { default: typed, prefill: "editable" as const }),
            ...(check ? { validate: fitting(check) } : {}),
          },
          context,
        ),
      ),
    secret: (question, check = (answer) => answer.trim() !== "" || "Nothing was typed.") =>
      asked((context) =>
        password({ message: cleanLines(question), mask: "•", validate: fitting(check) }, context).then((answer) => {
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
            theme: {
              style: {
                keysHelpTip: () => helpLine([["↑↓", "move"], ["⏎", "select"], ...escapeKey()]),
              },
            },
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
    findSeveral: async (question, finder, several, chosen) =>
      (await find(question, finder, several, chosen)).map(({ value }) => value),
    pause: async (question) => {
      await asked((context) => pausePrompt({ message: cleanLines(question) }, context));
    },
  };
}

interface AskContext {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** A check whose complaint is broken at words: the library breaks it, behind its own mark, wherever the line ends. */
function fitting(check: (answer: string) => true | string | Promise<true | string>) {
  return async (answer: string) => {
    const verdict = await check(answer);
    return verdict === true ? true : wrapped(cleanLines(verdict), columnsOf(standardError) - 3);
  };
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
