import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { chromiumPath, startChromium, unlessMissing } from "./chromium.ts";

describe.skipIf(chromiumPath === undefined)(`the sandbox's page to start by email, in Chromium${unlessMissing}`, () => {
  let sandbox: Sandbox;
  let browser: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => {
    const mapping = new Map([["Akto Developers", "DEVELOPER"]]);
    sandbox = await startSandbox({ seed: { akto: { mapping, elsewhere: ["priya.raman@brightwell.example"] } } });
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  it("leads to Okta and back into Akto, and nowhere with the domain in other letters", async () => {
    const page = await browser.context.newPage();
    const type = async (email: string) => {
      await page.goto(`${sandbox.akto.url}/sso-login`);
      await page.getByLabel("Work email").fill(email);
      await page.getByRole("button", { name: "Sign in with SSO" }).click();
    };
    await type("priya.raman@Brightwell.example");
    await page.waitForURL(`${sandbox.akto.url}/login`);
    await type("priya.raman@brightwell.example");
    await page.getByRole("button", { name: "Priya Raman" }).click();
    await page.waitForURL(`${sandbox.akto.url}/dashboard`);
    expect(await page.getByText("Role: Developer").count()).toBe(1);
  });
});
