/**
 * Standard output and standard error. Node makes its streams of them when they are first looked at, which takes a good part of
 * a short run: what a file or a pipe takes at once is written without them.
 */
import { fstatSync, writeSync } from "node:fs";
import type { WriteStream } from "node:tty";
import { errorCode } from "../core/failure.ts";

/** One of the two. */
export interface Standard {
  readonly isTTY: boolean;
  /** How wide a terminal is; elsewhere what `COLUMNS` says (POSIX), if it is set. */
  readonly columns: number | undefined;
  /** Node's stream of it. */
  readonly stream: WriteStream;
  /** Calls back with what goes wrong in writing, as the stream's `error` event does: soon, and not before `write` returns. */
  onError(listener: (error: unknown) => void): void;
  /** @returns once the text is taken, to `false` where it could not be */
  write(text: string): boolean | Promise<boolean>;
}

/**
 * As much as is written to a pipe without the stream in a run, in bytes: it fits into any pipe. Whoever writes more may have to
 * wait for the reader, and only the stream leaves the run free meanwhile to be interrupted.
 */
const roomInPipe = 4096;

/**
 * @param fd the descriptor
 * @param makeStream Node's stream of it
 */
export function createStandard(fd: number, makeStream: () => WriteStream): Standard {
  const kind = kindOf(fd);
  const listeners: ((error: unknown) => void)[] = [];
  let room = kind === "file" ? Number.POSITIVE_INFINITY : kind === "pipe" ? roomInPipe : 0;
  let made: WriteStream | undefined;
  const stream = () => {
    if (made) return made;
    // Others may write to it, too, and what is written here has to stay in order with that.
    room = 0;
    made = makeStream();
    for (const listener of listeners) made.on("error", listener);
    return made;
  };

  const writeNow = (bytes: Buffer): boolean | Promise<boolean> => {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(fd, bytes, written);
      return true;
    } catch (error) {
      // A full pipe that its other end has set not to wait: the stream waits for it.
      if (errorCode(error) === "EAGAIN") return writeLater(bytes.subarray(written));
      process.nextTick(() => {
        for (const listener of listeners) listener(error);
      });
      return false;
    }
  };
  const writeLater = (text: string | Buffer) =>
    new Promise<boolean>((resolve) => stream().write(text, (error) => resolve(!error)));

  return {
    get isTTY() {
      return kind === "device" && stream().isTTY === true;
    },
    get columns() {
      if (this.isTTY) return stream().columns;
      const { COLUMNS = "" } = process.env;
      return /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : undefined;
    },
    get stream() {
      return stream();
    },
    onError: (listener) => {
      listeners.push(listener);
      made?.on("error", listener);
    },
    write: (text) => {
      const bytes = room > 0 ? Buffer.from(text) : undefined;
      if (!bytes || bytes.length > room) return writeLater(text);
      room -= bytes.length;
      return writeNow(bytes);
    },
  };
}

/** How wide help is laid out there: as wide as is well read. */
export function helpWidth({ columns }: Standard): number {
  return Math.min(columns || 100, 110);
}

/** `device` is all that may be a terminal, and what can't be told. */
function kindOf(fd: number): "file" | "pipe" | "device" {
  // Windows writes text to a console in another way, and tells less of what a descriptor is.
  if (process.platform === "win32") return "device";
  try {
    const is = fstatSync(fd);
    return is.isFile() ? "file" : is.isFIFO() || is.isSocket() ? "pipe" : "device";
  } catch {
    return "device";
  }
}

export const standardOutput = createStandard(1, () => process.stdout);
export const standardError = createStandard(2, () => process.stderr);
