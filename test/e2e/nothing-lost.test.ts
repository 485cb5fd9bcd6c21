/** Several processes at once, answers that get lost, and places that can't be written: each change stands, or is said not to. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAktoDashboard } from "../../src/akto/dashboard.ts";
import type { Profile } from "../../src/core/model/profile.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import { environment, executable, run, runLoginTest, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ aktoConfigured: true });
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.faults.set([]));

const entries = [
  ["Akto Admins", "ADMIN"],
  ["Akto Security", "MEMBER"],
  ["Akto Developers", "DEVELOPER"],
  ["Akto Guests", "GUEST"],
] as const;

const akto = () =>
  createAktoDashboard({ url: sandbox.akto.url, apiKey: sandbox.akto.apiKey, http: createHttpClient() });
const inAkto = async () => [...((await akto().fetchSso())?.mapping ?? [])];
const inProfile = (env: Record<string, string>): Profile["mapping"] =>
  JSON.parse(readFileSync(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "default.json"), "utf8")).mapping;
// Sorted by group: Akto has an order of its own.
const withoutGuest = entries.filter(([, role]) => role !== "GUEST").sort(([a], [b]) => (a < b ? -1 : 1));

describe("a file of the SSO that is applied by several processes at once", () => {
  it("makes one app and one group, and leaves nothing to do", async () => {
    const fresh = await startSandbox();
    onTestFinished(() => fresh.close());
    const folder = temporaryFolder();
    const { AKTO_OKTA_CLIENT_ID: _, AKTO_OKTA_CLIENT_SECRET: __, ...env } = environment(folder, fresh);
    const file = join(folder, "akto-okta.yaml");
    const { accountId, url } = fresh.akto;
    const okta = {
      domain: fresh.okta.url,
      createGroups: true,
      app: { label: "Akto at once", assignments: ["Everyone"] },
    };
    writeFileSync(file, JSON.stringify({ akto: { url, accountId }, okta, mapping: { "Akto Newcomers": "GUEST" } }));
    const applied = await Promise.all(Array.from({ length: 3 }, () => run(["sso", "apply", "-f", file, "--yes"], env)));
    expect(applied.map(({ exitCode, stderr }) => [exitCode, exitCode === 0 ? "" : stderr])).toEqual(
      [0, 0, 0].map((code) => [code, ""]),
    );
    const { url: origin, token } = fresh.okta;
    const labels: string[] = [];
    for await (const { label } of createOktaOrg({ origin, token, http: createHttpClient() }).apps.all())
      labels.push(label);
    expect(labels.filter((label) => label === "Akto at once")).toHaveLength(1);
    expect(await run(["sso", "plan", "-f", file, "--detailed-exitcode"], env)).toMatchObject({ exitCode: 0 });
  });
});

describe("the redirect URIs of the app", () => {
  it("are as they were after several login tests at once, each of which got in", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const { url: origin, token, clientId } = sandbox.okta;
    const { apps } = createOktaOrg({ origin, token, http: createHttpClient() });
    const redirectUris = async () => (await apps.byClientId(clientId))?.redirectUris;
    const before = await redirectUris();
    // Between what one reads and what it writes, the others read.
    sandbox.faults.set(["latency=60,on=okta,path=/api/v1/apps/"]);
    const tests = await Promise.all(Array.from({ length: 4 }, () => runLoginTest([], env, logins.developer)));
    sandbox.faults.set([]);
    expect(tests.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    for (const { stderr } of tests) expect(stderr).toMatch(/Removed http:\S+ from the app again\./);
    expect(await redirectUris()).toEqual(before);
  });
});

describe("the mapping in Akto", () => {
  it("takes the changes of several processes at once, each of them", async () => {
    const env = environment(temporaryFolder(), sandbox);
    sandbox.faults.set(["latency=60,on=akto"]);
    const added = await Promise.all(
      entries.map(([group, role], index) =>
        run(["mapping", "add", group, role, "--force", "--profile", index % 2 ? "default" : "other"], env),
      ),
    );
    expect(added.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(new Map(await inAkto())).toEqual(new Map(entries));
    expect(readdirSync(env.AKTO_OKTA_CONFIG_DIR ?? "").sort()).toEqual(["default.json", "other.json"]);
  });

  it.each(["lost", "drop"])("is changed for certain when the answer to the change is: %s", async (fault) => {
    const env = environment(temporaryFolder(), sandbox);
    await akto().saveMapping({ mapping: new Map(entries), syncGroupsToUserTags: false });
    sandbox.faults.set([`${fault},times=2,on=akto,path=/api/saveOkta`]);
    expect(await run(["mapping", "remove", "--role", "guest"], env)).toMatchObject({ exitCode: 0 });
    expect(await inAkto()).toEqual(withoutGuest);
    expect(inProfile(env)).toEqual(withoutGuest);
  });

  it("that can't be changed is said to be perhaps changed", async () => {
    const env = environment(temporaryFolder(), sandbox);
    sandbox.faults.set(["drop,on=akto,path=/api/saveOkta"]);
    expect(await run(["mapping", "remove", "--role", "admin"], env)).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("The change may have been made anyway."),
    });
    expect(await inAkto()).toEqual(withoutGuest);
  });
});

/** Runs a command after a piece of shell that has mounts of its own; `$D` is the config folder. */
async function runAfter(setup: string, args: readonly string[], env: Record<string, string>) {
  const script = `set -e; ${setup}; set +e; "$0" "$@"; code=$?; echo "left: $(ls -A "$D"; cat "$D/default.json")"; exit $code`;
  const { stdout, stderr, exitCode } = await execa(
    "unshare",
    ["-m", "-r", "/bin/sh", "-c", script, process.execPath, executable, ...args],
    { env: { ...env, D: env.AKTO_OKTA_CONFIG_DIR ?? "" }, extendEnv: false, reject: false, timeout: 250_000 },
  );
  return { stdout, stderr, exitCode };
}

