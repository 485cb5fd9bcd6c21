import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deleteProfile } from "../../src/store/delete-profile.ts";
import { chooseProfile, profileInUse } from "../../src/store/profile-in-use.ts";
import { openProfileStore } from "../../src/store/profiles.ts";
import { renameProfile } from "../../src/store/rename-profile.ts";
import { keptSecrets, openSecretStore } from "../../src/store/secrets.ts";
import { bundleStores, ended, runUntilKilled } from "./processes.ts";

let stores: Awaited<ReturnType<typeof bundleStores>>;
let env: { AKTO_OKTA_CONFIG_DIR: string };
const made: string[] = [];
beforeAll(async () => {
  stores = await bundleStores();
});
beforeEach(async () => {
  env = { AKTO_OKTA_CONFIG_DIR: await mkdtemp(join(tmpdir(), "akto-okta-rename-")) };
  made.push(env.AKTO_OKTA_CONFIG_DIR);
});
afterAll(async () => {
  await stores.remove();
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

const owner = { at: "https://acme.okta.com" };
const store = (name: string) => openProfileStore({ env, name });
const secretsOf = async (profile: string) =>
  (await keptSecrets({ env, profile })).map(({ name, value, owner }) => ({ name, value, owner }));
/** What lies in the folder, and in that of the secrets, but for locks: whoever comes next sweeps a dead process's away. */
const files = async () => {
  const folders = [env.AKTO_OKTA_CONFIG_DIR, join(env.AKTO_OKTA_CONFIG_DIR, "secrets")];
  const all = await Promise.all(folders.map((folder) => readdir(folder)));
  return all.map((names) => names.filter((name) => !name.includes(".lock.")).sort());
};

const bytes = '{"domain":"acme.okta.com","fromTheFuture":[1]}';
const kept = [
  { name: "clientSecret", value: "secret", owner: undefined },
  { name: "oktaToken", value: "00token", owner },
];

/** A profile as somebody has it: a field of a newer version, secrets, a setup that was begun, and it is the one in use. */
async function setUp(): Promise<void> {
  await mkdir(env.AKTO_OKTA_CONFIG_DIR, { recursive: true, mode: 0o700 });
  await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, "old.json"), bytes, { mode: 0o600 });
  await openSecretStore({ env, profile: "old", kind: "file" }).set("oktaToken", { value: "00token", owner });
  await openSecretStore({ env, profile: "old", kind: "file" }).set("clientSecret", { value: "secret" });
  await openSecretStore({ env, profile: "old.setup", kind: "file" }).set("aktoKey", { value: "key" });
  await chooseProfile(env, "old");
}

async function expectMoved(): Promise<void> {
  expect(await readFile(join(env.AKTO_OKTA_CONFIG_DIR, "new.json"), "utf8")).toBe(bytes);
  expect([await secretsOf("new"), await secretsOf("old"), await secretsOf("old.setup")]).toEqual([kept, [], []]);
  expect(await secretsOf("new.setup")).toEqual([{ name: "aktoKey", value: "key", owner: undefined }]);
  expect(profileInUse(env)).toEqual({ name: "new", from: "choice" });
  expect(await files()).toEqual([
    [".in-use.json", "new.json", "secrets"],
    ["new.json", "new.setup.json"],
  ]);
}

/** Runs the code again and again, each time killed a change later, until it gets through. Returns the number of runs. */
async function killedEverywhere(code: string, afterwards: () => Promise<void>): Promise<number> {
  for (let kill = 0; ; kill++) {
    await rm(env.AKTO_OKTA_CONFIG_DIR, { recursive: true });
    await setUp();
    const { code: exit } = await ended(runUntilKilled(dirname(stores.module), env.AKTO_OKTA_CONFIG_DIR, code, kill));
    if (exit === 0) return kill;
    await afterwards();
  }
}

