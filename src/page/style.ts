/** The result page's style sheet. Its hash stands in the page's Content-Security-Policy. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #f4f2ed; --card: #fffefb; --ink: #22252b; --soft: #5c6068; --line: #dcd8ce; --wash: #efece4;
  --accent: #3a4fb8; --accent-wash: #e9ecfa; --accent-line: #b4bdea;
  --good: #1f6f47; --good-wash: #e2f1e8; --warn: #8a5300; --warn-wash: #fbeed5; --bad: #a8252c; --bad-wash: #fae3e1;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16181d; --card: #1e2128; --ink: #e8e6e1; --soft: #a3a7b0; --line: #343944; --wash: #272b34;
    --accent: #a9b6ff; --accent-wash: #282f4d; --accent-line: #4a568f;
    --good: #7fd3a4; --good-wash: #1c3529; --warn: #f0bd6a; --warn-wash: #3a2f1b; --bad: #ff9d95; --bad-wash: #42231f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: clamp(1.25rem, 5vw, 4rem) clamp(1rem, 4vw, 2rem) 3rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { max-width: 44rem; margin-inline: auto; }
p, h1, h2, dl, dd, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }

.eyebrow { font-size: .8125rem; letter-spacing: .04em; color: var(--soft); }
h1 { margin-top: .4rem; font-size: clamp(1.6rem, 5.2vw, 2.35rem); line-height: 1.18; font-weight: 640; letter-spacing: -.015em; text-wrap: balance; }
h1 .role { color: var(--accent); }
.verdict { display: inline-flex; gap: .55em; align-items: baseline; margin-top: 1.1rem; padding: .38rem .85rem .4rem .7rem; border-radius: 1.5rem; font-size: .9375rem; font-weight: 560; }
.verdict.pass { background: var(--good-wash); color: var(--good); }
.verdict.warn { background: var(--warn-wash); color: var(--warn); }
.verdict.fail { background: var(--bad-wash); color: var(--bad); }
.doubts { margin: .7rem 0 0; padding-left: 1.2rem; color: var(--soft); font-size: .9375rem; }

.path { margin-top: 2.5rem; }
.step { position: relative; padding: 0 0 1.75rem 3.25rem; }
.step::before { content: ""; position: absolute; left: 1.0625rem; top: 2.4rem; bottom: -.15rem; width: 2px; background: var(--line); }
.step:last-child { padding-bottom: 0; }
.step:last-child::before { display: none; }
.number { position: absolute; left: 0; top: -.15rem; width: 2.25rem; height: 2.25rem; border: 2px solid var(--line); border-radius: 50%; background: var(--card); color: var(--soft); font-weight: 620; line-height: 2rem; text-align: center; font-variant-numeric: tabular-nums; }
.step.lit::before { background: var(--accent-line); }
.step.lit .number { border-color: var(--accent-line); color: var(--accent); }
.step.end .number { background: var(--accent); border-color: var(--accent); color: var(--card); }
.step h2 { font-size: 1.0625rem; font-weight: 640; line-height: 1.9; }
.lead { color: var(--soft); margin-bottom: .8rem; }
h2 + .card { margin-top: .5rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: .95rem 1.1rem; }
.card + .card, .card + .checks, .checks + .card { margin-top: .75rem; }

dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; }
dt { color: var(--soft); }
.missing { color: var(--bad); font-weight: 560; }

.groups { display: flex; flex-wrap: wrap; gap: .4rem; }
.groups li { max-width: 100%; padding: .16rem .65rem .2rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--wash); font-size: .9375rem; }
.groups .won { background: var(--accent-wash); border-color: var(--accent-line); color: var(--accent); font-weight: 600; }
details { margin-top: .9rem; border-top: 1px solid var(--line); padding-top: .55rem; }
summary { cursor: pointer; color: var(--accent); padding: .25rem 0; border-radius: .3rem; }
summary:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.all { margin: .6rem 0 .2rem; columns: 15rem auto; column-gap: 2rem; font-size: .9375rem; counter-reset: group; }
.all li { padding: .14rem 0 .14rem 2.6rem; text-indent: -2.6rem; break-inside: avoid; counter-increment: group; }
.all li::before { content: counter(group); display: inline-block; width: 2.6rem; text-indent: 0; color: var(--soft); font-size: .8125rem; font-variant-numeric: tabular-nums; }
.all .won { color: var(--accent); font-weight: 600; }

.entries { padding: 0; overflow: hidden; }
.entry { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); gap: .1rem .9rem; align-items: baseline; padding: .8rem 1.1rem; }
.entry + .entry { border-top: 1px solid var(--line); }
.entry .to { color: var(--soft); }
.entry .why { grid-column: 1 / -1; color: var(--soft); font-size: .9375rem; }
.entry.won { background: var(--accent-wash); }
.entry.won .name, .entry.won .to { color: var(--accent); font-weight: 620; }
.entry.passed .name { color: var(--soft); }
.entry.skipped .name { color: var(--soft); text-decoration: line-through; text-decoration-thickness: 1px; }

.checks { display: grid; gap: .55rem; margin-top: .85rem; }
.checks li { position: relative; padding-left: 1.85rem; font-size: .9375rem; }
.mark { position: absolute; left: 0; top: .14rem; width: 1.25rem; height: 1.25rem; border-radius: 50%; font-size: .75rem; font-weight: 700; line-height: 1.25rem; text-align: center; }
.pass > .mark { background: var(--good-wash); color: var(--good); }
.warn > .mark { background: var(--warn-wash); color: var(--warn); }
.fail > .mark { background: var(--bad-wash); color: var(--bad); }
.skip > .mark { background: var(--wash); color: var(--soft); }
.verdict > .mark { position: static; flex: none; align-self: center; color: var(--card); }
.verdict.pass > .mark { background: var(--good); }
.verdict.warn > .mark { background: var(--warn); }
.verdict.fail > .mark { background: var(--bad); }
.checks .skip { color: var(--soft); }
.hint { display: block; color: var(--soft); }
.warn .hint, .fail .hint { color: var(--ink); }
.hint::before { content: "→ "; color: var(--soft); }

.result { border-color: var(--accent-line); background: var(--accent-wash); }
.result .role { font-size: 1.5rem; font-weight: 660; line-height: 1.3; color: var(--accent); }
.result.away { border-color: var(--line); background: var(--card); }
.result.away .role { color: var(--soft); }
.now { margin-top: .35rem; color: var(--soft); }
.notes { display: grid; gap: .6rem; margin-top: .85rem; }
.notes li { padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }

.claims { margin-top: 2rem; padding-block: .6rem; }
.claims h2 { font-size: 1rem; font-weight: 640; margin-top: 1.2rem; }
.claims .lead { margin-bottom: .4rem; font-size: .9375rem; }
.claims dl { grid-template-columns: fit-content(35%) minmax(0, 1fr); font-size: .9375rem; }
.when { color: var(--soft); }

.stop { margin-top: 2rem; padding: 1.4rem 1.5rem 1.3rem; }
.stop h2 { margin-top: 1.3rem; font-size: .875rem; font-weight: 640; color: var(--soft); }
.stop .what { font-size: 1.125rem; line-height: 1.5; }
.stop .eyebrow { margin-top: 1.3rem; }

footer { margin-top: 3rem; padding-top: 1.1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
.again { margin-bottom: .8rem; }
footer dl { margin-bottom: .8rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (max-width: 34rem) {
  .step { padding-left: 0; }
  .step::before { display: none; }
  .number { position: static; display: inline-block; width: 1.75rem; height: 1.75rem; line-height: 1.5rem; font-size: .875rem; margin-right: .55rem; }
  .step h2 { display: inline; }
  .lead { margin-top: .35rem; }
  dl, .claims dl { grid-template-columns: 1fr; gap: 0; }
  dd + dt { margin-top: .5rem; }
  .entry { grid-template-columns: auto minmax(0, 1fr); }
  .entry .group { grid-column: 1 / -1; }
}
/* The reader's own few colors: what backgrounds said is said by lines. */
@media (forced-colors: active) {
  .mark, .verdict { border: 1px solid; }
  .mark { line-height: 1.125rem; }
  .verdict > .mark { border: 0; }
  .step::before { width: 0; border-left: 2px solid; }
  .step.end .number, .groups .won { border-width: 3px; }
  .step.end .number { line-height: calc(2.25rem - 6px); }
  .entry.won { border-left: .4rem solid Highlight; }
  .result { border-width: 3px; }
}
/* On paper there are no backgrounds to be counted on, and nothing to unfold. */
@media print {
  :root { color-scheme: light; }
  body { background: none; padding: 0; font-size: .875rem; }
  .step { break-inside: avoid-page; }
  .mark, .verdict { background: none; border: 1px solid; }
  .mark { line-height: 1.125rem; }
  .verdict > .mark { border: 0; color: inherit; }
  .verdict > .mark, .verdict.pass > .mark, .verdict.warn > .mark, .verdict.fail > .mark { background: none; }
  .step.end .number { background: var(--card); color: var(--accent); }
  .entry.won { border-left: .3rem solid var(--accent); }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
