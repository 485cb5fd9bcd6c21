import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { catalog } from "../../src/core/doctor/catalog.ts";
import type { OktaApp } from "../../src/core/model/okta.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { ctrlC, enter, start } from "../pty.ts";

let sandbox: Sandbox;
let broken: OktaApp;

const apps = () =>
  createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http: createHttpClient() }).apps;
const app = async () => await apps().byClientId(sandbox.okta.clientId);

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "pkce-required" });
});
afterAll(() => sandbox?.close());

// Two things that can be mended, and one that can't.
beforeEach(async () => {
  const found = await app();
  broken = await apps().change(found?.id ?? "", {
    pkceRequired: true,
    redirectUris: ["http://127.0.0.1:8765/callback"],
  });
});

describe("doctor in a pipe", () => {
  it("prints plain lines: what is right, then what is wrong with its remedy, then the sum", async () => {
    const { stdout, stderr, exitCode } = await run(["doctor"], environment(temporaryFolder(), sandbox));
    expect(exitCode).toBe(6);
    const lines = stdout.split("\n");
    expect(lines.slice(0, catalog.length - 2).every((line) => line.startsWith("✓ "))).toBe(true);
    expect(lines.slice(catalog.length - 2)).toEqual([
      "",
      `✗ The app does not have Akto's redirect URI ${sandbox.akto.url}/authorization-code/callback`,
      "  → Add it in Okta: Applications → the app → General → Login → Sign-in redirect URIs. Every character counts.",
      "✗ The app requires PKCE, which Akto does not send.",
      "  → Clear “Require PKCE as additional verification” in Okta: Applications → the app → General.",
      "",
      `2 problems, ${catalog.length - 2} passed.`,
    ]);
    expect(stderr).toMatch(
      /^`akto-okta doctor --fix` offers to fix redirect-uri and pkce\.\n✗ Failed: redirect-uri and pkce\.\n/,
    );
    expect(stdout + stderr).not.toContain("\u001b");
  });

  it("does not call it right where nothing could be checked", async () => {
    const { stdout, stderr, exitCode } = await run(["doctor", "--json"], environment(temporaryFolder()));
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
    expect(stderr).toContain('"code":"doctor.nothing_checked"');
    const told = await run(["doctor"], environment(temporaryFolder()));
    expect(told.stdout).toMatch(new RegExp(`\\n\\n${catalog.length} skipped\\.$`));
    expect(told.stderr).toMatch(/^✗ None of the checks could be run\./);
  });

  it("says with --fix that it can change nothing where that is so", async () => {
    const own = await startSandbox({ scenario: "token-expired" });
    onTestFinished(() => own.close());
    const { stderr, exitCode } = await run(["doctor", "--fix"], environment(temporaryFolder(), own));
    expect(exitCode).toBe(6);
    expect(stderr).toContain("--fix can change none of this");
  });

  it("changes nothing with --fix where nobody can be asked, and says what --yes would change", async () => {
    const folder = temporaryFolder();
    const { stdout, stderr, exitCode } = await run(["doctor", "--fix", "--json"], environment(folder, sandbox));
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      fixes: [
        { check: "redirect-uri", change: expect.stringMatching(/^Add the redirect URI/), result: "not_asked" },
        { check: "pkce", change: "Stop requiring PKCE for the app in Okta", result: "not_asked" },
      ],
    });
    expect(stderr).toMatch(/Nothing was changed.*--yes.*\n {2}Add the redirect URI.*\n {2}Stop requiring PKCE/);
    expect(await app()).toEqual(broken);

    const done = await run(
      ["doctor", "--fix", "--yes", "--json", "--only", "redirect-uri,pkce"],
      environment(folder, sandbox),
    );
    expect(done.exitCode).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({
      ok: true,
      checks: [
        { id: "redirect-uri", status: "pass" },
        { id: "pkce", status: "pass" },
      ],
      fixes: [{ result: "done" }, { result: "done" }],
    });
    expect(await app()).toMatchObject({
      pkceRequired: false,
      redirectUris: expect.arrayContaining([...broken.redirectUris]),
    });
  });
});

describe("doctor on a terminal", () => {
  it("asks for each change, makes those that are wanted, and checks again", async () => {
    const screen = start(["doctor", "--fix"], environment(temporaryFolder(), sandbox));
    await screen.answer("? Add the redirect URI", `n${enter}`);
    await screen.answer("? Stop requiring PKCE for the app in Okta?", enter);
    expect(await screen.ended).toBe(6);
    const text = screen.text();
    expect(text).toContain("✓ Done: Stop requiring PKCE for the app in Okta.");
    expect(text).toContain(`1 problem, ${catalog.length - 1} passed.`);
    expect(text).not.toContain("Checking …");
    expect(await app()).toMatchObject({ pkceRequired: false, redirectUris: broken.redirectUris });
  });

  it("stops on Ctrl-C at a question, and keeps what was done before it", async () => {
    const screen = start(["doctor", "--fix"], environment(temporaryFolder(), sandbox));
    await screen.answer("? Add the redirect URI", enter);
    await screen.answer("? Stop requiring PKCE", ctrlC);
    expect(await screen.ended).toBe(130);
    expect(screen.text()).toContain("✓ Done: Add the redirect URI");
    expect(await app()).toMatchObject({
      pkceRequired: true,
      redirectUris: expect.arrayContaining([`${sandbox.akto.url}/authorization-code/callback`]),
    });
  });

  it("turns each line of a list to its mark, and leaves nothing of it on the screen after Ctrl-C", async () => {
    sandbox.faults.set(["latency=30000,path=/oauth2"]);
    try {
      const screen = start(["doctor"], environment(temporaryFolder(), sandbox));
      await screen.shows("✓ Akto accepts the API key");
      await screen.shows("· The authorization server answers, under its own name");
      screen.type(ctrlC);
      expect(await screen.ended).toBe(130);
      expect(screen.text()).toMatch(/^(\^C)?\s*✗ Interrupted\.$/);
    } finally {
      sandbox.faults.set([]);
    }
  });
});
