import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { chromiumPath, startChromium, unlessMissing } from "./chromium.ts";

describe.skipIf(chromiumPath === undefined)(`login test with Chromium${unlessMissing}`, () => {
  let sandbox: Sandbox;
  let browser: Awaited<ReturnType<typeof startChromium>>;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "akto-okta-login-"));
    [sandbox, browser] = await Promise.all([
      startSandbox({ aktoConfigured: true, seed: { akto: { mapping: new Map([["Akto Developers", "DEVELOPER"]]) } } }),
      startChromium(),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), sandbox?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the built program; `visit` gets the address that it prints. */
  async function loginTest(args: readonly string[], visit: (page: Page) => Promise<void>) {
    const { okta, akto } = sandbox;
    const child = spawn(
      process.execPath,
      ["bin/akto-okta.js", "login", "test", "--no-browser", "--yes", "--json", "--port", await freePort(), ...args],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          AKTO_OKTA_CONFIG_DIR: join(folder, "config"),
          AKTO_OKTA_SECRETS: "file",
          OKTA_CLIENT_ORGURL: okta.url,
          OKTA_CLIENT_TOKEN: okta.token,
          AKTO_OKTA_AUTH_SERVER_ID: okta.authServerId,
          AKTO_OKTA_CLIENT_ID: okta.clientId,
          AKTO_OKTA_CLIENT_SECRET: okta.clientSecret,
          AKTO_URL: akto.url,
          AKTO_ACCOUNT_ID: String(akto.accountId),
          AKTO_API_KEY: akto.apiKey,
        },
      },
    );
    const stdout = text(child.stdout);
    let stderr = "";
    const address = new Promise<string>((resolve, reject) => {
      child.stderr.on("data", (data: Buffer) => {
        stderr += data;
        const url = /^(http:\S+\/v1\/authorize\?\S+)\n/m.exec(stderr)?.[1];
        if (url) resolve(url);
      });
      child.once("exit", () => reject(new Error(stderr)));
    });
    const ended = once(child, "exit");
    const page = await browser.context.newPage();
    await page.goto(await address);
    await visit(page);
    const [exitCode] = await ended;
    return { exitCode, report: JSON.parse(await stdout), page };
  }

  it("signs a user in over the org's own page, shows the result there, and writes the same to a file", async () => {
    const file = join(folder, "report.html");
    const { exitCode, report, page } = await loginTest(
      ["--report", file, "--expect-role", "developer"],
      async (page) => {
        await page.getByRole("button", { name: "Priya Raman" }).click();
        await page.getByRole("heading", { level: 1, name: "Priya Raman signs in as Developer" }).waitFor();
      },
    );
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
    await page.close();
  });
});

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return String(typeof address === "object" ? address?.port : 0);
}
