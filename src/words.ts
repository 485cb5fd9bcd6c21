/** The words of the command line, as the shell handed them over. */
import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { Failure } from "./core/failure.ts";
import { quoted } from "./core/text.ts";

/**
 * Refuses a word that isn't in UTF-8: Node has U+FFFD for what it can't read, and a group's name would become another one.
 * Whether it was typed or is Node's own, only Linux tells, in a file (proc(5), `cmdline`).
 *
 * @throws Failure `usage.encoding`
 */
export async function refuseGarbledWords(argv: readonly string[]): Promise<void> {
  const garbled = argv.find((word) => word.includes("\ufffd"));
  if (garbled === undefined) return;
  const bytes = await readFile("/proc/self/cmdline").catch(() => undefined);
  if (!bytes || isUtf8(bytes)) return;
  throw new Failure("usage", "usage.encoding", `${quoted(garbled)} is not in UTF-8 on the command line.`, {
    hint: "Set the terminal's encoding, and LANG or LC_ALL, to UTF-8: in another encoding, a name would become a different name.",
  });
}
