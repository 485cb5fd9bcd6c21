import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { known } from "../../src/core/evidence.ts";
import { Failure } from "../../src/core/failure.ts";
import { buildLoginReport, userFromClaims } from "../../src/core/login/build-report.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { discoverIssuer } from "../../src/oidc/discover.ts";
import { signIn } from "../../src/oidc/sign-in.ts";
import { renderResultPage } from "../../src/page/result.ts";
import { clientId, clientSecret, type Provider, startProvider } from "../oidc/provider.ts";
import { chromiumPath, startChromium, unlessMissing } from "./chromium.ts";
import { expectAccessible, expectReadable } from "./every-page.ts";
import { accessTokenWith, claims, claimsAt, facts, hostile, manyGroups, report } from "./reports.ts";

describe.skipIf(chromiumPath === undefined)(`the result page in Chromium${unlessMissing}`, () => {
  let browser: Awaited<ReturnType<typeof startChromium>>;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    browser = await startChromium();
    page = await browser.context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page.emulateMedia({ colorScheme: "light", media: null, forcedColors: null });
    await page.setViewportSize({ width: 1100, height: 900 });
    complaints.length = 0;
    requests.length = 0;
  });

  const pages = new Map([
    ["an admin", renderResultPage(report())],
    ["nobody's fallback", renderResultPage(report({ token: { accessToken: "opaque" }, api: { kind: "no_token" } }))],
    ["somebody turned away", renderResultPage(report({ organizationDomain: known("other.com") }))],
    ["300 groups", renderResultPage(report({ token: { accessToken: accessTokenWith({ groups: manyGroups }) } }))],
    [
      "hostile text",
      renderResultPage(
        report({ user: { id: hostile, email: hostile, preferredUsername: hostile, name: hostile.repeat(40) } }),
        { facts: [["Issuer", hostile]] },
      ),
    ],
    ["decoded claims", renderResultPage(report(), { claims: { of: claims, at: new Date(claimsAt) } })],
    ["a failure", renderResultPage(new Failure("negative", "oidc.refused", hostile, { hint: hostile }))],
  ]);

  it.each([...pages])("is readable, light and dark, wide and narrow: %s", async (_, html) => {
    await expectReadable(page, html, [1280, 360, 320]);
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });

  it.each([...pages])("has no fault that axe knows: %s", async (_, html) => {
    await expectAccessible(page, html);
  });

  it("is dark where the reader's system is", async () => {
    await page.setContent(renderResultPage(report()));
    const paper = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const light = await paper();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper()).not.toBe(light);
  });

  it("says by lines what backgrounds said, where the reader's system has colors of its own", async () => {
    await page.setContent(renderResultPage(report()));
    const borders = () =>
      page.evaluate<string[]>(
        "['.mark', '.verdict', '.entry.won', '.result'].map((name) => getComputedStyle(document.querySelector('main ' + name) ?? document.querySelector(name)).borderLeftWidth)",
      );
    expect(await borders()).toEqual(["0px", "0px", "0px", "1px"]);
    await page.emulateMedia({ forcedColors: "active" });
    expect(await borders()).toEqual(["1px", "1px", "6px", "3px"]);
  });

  it("prints dark on light with the whole list of groups, whatever the screen shows", async () => {
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    await page.setContent(
      renderResultPage(report({ token: { accessToken: accessTokenWith({ groups: manyGroups }) } })),
    );
    expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("light");
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(34, 37, 43)");
    expect(await page.getByText("Инженеры безопасности – отдел платёжных систем 295").isVisible()).toBe(true);
  });

  it("works from a file, with its own policy in force", async () => {
    const folder = await mkdtemp(join(tmpdir(), "akto-okta-report-"));
    try {
      const file = join(folder, "report.html");
      await writeFile(
        file,
        renderResultPage(report()).replace("</main>", "<script>document.title = 'run'</script></main>"),
      );
      await page.goto(`file://${file}`);
      expect(await page.title()).toBe("Admin – Ada Lovelace");
      expect(await page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopWidth")).toBe("1px");
      expect(complaints).toEqual([expect.stringContaining("Content Security Policy")]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("reads well aloud: one main, headings in order, marks in words, the list of steps named", async () => {
    await page.setContent(renderResultPage(report()));
    const outline = await page.locator("body").ariaSnapshot();
    expect(outline).toContain('heading "Ada Lovelace becomes Admin at the second sign-in" [level=1]');
    for (const heading of ["Claims", "Groups", "Mapping", "Role"]) {
      expect(outline).toContain(`heading "${heading}" [level=2]`);
    }
    expect(outline).toContain('list "From the claims to the role"');
    expect(outline).toMatch(/Warning: .*PAYMENTS_AUDIT/);
    expect(outline).toContain("main");
    expect(outline).not.toContain("✓");
  });

  it("keeps the claims folded away, and tells times in words beside their numbers", async () => {
    await page.setContent(renderResultPage(report(), { claims: { of: claims, at: new Date(claimsAt) } }));
    const when = page.getByText("2026-11-26T18:05:12Z, in 60 minutes");
    expect(await when.isVisible()).toBe(false);
    await page.getByText("Decoded claims").click();
    expect(await when.isVisible()).toBe(true);
    await page.getByText("Decoded claims").click();
    await page.emulateMedia({ media: "print" });
    expect(await when.isVisible()).toBe(true);
  });

  it("opens the long list by keyboard, and shows where the focus is", async () => {
    await page.setContent(
      renderResultPage(report({ token: { accessToken: accessTokenWith({ groups: manyGroups }) } })),
    );
    const last = page.getByText("Инженеры безопасности – отдел платёжных систем 295");
    expect(await last.isVisible()).toBe(false);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");
    expect(await last.isVisible()).toBe(true);
  });

  describe("at the end of a real sign-in", () => {
    let provider: Provider;
    const http = createHttpClient();
    beforeAll(async () => {
      provider = await startProvider();
    });
    afterAll(() => provider?.close());

    it("is what the browser shows, under its strict policy, with nothing else asked for", async () => {
      let shown: Promise<string> | undefined;
      await signIn({
        http,
        issuer: await discoverIssuer(http, provider.issuer),
        clientId,
        clientSecret,
        port: 0,
        timeoutMs: 200_000,
        onAuthorizeUrl: (url) => {
          shown = page
            .goto(url)
            .then(async (response) => (await response?.allHeaders())?.["content-security-policy"] ?? "");
        },
        render: (outcome) =>
          renderResultPage(
            outcome.kind === "failed"
              ? outcome.failure
              : buildLoginReport({
                  ...facts,
                  user: userFromClaims(outcome.signedIn.userinfo),
                  token: { accessToken: outcome.signedIn.accessToken },
                  organizationDomain: known("example.com"),
                }),
          ),
      });
      expect(await shown).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
      expect(await page.title()).toBe("Admin – ada@example.com");
      expect(await page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopWidth")).toBe("1px");
      expect(requests.map((url) => new URL(url).pathname)).toEqual(["/oauth2/default/v1/authorize", "/callback"]);
      expect(complaints).toEqual([]);
    });
  });
});
