import { readdirSync, rmSync } from "node:fs";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { isRecord } from "../../src/core/json.ts";
import type { Profile } from "../../src/core/model/profile.ts";
import { storeFailure } from "../../src/store/failures.ts";
import { ownerName } from "../../src/store/owner.ts";
import { isProfile, openProfileStore } from "../../src/store/profiles.ts";
import { bundleStores, ended, runWithStore } from "./processes.ts";

let directory: string;
let stores: Awaited<ReturnType<typeof bundleStores>>;
const made: string[] = [];
beforeAll(async () => {
  stores = await bundleStores();
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "akto-okta-store-"));
  made.push(directory);
});
afterAll(async () => {
  await stores.remove();
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

const open = (name = "default") => openProfileStore({ env: { AKTO_OKTA_CONFIG_DIR: directory }, name });
/** What lies in the folder, but for locks. */
const files = async () => (await readdir(directory)).sort();
const profile: Profile = { domain: "acme.okta.com", aktoAccountId: 7, mapping: [["__proto__", "ADMIN"]] };

describe("a profile", () => {
  test("is empty before it is written, and reading leaves nothing behind", async () => {
    expect(await open().read()).toEqual({});
    await open().remove();
    expect(await files()).toEqual([]);
  });

  test("comes back as it was written, in a file for its owner alone, and goes when it is removed", async () => {
    expect(await open().update(() => profile)).toEqual(profile);
    expect(await open().read()).toEqual(profile);
    expect(await open("other").read()).toEqual({});
    expect([await files(), (await lstat(open().path)).mode & 0o777]).toEqual([["default.json"], 0o600]);
    await open().remove();
    expect(await files()).toEqual([]);
  });

  test("stays as it was when its change throws", async () => {
    await open().update(() => profile);
    const change = () => {
      throw new Error("no");
    };
    await expect(open().update(change)).rejects.toThrow("no");
    expect([await open().read(), await files()]).toEqual([profile, ["default.json"]]);
  });

  test("keeps what a newer version wrote into it", async () => {
    await writeFile(join(directory, "default.json"), '{"domain":"a","fromTheFuture":[1]}');
    await open().update((old) => ({ ...old, clientId: "0oa" }));
    expect(JSON.parse(await readFile(open().path, "utf8"))).toEqual({
      domain: "a",
      clientId: "0oa",
      fromTheFuture: [1],
    });
  });

  test.each(["", ".", "..", "../up", "a/b", "a\\b", "-x", "x.", "a b", "ä", "x".repeat(65)])(
    "can't be called %j",
    (name) => {
      expect(() => open(name)).toThrow(expect.objectContaining({ kind: "usage", code: "store.profile_name" }));
    },
  );

  test.each([
    "",
    "{",
    "null",
    "[]",
    '"text"',
    '{"domain":1}',
    '{"mapping":{"a":"b"}}',
    '{"setup":{"answers":[1]}}',
    "\u0000\u0001",
  ])("that is corrupt (%j) is set aside and named, never silently dropped", async (content) => {
    await writeFile(join(directory, "default.json"), content);
    const failure = await open()
      .read()
      .catch((error: unknown) => error);
    const aside = (await files()).find((name) => name.startsWith("default.corrupt-")) ?? "none";
    expect(failure).toMatchObject({ kind: "usage", code: "store.corrupt", message: expect.stringContaining(aside) });
    expect(await readFile(join(directory, aside), "utf8")).toBe(content);
    expect(await open().read()).toEqual({});
  });
});

describe("a place that can't be used is named:", () => {
  test("a symbolic link, a folder, a file in the folder's place", async () => {
    const target = join(directory, "elsewhere.json");
    await writeFile(target, "{}");
    await symlink(target, open().path);
    for (const attempt of [open().read(), open().update(() => profile)]) {
      await expect(attempt).rejects.toMatchObject({ kind: "usage", code: "store.symlink" });
    }
    expect(await readFile(target, "utf8")).toBe("{}");
    await mkdir(open("folder").path);
    await expect(open("folder").read()).rejects.toMatchObject({ code: "store.unusable" });
    const device = openProfileStore({ env: { AKTO_OKTA_CONFIG_DIR: "/dev/null" }, name: "default" });
    for (const attempt of [device.read(), device.update(() => profile)]) {
      await expect(attempt).rejects.toMatchObject({
        code: "store.unusable",
        hint: expect.not.stringContaining("chmod"),
      });
    }
    const below = openProfileStore({ env: { AKTO_OKTA_CONFIG_DIR: join(target, "x") }, name: "default" });
    await expect(below.update(() => profile)).rejects.toMatchObject({ code: "store.unusable" });
  });

  test.skipIf(process.geteuid?.() === 0)("a folder that may not be written", async () => {
    await open().update(() => profile);
    await chmod(directory, 0o500);
    await expect(open().update(() => ({}))).rejects.toMatchObject({ code: "store.read_only" });
    expect(await open().read()).toEqual(profile);
    await chmod(directory, 0o700);
  });

  test.skipIf(process.geteuid?.() !== 0)("a file of another user", async () => {
    await open().update(() => profile);
    const { chown } = await import("node:fs/promises");
    await chown(open().path, 12_345, 12_345);
    for (const attempt of [open().read(), open().update(() => ({}))]) {
      await expect(attempt).rejects.toMatchObject({ kind: "usage", code: "store.other_owner" });
    }
  });

  test.skipIf(process.geteuid?.() !== 0)("a folder of another user", async () => {
    const { chown } = await import("node:fs/promises");
    await chown(directory, 12_345, 12_345);
    await expect(open().read()).rejects.toMatchObject({ kind: "usage", code: "store.other_owner" });
    await expect(open().update(() => profile)).rejects.toMatchObject({ code: "store.other_owner" });
  });

  test.skipIf(process.platform === "win32").each([
    [0o770, 0o600],
    [0o707, 0o600],
    [0o1777, 0o600],
    [0o700, 0o620],
    [0o700, 0o602],
  ])("a folder of mode %o with a profile of mode %o, which others could swap for their own", async (folder, file) => {
    await open().update(() => profile);
    await chmod(open().path, file);
    await chmod(directory, folder);
    const refusal = { kind: "usage", code: "store.permissions", hint: expect.stringContaining("chmod go-w ") };
    await expect(open().read()).rejects.toMatchObject(refusal);
    await expect(open().update(() => ({}))).rejects.toMatchObject(refusal);
    // Nor is one begun there.
    if (folder !== 0o700) await expect(open("new").update(() => profile)).rejects.toMatchObject(refusal);
    await chmod(directory, 0o755);
    await chmod(open().path, 0o644);
    expect(await open().read()).toEqual(profile);
  });

  test("a folder where the new file is to be", async () => {
    await open().update(() => profile);
    await mkdir(join(directory, ".default.json.new"));
    await expect(open().update(() => ({}))).rejects.toMatchObject({
      code: "store.unusable",
      message: `${join(directory, ".default.json.new")} is a folder, where the new file should go.`,
    });
    expect(await open().read()).toEqual(profile);
  });

  test("a network's folder that has gone stale", () => {
    const stale = Object.assign(new Error("Unknown system error -116"), {
      errno: -116,
      code: "Unknown system error -116",
    });
    expect(storeFailure(stale, "/net/default.json")).toMatchObject({
      kind: "usage",
      code: "store.unusable",
      message: "/net/default.json is in a network folder that has gone stale. Nothing in it was changed.",
    });
  });

  test("of which the lock was taken away meanwhile is not written", async () => {
    await open().update(() => profile);
    const takeAway = () => {
      for (const name of readdirSync(directory)) if (name.includes(".lock.")) rmSync(join(directory, name));
      return {};
    };
    await expect(open().update(takeAway)).rejects.toMatchObject({ code: "store.lock_lost" });
    expect([await open().read(), await files()]).toEqual([profile, ["default.json"]]);
  });

  test("a disk that fills up half-way leaves the old profile standing", async () => {
    await open().update(() => profile);
    const grow = `
      const long = Array.from({ length: 500 }, (_, index) => ["group " + index, "role-" + index]);
      await store.update((old) => ({ ...old, mapping: long })).catch((error) => console.log(error.code));`;
    const { output } = await ended(runWithStore(stores.module, directory, grow, 4));
    expect(output.trim()).toBe("store.full");
    expect([await open().read(), await files()]).toEqual([profile, ["default.json"]]);
  });
});

describe("several processes", () => {
  test("at once lose no change", async () => {
    const add = (name: string) => `
      for (let index = 0; index < 8; index++) {
        await store.update((old) => ({ ...old, mapping: [...(old.mapping ?? []), ["${name}" + index, "R"]] }));
      }`;
    const names = ["a", "b", "c"];
    const here = Array.from({ length: 4 }, (_, index) =>
      open().update((old) => ({ ...old, mapping: [...(old.mapping ?? []), [`here${index}`, "R"]] })),
    );
    const runs = names.map((name) => ended(runWithStore(stores.module, directory, add(name))));
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0, 0]);
    await Promise.all(here);
    const { mapping } = await open().read();
    expect(new Set(mapping?.map(([group]) => group)).size).toBe(3 * 8 + 4);
    expect(await files()).toEqual(["default.json"]);
  });

  test("of which one is killed at any moment leave a whole profile, and no lock that needs a hand", async () => {
    const busy = `
      for (let round = 0; ; round++) {
        const mapping = Array.from({ length: 200 }, (_, index) => ["group " + index, "round" + round]);
        await store.update((old) => ({ ...old, mapping }));
        if (round === 0) console.log("going");
      }`;
    for (let kill = 0; kill < 6; kill++) {
      const child = runWithStore(stores.module, directory, busy);
      const end = new Promise((resolve) => child.on("close", resolve));
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      // Somewhere in the middle of a write: how many turns of the loop pass is chance enough.
      for (let turn = 0; turn < kill * 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGKILL");
      await end;
      const { mapping = [] } = await open().read();
      expect([mapping.length, new Set(mapping.map(([, round]) => round)).size]).toEqual([200, 1]);
      await open().update((old) => ({ ...old, clientId: `after${kill}` }));
      expect((await open().read()).clientId).toBe(`after${kill}`);
    }
    expect(await files()).toEqual(["default.json"]);
  });

  test("that are gone hold nothing: neither their locks nor the same number of another process keep anyone out", async () => {
    const [pid, , place] = (await ownerName()).split("~");
    await writeFile(join(directory, `.default.json.lock.4194304~1~${place}~x`), "");
    await writeFile(join(directory, `.default.json.lock.${pid}~1~${place}~x`), "");
    await open().update(() => profile);
    expect(await files()).toEqual(["default.json"]);
  });
});

test("what Akto holds is changed by one process at a time, under any profile, and whoever waits too long is told", async () => {
  let leave = () => {};
  let held: Promise<void> = Promise.resolve();
  await new Promise<void>((entered) => {
    held = open("one").alone(() => {
      entered();
      return new Promise<void>((resolve) => (leave = resolve));
    });
  });
  const now = Date.now();
  // The second look at the clock is a minute later.
  const clock = vi
    .spyOn(Date, "now")
    .mockReturnValueOnce(now)
    .mockReturnValue(now + 61_000);
  await expect(open("other").alone(async () => "in")).rejects.toMatchObject({
    code: "store.locked",
    message: expect.stringMatching(/^Another akto-okta is changing the mapping in Akto \(process \d+\)\.$/),
  });
  clock.mockRestore();
  leave();
  await held;
  expect([await open("other").alone(async () => "in"), await files()]).toEqual(["in", []]);
});

test("any JSON object is taken for a profile or not, without an error, and what is taken reads back the same", async () => {
  const keys = ["domain", "mapping", "aktoAccountId", "setup", "created", "customRoles", "__proto__", "issuer"];
  const arbitrary = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.jsonValue());
  fc.assert(
    fc.property(arbitrary, (value) => {
      const json: unknown = JSON.parse(JSON.stringify(value));
      if (!isRecord(json) || !isProfile(json)) return;
      expect(json.domain === undefined || typeof json.domain === "string").toBe(true);
      for (const [group, role] of json.mapping ?? []) expect([typeof group, typeof role]).toEqual(["string", "string"]);
    }),
  );
});
