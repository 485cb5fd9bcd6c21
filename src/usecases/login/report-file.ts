/** The result page as a file, to attach to a ticket: it holds no token and no secret. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { LoginReport } from "../../core/login/report.ts";
import { clean, quoted } from "../../core/text.ts";
import type { PageFacts } from "../../page/document.ts";
import { renderResultPage } from "../../page/result.ts";
import { confirmed } from "../confirm.ts";
import { unwritable, writeOutput } from "../output-file.ts";

/**
 * Makes sure that the file can be written, before anybody signs in for it. Asks before it takes the place of another.
 *
 * @throws Failure `file.unwritable`, `file.exists` when the person says no, `input.confirmation_needed`
 */
export async function claimReportFile(context: Context, path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
  const found = await kindOf(path);
  if (found === "folder") throw unwritable(path, { code: "EISDIR" });
  if (found === "file" && !(await confirmed(context, `${clean(path)} is there already. Overwrite it?`))) {
    throw new Failure("usage", "file.exists", `${quoted(path)} is there already, and stays as it is.`, {
      hint: "Give another path with --report.",
    });
  }
}

/**
 * Writes the page of a report, or of why there is none, for its owner alone. It is there whole or not at all.
 *
 * @throws Failure `file.unwritable`
 */
export async function writeReportFile(
  { redaction }: Context,
  path: string,
  result: LoginReport | Failure,
  facts: PageFacts = [],
): Promise<void> {
  await writeOutput(path, redaction.redact(renderResultPage(result, facts)), 0o600);
}

async function kindOf(path: string): Promise<"nothing" | "file" | "folder" | "other"> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return "nothing";
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
}
