import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deleteProfile } from "../../src/store/delete-profile.ts";
import { openProfileStore } from "../../src/store/profiles.ts";
import { renameProfile } from "../../src/store/rename-profile.ts";
import { clearSecrets, keptSecrets, moveSecrets, openSecretStore } from "../../src/store/secrets.ts";
import type { SecretKind } from "../../src/store/types.ts";

/** A keychain that can be locked, lost or made to fail, in place of the system's. */
const keychain = vi.hoisted(() => ({
  entries: new Map<string, string>(),
  loaded: 0,
  mode: "open" as "open" | "locked" | "no_service" | "no_keyring",
  /** How many more calls succeed. */
  patience: Number.POSITIVE_INFINITY,
}));

vi.mock("@napi-rs/keyring", () => {
  keychain.loaded++;
  const refusal = (why: string) =>
    new Error(`Couldn't access platform storage: Secret Service: ${why}`, { cause: new Error(why) });
  class AsyncEntry {
    readonly #key: string;
    constructor(service: string, user: string, options: { linux: { store: string } }) {
      if (keychain.mode === "no_service") {
        throw new Error("Platform failure: DBus error: The name org.freedesktop.secrets was not provided");
      }
      // The kernel's keyring, the library's other choice on Linux, would forget.
      expect(options.linux.store).toBe("secret-service");
      this.#key = `${service} ${user}`;
    }
    async #called(touched: boolean): Promise<void> {
      if (keychain.patience-- <= 0) throw refusal("the connection was lost");
      // What is not there is told without unlocking.
      if (keychain.mode === "locked" && touched) throw refusal("unlock prompt was dismissed");
    }
    async getPassword() {
      await this.#called(keychain.entries.has(this.#key));
      return keychain.entries.get(this.#key) ?? null;
    }
    async setPassword(value: string) {
      await this.#called(true);
      if (keychain.mode === "no_keyring") throw refusal("no result found");
      keychain.entries.set(this.#key, value);
    }
    async deleteCredential() {
      await this.#called(keychain.entries.has(this.#key));
      return keychain.entries.delete(this.#key);
    }
  }
  return { AsyncEntry };
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "akto-okta-keychain-"));
  Object.assign(keychain, { entries: new Map(), mode: "open", patience: Number.POSITIVE_INFINITY });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const options = () => ({
  env: { AKTO_OKTA_CONFIG_DIR: directory, DBUS_SESSION_BUS_ADDRESS: "unix:path=/there" },
  profile: "default",
});
const open = (kind?: SecretKind) => openSecretStore({ ...options(), kind });
/** A secret with whose it is, as it is put into the store. */
const owned = (value: string) => ({ value, owner: { at: "https://acme.okta.com", as: "0oa1" } });
const places = async () =>
  (await keptSecrets(options())).map(({ name, places }) => [name, ...places.map(({ kind }) => kind)]);
const refused = { kind: "usage", code: "store.keychain_refused", message: expect.stringContaining("dismissed") };

describe("the keychain", () => {
  test("is not even loaded where secrets are kept in a file, or nowhere", async () => {
    const before = keychain.loaded;
    await open("file").set("oktaToken", owned("00token"));
    await open("none").get("clientSecret");
    expect(await open().get("oktaToken")).toEqual(owned("00token"));
    expect(keychain.loaded).toBe(before);
  });

  test("keeps secrets where there is one: exactly, by profile and folder, and no file is made", async () => {
    const secret = "s3cret \u{1f680} ' \" \\";
    await open().set("clientSecret", owned(secret));
    expect(await open().get("clientSecret")).toEqual(owned(secret));
    expect(await open("keychain").get("clientSecret")).toEqual(owned(secret));
    expect(await openSecretStore({ ...options(), profile: "other" }).get("clientSecret")).toBeUndefined();
    const elsewhere = { ...options().env, AKTO_OKTA_CONFIG_DIR: `${directory}-other` };
    expect(await openSecretStore({ ...options(), env: elsewhere }).get("clientSecret")).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
    await open().delete("clientSecret");
    expect(keychain.entries.size).toBe(0);
  });

  test("takes over from an older secret in the file", async () => {
    await open("file").set("oktaToken", owned("00old"));
    await open().set("oktaToken", owned("00new"));
    expect(await open().get("oktaToken")).toEqual(owned("00new"));
    expect(await readFile(join(directory, "secrets", "default.json"), "utf8")).not.toContain("00old");
  });

  test("that is locked is said to be, never taken for an empty one or passed over for the file", async () => {
    await open().set("oktaToken", owned("00token"));
    keychain.mode = "locked";
    await expect(open().get("oktaToken")).rejects.toMatchObject({
      ...refused,
      hint: expect.stringContaining("Unlock"),
    });
    await expect(open().set("oktaToken", owned("00new"))).rejects.toMatchObject(refused);
    await expect(keptSecrets(options())).rejects.toMatchObject(refused);
    await expect(clearSecrets(options())).rejects.toMatchObject(refused);
    await expect(moveSecrets(options(), "file")).rejects.toMatchObject(refused);
    expect(await readdir(directory)).toEqual([]);
    // What was never put there is still known not to be.
    expect(await open().get("aktoKey")).toBeUndefined();
    keychain.mode = "open";
    expect(await open().get("oktaToken")).toEqual(owned("00token"));
  });

  test.each(["no_service", "no_keyring"] as const)("that is none (%s) leaves secrets to the file", async (mode) => {
    keychain.mode = mode;
    await open().set("clientSecret", owned("s3cret"));
    expect(await places()).toEqual([["clientSecret", "file"]]);
    const asked = open("keychain").set("clientSecret", owned("s3cret"));
    await expect(asked).rejects.toMatchObject({
      code: "store.no_keychain",
      hint: expect.stringContaining("--secrets file"),
    });
    await expect(moveSecrets(options(), "keychain")).rejects.toMatchObject({ code: "store.no_keychain" });
    expect(await open().get("clientSecret")).toEqual(owned("s3cret"));
  });

  test("is moved to and from, and cleared together with the file", async () => {
    await open("file").set("clientSecret", owned("s3cret"));
    await open("keychain").set("aktoKey", owned("key"));
    expect(await moveSecrets(options(), "keychain")).toEqual(["clientSecret"]);
    expect(await places()).toEqual([
      ["clientSecret", "keychain"],
      ["aktoKey", "keychain"],
    ]);
    expect(await moveSecrets(options(), "file")).toEqual(["clientSecret", "aktoKey"]);
    expect([keychain.entries.size, await places()]).toEqual([
      0,
      [
        ["clientSecret", "file"],
        ["aktoKey", "file"],
      ],
    ]);
    await open("keychain").set("oktaToken", owned("00token"));
    expect(await clearSecrets(options())).toEqual(["clientSecret", "oktaToken", "aktoKey"]);
    expect([keychain.entries.size, await places()]).toEqual([0, []]);
  });

  test.each(["keychain", "file"] as const)(
    "wherever a move to the %s breaks off, no secret is lost, and the next one ends it",
    async (to) => {
      const secrets = { clientSecret: "s3cret", oktaToken: "00token", aktoKey: "key" } as const;
      const names = ["clientSecret", "oktaToken", "aktoKey"] as const;
      for (let calls = 0; ; calls++) {
        keychain.patience = Number.POSITIVE_INFINITY;
        for (const name of names) await open(to === "file" ? "keychain" : "file").set(name, owned(secrets[name]));
        keychain.patience = calls;
        const outcome = await moveSecrets(options(), to).catch((error: unknown) => error);
        keychain.patience = Number.POSITIVE_INFINITY;
        for (const name of names) expect(await open().get(name)).toEqual(owned(secrets[name]));
        await moveSecrets(options(), to);
        expect(await places()).toEqual(names.map((name) => [name, to]));
        if (Array.isArray(outcome)) return expect(calls).toBeGreaterThan(names.length);
        await clearSecrets(options());
      }
    },
  );

  test("wherever the rename of a profile breaks off, each secret is under one of its names, and the next one ends it", async () => {
    const profile = (name: string) => openProfileStore({ env: options().env, name });
    for (let calls = 0; ; calls++) {
      keychain.patience = Number.POSITIVE_INFINITY;
      await profile("default").update(() => ({ clientId: "0oa" }));
      await open("keychain").set("oktaToken", owned("00token"));
      await open("file").set("aktoKey", owned("key"));
      keychain.patience = calls;
      const outcome = await renameProfile(options().env, "default", "other").catch((error: unknown) => error);
      keychain.patience = Number.POSITIVE_INFINITY;
      const moved = (await profile("other").read()).clientId !== undefined;
      const here = { ...options(), profile: moved ? "other" : "default" };
      expect((await keptSecrets(here)).map(({ name, value }) => [name, value])).toEqual([
        ["oktaToken", "00token"],
        ["aktoKey", "key"],
      ]);
      const whole = !(outcome instanceof Error);
      // It may have broken off when nothing was left to do but to look.
      const left = [...keychain.entries.keys(), ...(await readdir(join(directory, "secrets")))];
      if (!moved || left.some((name) => name.includes("default"))) {
        await renameProfile(options().env, "default", "other");
      }
      expect([...keychain.entries.keys()]).toEqual([`akto-okta ${directory}#other/oktaToken`]);
      if (whole) return expect(calls).toBeGreaterThan(8);
      await deleteProfile(options().env, "other");
      expect([keychain.entries.size, await readdir(directory)]).toEqual([0, ["secrets"]]);
    }
  });
});