const canMount = spawnSync("unshare", ["-m", "-r", "true"]).status === 0;

describe.skipIf(!canMount)("a config folder", () => {
  const profile = '{"mapping":[["Old","GUEST"]]}';
  const seeded = () => {
    const env = environment(temporaryFolder(), sandbox);
    const folder = env.AKTO_OKTA_CONFIG_DIR ?? "";
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "default.json"), profile);
    return env;
  };
  const readOnly = 'mount --bind "$D" "$D"; mount -o remount,ro,bind "$D"';
  const full = `mount -t tmpfs -o size=12k,mode=700 tmpfs "$D"; echo '${profile}' > "$D/default.json"; head -c 99999 /dev/zero > "$D/filler" 2>/dev/null || true`;

  it.each([
    ["that is read-only", readOnly, "store.read_only"],
    ["on a full disk", full, "store.full"],
  ])("%s takes no change of the local copy, and keeps what it holds", async (_, setup, code) => {
    const offline = ["mapping", "add", "Akto Admins", "admin", "--offline", "--force", "--json"];
    const { stdout, stderr, exitCode } = await runAfter(setup, offline, seeded());
    expect([exitCode, JSON.parse(stderr.split("\n").at(-1) ?? "").error.code]).toEqual([2, code]);
    expect(stdout).toContain(profile);
    expect(stdout).not.toMatch(/lock|\.new/);
  });

  it("on a full disk keeps an exported file whole, the old one", async () => {
    const env = seeded();
    const path = join(env.AKTO_OKTA_CONFIG_DIR ?? "", "default.json");
    const { stdout, stderr, exitCode } = await runAfter(full, ["sso", "export", "-o", path, "--yes"], env);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("can't be written: the disk is full.\n  Make room"),
    ]);
    expect(stdout).toContain(profile);
    expect(stdout).not.toContain(".akto-okta-");
  });

  it("that is read-only is no reason not to change Akto, and the run says that the copy is behind", async () => {
    const { stderr, exitCode } = await runAfter(readOnly, ["mapping", "remove", "--role", "admin"], seeded());
    expect(exitCode).toBe(0);
    expect(stderr).toContain("Akto has the mapping, but the local copy could not be brought up to date");
    expect(JSON.stringify(await inAkto())).not.toContain("ADMIN");
  });
});
