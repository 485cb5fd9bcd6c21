/** What is on the screen only for a while: it makes way for anything else that is written, and is gone in the end. */

import { clean } from "../core/text.ts";
import { columnsOf } from "./columns.ts";
import type { LiveItem, LiveList } from "./live-list.ts";
import { standardError } from "./standard.ts";
import type { Style } from "./style.ts";

/** Something that takes a while. */
export interface Progress {
  update(label: string): void;
  /** Takes the line away. Safe to call twice. */
  stop(): void;
}

/** The place on the screen for one such thing at a time. */
export interface Passing {
  /** A line with a spinner. */
  progress(label: string): Promise<Progress>;
  /** A list whose lines turn to their marks. */
  list(label: string, items: readonly LiveItem[]): Promise<Pick<LiveList, "mark" | "stop">>;
  /** Makes way: what was there comes back, below what is written now, with its next change. */
  clear(): void;
}

/** The place on standard error, which is a terminal. */
export function createPassing(style: Style): Passing {
  let there: { readonly hide: () => void } | undefined;

  const show = ({ hide, comeBack }: { readonly hide: () => void; readonly comeBack: () => void }) => {
    const shown = { hide };
    let over = false;
    there = shown;
    return {
      changed: () => {
        if (over || there) return;
        there = shown;
        comeBack();
      },
      stop: () => {
        over = true;
        hide();
        if (there === shown) there = undefined;
      },
    };
  };

  return {
    progress: async (label) => {
      const { default: yoctoSpinner } = await import("yocto-spinner");
      // Its own handling of signals would end the program before anything could be taken back.
      const spinner = yoctoSpinner({ text: clean(label), stream: standardError.stream, handleSignals: false }).start();
      const shown = show({ hide: () => void spinner.stop(), comeBack: () => void spinner.start() });
      return {
        update: (text) => {
          spinner.text = clean(text);
          shown.changed();
        },
        stop: shown.stop,
      };
    },
    list: async (label, items) => {
      const { drawLiveList } = await import("./live-list.ts");
      const screen = {
        get columns() {
          return columnsOf(standardError);
        },
        get rows() {
          return standardError.stream.rows || 24;
        },
        write: (text: string) => void standardError.write(text),
      };
      const list = drawLiveList(label, items, screen, style);
      // Each mark draws the list anew, wherever it was.
      const shown = show({ hide: list.makeWay, comeBack: () => {} });
      return {
        mark: (id, status) => {
          list.mark(id, status);
          shown.changed();
        },
        stop: () => {
          list.stop();
          shown.stop();
        },
      };
    },
    clear: () => {
      there?.hide();
      there = undefined;
    },
  };
}
