import type { Context } from "../../context.ts";
import { clean } from "../../core/text.ts";
import type { ApplyOptions } from "./apply.ts";

/** Shows each step on the terminal: while it is being done, and once it is. Ctrl-C ends the run between two steps. */
export function shownSteps({ terminal, signal, pause }: Context): Omit<ApplyOptions, "secrets"> {
  return {
    signal,
    // What was removed from Akto has to be put back: that wait is not cut short.
    pause: (milliseconds) => pause(milliseconds),
    // Whatever is written next takes the line away.
    onStep: async ({ title }) => {
      await terminal.progress(clean(title));
    },
    onDone: ({ title }) => terminal.success(clean(title)),
  };
}
