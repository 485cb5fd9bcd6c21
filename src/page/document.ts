/**
 * What every page of this program is: one file that needs no network and no script, with its one style sheet and a policy
 * that lets nothing else in.
 */
import { createHash } from "node:crypto";
import { Html, html } from "./html.ts";
import { pageStyle } from "./style.ts";

/** The policy of a page with this style sheet: nothing else from anywhere. */
function policyFor(style: string): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The Content-Security-Policy of a page that has the common style sheet alone. */
export const contentSecurityPolicy = policyFor(pageStyle);

/** Facts, such as the issuer and the time, each under its name. No secret belongs here. */
export type PageFacts = readonly (readonly [label: string, value: string])[];

export interface PageContent {
  readonly title: string;
  /** Header and main. */
  readonly body: Html;
  /** What stands at the foot. */
  readonly foot: Html;
  /** Rules beside the common style sheet's. */
  readonly style?: string;
}

/** A whole HTML document. Serve it with its policy, too; as a file it bears that itself. */
export function renderDocument({ title, body, foot, style = "" }: PageContent): string {
  const whole = `${pageStyle}${style}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(whole)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Html(whole)}</style>
</head>
<body>
${body}
<footer>
${foot}
</footer>
</body>
</html>
`.text;
}

/** Facts as a list. */
export function factList(facts: PageFacts, className?: string): Html {
  const rows = facts.map(([label, value]) => html`<dt>${label}</dt><dd><bdi>${value}</bdi></dd>`);
  return className === undefined ? html`<dl>${rows}</dl>` : html`<dl class="${className}">${rows}</dl>`;
}