describe("a profile that is renamed", () => {
  test("is the same to the letter, with its secrets and those of a setup that was begun, and stays the one in use", async () => {
    await setUp();
    expect(await renameProfile(env, "old", "new")).toEqual({
      secrets: ["clientSecret", "oktaToken", "aktoKey"],
      finished: false,
    });
    await expectMoved();
  });

  test("is whole under one of its names wherever the run is killed, and the same command again finishes it", async () => {
    const rename = 'await (await store("rename")).renameProfile(process.env, "old", "new");';
    const runs = await killedEverywhere(rename, async () => {
      const [all = []] = await files();
      const name = all.includes("old.json") ? "old" : "new";
      expect(await readFile(join(env.AKTO_OKTA_CONFIG_DIR, `${name}.json`), "utf8")).toBe(bytes);
      expect(await secretsOf(name)).toEqual(kept);
      expect(await secretsOf(`${name}.setup`)).toMatchObject([{ value: "key" }]);
      // Another profile is never taken for the one that was chosen.
      const { name: used, problem } = profileInUse(env);
      expect(used === name || problem?.code === "profile.choice_missing").toBe(true);
      const left = used !== name || (await files()).flat().some((file) => file.startsWith("old"));
      if (left) await renameProfile(env, "old", "new");
      // All was done but the end of the process.
      else await expect(renameProfile(env, "old", "new")).rejects.toMatchObject({ code: "profile.unknown" });
      await expectMoved();
    });
    expect(runs).toBeGreaterThan(12);
  });

  test("never takes the place of another, nor gets the secrets of one that is gone", async () => {
    await setUp();
    await store("new").update(() => ({ domain: "other.okta.com" }));
    const before = await files();
    for (const to of ["new", "NEW"]) {
      await expect(renameProfile(env, "old", to)).rejects.toMatchObject({ kind: "rule", code: "profile.exists" });
    }
    // Where the file system doesn't tell the two apart, they are one profile.
    await expect(renameProfile(env, "old", "OLD")).rejects.toMatchObject({ code: "profile.exists" });
    await store("new").remove();
    await openSecretStore({ env, profile: "new", kind: "file" }).set("oktaToken", { value: "00other" });
    await expect(renameProfile(env, "old", "new")).rejects.toMatchObject({ code: "profile.secrets_exist" });
    expect([await secretsOf("old"), await secretsOf("new")]).toEqual([
      kept,
      [{ name: "oktaToken", value: "00other", owner: undefined }],
    ]);
    expect((await files())[0]).toEqual(before[0]?.filter((file) => file !== "new.json"));
  });

  test("that isn't there is named, with the one that was meant, even if the file system doesn't tell the two apart", async () => {
    await setUp();
    await expect(renameProfile(env, "Old", "new")).rejects.toMatchObject({
      code: "profile.unknown",
      hint: "Did you mean “old”?",
    });
    await expect(renameProfile(env, "old", "../new")).rejects.toMatchObject({ code: "store.profile_name" });
    await expect(renameProfile(env, "old", "new.setup")).rejects.toMatchObject({ code: "store.profile_name" });
  });

  test("by two at once is so by one of them", async () => {
    await setUp();
    const ends = await Promise.allSettled([renameProfile(env, "old", "new"), renameProfile(env, "old", "other")]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const name = ends[0].status === "fulfilled" ? "new" : "other";
    expect([await secretsOf(name), await secretsOf("old")]).toEqual([kept, []]);
    expect((await files())[0]).toEqual([".in-use.json", `${name}.json`, "secrets"]);
  });
});

describe("a profile that is deleted", () => {
  test("leaves nothing, not even what was set aside, and the usual one is in use", async () => {
    await setUp();
    await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, "old.corrupt-2026-01-01T00-00-00-000Z"), "{");
    await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, "secrets", "old.corrupt-2026-01-01T00-00-00-000Z"), "{");
    await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, "old.corrupt-and-mine"), "{");
    expect((await deleteProfile(env, "old")).sort()).toEqual(["aktoKey", "clientSecret", "oktaToken"]);
    expect(await files()).toEqual([["old.corrupt-and-mine", "secrets"], []]);
    expect(profileInUse(env)).toEqual({ name: "default", from: "default" });
  });

  test("wherever the run is killed is there to be deleted again, until all of it is gone", async () => {
    const runs = await killedEverywhere(
      'await (await store("delete")).deleteProfile(process.env, "old");',
      async () => {
        const [all = [], secrets = []] = await files();
        // No secret outlives the profile under whose name it is found.
        expect(all.includes("old.json") || secrets.length === 0).toBe(true);
        await deleteProfile(env, "old");
        expect(await files()).toEqual([["secrets"], []]);
      },
    );
    expect(runs).toBeGreaterThan(4);
  });

  test("may be corrupt, and so may its secrets", async () => {
    await setUp();
    await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, "old.json"), "{");
    await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, "secrets", "old.json"), "[");
    await deleteProfile(env, "old");
    expect(await files()).toEqual([["secrets"], []]);
  });

  test.skipIf(process.platform === "win32")("keeps its secrets where it must not be used", async () => {
    await setUp();
    await chmod(join(env.AKTO_OKTA_CONFIG_DIR, "old.json"), 0o666);
    await expect(deleteProfile(env, "old")).rejects.toMatchObject({ code: "store.permissions" });
    expect(await secretsOf("old")).toEqual(kept);
  });
});

describe("the profile in use", () => {
  test("is what the environment names, else what was chosen, else the usual one", async () => {
    expect(profileInUse(env)).toEqual({ name: "default", from: "default" });
    await store("old").update(() => ({}));
    await writeFile(store("old").path, "{}", { mode: 0o600 });
    await chooseProfile(env, "old");
    expect(profileInUse(env)).toEqual({ name: "old", from: "choice" });
    expect(profileInUse({ ...env, AKTO_OKTA_PROFILE: "other" })).toEqual({ name: "other", from: "environment" });
    await chooseProfile(env, "default");
    expect(profileInUse(env)).toEqual({ name: "default", from: "default" });
  });

  test.each(["", "{", "[]", '{"profile":7}', '{"profile":"../up"}'])(
    "is none where the choice is corrupt (%j), until another one is made",
    async (content) => {
      await writeFile(join(env.AKTO_OKTA_CONFIG_DIR, ".in-use.json"), content, { mode: 0o600 });
      expect(profileInUse(env).problem).toMatchObject({ kind: "usage", code: "profile.choice_corrupt" });
      await writeFile(store("old").path, "{}", { mode: 0o600 });
      await chooseProfile(env, "old");
      expect(profileInUse(env)).toEqual({ name: "old", from: "choice" });
    },
  );

  test.skipIf(process.platform === "win32")("is none where others may have chosen", async () => {
    await writeFile(store("old").path, "{}", { mode: 0o600 });
    await chooseProfile(env, "old");
    await chmod(join(env.AKTO_OKTA_CONFIG_DIR, ".in-use.json"), 0o666);
    expect(profileInUse(env).problem).toMatchObject({ code: "store.permissions" });
  });
});
