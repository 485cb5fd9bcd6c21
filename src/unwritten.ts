/** What standard output refused, in our words. */
import { errorCode, Failure, whyNotWritten } from "./core/failure.ts";

/**
 * @param error what writing to standard output ended with
 * @returns the failure that tells of it, or `undefined` where its reader or its terminal went away, which is no error
 */
export function unwritten(error: unknown): Failure | undefined {
  const code = errorCode(error);
  if (code === undefined || code === "EPIPE" || code === "EIO") return undefined;
  const why = code === "EBADF" ? "it is not open for writing" : whyNotWritten(error).why;
  return new Failure("usage", "output.unwritten", `The output could not be written: ${why}.`, {
    hint: "Write it somewhere else and run the command again. Changes that it made already are kept.",
    cause: error,
  });
}
