/** What a browser that is started gets: a page to go on from, and nothing that others could read or that it doesn't need. */
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { chromiumPath, startChromium, unlessMissing } from "../browser/chromium.ts";
import { listening } from "../http/server.ts";
import { environment, executable, freePort, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ aktoConfigured: true });
});
afterAll(() => sandbox.close());

const login = "priya.raman@brightwell.example";

/** What a browser saw of itself. */
interface Seen {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly path: string;
  readonly page: string;
  readonly mode: string;
  readonly folderMode: string;
}

/** A browser that tells the test what it sees of itself, and shows nobody anything. */
const tellTale = (port: number) => `#!${process.execPath}
const { readFileSync, statSync } = require("node:fs");
const { dirname } = require("node:path");
const argv = process.argv.slice(2);
const last = argv.at(-1);
const path = last.startsWith("file:") ? require("node:url").fileURLToPath(last) : last;
const mode = (file) => (statSync(file).mode & 0o777).toString(8);
const seen = { argv, env: process.env, path, page: readFileSync(path, "utf8"), mode: mode(path), folderMode: mode(dirname(path)) };
fetch("http://127.0.0.1:${port}/", { method: "POST", body: JSON.stringify(seen) });
`;

/** Where the page leads. */
const leadsTo = (page: string) => /url=([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";

/** A `login test` that starts the browser at `place` in the test's folder. */
async function startWith(place: string, change: (folder: string) => Record<string, string>) {
  const folder = temporaryFolder();
  const env = { ...environment(folder, sandbox), ...change(folder) };
  let see: (seen: Seen) => void = () => {};
  const seen = new Promise<Seen>((resolve) => {
    see = resolve;
  });
  const port = await listening(
    createServer(async (request, response) => {
      see((await json(request)) as Seen);
      response.end();
    }),
  );
  const browser = join(folder, place);
  mkdirSync(join(browser, ".."), { recursive: true });
  writeFileSync(browser, tellTale(port));
  chmodSync(browser, 0o755);
  const args = ["login", "test", "--yes", "--json", "--port", String(await freePort())];
  const child = execa(process.execPath, [executable, ...args], {
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    cwd: folder,
    timeout: 300_000,
  });
  return { env, seen, child };
}

const secretsOf = (env: Record<string, string>) =>
  ["OKTA_CLIENT_TOKEN", "AKTO_OKTA_CLIENT_SECRET", "AKTO_API_KEY"].map((name) => env[name] ?? name);

function expectNothingToRead({ argv, env, page, mode, folderMode }: Seen, given: Record<string, string>): void {
  const url = new URL(leadsTo(page));
  expect(url.origin).toBe(sandbox.okta.url);
  for (const name of ["state", "nonce", "code_challenge"]) {
    const value = url.searchParams.get(name) ?? name;
    expect(value.length).toBeGreaterThan(20);
    expect(argv.join(" ")).not.toContain(value);
  }
  expect(Object.keys(env).filter((name) => /^(?:OKTA|AKTO)_/.test(name))).toEqual([]);
  for (const secret of secretsOf(given)) expect(JSON.stringify(env)).not.toContain(secret);
  expect([mode, folderMode]).toEqual(["600", "700"]);
}

describe("login test starts a browser with a page of its own that leads on,", () => {
  it.each([
    ["its address last", "browser", (folder: string) => join(folder, "browser"), []],
    [
      "its address where $BROWSER has %s",
      "browser",
      (folder: string) => `nowhere:${folder}/browser --new-window %s`,
      ["--new-window"],
    ],
  ])("the one of $BROWSER, %s", async (_, place, command, before) => {
    const { env, seen, child } = await startWith(place, (folder) => ({
      BROWSER: command(folder),
      OKTA_CLIENT_PRIVATEKEY: "planted-key-of-a-service-app",
      AKTO_OKTA_MANAGEMENT_TOKEN: "planted-token-for-akto",
    }));
    const told = await seen;
    expect(told.argv).toEqual([...before, expect.stringMatching(/^file:\/\/\/.*\/sign-in\.html$/)]);
    expectNothingToRead(told, env);
    expect(JSON.stringify(told.env)).not.toContain("planted");
    await new Visitor().signIn(leadsTo(told.page), login);
    const { exitCode, stderr } = await child;
    expect(exitCode, stderr).toBe(0);
    expect(existsSync(told.path)).toBe(false);
  });

  it.skipIf(process.platform !== "linux")("the system's", async () => {
    // The library's own xdg-open looks for one of these where there is no desktop.
    const { env, seen, child } = await startWith("bin/www-browser", (folder) => {
      mkdirSync(join(folder, "bin"), { recursive: true });
      for (const name of [
        "sh",
        "sed",
        "grep",
        "cut",
        "readlink",
        "uname",
        "file",
        "which",
        "env",
        "basename",
        "tr",
        "awk",
      ])
        if (existsSync(`/usr/bin/${name}`)) symlinkSync(`/usr/bin/${name}`, join(folder, "bin", name));
      // With a display: where there is none, no browser is tried at all.
      return { PATH: join(folder, "bin"), DISPLAY: ":99" };
    });
    const told = await seen;
    expectNothingToRead(told, env);
    await new Visitor().signIn(leadsTo(told.page), login);
    expect((await child).exitCode).toBe(0);
    expect(existsSync(told.path)).toBe(false);
  });
});

describe.skipIf(chromiumPath === undefined)(`a real browser${unlessMissing}`, () => {
  it("goes on from the page to the org's sign-in, and comes back to the result", async () => {
    const { seen, child } = await startWith("browser", (folder) => ({ BROWSER: join(folder, "browser") }));
    const { path } = await seen;
    const browser = await startChromium();
    const page = await browser.context.newPage();
    await page.goto(`file://${path}`);
    await page.getByRole("button", { name: "Priya Raman" }).click();
    await page.getByRole("heading", { level: 1, name: /^Priya Raman/ }).waitFor();
    await browser.close();
    expect((await child).exitCode).toBe(0);
  });
});
