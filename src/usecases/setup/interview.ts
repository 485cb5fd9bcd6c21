/**
 * The wizard's questions, asked by a script that reads from top to bottom. To go back, the script is run again from the
 * top: what was answered is not asked again, what was looked up is not looked up again, and what was said is not said
 * again, so that it comes at once to the question whose answer was taken back.
 */
import type { Context } from "../../context.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { DraftAnswer, DraftValue } from "../../core/model/profile.ts";
import type { Prompts } from "../../terminal/prompts.ts";

/** How many steps the wizard has, whichever way it goes. */
const steps = 6;

/** A question, with what is known of its answer beside the answer itself. */
export interface Question<Value> {
  /** Stable, also over an interruption. */
  readonly id: string;
  /** What is asked for, as it is named where it can be changed. */
  readonly title: string;
  /** The answer in words; nothing secret. */
  shown(value: Value): string;
  /** The answer as it may be kept in the profile; nothing secret. */
  kept(value: Value): DraftValue;
  /** The answer that was kept; `undefined` if it doesn't fit this question. */
  read(kept: DraftValue): Value | undefined | Promise<Value | undefined>;
  /** What a flag or the environment says already: not asked about, unless the person wants to change it. */
  readonly given?: Value | undefined;
  /** @param before what was answered before it was gone back to */
  ask(prompts: Prompts, before: Value | undefined): Promise<Value>;
}

/** Where answers are kept, for a run that is cut off. */
export interface AnswerLog {
  readonly answers: readonly DraftAnswer[];
  keep(answers: readonly DraftAnswer[]): Promise<void>;
}

/** Asks some of the questions again. */
class Reconsider extends Error {
  readonly ids: readonly string[];
  constructor(ids: readonly string[]) {
    super();
    this.ids = ids;
  }
}

/** What an answer may be changed by. */
export type Changeable = Pick<Question<never>, "id" | "title">;

export class Interview {
  readonly context: Context;
  readonly #log: AnswerLog;
  readonly #answers: Map<string, DraftAnswer>;
  /** The answers in memory: what may not be kept among them. */
  readonly #values = new Map<string, unknown>();
  /** What was answered before somebody went back. */
  readonly #before = new Map<string, unknown>();
  /** The questions of this run of the script that a person has answered, in their order. */
  #met: string[] = [];
  /** Questions that are asked whatever was given for them. */
  readonly #insisted = new Set<string>();
  readonly #looked = new Map<string, unknown>();
  readonly #said = new Set<string>();
  #section: string | undefined;
  #shownSection: string | undefined;
  /** Before the first question of a setup that is gone on with, nothing but a fault is worth a line … */
  #quiet = false;
  /** … and what belongs to that question's own step. */
  #held: { readonly section: string | undefined; readonly line: string }[] = [];

  constructor(context: Context, log: AnswerLog) {
    this.context = context;
    this.#log = log;
    this.#answers = new Map(log.answers.map((answer) => [answer.id, answer]));
    this.#quiet = log.answers.length > 0;
  }

  /** Runs the script until it comes to its end. Throws what it throws, but for a step back. */
  async run<Result>(script: () => Promise<Result>): Promise<Result> {
    const { WentBack } = await import("../../terminal/prompts.ts");
    for (;;) {
      this.#met = [];
      try {
        return await script();
      } catch (error) {
        if (error instanceof Reconsider) await this.#takeBack(error.ids);
        else if (error instanceof WentBack) await this.#takeBack(this.#met.slice(-1));
        else throw error;
      }
    }
  }

