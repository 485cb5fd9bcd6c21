/** Secrets come in files: a command line is kept in the shell's history, and every process may look at it. */
import { isUtf8 } from "node:buffer";
import { Failure, unreadable } from "../core/failure.ts";
import { secretsIn } from "../core/redaction.ts";
import { clean, secretTail } from "../core/text.ts";
import { readFileUpTo, readStreamUpTo } from "../files/read.ts";

// A secret is a line; what is longer was taken from the wrong file.
const secretFileLimit = 16_384;

/**
 * Reads a secret from the file that a flag names; `-` is standard input.
 *
 * @param limit the most to read, in bytes
 * @throws Failure `input.secret_file`
 */
async function readSecretFile(path: string, flag: string, limit: number = secretFileLimit): Promise<string> {
  const fail = (message: string, hint: string, cause?: unknown) =>
    new Failure("usage", "input.secret_file", message, { hint, cause });
  const [secretItself] = secretsIn(path);
  if (secretItself !== undefined) {
    throw fail(
      `${flag} expects a file, and was given what looks like the secret itself (it ends in ${secretTail(secretItself)}).`,
      "Put it in a file, and renew it: the shell's history and the list of processes show what is on a command line.",
    );
  }
  const name = path === "-" ? "Standard input" : clean(path);
  const alone = `${flag} expects a file that holds only the secret.`;
  let content: Buffer | undefined;
  if (path === "-") content = await readStreamUpTo(process.stdin, limit);
  else {
    try {
      content = await readFileUpTo(path, limit);
    } catch (error) {
      throw fail(
        // Nor is its name shown, which may be the secret: there is no such file.
        `The file of ${flag} can't be read: ${unreadable(error)}.`,
        "Check the path, and that you have permission to read it.",
        error,
      );
    }
  }
  if (!content) throw fail(`${name} is too large for a secret.`, alone);
  if (!isUtf8(content)) throw fail(`${name} holds no text.`, alone);
  const secret = content.toString("utf8").trim();
  if (secret === "") throw fail(`${name} holds no secret.`, alone);
  if (/[\r\n]/.test(secret)) throw fail(`${name} holds more than one line.`, alone);
  return secret;
}

/** The secret files of a run, each read once: standard input can be read but once, and holds one secret. */
export class SecretFiles {
  readonly #files = new Map<string, { readonly flag: string; readonly secret: Promise<string> }>();

  /** As {@link readSecretFile}; standard input that another flag has named is refused, whoever read it. */
  async read(path: string, flag: string, limit?: number): Promise<string> {
    const known = this.#files.get(path) ?? { flag, secret: readSecretFile(path, flag, limit) };
    if (path === "-" && known.flag !== flag) {
      throw new Failure("usage", "input.secret_file", "Standard input was given for two secrets.", {
        hint: `Give one of them in a file: ${known.flag} and ${flag} both name it.`,
      });
    }
    this.#files.set(path, known);
    return known.secret;
  }
}
