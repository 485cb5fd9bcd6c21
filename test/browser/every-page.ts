/** What every page must be, whoever looks at it and on what. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/**
 * The lowest contrast of a piece of text against what lies behind it (WCAG 2.2, 1.4.3), and where it is.
 * Backgrounds are opaque throughout, so the nearest one counts.
 */
const lowestContrast = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => channels(color).slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  let lowest = { ratio: 21, text: "" };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (text === "" || element.closest(".hidden, svg") || element.checkVisibility() === false) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < lowest.ratio) lowest = { ratio, text };
  }
  return lowest;
})()`;

const openAll = "document.querySelectorAll('details').forEach((details) => { details.open = true; })";

/** Expects text that stands out and nothing to scroll sideways for, light and dark, at each width in pixels. */
export async function expectReadable(page: Page, html: string, widths: readonly number[]): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setContent(html);
    await page.evaluate(openAll);
    const contrast = await page.evaluate<{ ratio: number; text: string }>(lowestContrast);
    expect(contrast.ratio, contrast.text).toBeGreaterThanOrEqual(4.5);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    }
  }
}

/** Expects that axe, which looks for what keeps people from using a page, finds nothing. */
export async function expectAccessible(page: Page, html: string): Promise<void> {
  await page.setContent(html);
  await page.evaluate(openAll);
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run()");
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  expect(passes.length).toBeGreaterThan(10);
}
