/** Files that somebody asked for by name, at a place of their own. */
import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { errorCode, Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";

/**
 * Writes a file whole or not at all, over what is there. A device or a pipe is written to, a link followed.
 *
 * @param mode the file's permissions; without them those of the file that is there, or the usual ones
 * @throws Failure `file.unwritable`
 */
export async function writeOutput(path: string, content: string, mode?: number): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined);
    if (found && !found.isFile()) return await writeFile(path, content);
    const target = found ? await realpath(path) : path;
    const beside = `${target}.${randomBytes(6).toString("hex")}.tmp`;
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

/** The failure for a file that can't be written, for what the system said. */
export function unwritable(path: string, error: unknown): Failure {
  const reason = errorCode(error) ?? "unwritable";
  return new Failure("usage", "file.unwritable", `${quoted(path)} can't be written (${reason}).`, {
    hint: "Check the path and the folder's permissions.",
    cause: error,
  });
}
