/** Identifies a process, unlike any other, so that what a dead one left behind can be cleared away. */
import { createHash, randomUUID } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { errorCode } from "../core/failure.ts";
import { once } from "../core/once.ts";

/**
 * The name of this process: `pid~start~host~unique`, fit for a file's name. Two calls never give the same.
 */
export async function ownerName(): Promise<string> {
  return [process.pid, (await look(process.pid))?.start ?? "", await place(), randomUUID()].join("~");
}

/** The process id in an owner's name, for messages. */
export function ownerPid(name: string): string {
  return name.split("~", 1)[0] ?? "";
}

/** The name of the machine in an owner's name, for messages; empty when there is none. */
export function ownerMachine(name: string): string {
  return (name.split("~")[2] ?? "").replace(/\.[^.]*\.[^.]*$/, "");
}

/**
 * Whether the process of this name is gone: `true` and `false` where that can be told, `undefined` for one on another
 * machine, in another container, or (where the system doesn't tell when a process began) one whose number is in use.
 */
export async function isGone(name: string): Promise<boolean | undefined> {
  const [pidText = "", start = "", where = ""] = name.split("~");
  const pid = /^\d{1,10}$/.test(pidText) ? Number(pidText) : 0;
  if (pid <= 0 || where !== (await place())) return undefined;
  if (!isRunning(pid)) return true;
  const now = await look(pid);
  if (now === undefined || start === "") return undefined;
  return now.dead || now.start !== start;
}

/**
 * The machine, and on Linux the container: each numbers its own processes (pid_namespaces(7)). Cloned machines share a name:
 * they are told apart by what is drawn at each boot (random(4), `boot_id`), or by their network addresses.
 */
const place = once(async (): Promise<string> => {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9-]/g, "-")
    .slice(0, 60);
  const [namespace, boot] = await Promise.all([
    readlink("/proc/self/ns/pid").catch(() => ""),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => networkAddresses()),
  ]);
  return `${host}.${/\d+/.exec(namespace)?.[0] ?? ""}.${createHash("sha256").update(boot).digest("hex").slice(0, 12)}`;
});

function networkAddresses(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ mac }) => mac));
  return [...new Set(addresses)].sort().join();
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
 * When a process began, in clock ticks since the machine's start: a process id is used again, but never with the same start.
 * Also whether it has ended and nobody has asked for its exit code yet, as happens in a container without an init. Only Linux
 * says so in a file (proc(5), fields 22 and 3 of `stat`; the second field may hold spaces and brackets).
 */
async function look(pid: number): Promise<{ readonly start: string | undefined; readonly dead: boolean } | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return { start: fields[19], dead: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}
