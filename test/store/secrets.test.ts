import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { clearSecrets, keptSecrets, moveSecrets, openSecretStore } from "../../src/store/secrets.ts";
import type { SecretKind } from "../../src/store/types.ts";

let directory: string;
const made: string[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "akto-okta-secrets-"));
  made.push(directory);
});
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

const optionsFor = (more: NodeJS.ProcessEnv = {}) => ({
  env: { AKTO_OKTA_CONFIG_DIR: directory, ...more },
  profile: "default",
});
const open = (kind?: SecretKind, more?: NodeJS.ProcessEnv) => openSecretStore({ ...optionsFor(more), kind });
/** A secret with whose it is, as it is put into the store. */
const owned = (value: string) => ({ value, owner: { at: "https://acme.okta.com", as: "0oa1" } });
const file = () => join(directory, "secrets", "default.json");

describe("the secrets file", () => {
  test("keeps each secret in a file and a folder for its owner alone, never in the profile", async () => {
    const store = open("file");
    expect(await store.get("oktaToken")).toBeUndefined();
    await store.set("oktaToken", owned("00token"));
    await store.set("aktoKey", owned("key \u0000 \ud83d\ude80"));
    expect([await store.get("oktaToken"), await store.get("aktoKey")]).toEqual([
      owned("00token"),
      owned("key \u0000 \ud83d\ude80"),
    ]);
    expect([(await stat(file())).mode & 0o777, (await stat(join(directory, "secrets"))).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
    expect(await readdir(directory)).toEqual(["secrets"]);
    await store.delete("oktaToken");
    await store.delete("clientSecret");
    expect(await store.get("oktaToken")).toBeUndefined();
    expect(await readFile(file(), "utf8")).not.toContain("00token");
    expect(store.description).toBe(`the file ${file()}`);
  });

  test.each([
    [0o644, 0o700],
    [0o640, 0o700],
    [0o606, 0o700],
    [0o600, 0o755],
    [0o600, 0o770],
  ])("of mode %o in a folder of mode %o is used only when nobody else could look in", async (mode, folderMode) => {
    await open("file").set("oktaToken", owned("00token"));
    await chmod(file(), mode);
    await chmod(join(directory, "secrets"), folderMode);
    const refusal = { kind: "usage", code: "store.permissions", hint: expect.stringContaining("chmod ") };
    await expect(open("file").get("oktaToken")).rejects.toMatchObject(refusal);
    await expect(open("file").set("aktoKey", owned("x"))).rejects.toMatchObject(refusal);
    expect(await readFile(file(), "utf8")).not.toContain("aktoKey");
  });

  test("isn't begun in a folder that others may look into", async () => {
    await mkdir(join(directory, "secrets"));
    await chmod(join(directory, "secrets"), 0o755);
    await expect(open("file").set("oktaToken", owned("00token"))).rejects.toMatchObject({ code: "store.permissions" });
    expect(await readdir(join(directory, "secrets"))).toEqual([]);
  });

  test("that is corrupt is set aside, and no message shows what is in it", async () => {
    await open("file").set("oktaToken", owned("00token"));
    await writeFile(file(), '{"oktaToken":"planted"');
    const failure = await open("file")
      .get("oktaToken")
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "store.corrupt" });
    expect(String(failure)).not.toContain("planted");
    expect(
      (await stat(join(directory, "secrets", (await readdir(join(directory, "secrets")))[0] ?? ""))).mode & 0o777,
    ).toBe(0o600);
  });
});

describe("where secrets go", () => {
  const noKeychain = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

  test("is chosen by the flag, then by AKTO_OKTA_SECRETS, and nonsense is refused", async () => {
    await open("none").set("oktaToken", owned("00token"));
    await open(undefined, { AKTO_OKTA_SECRETS: "none" }).set("oktaToken", owned("00token"));
    expect(await readdir(directory)).toEqual([]);
    await open("file", { AKTO_OKTA_SECRETS: "none" }).set("oktaToken", owned("00token"));
    expect(await open(undefined, { AKTO_OKTA_SECRETS: "file" }).get("oktaToken")).toEqual(owned("00token"));
    expect(await open("none").get("oktaToken")).toBeUndefined();
    expect(() => open(undefined, { AKTO_OKTA_SECRETS: "vault" })).toThrow(
      expect.objectContaining({ kind: "usage", code: "store.secrets_kind" }),
    );
  });

  // Without a session bus there is no keychain, which is how a container or a pipeline's runner is.
  test.skipIf(process.platform !== "linux" || process.env.DBUS_SESSION_BUS_ADDRESS)(
    "is the file where there is no keychain, and asking for a keychain there says so",
    async () => {
      await open(undefined, noKeychain).set("clientSecret", owned("s3cret"));
      expect(await open("file").get("clientSecret")).toEqual(owned("s3cret"));
      await expect(open("keychain", noKeychain).get("clientSecret")).rejects.toMatchObject({
        kind: "usage",
        code: "store.no_keychain",
        hint: expect.stringContaining("--secrets file"),
      });
      await expect(moveSecrets(optionsFor(noKeychain), "keychain")).rejects.toMatchObject({
        code: "store.no_keychain",
      });
      expect(await open("file").get("clientSecret")).toEqual(owned("s3cret"));
    },
  );

  test("can be listed and cleared", async () => {
    expect(await clearSecrets(optionsFor(noKeychain))).toEqual([]);
    await open("file").set("clientSecret", owned("s3cret"));
    await open("file").set("aktoKey", owned("key"));
    const kept = await keptSecrets(optionsFor(noKeychain));
    expect(kept.map(({ name, places }) => [name, places.map(({ kind }) => kind)])).toEqual([
      ["clientSecret", ["file"]],
      ["aktoKey", ["file"]],
    ]);
    expect(await moveSecrets(optionsFor(noKeychain), "file")).toEqual([]);
    expect(await clearSecrets(optionsFor(noKeychain))).toEqual(["clientSecret", "aktoKey"]);
    expect(await keptSecrets(optionsFor(noKeychain))).toEqual([]);
  });
});
