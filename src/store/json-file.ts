/** A JSON file that always holds either the old content or the new, whatever happens in between. */
import { lstatSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isRecord } from "../core/json.ts";
import { clean } from "../core/text.ts";
import { refused, storeFailure } from "./failures.ts";
import type { Lock } from "./lock.ts";
import { isThere } from "./usable.ts";

/** What a file may hold, and how it is kept. */
export interface JsonFileOptions<Value extends object> {
  /** Ends in `.json`. */
  readonly path: string;
  /** What it is called in messages: `profile`. */
  readonly noun: string;
  /** Whether a JSON object is such a value. A file that holds anything else is corrupt. */
  readonly isValue: (json: Record<string, unknown>) => json is Record<string, unknown> & Value;
  /** What is there before the first change. */
  readonly empty: Value;
  /**
   * Refuse a file or a folder that others could look into, too: one that they could write is refused always, since what is
   * kept decides where the secrets go.
   */
  readonly secret: boolean;
}

/** One JSON file: read through `conf`, changed under a lock, replaced in one step. */
export class JsonFile<Value extends object> {
  readonly #options: JsonFileOptions<Value>;
  readonly #directory: string;

  constructor(options: JsonFileOptions<Value>) {
    this.#options = options;
    this.#directory = dirname(options.path);
  }

  /**
   * What the file holds.
   *
   * @throws Failure `store.corrupt` after it was set aside; `store.symlink`, `store.other_owner`, `store.permissions`,
   *   `store.read_only`, `store.unusable`
   */
  async read(): Promise<Value> {
    return this.#explained(async () => {
      const value = await this.#load();
      // Checked again under the lock, so that a file that somebody has just repaired isn't taken away.
      return value ?? this.#locked(() => this.#loadOrSetAside());
    });
  }

  /**
   * What the file holds, or `undefined` when it is corrupt: that is left as it is. Throws what {@link read} throws, but for
   * `store.corrupt`.
   */
  async peek(): Promise<Value | undefined> {
    return this.#explained(() => this.#load());
  }

  /**
   * Changes what the file holds: reads, applies `change` and writes, while no other process does.
   * When `change` throws, nothing is written.
   *
   * @returns what it holds now
   * @throws Failure as {@link read} does, `store.full`, `store.locked`, and what `change` throws
   */
  async update(change: (value: Value) => Value): Promise<Value> {
    return this.#explained(async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      return this.#locked(async (lock) => {
        const before = await this.#loadOrSetAside();
        const after = change(before);
        const text = `${JSON.stringify(after, null, 2)}\n`;
        if (text !== `${JSON.stringify(before, null, 2)}\n`) await replaceFile(this.#options.path, text, lock);
        return after;
      });
    });
  }

  /** Deletes the file, if there is one. */
  async remove(): Promise<void> {
    await this.#explained(async () => {
      if (isThere(this.#options)) await this.#locked(() => rm(this.#options.path, { force: true }));
    });
  }

  #locked<Result>(work: (lock: Lock) => Promise<Result>): Promise<Result> {
    return withFileLock(this.#options.path, work);
  }

  async #explained<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw storeFailure(error, this.#options.path);
    }
  }

  /** The value, or `undefined` when the file is corrupt. */
  async #load(): Promise<Value | undefined> {
    const { path, isValue, empty } = this.#options;
    if (!isThere(this.#options)) return empty;
    const { default: Conf } = await import("conf");
    try {
      const { store } = new Conf<Record<string, unknown>>({
        cwd: this.#directory,
        configName: basename(path, ".json"),
        deserialize: (text) => {
          const json: unknown = JSON.parse(text);
          if (isRecord(json)) return json;
          throw new SyntaxError("not an object");
        },
      });
      return isValue(store) ? store : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async #loadOrSetAside(): Promise<Value> {
    const { path, noun } = this.#options;
    const value = await this.#load();
    if (value !== undefined) return value;
    const aside = `${path.replace(/\.json$/, "")}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    await rename(path, aside);
    throw refused(
      "store.corrupt",
      `The ${noun} in ${clean(path)} is corrupt, so it was set aside as ${clean(basename(aside))}.`,
      "Fix that file and move it back, or run the command again to start over.",
    );
  }
}

/** Runs `work` while no other process changes the file at `path`: each holds it for some milliseconds. */
export async function withFileLock<Result>(path: string, work: (lock: Lock) => Promise<Result>): Promise<Result> {
  const { withLock } = await import("./lock.ts");
  return withLock(path, { what: clean(path), patience: 10_000, oldest: 60_000 }, work);
}

/**
 * Replaces the file in one step, so that a run that is stopped halfway leaves the old one in place. `conf` doesn't do this
 * part: its writer takes a short write for a complete one, and a short write is the first sign of a full disk, so it would put
 * half a file in place of the old one. The caller holds the lock, so the name beside it is free.
 */
async function replaceFile(path: string, text: string, lock: Lock): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.new`);
  if (lstatSync(beside, { throwIfNoEntry: false })?.isDirectory()) {
    throw refused("store.unusable", `${clean(beside)} is a folder, where the new file should go.`, "Remove it.");
  }
  await rm(beside, { force: true });
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await lock.confirm();
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the new name last through a power cut, where the system can (Windows can't open a folder). */
export async function syncFolder(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
