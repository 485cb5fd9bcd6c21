/** A check's outcome as a sign that is said in words, too. */
import type { Check } from "../core/login/report.ts";
import { type Html, html } from "./html.ts";

const marks = {
  pass: ["✓", "Passed"],
  warn: ["!", "Warning"],
  fail: ["✕", "Failed"],
  skip: ["–", "Not checked"],
} as const satisfies Record<Check["status"], readonly [string, string]>;

export function mark(status: Check["status"]): Html {
  const [sign, words] = marks[status];
  return html`<span class="mark" aria-hidden="true"><span>${sign}</span></span><span class="hidden">${words}: </span>`;
}
