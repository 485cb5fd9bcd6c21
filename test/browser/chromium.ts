/** A real Chromium for the tests that need one: `CHROMIUM_PATH`, or Debian's. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

/** Where Chromium is, or `undefined`: then the tests are skipped. */
export const chromiumPath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find(
  (path): path is string => path !== undefined && existsSync(path),
);

/** Says in the tests' own title why they are skipped. */
export const unlessMissing = chromiumPath === undefined ? " (skipped: no Chromium; set CHROMIUM_PATH)" : "";

/** Starts Chromium with a profile of its own, which `close` removes. */
export async function startChromium(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), "akto-okta-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath ?? "",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
