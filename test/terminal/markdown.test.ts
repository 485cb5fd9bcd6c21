import fc from "fast-check";
import { marked } from "marked";
import { type HTMLElement, parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import type { Change, Plan } from "../../src/core/plan/plan.ts";
import { addressOf } from "../../src/core/plan/plan.ts";
import { clean } from "../../src/core/text.ts";
import { commentLimit, markdownText, renderMarkdown } from "../../src/terminal/markdown.ts";
import { planMarkdown } from "../../src/terminal/plan-markdown.ts";
import { previewMarkdown } from "../../src/terminal/preview-markdown.ts";
import { hostile } from "../browser/reports.ts";
import { review } from "../browser/reviews.ts";

const asIs = (text: string) => text;
const { code, prose } = markdownText(asIs);

/** As GitHub renders it, but for what it makes of mentions and references afterwards: it does that outside of code alone. */
const rendered = (markdown: string) => parse(marked.parse(markdown, { async: false, gfm: true }), { comment: true });

const own = [
  "H3",
  "H4",
  "P",
  "STRONG",
  "UL",
  "LI",
  "TABLE",
  "THEAD",
  "TBODY",
  "TR",
  "TH",
  "TD",
  "CODE",
  "PRE",
  "DETAILS",
  "SUMMARY",
];

/** What is wrong with a comment: elements that aren't ours, and outside of code what GitHub or GitLab makes something of. */
function harm(markdown: string): string[] {
  const root = rendered(markdown);
  const elements = root.querySelectorAll("*").map(({ tagName }) => tagName);
  const found = elements.filter((tag) => !own.includes(tag));
  for (const element of root.querySelectorAll("pre, code")) element.remove();
  found.push(...(root.text.match(/[@#!$~%&^*_[\]<>\\`|]|:\w|\/|www\.|\b[0-9a-f]{7,}\b|\bGH-\d/giu) ?? []));
  return found;
}

const cells = (root: HTMLElement) =>
  root.querySelectorAll("tbody tr").map((row) => row.querySelectorAll("td").map((cell) => cell.text));

const tricks = [
  hostile,
  "a|b",
  "a\\|b",
  "a\\",
  "`",
  "``a`|`b``",
  "` a",
  " a  b ",
  "@everyone",
  "#123",
  "acme/app#1",
  "GH-12",
  "deadbeefdeadbeef",
  "<!-- x",
  "</code>|<img src=x>",
  "<details>",
  "&#64;me &lt;b&gt; &amp;",
  "![x](https://evil.example/x.png)",
  "[x](https://evil.example)",
  "https://evil.example www.evil.example a@evil.example",
  "- [x] done",
  "1. a",
  "```",
  "~~~diff",
  "$x$ ~y~ ^z^ ==w==",
  "a\nb\r\nc\td",
  "/close",
  ":smile:",
  "“quoted” and “@other”",
  "x” @me “y",
  "__proto__",
  "***",
  "---",
];
const name = fc.oneof(
  fc.constantFrom(...tricks),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: fc.constantFrom("`", "|", "\\", " ", "<", "&", "a", "*", "_", "@", "#", "1", "”", "“", ";") }),
  fc.array(fc.constantFrom(...tricks), { maxLength: 3 }).map((parts) => parts.join(" ")),
);

describe("Markdown", () => {
  it("gives every name back from a table's cell, as it went in", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 5 }), (rows) => {
        const markdown = renderMarkdown(
          [{ kind: "table", head: ["A", "B"], rows: rows.map((row) => row.map(code)) }],
          "",
        );
        expect(cells(rendered(markdown))).toEqual(rows.map((row) => row.map((cell) => clean(cell))));
        expect(harm(markdown)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("shows a name plainly where it can", () => {
    expect(code("Akto Admins")).toBe("`Akto Admins`");
    expect(code("jo@acme.com <x>")).toBe("`jo@acme.com <x>`");
    expect(code("a|b")).toBe("<code>a&#124;b</code>");
  });

  it("keeps a sentence as it is, but for its names and what looks like more than words", () => {
    expect(prose("The org has no app: “Akto” is taken, with its own id.")).toBe(
      "The org has no app: `Akto` is taken, with its own id.",
    );
    expect(prose("--organization-domain names it; see https://acme.com, #1 and @me.")).toBe(
      "`--organization-domain` names it; see `https://acme.com,` `#1` and `@me.`",
    );
    expect(prose("“a`b” is kept out: `akto-okta doctor --fix` widens it.")).toBe(
      "<code>a&#96;b</code> is kept out: `akto-okta doctor --fix` widens it.",
    );
    expect(prose("12 people are in “a”“b” by deadbeef.")).toBe("12 people are in `a` `b` by `deadbeef.`");
  });

  it("does no harm by a sentence, whatever is named in it", () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        for (const sentence of [`The group “${one}” is ${other}.`, `${one} ${other}`, `${other}: “${one}”“${other}”`]) {
          const markdown = `- ${prose(sentence)}`;
          expect(harm(markdown)).toEqual([]);
          const bare = (text: string) => text.replaceAll(/[“”]|\s+/g, "");
          const said = bare(rendered(markdown).text);
          expect(said).toBe(
            clean(sentence, 2_000)
              .replaceAll(/[“”]|\s+/g, "")
              .replaceAll(/\s+/g, ""),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes a secret out before anything is written in another way", () => {
    const text = markdownText((given) => given.replaceAll("a_secret|x", "…"));
    expect(text.code("the a_secret|x")).toBe("`the …`");
    expect(text.prose("It is a_secret|x now")).toBe("It is … now");
  });

  it("cuts a table between rows where a comment would not hold it, and says so", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 300, max: 3_000 }), (count, limit) => {
        const rows = Array.from({ length: count }, (_, index) => [`\`Überraschung ${index}\``]);
        const markdown = renderMarkdown(
          [
            { kind: "text", text: "First." },
            { kind: "table", head: ["A"], rows, summary: "All" },
            { kind: "text", text: "Last." },
          ],
          "There is more.",
          limit,
        );
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limit);
        const shown = cells(rendered(markdown));
        expect(shown).toEqual(rows.slice(0, shown.length).map(([cell = ""]) => [cell.replaceAll("`", "")]));
        expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
        expect(markdown.includes("Last.")).toBe(!markdown.includes("**Cut here"));
        expect(markdown.includes("**Cut here")).toBe(shown.length < count || !markdown.includes("Last."));
      }),
    );
  });
});

