import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { takeLock, withLock } from "../../src/store/lock.ts";
import { isGone, ownerName } from "../../src/store/owner.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "akto-okta-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

const options = { what: "the thing", patience: 60, oldest: 60_000 };
const elsewhere = "7~123~another-machine~u";

test("a lock of another machine is waited for while it is young, and named; an old one is swept away", async () => {
  const theirs = join(folder, `.thing.lock.${elsewhere}`);
  await writeFile(theirs, "");
  await expect(takeLock(join(folder, "thing"), options)).rejects.toMatchObject({
    kind: "usage",
    code: "store.locked",
    message: "Another akto-okta is changing the thing (process 7).",
  });
  expect(await readdir(folder)).toEqual([`.thing.lock.${elsewhere}`]);
  const long = new Date(Date.now() - 61_000);
  await utimes(theirs, long, long);
  const lock = await takeLock(join(folder, "thing"), options);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

test("a wait ends with the signal's own reason, and leaves nothing", async () => {
  const held = await takeLock(join(folder, "thing"), options);
  const reason = new Failure("interrupted", "interrupted", "Interrupted.");
  const interruption = new AbortController();
  const waiting = takeLock(join(folder, "thing"), { ...options, patience: 20_000, signal: interruption.signal });
  interruption.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await held.release();
  expect(await readdir(folder)).toEqual([]);
});

test("of many at once each is in alone, and one that fails lets the next in", async () => {
  let inside = 0;
  const work = async (fails: boolean) => {
    expect(++inside).toBe(1);
    await readdir(folder);
    inside--;
    if (fails) throw new Error("no");
  };
  const runs = Array.from({ length: 12 }, (_, index) =>
    withLock(join(folder, "thing"), { ...options, patience: 20_000 }, () => work(index % 3 === 0)),
  );
  const ends = await Promise.allSettled(runs);
  expect(ends.filter(({ status }) => status === "rejected")).toHaveLength(4);
});

test("an owner is gone, there, or not to be told", async () => {
  const name = await ownerName();
  const [pid, start, place] = name.split("~");
  expect(await isGone(name)).toBe(false);
  expect(await isGone(`4194304~${start}~${place}~u`)).toBe(true);
  // The same number again, in a process that began later; only Linux tells when one did.
  expect(await isGone(`${pid}~1~${place}~u`)).toBe(start === "" ? undefined : true);
  expect(await isGone(elsewhere)).toBeUndefined();
  for (const nonsense of ["", "~~~", `x~1~${place}`, `0~1~${place}~u`, `-1~1~${place}~u`]) {
    expect(await isGone(nonsense)).toBeUndefined();
  }
});
