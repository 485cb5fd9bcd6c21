/**
 * One process at a time, without leftovers that need a hand.
 *
 * Each process that wants in puts down a file of its own, named after itself, and only then looks for others'. Of two that
 * come at once at least one sees the other, so two are never in together. A file whose process is gone is swept away by
 * whoever finds it: its name was never anyone else's, so no living lock can be lost that way.
 */
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode } from "../core/failure.ts";
import { clean } from "../core/text.ts";
import { refused } from "./failures.ts";
import { isGone, ownerName, ownerPid } from "./owner.ts";

/** How a lock is waited for. */
export interface LockOptions {
  /** What is guarded, for the message of whoever doesn't get it. */
  readonly what: string;
  /** How long to wait for another process, in milliseconds. */
  readonly patience: number;
  /** How old a lock may be whose process can't be looked at (another machine's), in milliseconds. */
  readonly oldest: number;
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a lock, once no other process holds it.
 *
 * @param path the folder exists in which locks of this name are put down
 * @throws Failure `store.locked` when another process doesn't let go in time
 */
export async function takeLock(path: string, { what, patience, oldest, signal }: LockOptions): Promise<Lock> {
  const directory = dirname(path);
  const prefix = `.${basename(path)}.lock.`;
  const mine = `${prefix}${await ownerName()}`;
  const deadline = Date.now() + patience;
  let placed = false;
  const place = async () => {
    await writeFile(join(directory, mine), "", { flag: "wx", mode: 0o600 });
    placed = true;
  };
  const release = async () => {
    if (placed) await rm(join(directory, mine), { force: true });
    placed = false;
  };

  try {
    await place();
    for (;;) {
      const others = placed ? await livingLocks(directory, prefix, mine, oldest) : [];
      if (placed && others.length === 0) return { release };
      if (Date.now() > deadline) {
        const [holder] = others;
        throw refused(
          "store.locked",
          `Another akto-okta is changing ${what}${holder === undefined ? "" : ` (process ${clean(ownerPid(holder.slice(prefix.length)))})`}.`,
          "Wait for it to end, and try again.",
        );
      }
      // The first by name stays in line, the others step back for a moment: so one of them gets in.
      if (others.some((other) => other < mine)) await release();
      await pause(signal);
      if (!placed) await place();
    }
  } catch (error) {
    await release();
    throw error;
  }
}

/** Runs `work` while no other process runs its own under the same path. Throws what {@link takeLock} does. */
export async function withLock<Value>(path: string, options: LockOptions, work: () => Promise<Value>): Promise<Value> {
  const lock = await takeLock(path, options);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(2 + Math.random() * 20, undefined, { signal });
  } catch (error) {
    throw signal?.reason ?? error;
  }
}

async function livingLocks(directory: string, prefix: string, mine: string, oldest: number): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(prefix) && name !== mine);
  const living: string[] = [];
  for (const name of names) {
    const file = join(directory, name);
    if (await isAbandoned(name.slice(prefix.length), file, oldest)) await rm(file, { force: true });
    else living.push(name);
  }
  return living.sort();
}

async function isAbandoned(owner: string, file: string, oldest: number): Promise<boolean> {
  const gone = await isGone(owner);
  if (gone !== undefined) return gone;
  try {
    return Date.now() - (await stat(file)).mtimeMs > oldest;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return true;
    throw error;
  }
}
