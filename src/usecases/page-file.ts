/** A page as a file, at a place that somebody named: for a ticket, or for who reviews access. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { Context } from "../context.ts";
import { Failure } from "../core/failure.ts";
import { clean, quoted } from "../core/text.ts";
import { confirmed } from "./confirm.ts";
import { outputAt, unwritable, writeOutput } from "./output-file.ts";

/**
 * Makes sure that the file can be written, before anything is done for it. Asks before it takes the place of another.
 *
 * @throws Failure `file.unwritable`, `file.exists` when the person says no, `input.confirmation_needed`
 */
export async function claimPage(context: Context, path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
  const found = await outputAt(path);
  if (found?.isDirectory()) throw unwritable(path, Object.assign(new Error("It is a folder."), { code: "EISDIR" }));
  if (found?.isFile() && !(await confirmed(context, `${clean(path)} already exists. Overwrite it?`))) {
    throw new Failure("usage", "file.exists", `${quoted(path)} already exists, and was left as it is.`, {
      hint: "Give another path with --report.",
    });
  }
}

/**
 * Writes a page for its owner alone, and says where it is. It is there whole or not at all.
 *
 * @param what what the page is: `report`
 * @throws Failure `file.unwritable`
 */
export async function writePage(
  { redaction, terminal }: Context,
  path: string,
  what: string,
  page: string,
): Promise<void> {
  await writeOutput(path, redaction.redact(page), 0o600);
  terminal.note();
  terminal.note(`The ${what} is in ${clean(path)}`);
}
