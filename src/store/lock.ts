/**
 * One process at a time, without leftovers that need a hand.
 *
 * Each process that wants in puts down a file of its own, named after itself, and only then looks for others'. Of two that
 * come at once at least one sees the other, so two are never in together. A file whose process is gone is swept away by
 * whoever finds it: its name was never anyone else's, so no living lock can be lost that way.
 */
import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { clean } from "../core/text.ts";
import { errorCode, refused } from "./failures.ts";

/** How long to wait for another process, which holds the lock for some milliseconds. */
const patience = 10_000;
/** How old a lock of a process that can't be looked at (another machine's) may be. */
const oldest = 60_000;

/**
 * Runs `work` while no other process runs its own under the same path.
 *
 * @param path the file that is guarded; its folder exists
 * @throws Failure `store.locked` when another process doesn't let go within ten seconds
 */
export async function withLock<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  const directory = dirname(path);
  const prefix = `.${basename(path)}.lock.`;
  const mine = `${prefix}${await ownName()}`;
  const deadline = Date.now() + patience;

  await writeFile(join(directory, mine), "", { flag: "wx", mode: 0o600 });
  let placed = true;
  try {
    for (;;) {
      const others = placed ? await livingLocks(directory, prefix, mine) : [];
      if (placed && others.length === 0) return await work();
      if (Date.now() > deadline) {
        const holder = others[0] ?? "";
        throw refused(
          "store.locked",
          `Another akto-okta is changing ${clean(path)}${holder === "" ? "" : ` (process ${clean(holder.slice(prefix.length).split("~")[0])})`}.`,
          "Wait for it to end, and try again.",
        );
      }
      // The first by name stays in line, the others step back for a moment: so one of them gets in.
      if (placed && others.some((other) => other < mine)) {
        await rm(join(directory, mine), { force: true });
        placed = false;
      }
      await delay(2 + Math.random() * 20);
      if (!placed) {
        await writeFile(join(directory, mine), "", { flag: "wx", mode: 0o600 });
        placed = true;
      }
    }
  } finally {
    if (placed) await rm(join(directory, mine), { force: true });
  }
}

// pid~start~host~unique: enough to tell whether the process that wrote it still runs.
async function ownName(): Promise<string> {
  return [process.pid, (await startOf(process.pid)) ?? "", hostPart(), randomUUID()].join("~");
}

function hostPart(): string {
  return hostname()
    .replaceAll(/[^A-Za-z0-9-]/g, "-")
    .slice(0, 60);
}

async function livingLocks(directory: string, prefix: string, mine: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(prefix) && name !== mine);
  const living: string[] = [];
  for (const name of names) {
    const file = join(directory, name);
    if (await isAbandoned(name.slice(prefix.length), file)) await rm(file, { force: true });
    else living.push(name);
  }
  return living.sort();
}

async function isAbandoned(name: string, file: string): Promise<boolean> {
  const [pidText = "", start = "", host = ""] = name.split("~");
  const pid = /^\d{1,10}$/.test(pidText) ? Number(pidText) : 0;
  if (pid > 0 && host === hostPart()) {
    if (!isRunning(pid)) return true;
    const now = await startOf(pid);
    if (now !== undefined && start !== "") return now !== start;
  }
  try {
    return Date.now() - (await stat(file)).mtimeMs > oldest;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return true;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}

/**
 * When a process began, in clock ticks since the machine's start: a process id is used again, the two together are not.
 * Only Linux tells it in a file (proc(5), field 22 of `stat`; the second field may hold spaces and brackets).
 */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
