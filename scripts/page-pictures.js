/**
 * The pictures of pages in docs: real pages of the built program on a sandbox of its own, as Chromium (`CHROMIUM_PATH`, or
 * Debian's) shows them. `npm run page-pictures` makes them anew; another Chromium or other fonts draw them a little
 * differently, so that nothing holds them to it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { startSandbox } from "../dist/sandbox.js";

const program = resolve(import.meta.dirname, "../bin/akto-okta.js");
const docs = resolve(import.meta.dirname, "../docs");
const folder = mkdtempSync(join(tmpdir(), "akto-okta-page-picture-"));
const sandbox = await startSandbox({ scenario: "healthy" });
const { okta, akto } = sandbox;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

/** Runs a command to its end. `onAddress` is given the address that it prints for a browser. */
async function run(args, onAddress) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AKTO_OKTA_CONFIG_DIR: folder,
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
  });
  let said = "";
  let visited;
  child.stderr.on("data", (data) => {
    said += data;
    const [address] = /^http:\S+\/v1\/authorize\?\S+$/m.exec(said) ?? [];
    if (address) visited ??= onAddress?.(address);
  });
  const [code] = await once(child, "exit");
  await visited;
  if (code !== 0) throw new Error(said);
}

/** Draws a page of the program, with the addresses that it would have elsewhere. */
async function draw(file, name, { width, height }) {
  const shown = readFileSync(file, "utf8")
    .replaceAll(akto.url, "https://app.akto.io")
    .replaceAll(okta.url, "https://acme.okta.com")
    .replaceAll(new URL(okta.url).host, "acme.okta.com");
  writeFileSync(file, shown);
  const page = await browser.newPage({ viewport: { width, height: height ?? 900 }, deviceScaleFactor: 1.5 });
  await page.goto(`file://${file}`);
  await page.screenshot({ path: join(docs, name), fullPage: height === undefined });
  await page.close();
  process.stdout.write(`docs/${name}\n`);
}

try {
  const result = join(folder, "result.html");
  await run(["login", "test", "--no-browser", "--yes", "--report", result], async (address) => {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByRole("button", { name: "Priya Raman" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.close();
  });
  await draw(result, "login-test.png", { width: 675 });

  const mapping = join(folder, "mapping.yaml");
  writeFileSync(
    mapping,
    "mapping:\n  Akto Admins: ADMIN\n  Akto Security: MEMBER\n  Akto Developers: GUEST\n  Finance: DEVELOPER\n",
  );
  const review = join(folder, "review.html");
  await run(["login", "preview", "--report", review, "--against", "mapping.yaml"]);
  await draw(review, "access-review.png", { width: 860, height: 1_560 });
} finally {
  await browser.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}
