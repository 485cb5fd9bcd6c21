import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { type Gate, gateBefore } from "../gate.ts";
import { environment, temporaryFolder } from "../program.ts";
import { ctrlC, enter, type Screen, start } from "../pty.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** The wizard while it looks whether an org answers at the domain. */
async function checking(): Promise<{ screen: Screen; gate: Gate }> {
  const gate = await gateBefore(sandbox.okta.url, (_, path) => path === "/.well-known/okta-organization");
  const env = {
    ...environment(temporaryFolder()),
    AKTO_URL: sandbox.akto.url,
    AKTO_ACCOUNT_ID: "1712345678",
    AKTO_API_KEY: sandbox.akto.apiKey,
  };
  const screen = start(["sso", "setup"], env);
  await screen.answer("❯ Create it for me", enter);
  await screen.answer("? Okta domain", gate.origin + enter);
  await gate.reached;
  return { screen, gate };
}

describe("what is typed while the program is at work", () => {
  it("is not shown, and answers no question", async () => {
    const { screen, gate } = await checking();
    screen.type(`00typed-too-early${enter}`);
    gate.open();
    await screen.shows("An Okta org answers");
    await screen.shows("? Okta API token:");
    screen.type(`00typed-in-time${enter}`);
    await screen.shows("✔ Okta API token: •••••••••••••••");
    await screen.shows("Okta did not accept the API token");
    expect(screen.text()).not.toContain("typed-too-early");
    screen.type(ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("interrupts when it is Ctrl-C", async () => {
    const { screen } = await checking();
    screen.type(ctrlC);
    await screen.shows("Your answers are kept");
    expect(await screen.ended).toBe(130);
  });
});
