import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { environment, run, runLoginTest } from "../program.ts";
import { chromiumPath, startChromium, unlessMissing } from "./chromium.ts";
import { startLoginTest } from "./program.ts";

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "akto-okta-login-"));
  sandbox = await startSandbox({
    aktoConfigured: true,
    seed: { akto: { mapping: new Map([["Akto Developers", "DEVELOPER"]]) } },
  });
});
afterAll(async () => {
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(chromiumPath === undefined)(`login test with Chromium${unlessMissing}`, () => {
  let browser: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  it("signs a user in over the org's own page, shows the result there, and writes the same to a file", async () => {
    const file = join(folder, "report.html");
    const { address, ended } = await startLoginTest(sandbox, folder, ["--report", file, "--expect-role", "developer"]);
    const page = await browser.context.newPage();
    await page.goto(address);
    await page.getByRole("button", { name: "Priya Raman" }).click();
    await page
      .getByRole("heading", { level: 1, name: "Priya Raman becomes Developer at the second sign-in" })
      .waitFor();
    const { exitCode, report } = await ended;
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      role: { id: "DEVELOPER", decidedBy: "mapping", group: "Akto Developers" },
      admitted: true,
    });
    const outline = await page.locator("body").ariaSnapshot();
    const html = await readFile(file, "utf8");
    await page.setContent(html);
    expect(await page.locator("body").ariaSnapshot()).toBe(outline);
    expect(html).not.toMatch(/eyJ[\w-]+\./);
    expect(html).not.toContain(sandbox.okta.clientSecret);
    await page.getByText("Decoded claims of the tokens").click();
    expect(await page.locator(".claims dd").allInnerTexts()).toContain("Akto Developers");
    await page.close();
  });

  it("asks who signs in with --another-user, where a signed-in browser is otherwise let through as it is", async () => {
    const page = await browser.context.newPage();
    const first = await startLoginTest(sandbox, folder, []);
    await page.goto(first.address);
    const chooser = page.getByRole("button", { name: "Priya Raman" });
    if (await chooser.isVisible()) await chooser.click();
    await page
      .getByRole("heading", { level: 1, name: "Priya Raman becomes Developer at the second sign-in" })
      .waitFor();
    await first.ended;
    expect(await page.locator("footer").innerText()).toContain("run the same command with --another-user");

    const same = await startLoginTest(sandbox, folder, []);
    expect(new URL(same.address).searchParams.has("prompt")).toBe(false);
    await page.goto(same.address);
    expect(await page.title()).toBe("Developer – Priya Raman");
    await same.ended;

    const other = await startLoginTest(sandbox, folder, ["--another-user"]);
    await page.goto(other.address);
    await page.getByRole("button", { name: "Sofia Rossi" }).click();
    await page.getByRole("heading", { level: 1, name: /^Sofia Rossi .*Security Engineer/ }).waitFor();
    expect(await other.ended).toMatchObject({ exitCode: 0, report: { user: { name: "Sofia Rossi" } } });
    const { state, nonce, code_challenge_method: method } = Object.fromEntries(new URL(other.address).searchParams);
    expect([state, nonce, method]).toEqual([expect.any(String), expect.any(String), "S256"]);
    await page.close();
  });
});

describe("login test --report", () => {
  const login = "priya.raman@brightwell.example";

  it("writes for its owner alone, and takes another file's place only with --yes, before anybody signs in", async () => {
    const file = join(folder, "kept.html");
    await writeFile(file, "kept");
    const env = environment(folder, sandbox);
    const refused = await run(["login", "test", "--no-input", "--report", file], env);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/already exists\. Overwrite it\?.*--yes/s),
    });
    expect(refused.stderr).not.toContain("/v1/authorize");
    expect(await readFile(file, "utf8")).toBe("kept");
    const nowhere = await run(["login", "test", "--no-input", "--report", join(folder, "none", "x.html")], env);
    expect(nowhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("there is no such folder") });

    const { address, ended } = await startLoginTest(sandbox, folder, ["--report", file]);
    await new Visitor().signIn(address, login);
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, "utf8")).toMatch(/signs in as|becomes/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("writes why the sign-in did not work, too", async () => {
    const denied = await startSandbox({ scenario: "no-assignment" });
    try {
      const file = join(folder, "denied.html");
      const { address, ended } = await startLoginTest(denied, folder, ["--report", file]);
      const visit = await new Visitor().signIn(address, login);
      expect(await ended).toMatchObject({ exitCode: 6, report: null });
      expect(await readFile(file, "utf8")).toBe(visit.page?.text);
      expect(visit.page?.text).toContain("oidc.not_assigned");
    } finally {
      await denied.close();
    }
  });
});

describe("login test --claims", () => {
  const login = "priya.raman@brightwell.example";
  const signIn = async (...args: string[]) => {
    const { address, ended } = await startLoginTest(sandbox, folder, args);
    await new Visitor().signIn(address, login);
    return ended;
  };

  it("adds the decoded claims to the JSON, and no token; without it they are not there", async () => {
    const { report, exitCode } = await signIn("--claims");
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      claims: {
        accessToken: {
          sub: login,
          groups: ["Akto Developers"],
          scp: expect.arrayContaining(["openid", "email", "profile"]),
        },
        idToken: { iss: expect.any(String), nonce: expect.any(String) },
        userinfo: { email: login },
      },
    });
    expect(JSON.stringify(report)).not.toMatch(/eyJ[\w-]+/);
    expect((await signIn()).report).not.toHaveProperty("claims");
  });

  it("shows them in the terminal's words, with times said in words", async () => {
    const { stdout } = await runLoginTest(["--claims"], environment(folder, sandbox), login);
    expect(stdout).toMatch(/as Developer from the second time on/);
    expect(stdout).toMatch(/^ {2}Access token {2}Akto reads the groups here\.$/m);
    expect(stdout).toMatch(/^ {4}groups +Akto Developers$/m);
    expect(stdout).toMatch(/^ {4}exp +\d+ {2}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, in \d+ minutes$/m);
    expect(stdout).not.toMatch(/eyJ[\w-]+/);
    expect((await runLoginTest([], environment(folder, sandbox), login)).stdout).not.toContain("Access token  Akto");
  });
});

describe("login test --paste, with its standard input left open", () => {
  const login = "priya.raman@brightwell.example";

  it("ends once the redirected address was typed in", async () => {
    const { child, address, ended } = await startLoginTest(sandbox, folder, ["--paste"]);
    const visit = await new Visitor({ stopAt: (url) => url.pathname === "/callback" }).signIn(address, login);
    child.stdin?.write(`${visit.url}\n`);
    expect(await ended).toMatchObject({ exitCode: 0, report: { role: { id: "DEVELOPER" } } });
  });

  it("ends also when the browser came back by itself", async () => {
    const { address, ended } = await startLoginTest(sandbox, folder, ["--paste"]);
    const visit = await new Visitor().signIn(address, login);
    expect(visit.page?.text).toMatch(/signs in as|becomes/);
    expect(await ended).toMatchObject({ exitCode: 0, report: { role: { id: "DEVELOPER" } } });
  });
});
