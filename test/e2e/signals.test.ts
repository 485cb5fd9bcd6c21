import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { environment, executable, freePort, temporaryFolder } from "../program.ts";
import { ctrlC, type Screen, start, startInShell } from "../pty.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    aktoConfigured: true,
    seed: { akto: { mapping: new Map([["Akto Guests", "GUEST"]]) } },
  });
  for (const uri of await addedUris()) itsOwn.add(uri);
});
afterAll(() => sandbox.close());

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.destroy()).on("close", (failed) => resolve(!failed));
    socket.on("error", () => {});
  });

const itsOwn = new Set<string>();

/** The redirect URIs that the app did not have from the start. */
async function addedUris(): Promise<string[]> {
  const org = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http: createHttpClient() });
  const app = await org.apps.byClientId(sandbox.okta.clientId);
  return (app?.redirectUris ?? []).filter((uri) => !itsOwn.has(uri));
}

/** A login test that waits for the browser, its redirect URI added. */
async function waitingTest(env: Record<string, string>) {
  const port = await freePort();
  const screen = startInShell(["login", "test", "--yes", "--no-browser", "--port", String(port)], env);
  await screen.shows("Open this address in any browser");
  await screen.shows("/v1/authorize?");
  return { screen, port, uri: `http://127.0.0.1:${port}/callback` };
}

async function expectRestored(screen: Screen) {
  expect(await screen.ended).toBe(130);
  expect(screen.cursor()).toBe(true);
  expect(screen.text()).toMatch(/ icanon /);
  expect(screen.text()).toMatch(/ echo /);
}

describe.skipIf(process.platform === "win32")("a run that is ended from outside", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "by %s in the middle of a login test closes the listener and takes the redirect URI off the app again",
    async (signal) => {
      const env = environment(temporaryFolder(), sandbox);
      // A profile that is there is read by a library with a view of its own on signals.
      mkdirSync(env.AKTO_OKTA_CONFIG_DIR ?? "");
      writeFileSync(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "default.json"), "{}");
      const { screen, port, uri } = await waitingTest(env);
      expect([await isOpen(port), await addedUris()]).toEqual([true, [uri]]);
      screen.signal(signal);
      await expectRestored(screen);
      expect(screen.text()).toContain(`Removed ${uri} from the app again.`);
      expect([await isOpen(port), await addedUris()]).toEqual([false, []]);
    },
  );

  it("by SIGKILL leaves a note, by which the next test takes the redirect URI off, but not one that is in use", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const killed = await waitingTest(env);
    killed.screen.signal("SIGKILL");
    await killed.screen.ended;
    expect(await addedUris()).toEqual([killed.uri]);
    const first = await waitingTest(env);
    const second = await waitingTest(env);
    expect(await addedUris()).toEqual([first.uri, second.uri]);
    second.screen.signal("SIGTERM");
    await second.screen.ended;
    expect(await addedUris()).toEqual([first.uri]);
    first.screen.signal("SIGTERM");
    await first.screen.ended;
    expect(await addedUris()).toEqual([]);
  });

  it("gives the terminal back as it was, from a question and from a progress line", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const asking = startInShell(["mapping", "remove"], env);
    await asking.shows("? Which entry should be removed?");
    expect(asking.cursor()).toBe(false);
    asking.signal("SIGTERM");
    await expectRestored(asking);
    const typing = startInShell(["mapping", "add"], env);
    await typing.answer("? Okta group", ctrlC);
    await expectRestored(typing);
    const quitting = startInShell(["mapping", "add"], env);
    await quitting.answer("? Okta group", "\u001c");
    await expectRestored(quitting);

    sandbox.faults.set(["latency=60000,path=/api/v1/groups"]);
    const reading = startInShell(["groups", "list"], env);
    await reading.shows("Reading groups from Okta");
    expect(reading.cursor()).toBe(false);
    reading.signal("SIGTERM");
    await expectRestored(reading);
    sandbox.faults.set([]);
    expect(reading.text()).not.toContain("Reading groups");
  });

  it("by its window being closed takes the redirect URI off, too, and leaves no core file with secrets in it", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const port = await freePort();
    const screen = start(["login", "test", "--yes", "--paste", "--port", String(port)], env);
    await screen.shows("? Or paste the address that the browser ends on:");
    expect(await addedUris()).toHaveLength(1);
    screen.hangUp();
    // Node would end with SIGABRT, since it can't give the terminal its modes back.
    expect(await screen.ended).toBe(128 + 9);
    expect([await isOpen(port), await addedUris()]).toEqual([false, []]);
  });

  it("by an error that nobody waits for says so like by any other bug, harmlessly", async () => {
    const planted = `import fs from "node:fs";
      const { writeSync } = fs;
      fs.writeSync = (descriptor, ...args) => {
        if (descriptor === 1) setImmediate(() => { throw new Error("planted \\u001b[2J"); });
        return writeSync(descriptor, ...args);
      };`;
    const { exitCode, stderr } = await execa(process.execPath, [executable, "sandbox", "--json"], {
      env: {
        ...environment(temporaryFolder()),
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(planted)}`,
      },
      extendEnv: false,
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("✗ Something unexpected happened: planted \\u{1b}[2J");
    expect(stderr).toContain('"code":"bug"');
    expect(stderr).not.toContain("\u001b");
  });

  it("by having nothing left to wait for is a bug, and not success", async () => {
    const planted = `import http from "node:http"; import { EventEmitter } from "node:events"; import { syncBuiltinESMExports } from "node:module";
      http.request = () => Object.assign(new EventEmitter(), { end() {}, destroy() {} });
      AbortSignal.timeout = () => new AbortController().signal;
      syncBuiltinESMExports();`;
    const { exitCode, stderr } = await execa(process.execPath, [executable, "groups", "list"], {
      env: {
        ...environment(temporaryFolder(), sandbox),
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(planted)}`,
      },
      extendEnv: false,
      reject: false,
    });
    expect(stderr).toContain("✗ Something unexpected happened: the run came to a stop half-way");
    expect(exitCode).toBe(1);
  });

  it.skipIf(process.platform !== "linux")(
    "ends although it reads a secret from a pipe that nobody closes",
    async () => {
      const reading = execa(process.execPath, [executable, "groups", "list", "--okta-token-file", "-", "--json"], {
        env: environment(temporaryFolder(), sandbox),
        extendEnv: false,
        reject: false,
      });
      reading.stdin.write("half a secret");
      // The last of those that the program asks for; Node itself handles some others from the start.
      await listensFor("SIGQUIT", reading.pid);
      reading.kill("SIGTERM");
      expect(await reading).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('"code":"interrupted"') });
    },
  );
});

