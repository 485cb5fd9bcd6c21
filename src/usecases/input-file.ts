/** Files that somebody hands over by name, read whole; `-` is standard input. */
import { Failure, isOwnFault, unreadable } from "../core/failure.ts";
import { invalidFile } from "../core/plan/spec-read.ts";
import { quoted } from "../core/text.ts";
import { firstLineNotUtf8, readFileUpTo, readStreamUpTo } from "../files/read.ts";

/** What a file is expected to be. */
export interface Expected {
  /** `a mapping`, for messages. */
  readonly what: string;
  /** The largest that is read, in bytes. */
  readonly limit: number;
  /** What to do about one that can't be read, and about one that is too large. */
  readonly hints: { readonly unreadable: string; readonly tooLarge: string };
}

/** How a file is called in messages. */
export function inputName(path: string): string {
  return path === "-" ? "standard input" : path;
}

/**
 * A file's text; `-` is standard input.
 *
 * @throws Failure `file.unreadable`, `file.invalid`
 */
export async function readInput(path: string, { what, limit, hints }: Expected): Promise<string> {
  const name = inputName(path);
  let content: Buffer | undefined;
  try {
    content = path === "-" ? await readStreamUpTo(process.stdin, limit) : await readFileUpTo(path, limit);
  } catch (error) {
    if (isOwnFault(error)) throw error;
    throw new Failure("usage", "file.unreadable", `${quoted(path)} can't be read: ${unreadable(error)}.`, {
      hint: hints.unreadable,
      cause: error,
    });
  }
  if (content) return decodeInput(content, name);
  throw new Failure(
    "usage",
    "file.unreadable",
    `${path === "-" ? "Standard input" : quoted(path)} is too large for ${what}.`,
    { hint: hints.tooLarge },
  );
}

/**
 * The text of what was read.
 *
 * @throws Failure `file.invalid` with the line
 */
function decodeInput(content: Buffer, name: string): string {
  const line = firstLineNotUtf8(content);
  if (line === undefined) return content.toString("utf8").replace(/^\uFEFF/, "");
  throw invalidFile(name, [
    {
      at: { line, column: 1 },
      code: "file.invalid",
      message: "This line is not in UTF-8.",
      fix: "Save the file as UTF-8: in another encoding, a name would become a different name.",
    },
  ]);
}
