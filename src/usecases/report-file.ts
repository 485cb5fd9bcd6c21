import { writeFile } from "node:fs/promises";
import { Failure } from "../core/failure.ts";
import type { LoginReport } from "../core/report.ts";
import { quoted } from "../core/text.ts";
import { type PageFacts, renderResultPage } from "../oidc/page.ts";

/**
 * Writes the result page to a file, to attach to a ticket: it holds no token and no secret.
 *
 * @throws Failure `file.unwritable`
 */
export async function writeReportFile(path: string, report: LoginReport, facts: PageFacts = []): Promise<void> {
  try {
    await writeFile(path, renderResultPage(report, facts), { mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unwritable";
    throw new Failure("usage", "file.unwritable", `${quoted(path)} can't be written (${reason}).`, {
      hint: "Check the path and the folder's permissions.",
      cause: error,
    });
  }
}
