import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { takeLock, withLock } from "../../src/store/lock.ts";
import { isGone, ownerName } from "../../src/store/owner.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "akto-okta-lock-"));
});
afterEach(() => {
  vi.useRealTimers();
  return rm(folder, { recursive: true });
});

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

test("whoever holds a lock shows again and again that it lives, so that it is not taken for gone", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const held = await takeLock(join(folder, "thing"), options);
  const file = join(folder, (await readdir(folder))[0] ?? "");
  const long = new Date(Date.now() - 61_000);
  for (let beats = 0; beats < 2; beats++) {
    await utimes(file, long, long);
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(async () => expect((await stat(file)).mtimeMs).toBeGreaterThan(Date.now() - 30_000));
  }
  await held.release();
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test("the lock's file and its machine are named to whoever waits in vain", async () => {
  const [pid, start, place] = (await ownerName()).split("~");
  const name = `.thing.lock.${pid}~${start}~host-7.4026.${"0".repeat(12)}~u`;
  await writeFile(join(folder, name), "");
  await expect(takeLock(join(folder, "thing"), options)).rejects.toMatchObject({
    code: "store.locked",
    hint: `Wait for it to end, and try again.\nIf none is running on host-7 anymore, delete its lock: ${join(folder, name)}`,
  });
  expect(place).toMatch(/^[\w-]+\.\d*\.[0-9a-f]{12}$/);
});

test.each([
  ["stays in the future is swept away after a while", false],
  ["is written anew is its living holder's", true],
])("a lock whose date %s", async (_, beats) => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const theirs = join(folder, `.thing.lock.${elsewhere}`);
  await writeFile(theirs, "");
  let future = Date.now() + 3_600_000;
  await utimes(theirs, new Date(future), new Date(future));
  const looks = new AbortController();
  const taking = takeLock(join(folder, "thing"), { ...options, patience: 20_000, signal: looks.signal });
  const end = taking.then(
    () => "taken",
    () => "waited in vain",
  );
  for (let second = 0; second < 200; second++) {
    vi.advanceTimersByTime(beats ? 500 : 1_000);
    if (beats) {
      future += 1_000;
      await utimes(theirs, new Date(future), new Date(future));
    }
    await readdir(folder);
  }
  if (beats) looks.abort(new Failure("interrupted", "interrupted", "Interrupted."));
  else while ((await Promise.race([end, readdir(folder)])) !== "taken") vi.advanceTimersByTime(1_000);
  expect(await end).toBe(beats ? "waited in vain" : "taken");
  if (!beats) await (await taking).release();
});

test("a process that slept while another one took its lock away is told before it writes", async () => {
  const lock = await takeLock(join(folder, "thing"), options);
  await lock.confirm();
  await rm(join(folder, (await readdir(folder))[0] ?? ""));
  await expect(lock.confirm()).rejects.toMatchObject({ kind: "usage", code: "store.lock_lost" });
  await lock.release();
});

test("a folder in the place of a lock is named", async () => {
  const theirs = join(folder, ".thing.lock.mine");
  await mkdir(theirs);
  await expect(takeLock(join(folder, "thing"), options)).rejects.toMatchObject({
    code: "store.unusable",
    message: `${theirs} is a folder, where a lock should go.`,
  });
  expect(await readdir(folder)).toEqual([".thing.lock.mine"]);
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
  // A cloned machine has the same name, and another start.
  const cloned = place?.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  expect(await isGone(`4194304~${start}~${cloned}~u`)).toBeUndefined();
  for (const nonsense of ["", "~~~", `x~1~${place}`, `0~1~${place}~u`, `-1~1~${place}~u`]) {
    expect(await isGone(nonsense)).toBeUndefined();
  }
});
