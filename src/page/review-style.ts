/** What the review's page needs beside the common style sheet. */
export const reviewStyle = `
header, main, footer { max-width: 58rem; }
a { color: var(--accent); text-underline-offset: .18em; }
.contents { margin-top: 1.4rem; }
.contents ul { display: flex; flex-wrap: wrap; gap: .3rem 1.25rem; font-size: .9375rem; }
section { margin-top: 2.75rem; }
section > h2 { font-size: 1.3rem; font-weight: 640; line-height: 1.3; margin-bottom: .35rem; }
section h3 { font-size: 1.0625rem; font-weight: 640; margin: 1.9rem 0 .35rem; }
h2, h3, tr:target { scroll-margin-top: 1rem; }
section > .card, section > .drawing, section > table, section > .notes { margin-top: .75rem; }
.soft { color: var(--soft); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .9375rem; }
caption { text-align: left; color: var(--soft); padding: .15rem 0 .45rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; padding-block: .2rem .4rem; color: var(--soft); font-weight: 560; font-size: .8125rem; }
tbody th { font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
.n { width: 6.5rem; text-align: right; font-variant-numeric: tabular-nums; }
.login { display: block; color: var(--soft); font-size: .8125rem; }
.tag { display: inline-block; margin-right: .45rem; padding: 0 .5rem; border: 1px solid; border-radius: .7rem; font-size: .75rem; font-weight: 600; line-height: 1.25rem; white-space: nowrap; }
.tag.fallback, .tag.guess { background: var(--warn-wash); color: var(--warn); }
.tag.away { background: var(--bad-wash); color: var(--bad); }
.tag.changed { background: var(--accent-wash); color: var(--accent); }
.drawing { display: block; width: 100%; height: auto; }
.drawing text { fill: var(--ink); font-size: 13px; unicode-bidi: isolate; }
.drawing .number { fill: var(--soft); text-anchor: end; font-variant-numeric: tabular-nums; }
.drawing rect { fill: var(--card); stroke: var(--line); }
.drawing .role rect { fill: var(--accent-wash); stroke: var(--accent-line); }
.drawing .role text { fill: var(--accent); font-weight: 640; }
.drawing .fallback rect { fill: var(--warn-wash); stroke: var(--warn); }
.drawing .fallback text { fill: var(--warn); }
.drawing .idle rect { fill: none; stroke-dasharray: 3 3; }
.drawing .idle text { fill: var(--soft); }
.drawing .ribbon { fill: var(--accent-line); opacity: .55; }
.drawing .ribbon.fallback { fill: var(--warn); opacity: .3; }
.drawing .ribbon.idle { fill: none; stroke: var(--line); stroke-dasharray: 3 3; opacity: 1; }
.signed { display: none; }

/* Drawn smaller it could not be read; the table under it says the same, and more. */
@media (max-width: 40rem) {
  .drawing { display: none; }
  .n { width: 4.25rem; }
  th, td { padding-right: .6rem; }
}
@media (forced-colors: active) {
  .tag { border-width: 2px; }
  .drawing rect { stroke: CanvasText; fill: Canvas; }
  .drawing text { fill: CanvasText; }
  .drawing .ribbon { fill: GrayText; }
}
@page { margin: 16mm 14mm; }
@media print {
  header, main, footer { max-width: none; }
  .contents, .top { display: none; }
  .drawing { display: block; max-height: 22cm; }
  table { font-size: .75rem; line-height: 1.4; }
  .login, .tag { font-size: .6875rem; }
  th, td { padding-block: .22rem; }
  section { margin-top: 1.6rem; }
  section.own { break-before: page; margin-top: 0; }
  section > h2, section h3, section > .soft, caption, thead { break-after: avoid-page; }
  tbody tr:first-child { break-before: avoid-page; }
  .short { break-inside: avoid-page; }
  thead { display: table-header-group; }
  tr, .card, .drawing, section > .soft { break-inside: avoid-page; }
  a { color: inherit; text-decoration: none; }
  .tag { background: none; }
  .signed { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 1.5rem; margin-top: 2.5rem; break-inside: avoid-page; }
  .signed p { border-top: 1px solid; padding-top: .3rem; margin-top: 2rem; }
}
`;
