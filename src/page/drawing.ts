/** Groups to roles, drawn: each group on the left, its role on the right, and between them a ribbon as broad as people are many. */
import stringWidth from "string-width";
import type { RolePath } from "../core/preview/review.ts";
import { clean, count, listed, thousands } from "../core/text.ts";
import { type Html, html } from "./html.ts";

// In the drawing's own units, of which the page shows one as a pixel where there is room.
const width = 704;
const box = { left: 292, right: 208, least: 28, gap: 7 } as const;
const broadest = 150;

/** So many groups are drawn in all, and so many of each role where there are more. */
const mostDrawn = 30;
const mostOfRole = 6;

interface Node {
  readonly name: string;
  readonly people: number;
  readonly className: string;
}

interface Band {
  readonly role: string;
  readonly people: number;
  readonly nodes: readonly Node[];
}

/**
 * The drawing, with a title and a description for whoever can't see it. What is drawn, a table has to say beside it: it
 * leaves out groups where there are very many.
 *
 * @param paths as `rolePaths` sorts them
 */
export function drawPaths(paths: readonly RolePath[]): Html | null {
  if (paths.length === 0) return null;
  const bands = bandsOf(paths);
  const most = Math.max(1, ...bands.map(({ people }) => people));
  const breadth = (people: number) => (people === 0 ? 0 : Math.max(2, (people / most) * broadest));
  const parts: Html[] = [];
  let top = 1;
  for (const { role, people, nodes } of bands) {
    const heights = nodes.map((node) => Math.max(box.least, breadth(node.people) + 6));
    const height = heights.reduce((sum, each) => sum + each + box.gap, -box.gap);
    const total = nodes.reduce((sum, node) => sum + breadth(node.people), 0);
    const roleHeight = Math.min(height, Math.max(box.least, total + 6));
    const roleTop = top + (height - roleHeight) / 2;
    let end = roleTop + (roleHeight - total) / 2;
    let at = top;
    for (const [index, node] of nodes.entries()) {
      const nodeHeight = heights[index] ?? box.least;
      const thick = breadth(node.people);
      parts.push(ribbon(at + nodeHeight / 2, end + thick / 2, thick, node.className));
      parts.push(drawNode(node, 1, at, box.left, nodeHeight));
      end += thick;
      at += nodeHeight + box.gap;
    }
    parts.push(
      drawNode({ name: role, people, className: "role" }, width - box.right - 1, roleTop, box.right, roleHeight),
    );
    top += height + 3 * box.gap;
  }
  const bottom = round(top - 3 * box.gap + 1);
  return html`<svg class="drawing" viewBox="0 0 ${width} ${bottom}" role="img" aria-labelledby="drawing-title drawing-description">
<title id="drawing-title">Groups to roles</title>
<desc id="drawing-description">${describeBands(bands)}</desc>
${parts}
</svg>`;
}

function bandsOf(paths: readonly RolePath[]): Band[] {
  const roles = new Map<string, RolePath[]>();
  for (const path of paths) roles.set(path.role, [...(roles.get(path.role) ?? []), path]);
  return Array.from(roles.values(), (own) => {
    const all = own.map(({ group, via, people }) => ({
      name: group ?? "No group decides",
      people,
      className: via === "default" ? "fallback" : people === 0 ? "idle" : "group",
    }));
    const groups = all.filter(({ className }) => className !== "fallback");
    const shown = paths.length > mostDrawn ? groups.slice(0, mostOfRole) : groups;
    const rest = groups.slice(shown.length);
    const people = (nodes: readonly Node[]) => nodes.reduce((sum, node) => sum + node.people, 0);
    return {
      role: own[0]?.label ?? "",
      people: people(all),
      nodes: [
        ...shown,
        ...(rest.length > 0
          ? [{ name: `${count(rest.length, "other group")}`, people: people(rest), className: "group" }]
          : []),
        ...all.filter(({ className }) => className === "fallback"),
      ],
    };
  });
}

function drawNode({ name, people, className }: Node, x: number, y: number, wide: number, height: number): Html {
  const middle = round(y + height / 2 + 4.5);
  const number = thousands(people);
  return html`<g class="${className}"><rect x="${round(x)}" y="${round(y)}" width="${wide}" height="${round(height)}" rx="7"/>
<text x="${round(x + 11)}" y="${middle}">${clip(name, Math.floor((wide - 40) / 7.4) - number.length)}</text>
<text class="number" x="${round(x + wide - 11)}" y="${middle}">${number}</text></g>`;
}

function ribbon(from: number, to: number, thick: number, className: string): Html {
  const [start, end] = [box.left + 1, width - box.right - 1];
  const bend = (start + end) / 2;
  if (thick === 0) {
    return html`<path class="ribbon ${className}" d="M${start} ${round(from)}C${bend} ${round(from)} ${bend} ${round(to)} ${end} ${round(to)}"/>`;
  }
  const [a, b, c, d] = [from - thick / 2, to - thick / 2, to + thick / 2, from + thick / 2].map(round);
  return html`<path class="ribbon ${className}" d="M${start} ${a}C${bend} ${a} ${bend} ${b} ${end} ${b}V${c}C${bend} ${c} ${bend} ${d} ${start} ${d}Z"/>`;
}

/** The name, cut where it takes more than so many columns. */
function clip(name: string, columns: number): string {
  const shown = clean(name);
  if (stringWidth(shown) <= columns) return shown;
  let cut = "";
  for (const character of shown) {
    if (stringWidth(`${cut}${character}…`) > columns) break;
    cut += character;
  }
  return `${cut}…`;
}

// So many are named to whoever can't see the drawing; the table beside it names all.
const described = 12;

function describeBands(bands: readonly Band[]): readonly Html[] {
  const sentences = bands.map(({ role, people, nodes }) => {
    const named = nodes.slice(0, described).map(({ name, people: those }) => `${clean(name, 60)}, ${thousands(those)}`);
    const more = nodes.length > described ? ` and ${count(nodes.length - described, "other")}` : "";
    return html`${clean(role, 60)} for ${count(people, "person", "people")}: ${listed(named, "and")}${more}.`;
  });
  return sentences;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
