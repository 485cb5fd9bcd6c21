/** What the file system refused, in our words. */
import { errorCode, Failure } from "../core/failure.ts";
import { clean } from "../core/text.ts";

const reasons = new Map<string, readonly [code: string, what: string, remedy: string]>([
  ["EACCES", ["store.read_only", "can't be written to", "Check who owns it and its permissions"]],
  ["EPERM", ["store.read_only", "can't be written to", "Check who owns it and its permissions"]],
  ["EROFS", ["store.read_only", "is on a read-only file system", "Make it writable"]],
  ["ENOSPC", ["store.full", "could not be written: the disk is full", "Make room"]],
  ["EDQUOT", ["store.full", "could not be written: your quota is used up", "Make room"]],
  ["EFBIG", ["store.full", "could not be written: it would be larger than allowed", "Make room"]],
  ["ENOTDIR", ["store.unusable", "is inside something that is not a folder", "Move that out of the way"]],
  ["EEXIST", ["store.unusable", "is inside something that is not a folder", "Move that out of the way"]],
  ["EISDIR", ["store.unusable", "is a folder", "Move it out of the way"]],
  ["ESTALE", ["store.unusable", "is in a network folder that has gone stale", "Mount it again"]],
  ["ENAMETOOLONG", ["store.unusable", "has too long a name", "Use a shorter one"]],
  ["ELOOP", ["store.unusable", "leads round in a circle of links", "Fix the links"]],
  ["EMFILE", ["store.unusable", "could not be opened: too many files are open here", "Raise the limit (`ulimit -n`)"]],
  ["ENFILE", ["store.unusable", "could not be opened: too many files are open on this machine", "Close some programs"]],
]);

/** A failure for what went wrong at `path`. A `Failure` stays as it is. */
export function storeFailure(error: unknown, path: string): unknown {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  if (code === undefined) return error;
  const [failure, what, remedy] = reasons.get(code) ?? ["store.unusable", `can't be used (${code})`, "Check it"];
  return new Failure("usage", failure, `${clean(path)} ${what}. Nothing in it was changed.`, {
    hint: `${remedy}, or name another folder in AKTO_OKTA_CONFIG_DIR.`,
    cause: error,
  });
}

/** A failure about the file at `path` that is no error of the system. */
export function refused(code: string, message: string, hint: string, cause?: unknown): Failure {
  return new Failure("usage", code, message, { hint, cause });
}