/** Whether a process that crashes leaves a core file in its working folder here (core(5)). */
const leavesCores =
  process.platform === "linux" &&
  readFileSync("/proc/sys/kernel/core_pattern", "utf8") === "core\n" &&
  spawnSync("bash", ["-c", "ulimit -c unlimited"]).status === 0;

it.skipIf(!leavesCores).each(["SIGSEGV", "SIGABRT", "SIGFPE"] as const)(
  "a run that ends by %s leaves a core file without what it had in its memory",
  async (signal) => {
    const env = environment(temporaryFolder(), sandbox);
    const crashing = execa(
      "bash",
      [
        "-c",
        'ulimit -c unlimited; exec "$0" "$@"',
        process.execPath,
        executable,
        "groups",
        "list",
        "--okta-token-file",
        "-",
      ],
      {
        env: { ...env, AKTO_API_KEY: "the-key-of-the-crash-000" },
        extendEnv: false,
        reject: false,
        cwd: env.HOME ?? "/",
      },
    );
    crashing.stdin.write("the-token-of-the-crash-000");
    await listensFor("SIGQUIT", crashing.pid);
    crashing.kill(signal);
    expect((await crashing).signal).toBe(signal);
    const [core = "none", ...others] = readdirSync(env.HOME ?? "/").filter((name) => name.startsWith("core"));
    expect(others).toEqual([]);
    const content = readFileSync(join(env.HOME ?? "/", core));
    expect(content.subarray(1, 4).toString()).toBe("ELF");
    for (const secret of ["the-key-of-the-crash-000", "the-token-of-the-crash-000", sandbox.okta.clientSecret]) {
      expect(content.includes(secret)).toBe(false);
    }
  },
);

it.skipIf(!leavesCores)("a run that is ended by SIGQUIT is interrupted, and leaves no core file", async () => {
  const env = environment(temporaryFolder(), sandbox);
  const command = 'ulimit -c unlimited; exec "$0" "$@"';
  const reading = execa(
    "bash",
    ["-c", command, process.execPath, executable, "groups", "list", "--okta-token-file", "-"],
    { env, extendEnv: false, reject: false, cwd: env.HOME ?? "/" },
  );
  reading.stdin.write("half a secret");
  await listensFor("SIGQUIT", reading.pid);
  reading.kill("SIGQUIT");
  expect(await reading).toMatchObject({ exitCode: 130, stderr: "✗ Interrupted." });
  expect(readdirSync(env.HOME ?? "/").filter((name) => name.startsWith("core"))).toEqual([]);
});

/** Resolves once the process handles the signal, which Linux tells (proc_pid_status(5): `SigCgt`). */
async function listensFor(signal: NodeJS.Signals, pid: number | undefined): Promise<void> {
  const bit = 1n << BigInt(constants.signals[signal] - 1);
  for (;;) {
    const caught = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    if ((BigInt(`0x${caught}`) & bit) !== 0n) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
