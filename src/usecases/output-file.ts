/** Files that somebody asked for by name, at a place of their own. */
import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, Failure, whyNotWritten } from "../core/failure.ts";
import { quoted } from "../core/text.ts";

/**
 * Writes a file whole or not at all, over what is there. A device or a pipe is written to, a link followed.
 *
 * @param mode the file's permissions; without them those of the file that is there, or the usual ones
 * @throws Failure `file.unwritable`
 */
export async function writeOutput(path: string, content: string, mode?: number): Promise<void> {
  const found = await outputAt(path);
  try {
    if (found && !found.isFile()) return await writeFile(path, content);
    const target = found ? await realpath(path) : path;
    // A name of its own: one that is as long as a name may be leaves no room for more.
    const beside = join(dirname(target), `.akto-okta-${randomBytes(6).toString("hex")}.tmp`);
    try {
      await writeFile(beside, content, { mode: mode ?? (found ? found.mode & 0o777 : 0o666), flag: "wx" });
      await rename(beside, target);
    } finally {
      await rm(beside, { force: true });
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * What is at the place to write to; `undefined` where nothing is. What can't be looked at is not taken for nothing: it would
 * be written over without a question.
 *
 * @throws Failure `file.unwritable`
 */
export async function outputAt(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw unwritable(path, error);
  }
}

/** The failure for a file that can't be written, for what the system said; what no system said stays as it is. */
export function unwritable(path: string, error: unknown): unknown {
  if (errorCode(error) === undefined) return error;
  const { why, remedy } = whyNotWritten(error);
  return new Failure("usage", "file.unwritable", `${quoted(path)} can't be written: ${why}.`, {
    hint: remedy,
    cause: error,
  });
}
