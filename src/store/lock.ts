/**
 * One process at a time, with nothing left behind for a person to clean up. Each process that wants in creates a file of its
 * own, named after itself, and only then looks for others'. Of two that come at once at least one sees the other, so two are
 * never in together. Whoever finds a file whose process is gone deletes it: the name was never anyone else's, so no living lock
 * can be lost that way. The system tells whether a process of this machine is gone. A process of another machine or container
 * that shares the folder shows that it is alive by writing its file again and again: one that has not been written for long is
 * gone.
 */
import { open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode } from "../core/failure.ts";
import { clean } from "../core/text.ts";
import { refused } from "./failures.ts";
import { isGone, ownerMachine, ownerName, ownerPid } from "./owner.ts";

/** How a lock is waited for. */
export interface LockOptions {
  /** What is guarded, for the message to whoever doesn't get the lock. */
  readonly what: string;
  /** How long to wait for another process, in milliseconds. */
  readonly patience: number;
  /** How long the lock of a process that can't be looked at (another machine's) may stay unwritten, in milliseconds. */
  readonly oldest: number;
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A lock that is held. */
export interface Lock {
  /** @throws Failure `store.lock_lost` when it was swept away: this process slept for longer than a lock may be silent */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** How often a holder shows that it is alive, in milliseconds. */
const beat = 2_000;

/** How long a lock whose date can't be trusted is watched for a sign of life, in milliseconds. */
const watch = 3 * beat;

/**
 * Takes a lock, once no other process holds it.
 *
 * @param path the folder exists in which locks of this name are put down
 * @throws Failure `store.locked` when another process doesn't let go in time, `store.unusable` for a folder in a lock's place
 */
export async function takeLock(path: string, { what, patience, oldest, signal }: LockOptions): Promise<Lock> {
  const directory = dirname(path);
  const prefix = `.${basename(path)}.lock.`;
  const mine = new OwnLock(join(directory, `${prefix}${await ownerName()}`));
  const others = new OtherLocks(directory, prefix, basename(mine.file), oldest);
  const deadline = Date.now() + patience;
  try {
    await mine.place();
    for (;;) {
      const living = mine.placed ? await others.living(mine.clockAhead) : [];
      if (mine.placed && living.length === 0) return mine;
      if (Date.now() > deadline) throw locked(what, living[0], directory, prefix);
      // The first by name stays in line, and the others step back for a moment, so that one of them gets in.
      if (living.some((other) => other < basename(mine.file))) await mine.release();
      await pause(signal);
      if (!mine.placed) await mine.place();
    }
  } catch (error) {
    await mine.release();
    throw error;
  }
}

/** Runs `work` while no other process runs its own under the same path. Throws what {@link takeLock} does. */
export async function withLock<Value>(
  path: string,
  options: LockOptions,
  work: (lock: Lock) => Promise<Value>,
): Promise<Value> {
  const lock = await takeLock(path, options);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

/** This process's file: put down, written again with each beat, and taken away. */
class OwnLock implements Lock {
  readonly file: string;
  placed = false;
  /** How far the file system's clock, which dates the files, is ahead of this machine's, in milliseconds. */
  clockAhead = 0;
  #beating: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.file = file;
  }

  async place(): Promise<void> {
    await writeFile(this.file, "", { flag: "wx", mode: 0o600 });
    this.placed = true;
    this.clockAhead = (await stat(this.file)).mtimeMs - Date.now();
    // Written, not only touched, so that the date is the file system's own, whose clock everyone who shares it sees.
    this.#beating = setInterval(() => {
      writeFile(this.file, String(Date.now()), { flag: "r+" }).catch(() => {});
    }, beat);
    this.#beating.unref();
  }

  async confirm(): Promise<void> {
    try {
      await stat(this.file);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
      throw refused(
        "store.lock_lost",
        "This process was suspended for so long that another one assumed it was gone.",
        "Nothing was changed. Run the command again.",
        error,
      );
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#beating);
    if (this.placed) await rm(this.file, { force: true });
    this.placed = false;
  }
}

/** The other processes' files, as they were seen so far. */
class OtherLocks {
  readonly #directory: string;
  readonly #prefix: string;
  readonly #mine: string;
  readonly #oldest: number;
  /** When each was last written, and since when that was seen, by this process's own clock. */
  readonly #seen = new Map<string, { readonly written: number; readonly since: number }>();

  constructor(directory: string, prefix: string, mine: string, oldest: number) {
    this.#directory = directory;
    this.#prefix = prefix;
    this.#mine = mine;
    this.#oldest = oldest;
  }

  /** The names of those whose process may be alive, in order. The others are deleted. */
  async living(clockAhead: number): Promise<string[]> {
    const living: string[] = [];
    for (const entry of await readdir(this.#directory, { withFileTypes: true })) {
      const { name } = entry;
      if (!name.startsWith(this.#prefix) || name === this.#mine) continue;
      const file = join(this.#directory, name);
      if (entry.isDirectory()) {
        throw refused("store.unusable", `${clean(file)} is a folder, where a lock should go.`, "Remove it.");
      }
      const gone = (await isGone(name.slice(this.#prefix.length))) ?? (await this.#isSilent(file, clockAhead));
      if (gone) await rm(file, { force: true });
      else living.push(name);
    }
    return living.sort();
  }

  async #isSilent(file: string, clockAhead: number): Promise<boolean> {
    const written = await lastWritten(file);
    if (written === undefined) return true;
    const age = Date.now() + clockAhead - written;
    if (age > this.#oldest) return true;
    const seen = this.#seen.get(file);
    if (seen?.written !== written) this.#seen.set(file, { written, since: performance.now() });
    // A beat would have brought a date in the future back to now.
    const inFuture = age < -beat;
    return inFuture && seen?.written === written && performance.now() - seen.since > watch;
  }
}

/**
 * When a file was last written, by the file system's clock. It is opened so that a network file system asks for the date again.
 */
async function lastWritten(file: string): Promise<number | undefined> {
  try {
    const handle = await open(file, "r");
    try {
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(2 + Math.random() * 20, undefined, { signal });
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

function locked(what: string, holder: string | undefined, directory: string, prefix: string) {
  if (holder === undefined) return refused("store.locked", `Another akto-okta is changing ${what}.`, again);
  const name = holder.slice(prefix.length);
  return refused(
    "store.locked",
    `Another akto-okta is changing ${what} (process ${clean(ownerPid(name))}).`,
    `${again}\nIf none is running on ${clean(ownerMachine(name)) || "its machine"} anymore, delete its lock: ${clean(join(directory, holder))}`,
  );
}

const again = "Wait for it to end, and try again.";
