/**
 * Every way in which a command can end other than well. The kind decides the exit code, the code names the
 * case for scripts, the message says what happened and the hint what to do next.
 */
import { clean } from "./text.ts";

/** What sort of end it is. */
export type FailureKind = "bug" | "usage" | "rule" | "auth" | "unavailable" | "negative" | "interrupted";

/** The process exit code of each kind of failure. Public behavior: scripts rely on it. */
export const exitCodes = {
  bug: 1,
  usage: 2,
  rule: 3,
  auth: 4,
  unavailable: 5,
  negative: 6,
  interrupted: 130,
} as const satisfies Record<FailureKind, number>;

/** A failure that the program foresaw, with its code for scripts and its hint for people. */
export class Failure extends Error {
  readonly kind: FailureKind;
  /** Dotted, stable, for scripts: `mapping.role_taken`. */
  readonly code: string;
  /** What to do next. */
  readonly hint: string | undefined;
  /** The same where a question follows: without where to give what it calls for. */
  readonly remedy: string | undefined;

  /** @param options.give where to give what the hint calls for: `Give it in AKTO_API_KEY.` */
  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    options: { hint?: string | undefined; give?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "Failure";
    this.kind = kind;
    this.code = code;
    this.remedy = options.hint;
    this.hint = options.give === undefined ? options.hint : `${options.hint ?? ""} ${options.give}`.trim();
  }
}

/** Whether the program can do without what failed: it was foreseen, and neither the person nor a bug has ended the run. */
export function canGoOn(error: unknown): error is Failure {
  return error instanceof Failure && error.kind !== "interrupted" && error.kind !== "bug";
}

/**
 * An error that nobody foresaw, as a failure that says so; a `Failure` as it is. Whoever words errors of another's making
 * (an answer, a file) as theirs keeps those of this program out by it.
 */
export function unforeseen(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const bug = new Failure("bug", "bug", `Something unexpected happened: ${clean(messageOf(error))}`, {
    hint: partMissing(error)
      ? "A part of akto-okta is missing, or was replaced while it ran: install it again. If that doesn't help, run it with --debug and report what it prints."
      : "This is a bug in akto-okta. Run it again with --debug and report what it prints.",
    cause: error,
  });
  if (error instanceof Error && error.stack !== undefined) bug.stack = error.stack;
  return bug;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : error);

/** Whether a part of this program can't be loaded. */
export function partMissing(error: unknown): boolean {
  return ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(errorCode(error) ?? "");
}

/**
 * Whether an error can only be of this program's own making: what the language throws at a mistake in a program, or a part of
 * it that can't be loaded. The network and the file system throw neither.
 */
export function isOwnFault(error: unknown): boolean {
  return ownFaults.some((kind) => error instanceof kind) || partMissing(error);
}

const ownFaults = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Whether `error` is a foreseen failure, of the given code if one is named. */
export function isFailure(error: unknown, code?: string): error is Failure {
  return error instanceof Failure && (code === undefined || error.code === code);
}

/** The code of an error of the system or of a library, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return namelessCodes.get(error.code) ?? error.code;
}

// What Node knows no name for (errno(3)): Linux's number, and that of macOS.
const namelessCodes = new Map([
  ["Unknown system error -116", "ESTALE"],
  ["Unknown system error -70", "ESTALE"],
  ["Unknown system error -122", "EDQUOT"],
  ["Unknown system error -69", "EDQUOT"],
]);

const whyUnreadable = new Map<string | undefined, string>([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "you don't have permission to read it"],
  ["EPERM", "you don't have permission to read it"],
  ["EISDIR", "it is a folder"],
  ["ENXIO", "it is a pipe or a socket that nobody writes to"],
  ["ESTALE", "its network folder is stale: mount it again"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ELOOP", "its links lead round in a circle"],
  ["EMFILE", "too many files are open here"],
  ["ENFILE", "too many files are open on this machine"],
  ["EIO", "the disk has an error there"],
]);

/** Why a file that somebody named can't be read, as the end of a sentence; `error` is what the file system threw. */
export function unreadable(error: unknown): string {
  const code = errorCode(error);
  return whyUnreadable.get(code) ?? `the system says ${code ?? "no more"}`;
}

const elsewhere = "or name another place";
const whyUnwritable = new Map<string | undefined, readonly [why: string, remedy: string]>([
  ["ENOENT", ["there is no such folder", "Create the folder first, or name another one."]],
  ["ENOTDIR", ["its path leads through a file", `Check the path, ${elsewhere}.`]],
  ["EISDIR", ["it is a folder", "Name a file in it."]],
  ["EACCES", ["you don't have permission", `Check the folder's permissions, ${elsewhere}.`]],
  ["EPERM", ["you don't have permission", `Check the folder's permissions, ${elsewhere}.`]],
  ["EROFS", ["its file system is read-only", "Name another place."]],
  ["ENOSPC", ["the disk is full", `Make room, ${elsewhere}.`]],
  ["EDQUOT", ["your disk quota is used up", `Make room, ${elsewhere}.`]],
  ["EFBIG", ["it would be larger than allowed", "Raise the limit (`ulimit -f`), or name a place that has none."]],
  ["ENAMETOOLONG", ["its name is too long", "Use a shorter name."]],
  ["ELOOP", ["its links lead round in a circle", `Check the path, ${elsewhere}.`]],
  ["EMFILE", ["too many files are open here", "Raise the limit (`ulimit -n`), and run the command again."]],
  ["ENFILE", ["too many files are open on this machine", "Close some programs, and run the command again."]],
  ["EBUSY", ["something else is using it", `Close that, ${elsewhere}.`]],
  ["ESTALE", ["its network folder is stale", `Mount it again, ${elsewhere}.`]],
  ["EIO", ["the disk has an error there", "Name another place."]],
]);

/** Why a file that somebody named can't be written, as the end of a sentence, and what to do; see {@link unreadable}. */
export function whyNotWritten(error: unknown): { readonly why: string; readonly remedy: string } {
  const code = errorCode(error);
  const [why, remedy] = whyUnwritable.get(code) ?? [
    `the system says ${code ?? "no more"}`,
    "Check the path and the folder's permissions.",
  ];
  return { why, remedy };
}
