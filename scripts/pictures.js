/**
 * The pictures of terminal runs in docs/pictures: real output of the built program on a sandbox of its own, drawn as SVG in
 * both themes. `npm run pictures` makes them anew; CI fails where that changes one.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { startSandbox } from "../dist/sandbox.js";

const program = resolve(import.meta.dirname, "../bin/akto-okta.js");
const target = resolve(import.meta.dirname, "../docs/pictures");

const pictures = [
  {
    name: "explain",
    scenario: "healthy",
    args: ["login", "explain", "--user", "priya.raman@brightwell.example"],
    alt: "Why a user gets a role: the role first, then the path to it, then what was checked",
  },
  {
    name: "groups",
    scenario: "healthy",
    args: ["groups", "list", "--search", "akto", "--members"],
    alt: "The org's groups, with how many members each has and which role it gives",
  },
  {
    name: "doctor",
    scenario: "pkce-required",
    args: ["doctor", "--only", "client-id,redirect-uri,pkce,access-policy,groups-claim,mapping-groups"],
    alt: "What is right, and what is wrong with its remedy under it",
  },
];

const columns = 100;
const rows = 60;

/** Runs a command in a terminal. @returns its screen, a line a row, each a list of cells' runs */
async function screenOf(sandbox, args) {
  const folder = mkdtempSync(join(tmpdir(), "akto-okta-picture-"));
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TERM: "xterm-256color",
    TZ: "UTC",
    AKTO_OKTA_CONFIG_DIR: folder,
    AKTO_OKTA_SECRETS: "file",
    ...sandbox.variables,
  };
  const child = spawn(process.execPath, [program, ...args], { cols: columns, rows, env, cwd: folder });
  child.onData((data) => terminal.write(data));
  await new Promise((done) => child.onExit(done));
  await new Promise((done) => terminal.write("", done));
  rmSync(folder, { recursive: true, force: true });
  return readScreen(terminal, sandbox);
}

function readScreen(terminal, { okta, akto }) {
  const buffer = terminal.buffer.active;
  const lines = [];
  for (let y = 0; y < buffer.length; y++) {
    const line = buffer.getLine(y);
    const runs = [];
    for (let x = 0; x < columns; x++) {
      const cell = line?.getCell(x);
      if (!cell || cell.getWidth() === 0) continue;
      const style = [
        cell.isFgPalette() ? `c${cell.getFgColor()}` : "",
        cell.isBold() ? "b" : "",
        cell.isDim() ? "d" : "",
      ]
        .filter(Boolean)
        .join(" ");
      const last = runs.at(-1);
      if (last?.style === style) last.text += cell.getChars() || " ";
      else runs.push({ style, text: cell.getChars() || " " });
    }
    lines.push(runs);
  }
  while (lines.length > 0 && lines.at(-1).every(({ text }) => text.trim() === "")) lines.pop();
  // The sandbox's own addresses are others at each run.
  const named = (text) =>
    text
      .replaceAll(akto.url, "https://app.akto.io")
      .replaceAll(okta.url, "https://acme.okta.com")
      .replaceAll(new URL(okta.url).host, "acme.okta.com");
  return lines.map((runs) => runs.map(({ style, text }) => ({ style, text: named(text) })));
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function draw({ args, alt }, lines) {
  const command = `akto-okta ${args.map((word) => (/[\s']/.test(word) ? `"${word}"` : word)).join(" ")}`;
  const shown = [
    [
      { style: "p", text: "$ " },
      { style: "", text: command },
    ],
    ...lines,
  ];
  const [lineHeight, charWidth, margin, bar] = [20, 8.43, 18, 34];
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = bar + shown.length * lineHeight + margin;
  const texts = shown.map((runs, index) => {
    const spans = runs.map(({ style, text }) =>
      style ? `<tspan class="${style}">${escaped(text)}</tspan>` : escaped(text),
    );
    return `<text x="${margin}" y="${bar + index * lineHeight + 14}" xml:space="preserve">${spans.join("").trimEnd()}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(alt)}">
<style>
:root { --paper: #ffffff; --edge: #d0d7de; --ink: #1f2328; --dim: #656d76; --red: #cf222e; --green: #1a7f37; --yellow: #9a6700; --blue: #0969da }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --edge: #30363d; --ink: #e6edf3; --dim: #8d96a0; --red: #ff7b72; --green: #3fb950; --yellow: #d29922; --blue: #58a6ff } }
rect { fill: var(--paper); stroke: var(--edge) } circle { fill: var(--edge) }
text { fill: var(--ink); font: 14px ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace }
.b { font-weight: 600 } .d, .p, .c8 { fill: var(--dim) } .c1, .c9 { fill: var(--red) } .c2, .c10 { fill: var(--green) } .c3, .c11 { fill: var(--yellow) } .c4, .c6, .c12, .c14 { fill: var(--blue) }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle cx="20" cy="16" r="5"/><circle cx="38" cy="16" r="5"/><circle cx="56" cy="16" r="5"/>
${texts.join("\n")}
</svg>
`;
}

mkdirSync(target, { recursive: true });
for (const picture of pictures) {
  const sandbox = await startSandbox({ scenario: picture.scenario });
  try {
    writeFileSync(join(target, `${picture.name}.svg`), draw(picture, await screenOf(sandbox, picture.args)));
    process.stdout.write(`docs/pictures/${picture.name}.svg\n`);
  } finally {
    await sandbox.close();
  }
}
