/** What has no end, or never begins, is refused: a device, a pipe without a writer, standard input that goes on for ever. */
import { spawn, spawnSync } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { environment, executable, freePort, run, temporaryFolder } from "../program.ts";

const posix = process.platform !== "win32";
const codeOf = (stderr: string) => JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error.code;

/** Every place where a file is named, and the failure of one that can't be read. */
const inputs: [args: readonly string[], code: string][] = [
  [["groups", "list", "--domain", "127.0.0.1:1", "--okta-token-file", "FILE"], "input.secret_file"],
  [["mapping", "list", "--akto-key-file", "FILE"], "input.secret_file"],
  [["login", "explain", "--token", "FILE"], "input.secret_file"],
  [["sso", "plan", "-f", "FILE"], "file.unreadable"],
  [["mapping", "import", "FILE"], "file.unreadable"],
  [["sandbox", "--seed", "FILE"], "sandbox.seed_unreadable"],
];

it.skipIf(!posix).each(["/dev/zero", "a pipe without a writer"])(
  "%s in the place of any file",
  async (what) => {
    const env = environment(temporaryFolder());
    const file = what === "/dev/zero" ? what : join(env.HOME ?? "", "pipe");
    if (file !== what) spawnSync("mkfifo", [file]);
    const ends = [];
    for (const [args, code] of inputs) {
      const { stderr, exitCode } = await run([...args.map((word) => word.replace("FILE", file)), "--json"], env);
      ends.push([args.join(" "), exitCode, codeOf(stderr)]);
      expect(ends.at(-1)).toEqual([args.join(" "), 2, code]);
    }
  },
  120_000,
);

it.skipIf(!posix)("Okta's own settings, and the key that they name", async () => {
  const env = environment(temporaryFolder());
  const home = env.HOME ?? "";
  const named = {
    ...env,
    OKTA_CLIENT_ORGURL: "http://127.0.0.1:1",
    OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
    OKTA_CLIENT_CLIENTID: "0oa1",
    OKTA_CLIENT_SCOPES: "okta.groups.read",
    OKTA_CLIENT_PRIVATEKEY: "/dev/zero",
  };
  expect(codeOf((await run(["groups", "list", "--json"], named)).stderr)).toBe("okta.private_key_invalid");
  spawnSync("mkfifo", [join(home, "okta.yaml")]);
  expect(codeOf((await run(["groups", "list", "--json"], env)).stderr)).toBe("okta.settings_unreadable");
});

it.skipIf(!posix).each([
  [["groups", "list", "--domain", "127.0.0.1:1", "--okta-token-file", "-"], "input.secret_file"],
  [["sso", "plan", "-f", "-"], "file.unreadable"],
  [["mapping", "import", "-"], "file.unreadable"],
])("standard input without an end, for %j", async (args, code) => {
  const endless = spawn("cat", ["/dev/zero"], { stdio: ["ignore", "pipe", "ignore"] });
  const { stderr, exitCode } = await execa(process.execPath, [executable, ...args, "--json"], {
    env: environment(temporaryFolder()),
    extendEnv: false,
    reject: false,
    stdin: endless.stdout,
    timeout: 25_000,
  });
  endless.kill("SIGKILL");
  expect([exitCode, codeOf(stderr)]).toEqual([2, code]);
});

it.skipIf(!posix)("standard input without an end in the place of the address that a browser ends on", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const endless = spawn("cat", ["/dev/zero"], { stdio: ["ignore", "pipe", "ignore"] });
  const args = ["login", "test", "--yes", "--paste", "--no-browser", "--port", String(await freePort()), "--json"];
  const { stderr, exitCode } = await execa(process.execPath, [executable, ...args], {
    env: environment(temporaryFolder(), sandbox),
    extendEnv: false,
    reject: false,
    stdin: endless.stdout,
  });
  endless.kill();
  expect([exitCode, codeOf(stderr)]).toEqual([2, "oidc.paste_invalid"]);
});

it.skipIf(process.platform !== "linux")(
  "a name on the command line that is not in UTF-8 is refused, and one with U+FFFD is not",
  async () => {
    const env = environment(temporaryFolder());
    const add = (name: string) =>
      execa("bash", ["-c", `"$0" "$1" mapping add ${name} ADMIN --force --yes --json`, process.execPath, executable], {
        env,
        extendEnv: false,
        reject: false,
        stdin: "ignore",
      });
    const refused = await add("$'S\\xe9curit\\xe9'");
    expect([refused.exitCode, codeOf(refused.stderr)]).toEqual([2, "usage.encoding"]);
    expect((await add("S\ufffdcurite")).exitCode).toBe(0);
  },
);

it.skipIf(!posix)("a pipe whose writer comes later is read to its end, and so is a shell's", async () => {
  const env = environment(temporaryFolder());
  const pipe = join(env.HOME ?? "", "pipe");
  spawnSync("mkfifo", [pipe]);
  const options = ["--force", "--yes", "--json"];
  const importing = run(["mapping", "import", pipe, ...options], env);
  // Opens once there is a reader.
  const writer = await open(pipe, "w");
  await writer.write("mapping:\n");
  await writer.write("  A: ADMIN\n");
  await writer.close();
  const named = await importing;
  expect(named, named.stderr).toMatchObject({ exitCode: 0 });
  const script = `"$0" "$1" mapping import <(printf 'mapping: { B: GUEST }') ${options.join(" ")}`;
  const { stdout, stderr } = await execa("bash", ["-c", script, process.execPath, executable], {
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 25_000,
  });
  expect(JSON.parse(stdout || stderr).mapping).toMatchObject([{ group: "B", role: "GUEST" }]);
});
