/** The program's entry: what is known without running it is said at once, and everything else is loaded. */

import { preparedText, preparedTree } from "./prepared.ts";
import { provideHome } from "./store/home.ts";
import { helpWidth, standardError, standardOutput } from "./terminal/standard.ts";

/**
 * Runs the program, once in a process.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  provideHome(process.env);
  const text =
    argv[0] === "__complete"
      ? await (await import("./commands/complete.ts")).complete(argv.slice(1), preparedTree())
      : await preparedText(argv, process.env, () => helpWidth(standardOutput));
  if (text === undefined) {
    const { run } = await import("./run.ts");
    return run(argv);
  }
  standardOutput.onError((error) => complain(error, argv));
  await standardOutput.write(text);
  // An answer that came too late is not waited for.
  if (argv[0] === "__complete") process.exit(0);
  return 0;
}

/** Says that the text could not be written; a reader that went away (`| head`) is no error. */
async function complain(error: unknown, [first]: readonly string[]): Promise<void> {
  const { unwritten } = await import("./unwritten.ts");
  const failure = unwritten(error);
  // A shell that completes a word shows no messages.
  if (failure === undefined || first === "__complete") return;
  standardError.write(`✗ ${failure.message}\n  ${failure.hint ?? ""}\n`);
  process.exit(2);
}
