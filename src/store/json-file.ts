/** A JSON file that is either the old one or the new one, whatever happens meanwhile. */
import { lstatSync, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isRecord } from "../core/json.ts";
import { clean } from "../core/text.ts";
import { refused, storeFailure } from "./failures.ts";
import type { Lock } from "./lock.ts";

/** What a file may hold, and how it is kept. */
export interface JsonFileOptions<Value extends object> {
  /** Ends in `.json`. */
  readonly path: string;
  /** How it is called in messages: `profile`. */
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
      // Looked at again under the lock, so that a file somebody has just mended isn't taken away.
      return value ?? this.#locked(() => this.#loadOrSetAside());
    });
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
      if (this.#exists()) await this.#locked(() => rm(this.#options.path, { force: true }));
    });
  }

  /** One process at a time: each holds the file for some milliseconds. */
  async #locked<Result>(work: (lock: Lock) => Promise<Result>): Promise<Result> {
    const { path } = this.#options;
    const { withLock } = await import("./lock.ts");
    return withLock(path, { what: clean(path), patience: 10_000, oldest: 60_000 }, work);
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
    if (!this.#exists()) return empty;
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
      "Fix that file and move it back, or run the command again to begin afresh.",
    );
  }

  /** Whether the file is there; throws when it is one that must not be used. */
  #exists(): boolean {
    const { path, secret } = this.#options;
    const check = secret ? checkPrivate : checkUnwritable;
    // Looked at first, and without the file too: nothing is begun in an open folder either.
    const folder = statSync(this.#directory, { throwIfNoEntry: false });
    if (folder) {
      checkOwner(this.#directory, folder.uid);
      check(this.#directory, folder.mode, "700");
    }
    const file = lstatSync(path, { throwIfNoEntry: false });
    if (file === undefined) return false;
    if (file.isSymbolicLink()) {
      throw refused(
        "store.symlink",
        `${clean(path)} is a symbolic link, which is not followed.`,
        "Put the file itself there, or name its folder in AKTO_OKTA_CONFIG_DIR.",
      );
    }
    if (!file.isFile()) {
      throw refused("store.unusable", `${clean(path)} is no file.`, "Move it out of the way.");
    }
    checkOwner(path, file.uid);
    check(path, file.mode, "600");
    return true;
  }
}

function checkOwner(path: string, uid: number): void {
  if (process.geteuid === undefined || uid === process.geteuid()) return;
  throw refused(
    "store.other_owner",
    `${clean(path)} belongs to another user.`,
    "Run as its owner (without sudo), or name a folder of your own in AKTO_OKTA_CONFIG_DIR.",
  );
}

/** @throws Failure `store.permissions` when anyone but the owner has any right to it; Windows has no such rights. */
function checkPrivate(path: string, mode: number, wanted: string): void {
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  throw refused(
    "store.permissions",
    `${clean(path)} holds secrets and is open to other users (mode ${(mode & 0o777).toString(8)}).`,
    `Run \`chmod ${wanted} '${clean(path)}'\`, and renew the secrets if others may have read them.`,
  );
}

/** @throws Failure `store.permissions` when anyone but the owner may write it; Windows has no such rights. */
function checkUnwritable(path: string, mode: number): void {
  if (process.platform === "win32" || (mode & 0o022) === 0) return;
  throw refused(
    "store.permissions",
    `${clean(path)} may be written by other users (mode ${(mode & 0o777).toString(8)}), who could send your secrets elsewhere.`,
    `Look whether what is in it is yours, then run \`chmod go-w '${clean(path)}'\`. Or name another folder in AKTO_OKTA_CONFIG_DIR.`,
  );
}

/**
 * Replaces the file in one step, so that whoever is stopped half-way leaves the old one standing.
 *
 * `conf` doesn't do this part: its writer takes a short write, which is how a disk that fills up answers first, for a whole
 * one, and would put half a file in place of the old one. The caller holds the lock, so the name beside it is free.
 */
async function replaceFile(path: string, text: string, lock: Lock): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.new`);
  if (lstatSync(beside, { throwIfNoEntry: false })?.isDirectory()) {
    throw refused("store.unusable", `${clean(beside)} is a folder, in the place of the new file.`, "Remove it.");
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
async function syncFolder(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
