import type { Context } from "../context.ts";
import { Failure } from "../core/failure.ts";

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