describe("a plan as Markdown", () => {
  const planOf = (changes: readonly Change[], warnings: readonly string[] = []): Plan => ({
    compared: ["okta", "akto"],
    steps: [{ action: { kind: "app" }, title: "change", changes }],
    warnings,
  });

  it("has the mapping as a table and the rest as differences", () => {
    const plan = planOf(
      [
        { system: "okta", kind: "change", address: "okta.app", fields: [{ field: "label", from: "Old", to: "New" }] },
        { system: "okta", kind: "add", address: 'okta.groups["New"]', fields: [] },
        {
          system: "akto",
          kind: "add",
          address: addressOf("mapping", "A"),
          fields: [{ field: "role", from: null, to: "ADMIN" }],
        },
        {
          system: "akto",
          kind: "change",
          address: addressOf("mapping", "B"),
          fields: [{ field: "role", from: "GUEST", to: "MEMBER" }],
        },
        {
          system: "akto",
          kind: "remove",
          address: addressOf("mapping", "C"),
          fields: [{ field: "role", from: "GUEST", to: null }],
        },
      ],
      ["“C” is mapped, but Okta has no group of this name."],
    );
    expect(planMarkdown(plan, "akto-okta.yaml", asIs)).toBe(`### Okta and Akto compared with \`akto-okta.yaml\`

**5 differences**: 2 to add, 2 to change, 1 to remove.

#### Notes

- \`C\` is mapped, but Okta has no group of this name.

#### Okta

\`\`\`diff
  okta.app
-   label: Old
+   label: New
+ okta.groups["New"]
\`\`\`

#### Akto

| Okta group | Role now | Role afterward |
| --- | --- | --- |
| \`A\` | – | \`Admin\` |
| \`B\` | \`Guest\` | \`Security Engineer\` |
| \`C\` | \`Guest\` | – |`);
  });

  it("says that nothing differs", () => {
    expect(planMarkdown(planOf([]), "a.yaml", asIs)).toContain("No differences: Okta and Akto match the file.");
  });

  it("shows any name, value and warning as what it is, and fits into a comment", () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 3 }), (given, times) => {
        const long = given.repeat(times);
        const changes: Change[] = Array.from({ length: 300 }, (_, index) => ({
          system: index % 2 === 0 ? "okta" : "akto",
          kind: "change",
          address: index % 3 === 0 ? addressOf("mapping", `${long}${index}`) : addressOf("okta.groups", long),
          fields: [{ field: "role", from: long || "x", to: `${long}.` }],
        }));
        const markdown = planMarkdown(planOf(changes, [`It is ${long}.`, `“${long}”`]), given, asIs);
        expect(harm(markdown)).toEqual([]);
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(commentLimit);
        const root = rendered(markdown);
        expect(root.querySelector("pre")?.text).toContain(clean(addressOf("okta.groups", long)));
        const [first] = root.querySelectorAll("td");
        if (first) expect(first.text).toBe(clean(`${long}0`));
        else expect(markdown).toContain("**Cut here");
      }),
      { numRuns: 60 },
    );
  });
});

describe("a preview as Markdown", () => {
  const comment = (given: Parameters<typeof review>[0]) => {
    const { app, totals, blocked, rows, against, unknown } = review(given);
    const listed = against ? rows.filter(({ role, other }) => role !== null && other?.id !== role.id) : rows;
    return { app, totals, blocked, rows: listed, people: listed.length, against, notes: unknown };
  };

  it("lists everyone with role and reason, and folds many away", () => {
    const made = comment({ people: 60 });
    const root = rendered(previewMarkdown(made, asIs));
    const [roles, people] = root.querySelectorAll("table");
    expect(roles && cells(roles).length).toBe(made.totals.roles.length + Object.keys(made.totals.turnedAway).length);
    expect(people && cells(people).map(([, login]) => login)).toEqual(made.rows.map(({ person }) => person.login));
    expect(root.querySelector("summary")?.text).toBe("60 people");
  });

  it("shows whose role another mapping changes, from what to what", () => {
    const made = comment({ people: 60, compared: true });
    const markdown = previewMarkdown(made, asIs);
    expect(markdown).toContain(`gives **${made.rows.length} people** a different role`);
    const people = rendered(markdown).querySelectorAll("table").at(-1);
    expect(people && cells(people).map(([, , from, to]) => [from, to])).toEqual(
      made.rows.map(({ role, other }) => [role?.label, other?.label]),
    );
  });

  it("does no harm by any name, and fits into a comment with 5,000 people", () => {
    fc.assert(
      fc.property(name, (oddName) => {
        const markdown = previewMarkdown(comment({ people: 30, oddName, compared: true }), asIs);
        expect(harm(markdown)).toEqual([]);
      }),
      { numRuns: 40 },
    );
    const markdown = previewMarkdown(comment({ people: 5_000, oddName: hostile }), asIs);
    expect(harm(markdown)).toEqual([]);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(65_536);
    expect(markdown).toContain("**Cut here: a comment holds no more.** `akto-okta login preview --output csv`");
  });
});
