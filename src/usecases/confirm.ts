import type { Context } from "../context.ts";
import { Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";

/**
 * Asks before something that can't be taken back; `--yes` answers.
 *
 * @returns false when the person said no
 * @throws Failure `input.confirmation_needed` when there is nobody to ask
 */
export async function confirmed(context: Context, question: string): Promise<boolean> {
  if (context.globals.yes) return true;
  if (!context.terminal.interactive) {
    throw new Failure("usage", "input.confirmation_needed", `This needs a confirmation: ${question}`, {
      hint: "Add --yes to confirm.",
    });
  }
  return (await context.terminal.prompts(question)).yesNo(question, false);
}

/**
 * As {@link confirmed}, by typing a name: for what nobody should have said yes to out of habit. Escape is a no.
 *
 * @param what what is to be confirmed, said before the question; outside text in it must be clean
 * @param name the name to type
 * @param whose whose name that is: `the group's`
 */
export async function confirmedByTyping(
  { terminal, globals }: Context,
  what: string,
  name: string,
  whose: string,
): Promise<boolean> {
  if (globals.yes) {
    terminal.warn(what);
    return true;
  }
  if (!terminal.interactive) {
    throw new Failure("usage", "input.confirmation_needed", `This needs a confirmation: ${what}`, {
      hint: "Add --yes to confirm.",
    });
  }
  terminal.warn(what);
  const { WentBack } = await import("../terminal/prompts.ts");
  const prompts = await terminal.prompts(what, { back: () => true });
  try {
    const answer = await prompts.text(`Type ${whose} name to confirm (Enter to cancel):`, {
      check: (text) => text.trim() === "" || text.trim() === name || `That is not ${quoted(name)}.`,
    });
    return answer.trim() === name;
  } catch (error) {
    if (error instanceof WentBack) return false;
    throw error;
  }
}
