import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { environment, freePort, runLoginTest, temporaryFolder } from "../program.ts";
import { enter, type Screen, start } from "../pty.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ aktoConfigured: true });
});
afterAll(() => sandbox.close());

const login = "priya.raman@brightwell.example";

async function testIn(env: Record<string, string>, args: readonly string[] = []) {
  const port = String(await freePort());
  // An address is to be read from the screen in one piece.
  return { port, screen: start(["login", "test", "--yes", "--port", port, ...args], env, { cols: 600 }) };
}

/** The address to open, as the screen shows it last. */
function addressOn(screen: Screen): string {
  const found = screen
    .text()
    .match(/^http:\S+\/v1\/authorize\?\S+$/gm)
    ?.at(-1);
  if (found === undefined) throw new Error(`No address is shown:\n${screen.text()}`);
  return found;
}

/** Signs in, up to the address that the browser can't open. */
const signInElsewhere = async (address: string) =>
  String((await new Visitor({ stopAt: ({ pathname }) => pathname === "/callback" }).signIn(address, login)).url);

const question = "? Or paste the address that the browser ends on:";

describe("login test in a remote shell", () => {
  it("says at once that it is one, with the line that forwards the port, and takes a pasted address", async () => {
    const env = {
      ...environment(temporaryFolder(), sandbox),
      SSH_CONNECTION: "198.51.100.2 5 203.0.113.7 22",
      USER: "ada",
    };
    const { port, screen } = await testIn(env);
    await screen.shows("This terminal is on a different machine from your browser (SSH)");
    await screen.shows(`ssh -N -L ${port}:127.0.0.1:${port} ada@203.0.113.7`);
    await screen.answer(question, `https://acme.okta.com/login${enter}`);
    await screen.shows("That is not the address that the browser was sent back to");
    screen.type(`\u0015${await signInElsewhere(addressOn(screen))}${enter}`);
    await screen.shows("gets the role");
    expect(await screen.ended).toBe(0);
  });

  it("is done as well when a forwarded port brings the browser back", async () => {
    const env = { ...environment(temporaryFolder(), sandbox), CODESPACES: "true" };
    const { port, screen } = await testIn(env);
    await screen.shows(`Forward port ${port} to the same port of your own machine`);
    await screen.shows(question);
    await new Visitor().signIn(addressOn(screen), login);
    await screen.shows("gets the role");
    expect(await screen.ended).toBe(0);
    // The question is off the screen.
    expect(screen.text()).not.toContain(question);
  });

  it("says where there is no display, and gives the address alone on a line to scripts", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const { screen } = await testIn(env);
    await screen.shows("There is no display here for a browser.");
    await screen.shows(question);
    await new Visitor().signIn(addressOn(screen), login);
    expect(await screen.ended).toBe(0);
    const script = await runLoginTest([], { ...env, SSH_CONNECTION: "198.51.100.2 5 203.0.113.7 22" }, login);
    expect(script.exitCode).toBe(0);
    expect(script.stderr).toContain("ssh -N -L ");
    expect(script.stderr).not.toContain("paste");
  });
});

describe("$BROWSER", () => {
  /** A browser that notes how it was called. */
  function browserIn(folder: string, ending: string): string {
    const path = join(folder, "my browser");
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/called'\n${ending}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it("is split into words as a shell does", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const folder = env.HOME ?? "";
    const path = browserIn(folder, "exit 0");
    const { screen } = await testIn({ ...env, BROWSER: `"${path}" -P 'my profile'` });
    await screen.shows("Sign in to Okta in the browser that has opened");
    await screen.shows(question);
    const [flag, profile, page] = readFileSync(join(folder, "called"), "utf8").split("\n");
    expect([flag, profile]).toEqual(["-P", "my profile"]);
    expect(page).toMatch(/^file:/);
  });

  it("is watched: when it ends with an error, that is said, and the address is shown", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const path = browserIn(env.HOME ?? "", "exit 3");
    const { screen } = await testIn({ ...env, BROWSER: `'${path}'` });
    await screen.shows("No browser has opened: my browser ended with 3. Open this address yourself:");
    await screen.shows(question);
    await new Visitor().signIn(addressOn(screen), login);
    await screen.shows("gets the role");
    expect(await screen.ended).toBe(0);
  });
});
