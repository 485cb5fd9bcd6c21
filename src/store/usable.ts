/** Whether a file may be used: it is the user's own, and nobody else could have put it there. */
import { lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { clean } from "../core/text.ts";
import { refused } from "./failures.ts";

/**
 * Whether the file is there.
 *
 * @param options.secret refuse a file or a folder that others could look into, too: one that they could write is refused
 *   always, since what is kept decides where the secrets go
 * @throws Failure `store.symlink`, `store.other_owner`, `store.permissions`, `store.unusable` when it must not be used
 */
export function isThere({ path, secret }: { readonly path: string; readonly secret: boolean }): boolean {
  const check = secret ? checkPrivate : checkUnwritable;
  const directory = dirname(path);
  // Checked first, and even without the file: nothing is created in an open folder either.
  const folder = statSync(directory, { throwIfNoEntry: false });
  if (folder) {
    // The permissions of a device aren't to be changed, either.
    if (!folder.isDirectory()) {
      const remedy = "Name another one in AKTO_OKTA_CONFIG_DIR, or move it out of the way.";
      throw refused("store.unusable", `${clean(directory)} is not a folder.`, remedy);
    }
    checkOwner(directory, folder.uid);
    check(directory, folder.mode, "700");
  }
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return false;
  if (file.isSymbolicLink()) {
    throw refused(
      "store.symlink",
      `${clean(path)} is a symbolic link, which is not followed.`,
      "Put the file itself there, or name its folder in AKTO_OKTA_CONFIG_DIR.",
    );
  }
  if (!file.isFile()) {
    throw refused("store.unusable", `${clean(path)} is not a file.`, "Move it out of the way.");
  }
  checkOwner(path, file.uid);
  check(path, file.mode, "600");
  return true;
}

function checkOwner(path: string, uid: number): void {
  if (process.geteuid === undefined || uid === process.geteuid()) return;
  throw refused(
    "store.other_owner",
    `${clean(path)} belongs to another user.`,
    "Run as its owner (without sudo), or name a folder of your own in AKTO_OKTA_CONFIG_DIR.",
  );
}

/** @throws Failure `store.permissions` when anyone but the owner has any right to it; Windows has no such rights. */
function checkPrivate(path: string, mode: number, wanted: string): void {
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  throw refused(
    "store.permissions",
    `${clean(path)} holds secrets and is open to other users (mode ${(mode & 0o777).toString(8)}).`,
    `Run \`chmod ${wanted} '${clean(path)}'\`, and renew the secrets if others may have read them.`,
  );
}

/** @throws Failure `store.permissions` when anyone but the owner may write it; Windows has no such rights. */
function checkUnwritable(path: string, mode: number): void {
  if (process.platform === "win32" || (mode & 0o022) === 0) return;
  throw refused(
    "store.permissions",
    `${clean(path)} can be written by other users (mode ${(mode & 0o777).toString(8)}), who could send your secrets elsewhere.`,
    `Check that what is in it is yours, then run \`chmod go-w '${clean(path)}'\`. Or name another folder in AKTO_OKTA_CONFIG_DIR.`,
  );
}
