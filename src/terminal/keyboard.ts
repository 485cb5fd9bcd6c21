/**
 * The keyboard of a run that asks questions. From the first question on it is this program's own: what is typed while
 * nothing is asked is neither shown nor taken for the next answer, so that a secret that was pasted too early stays unseen.
 */
import { emitKeypressEvents } from "node:readline";
import { PassThrough } from "node:stream";

export interface Keyboard {
  /**
   * Lends the keyboard to a question.
   *
   * @param ask gets the stream of what is typed until it settles
   */
  lend<Value>(ask: (keys: NodeJS.ReadableStream) => Promise<Value>): Promise<Value>;
}

const ctrlC = "\u0003";
const ctrlD = "\u0004";
const ctrlZ = "\u001a";
const ctrlBackslash = "\u001c";

/**
 * How long an Escape may be the start of an arrow key's sequence, in milliseconds. Terminals send a sequence at once;
 * readline's own half a second would make Escape feel stuck.
 */
const escapeTime = 100;

/** The keyboard of a terminal's standard input. Nothing is read before the first question. */
export function createKeyboard(stdin: NodeJS.ReadStream = process.stdin): Keyboard {
  let borrower: PassThrough | undefined;
  let open = false;

  const suspend = () => {
    process.once("SIGCONT", () => stdin.setRawMode(true));
    stdin.setRawMode(false);
    process.kill(process.pid, "SIGTSTP");
  };
  const onData = (data: Buffer) => {
    // A terminal in raw mode sends no signals: they are made from the keys here.
    if (process.platform !== "win32" && data.includes(ctrlZ)) suspend();
    // The end of all input is no answer to a question: nobody goes on.
    else if (borrower) borrower.write(data.equals(Buffer.from(ctrlD)) || data.includes(ctrlBackslash) ? ctrlC : data);
    else if (data.includes(ctrlC) || data.includes(ctrlBackslash)) process.kill(process.pid, "SIGINT");
  };
  const take = () => {
    if (open) return;
    open = true;
    stdin.setRawMode(true);
    stdin.on("data", onData);
  };

  return {
    lend: async (ask) => {
      take();
      const keys = new PassThrough();
      emitKeypressEvents(keys, { escapeCodeTimeout: escapeTime } as never);
      borrower = keys;
      // Between two questions the program may end, whether somebody types or not.
      stdin.ref();
      try {
        return await ask(keys);
      } finally {
        borrower = undefined;
        keys.destroy();
        stdin.unref();
      }
    },
  };
}
