/** A list on the screen whose lines turn from pending to their mark, as each is done. It is gone afterwards. */

import type { Check } from "../core/login/report.ts";
import { clean } from "../core/text.ts";
import { renderMark } from "./report.ts";
import type { Style } from "./style.ts";

/** One line: in full where there is room for all, else by its name. Both are this program's own words, a cell a letter. */
export interface LiveItem {
  readonly id: string;
  readonly title: string;
}

export interface LiveList {
  /** Marks a line. */
  mark(id: string, status: Check["status"]): void;
  /** Takes the list off the screen for good. */
  stop(): void;
  /** Takes the list off the screen, for something else to be written there; the next mark draws it anew. */
  makeWay(): void;
}

/** The screen that the list is drawn on. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

/** A line, and how wide it is without its colors. */
interface Line {
  readonly text: string;
  readonly width: number;
}

/**
 * Draws a list. The cursor stays where it is and visible, so that nothing has to be restored, however the program ends.
 *
 * @param screen asked for its size at each drawing
 */
export function drawLiveList(label: string, items: readonly LiveItem[], screen: Screen, style: Style): LiveList {
  const statuses = new Map<string, Check["status"]>();
  let drawn: readonly Line[] = [];

  const erasing = () => {
    // The screen was made narrower in the meantime, and has wrapped the lines.
    const rows = drawn.reduce((sum, { width }) => sum + Math.max(1, Math.ceil(width / screen.columns)), 0);
    return rows === 0 ? "" : `\u001b[${rows}A\r\u001b[J`;
  };
  const draw = () => {
    const lines = layOut(items, statuses, screen, style);
    const head = `${label} … ${statuses.size} of ${items.length}`;
    const next = [{ text: style.dim(head), width: head.length }, ...lines];
    // One write in a bracket of synchronized output: terminals that know it never show a half of it.
    screen.write(`\u001b[?2026h${erasing()}${next.map(({ text }) => `${text}\n`).join("")}\u001b[?2026l`);
    drawn = next;
  };

  const makeWay = () => {
    if (drawn.length > 0) screen.write(erasing());
    drawn = [];
  };
  let stopped = false;

  draw();
  return {
    mark: (id, status) => {
      statuses.set(id, status);
      // What was under way when the program was interrupted may still finish.
      if (!stopped) draw();
    },
    stop: () => {
      stopped = true;
      makeWay();
    },
    makeWay,
  };
}

/** The lines: each item on its own with its title; where the screen is too low, several names side by side. */
function layOut(
  items: readonly LiveItem[],
  statuses: ReadonlyMap<string, Check["status"]>,
  { columns, rows }: Screen,
  style: Style,
): Line[] {
  // The label above, and the row that the cursor is on.
  const room = Math.max(1, rows - 2);
  const cell = ({ id }: LiveItem, words: string, width: number): Line => {
    const status = statuses.get(id);
    const shown = clean(words, Math.max(1, width - 3));
    return {
      text: `${renderMark(status, style)} ${status === undefined ? style.dim(shown) : shown}`,
      width: shown.length + 2,
    };
  };
  if (items.length <= room) return items.map((item) => cell(item, item.title, columns));

  const width = Math.min(columns, Math.max(...items.map(({ id }) => id.length)) + 4);
  const across = Math.max(1, Math.floor(columns / width));
  const high = Math.min(room, Math.ceil(items.length / across));
  // If even the names don't fit, those still to come matter more.
  const fitting = items.length <= high * across ? items : pendingFirst(items, statuses).slice(0, high * across);
  return Array.from({ length: high }, (_, row) => {
    const cells = fitting.filter((_, index) => index % high === row).map((item) => cell(item, item.id, width));
    return {
      text: cells.map(({ text, width: own }) => text + " ".repeat(width - own)).join(""),
      width: cells.length * width,
    };
  });
}

function pendingFirst(items: readonly LiveItem[], statuses: ReadonlyMap<string, Check["status"]>): readonly LiveItem[] {
  return [...items.filter(({ id }) => !statuses.has(id)), ...items.filter(({ id }) => statuses.has(id))];
}
