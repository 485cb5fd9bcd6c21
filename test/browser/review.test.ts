import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { renderReviewPage } from "../../src/page/review.ts";
import { chromiumPath, startChromium, unlessMissing } from "./chromium.ts";
import { expectAccessible, expectReadable } from "./every-page.ts";
import { hostile } from "./reports.ts";
import { review } from "./reviews.ts";

describe.skipIf(chromiumPath === undefined)(`the access review in Chromium${unlessMissing}`, () => {
  let browser: Awaited<ReturnType<typeof startChromium>>;
  let page: Page;
  let folder: string;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "akto-okta-review-"));
    browser = await startChromium();
    page = await browser.context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await page.emulateMedia({ colorScheme: "light", media: null, forcedColors: null });
    await page.setViewportSize({ width: 1100, height: 900 });
    complaints.length = 0;
    requests.length = 0;
  });

  const pages = new Map([
    ["7 people", renderReviewPage(review({ people: 7 }))],
    ["7 people, another mapping, 60 groups", renderReviewPage(review({ people: 7, compared: true, moreGroups: 60 }))],
    ["nobody", renderReviewPage(review({ people: 0 }))],
    ["hostile names", renderReviewPage(review({ people: 14, compared: true, oddName: hostile.repeat(4) }))],
  ]);
  const thousands = renderReviewPage(review({ people: 5_000, compared: true }));

  it.each([...pages])("is readable, light and dark, wide and narrow: %s", async (_, html) => {
    await expectReadable(page, html, [1280, 400, 320]);
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  });

  it.each([...pages])("has no fault that axe knows: %s", async (_, html) => {
    await expectAccessible(page, html);
  });

  it("keeps the names within their boxes in the drawing", async () => {
    await page.setContent(renderReviewPage(review({ people: 60, oddName: "ＷＩＤＥ Ｗ".repeat(20) })));
    const overlaps = await page.evaluate(`[...document.querySelectorAll(".drawing g")].flatMap((group) => {
      const box = group.querySelector("rect").getBBox();
      const [name, number] = [...group.querySelectorAll("text")].map((text) => text.getBBox());
      const fits = name.x >= box.x && name.x + name.width < number.x && number.x + number.width <= box.x + box.width;
      return fits ? [] : [group.textContent];
    })`);
    expect(overlaps).toEqual([]);
  });

  it("tells of 5,000 people without a bar to scroll sideways, and its links lead there", async () => {
    const file = join(folder, "review.html");
    await writeFile(file, thousands);
    await page.goto(`file://${file}`);
    expect(await page.locator("section[aria-labelledby=people] tbody tr").count()).toBe(5_000);
    await page.setViewportSize({ width: 400, height: 900 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(400);
    await page.getByRole("link", { name: "Guest", exact: true }).first().click();
    const heading = page.getByRole("heading", { level: 3, name: "Guest", exact: true });
    expect((await heading.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    expect((await heading.boundingBox())?.y).toBeLessThan(450);
    await page.getByRole("link", { name: "To the top" }).click();
    expect(await page.evaluate("scrollY")).toBeLessThan(100);
    expect(complaints).toEqual([]);
  });

  it("works from a file, with its own policy in force", async () => {
    const file = join(folder, "policy.html");
    const html = renderReviewPage(review({ people: 7 }));
    await writeFile(
      file,
      html.replace("</main>", "<script>document.title = 'run'</script><p style='color: red'>x</p></main>"),
    );
    await page.goto(`file://${file}`);
    expect(await page.title()).toBe("Access review: Akto, 2026-11-26");
    expect(await page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse")).toBe("collapse");
    expect(complaints).toEqual([
      expect.stringContaining("Content Security Policy"),
      expect.stringContaining("Content Security Policy"),
    ]);
  });

  it("prints dark on light, with the drawing, a heading over each page of a table and lines to sign on", async () => {
    await page.setContent(renderReviewPage(review({ people: 7 })));
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(34, 37, 43)");
    await page.setViewportSize({ width: 400, height: 900 });
    expect(await page.locator(".drawing").isVisible()).toBe(true);
    expect(await page.getByText("Signature").isVisible()).toBe(true);
    expect(await page.getByRole("navigation").isVisible()).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.querySelector('thead')).display")).toBe("table-header-group");
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it("reads well aloud: one main, headings in order, the drawing described, tables with their captions", async () => {
    await page.setContent(renderReviewPage(review({ people: 60, compared: true })));
    const levels = await page.evaluate<number[]>(
      "[...document.querySelectorAll('h1, h2, h3')].map(({ tagName }) => Number(tagName[1]))",
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, index) => index === 0 || level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
    const outline = await page.locator("body").ariaSnapshot();
    expect(outline).toContain('navigation "On this page"');
    expect(outline).toMatch(/img "Groups to roles Admin for \d+ people: Akto Admins, \d+\./);
    expect(outline).toContain('table "People whose role it changes"');
    expect(outline).toContain('region "What is not certain"');
    expect(outline).not.toContain("✓");
  });
});
