/** Runs the built program in a pseudo-terminal and reads its screen as a person would. */
import type { ReadStream } from "node:tty";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";
import { executable } from "./program.ts";

/** A program on a screen. */
export interface Screen {
  /** All text there is, scrolled-off lines included, without blanks at line ends. */
  text(): string;
  type(keys: string): void;
  /** Whether the cursor is shown. */
  cursor(): boolean;
  /** Sends a signal to all that runs there, as a closed window or Ctrl-C does. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGKILL"): void;
  /** Resolves once the screen shows the text; rejects with the screen when the program ends or time is up before. */
  shows(expected: string | RegExp): Promise<void>;
  /** Waits for the text, then types. */
  answer(expected: string | RegExp, keys: string): Promise<void>;
  /** Closes the terminal, as its window's close button does: what runs there is told, and can write no more. */
  hangUp(): void;
  /** Resolves to the exit code; 128 and the signal's number more when a signal ended the program, as in a shell. */
  readonly ended: Promise<number>;
}

export const enter = "\r";
export const ctrlC = "\u0003";
export const up = "\u001b[A";
export const down = "\u001b[B";
export const escapeKey = "\u001b";

const patience = 200_000;

/** Runs the program on a screen of its own; it is killed when the test ends before it. */
export function start(args: readonly string[], env: Record<string, string>, { cols = 120 } = {}): Screen {
  return open([process.execPath, executable, ...args], env, cols);
}

/** As {@link start}, in a shell that shows the terminal's modes (`stty -a`) when the program has ended. */
export function startInShell(args: readonly string[], env: Record<string, string>): Screen {
  // A signal that is caught, not ignored, is the program's own matter.
  const script = `trap : INT TERM HUP QUIT; "$0" "$@"; code=$?; stty -a; exit $code`;
  return open(["/bin/sh", "-c", script, process.execPath, executable, ...args], env);
}

/** As {@link start}, of any program. */
export function open([file = "", ...args]: readonly string[], env: Record<string, string>, cols = 120): Screen {
  const size = { cols, rows: 50 };
  const child = spawn(file, args, {
    ...size,
    name: "xterm-256color",
    env: { ...env, TERM: "xterm-256color" },
  });
  const hangUp = readToTheEnd(child);
  const terminal = new xterm.Terminal({ ...size, scrollback: 2000, allowProposedApi: true });
  const watchers = new Set<() => void>();
  let isGone = false;
  // Known once everything that was printed is on the screen.
  let code: number | undefined;
  let shown = true;
  const changed = () => {
    for (const watch of watchers) watch();
  };
  // The row up to which the screen was read. A prompt's next one may stand in the very row of its error.
  let seen = 0;
  // How the rows were when something was last typed: what has changed since is new, above that row as well.
  let before: readonly string[] = [];

  child.onData((data) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how the cursor is shown and hidden
    for (const [, way] of data.matchAll(/\u001b\[\?25([hl])/g)) shown = way === "h";
    terminal.write(data, () => changed());
  });
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode, signal = 0 }) => {
      isGone = true;
      const end = signal > 0 ? 128 + signal : exitCode;
      terminal.write("", () => {
        code = end;
        changed();
        resolve(end);
      });
    });
  });
  onTestFinished(() => {
    if (!isGone) child.kill("SIGKILL");
    terminal.dispose();
  });

  const rows = () => {
    const { active } = terminal.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  };
  const text = () => rows().join("\n").trimEnd();
  const found = (expected: string | RegExp): number =>
    rows().findIndex(
      (row, at) =>
        (at >= seen || row !== before[at]) &&
        (typeof expected === "string" ? row.includes(expected) : expected.test(row)),
    );
  const type = (keys: string) => {
    before = rows();
    child.write(keys);
  };
  const shows = (expected: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const finish = (error?: Error) => {
        watchers.delete(watch);
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      const watch = () => {
        const at = found(expected);
        if (at >= 0) {
          seen = at;
          finish();
        } else if (code !== undefined)
          finish(new Error(`The program ended (${code}) and never showed ${expected}:\n${text()}`));
      };
      const timer = setTimeout(() => finish(new Error(`The screen never showed ${expected}:\n${text()}`)), patience);
      watchers.add(watch);
      watch();
    });
  return {
    text,
    type,
    cursor: () => shown,
    hangUp,
    signal: (name) => process.kill(-child.pid, name),
    shows,
    answer: async (expected, keys) => {
      await shows(expected);
      type(keys);
    },
    ended,
  };
}

/**
 * Has all read that the program printed: node-pty gives up 200 ms after the program's end, in which a busy machine may not have
 * come to it.
 *
 * @returns what closes the terminal at once
 */
function readToTheEnd(child: IPty): () => void {
  // Neither is among its types, as Windows has none.
  const socket: ReadStream = Reflect.get(child, "_socket");
  const destroy = socket.destroy.bind(socket);
  let wanted = false;
  socket.destroy = (error) => {
    // The end of what is to be read is an error (EIO) on Linux.
    if (error || wanted || socket.readableEnded) return destroy(error);
    const limit = setTimeout(destroy, patience);
    socket.once("close", () => clearTimeout(limit));
    return socket;
  };
  return () => {
    wanted = true;
    Reflect.get(child, "destroy").call(child);
  };
}