  async #takeBack(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#insisted.add(id);
      if (this.#values.has(id)) this.#before.set(id, this.#values.get(id));
      this.#values.delete(id);
      this.#answers.delete(id);
    }
    await this.#log.keep([...this.#answers.values()]);
  }

  /** The person's answers so far, in the order in which they were given. */
  get answers(): readonly DraftAnswer[] {
    return this.#met.flatMap((id) => this.#answers.get(id) ?? []);
  }

  /** Goes to the questions of these ids. */
  reconsider(...ids: readonly string[]): never {
    throw new Reconsider(ids);
  }

  /**
   * What stands over the questions that follow.
   *
   * @param step the step that they belong to, from 1
   */
  section(step: number, title: string): void {
    const { dim, bold } = this.context.terminal.noteStyle;
    this.#section = `${dim(`Step ${step} of ${steps}`)}  ${bold(title)}`;
  }

  /** Whether Escape has somewhere to go. */
  get canGoBack(): boolean {
    return this.#met.length > 0;
  }

  prompts(): Promise<Prompts> {
    return this.context.terminal.prompts("The setup's answers", { back: () => this.canGoBack });
  }

  /** The answer to a question: given before, or asked for now. */
  async ask<Value>(question: Question<Value>): Promise<Value> {
    const { id, title } = question;
    const known = await this.#known(question);
    if (known !== undefined) {
      this.#met.push(id);
      return known.value;
    }
    if (question.given !== undefined && !this.#insisted.has(id)) {
      this.say(`  ${title.charAt(0).toUpperCase()}${title.slice(1)}: ${question.shown(question.given)}`);
      return question.given;
    }
    this.#speak();
    const before = (this.#before.get(id) as Value | undefined) ?? question.given;
    const value = await question.ask(await this.prompts(), before);
    this.#values.set(id, value);
    this.#answers.delete(id);
    this.#answers.set(id, { id, title, shown: question.shown(value), value: question.kept(value) });
    this.#met.push(id);
    await this.#log.keep([...this.#answers.values()]);
    return value;
  }

  async #known<Value>(question: Question<Value>): Promise<{ readonly value: Value } | undefined> {
    const { id } = question;
    if (this.#values.has(id)) return { value: this.#values.get(id) as Value };
    const answer = this.#answers.get(id);
    const value = answer && (await question.read(answer.value));
    if (value === undefined) return undefined;
    this.#values.set(id, value);
    return { value };
  }

  /** Prints the title of the step, unless it stands over the last lines already. */
  #open(): void {
    if (this.#section === undefined || this.#section === this.#shownSection) return;
    this.#shownSection = this.#section;
    const { terminal } = this.context;
    terminal.note();
    const back = this.canGoBack ? terminal.noteStyle.dim("   Esc: back") : "";
    terminal.note(`${this.#section}${back}`);
  }

  /** Something to know before the next question; said once. Outside text in it must be clean. */
  say(...lines: readonly string[]): void {
    const key = lines.join("\n");
    if (this.#said.has(key)) return;
    this.#said.add(key);
    if (this.#quiet) {
      this.#held.push(...lines.map((line) => ({ section: this.#section, line })));
      return;
    }
    this.#open();
    for (const line of lines) this.context.terminal.note(line);
  }

  /** Begins to speak, with what was held back of this step. */
  #speak(): void {
    this.#open();
    if (!this.#quiet) return;
    this.#quiet = false;
    for (const { section, line } of this.#held) if (section === this.#section) this.context.terminal.note(line);
    this.#held = [];
  }

  /**
   * Looks something up that depends on answers, once for the same ones. Where it fails, the person may change one of
   * them, look again, or go on without.
   *
   * @param what what is looked up, stable
   * @param given the answers that it depends on
   * @param found what to say of it, if anything
   * @param changeable the questions whose answers may be at fault
   * @param need whether one can go on without
   * @returns what was found; `undefined` when the person goes on without
   */
  async look<Value>(
    what: string,
    given: readonly unknown[],
    read: () => Promise<Value>,
    found: (value: Value) => string | undefined,
    changeable: readonly Changeable[] | ((failure: Failure) => readonly Changeable[]),
    need: "wanted" | "needed" = "wanted",
  ): Promise<Value | undefined> {
    const key = JSON.stringify([what, ...given]);
    if (this.#looked.has(key)) return this.#looked.get(key) as Value | undefined;
    const { terminal } = this.context;
    for (;;) {
      try {
        const value = await terminal.during("Checking …", read);
        this.#looked.set(key, value);
        const line = found(value);
        if (line !== undefined) this.say(`${terminal.noteStyle.green("✓")} ${line}`);
        return value;
      } catch (error) {
        if (!canGoOn(error)) throw error;
        this.#speak();
        terminal.complain(error, error.remedy);
        const ways = typeof changeable === "function" ? changeable(error) : changeable;
        if ((await this.#wayOut(error, ways, need)) === "skip") {
          this.#looked.set(key, undefined);
          return undefined;
        }
      }
    }
  }

  async #wayOut(
    failure: Failure,
    changeable: readonly Changeable[],
    need: "wanted" | "needed",
  ): Promise<"again" | "skip"> {
    const ways = changeable.map(({ id, title }) => ({ value: id, name: `Change the ${title}` }));
    const again = { value: "again", name: "Check again" };
    const prompts = await this.prompts();
    const chosen = await prompts.choose("What now?", [
      // What can't be reached is not mended by another answer, most of the time.
      ...(failure.kind === "unavailable" ? [again, ...ways] : [...ways, again]),
      need === "wanted"
        ? { value: "skip", name: "Continue without this check" }
        : { value: "stop", name: "Stop here", hint: "the answers are kept" },
    ]);
    if (chosen === "stop") throw stoppedAt(failure);
    if (chosen === "again" || chosen === "skip") return chosen;
    return this.reconsider(chosen);
  }
}

/** How a setup that was left is gone on with. */
export const keptAnswers = "Your answers are kept: run `akto-okta sso setup` again to continue.";

/** A person left a setup that could not go on: it ends as what was in its way, which was said already. */
export function stoppedAt(cause: Failure): Failure {
  return new Failure(cause.kind, cause.code, "The setup stopped there.", { hint: keptAnswers, cause });
}
