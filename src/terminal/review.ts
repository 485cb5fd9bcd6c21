import type { WordedChange } from "../core/plan/words.ts";
import type { Style } from "./style.ts";

const marks = { add: ["+", "green"], change: ["~", "yellow"], remove: ["-", "red"] } as const;

/** One place of a review. */
export interface ShownPlace {
  readonly title: string;
  readonly changes: readonly WordedChange[];
  /** What is said where nothing changes, or beside the changes. */
  readonly notes: readonly string[];
}

/** What is about to be done, as people read it: place by place, `+` added, `~` changed, `-` taken away. */
export function renderReview(places: readonly ShownPlace[], style: Style): string {
  return places
    .map(({ title, changes, notes }) =>
      [
        style.bold(title),
        ...changes.flatMap(({ kind, line, more }) => {
          const [mark, color] = marks[kind];
          return [`  ${style[color](mark)} ${line}`, ...more.map((each) => style.dim(`      ${each}`))];
        }),
        ...notes.map((note) => `    ${note}`),
      ].join("\n"),
    )
    .join("\n\n");
}
