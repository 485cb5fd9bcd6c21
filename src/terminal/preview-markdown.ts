/** A preview as a comment: how many get which role, whose another mapping changes, and what could not be known. */
import {
  changedPeople,
  describeAdmitted,
  describeChange,
  describeChangedRow,
  describeOutranked,
  describeRow,
  describeTurnedAway,
  isChanged,
  type PreviewRow,
  type PreviewTotals,
  type TurnedAway,
} from "../core/preview/preview.ts";
import type { MappingChange } from "../core/roles/mapping.ts";
import { roleLabel } from "../core/roles/roles.ts";
import { count, thousands } from "../core/text.ts";
import { type Block, type MarkdownText, markdownText, renderMarkdown } from "./markdown.ts";

/** What a comment is made from. */
export interface PreviewComment {
  /** The app's name in Okta. */
  readonly app: string;
  readonly totals: PreviewTotals;
  /** Why nobody gets in as it is: a sentence. */
  readonly blocked: string | null;
  /** Those who are listed. */
  readonly rows: readonly PreviewRow[];
  /** How many there are, listed or not. */
  readonly people: number;
  /** Another mapping that is compared with, and what differs; then those are listed whose role it changes. */
  readonly against: { readonly file: string; readonly entries: readonly MappingChange[] } | null;
  /** What could not be known, and what to know: sentences. */
  readonly notes: readonly string[];
}

/** How many are listed openly; more are folded away. */
const openRows = 20;

/** @param redact takes secrets out */
export function previewMarkdown(comment: PreviewComment, redact: (text: string) => string): string {
  const text = markdownText(redact);
  const { app, totals, blocked, against, notes } = comment;
  const blocks: Block[] = [
    {
      kind: "text",
      text: against
        ? `### Who gets which role in Akto: ${text.code(against.file)} compared`
        : "### Who gets which role in Akto",
    },
    { kind: "text", text: summaryOf(app, totals, blocked, text) },
    ...(totals.people === 0 ? [] : [rolesTable(totals, text)]),
    ...(against ? changedBlocks(against, totals, text) : []),
    ...notes.map((note) => ({ kind: "text" as const, text: `- ${text.prose(note)}` })),
    ...peopleBlocks(comment, text),
  ];
  return renderMarkdown(blocks, "`akto-okta login preview --output csv` lists everyone.");
}

function summaryOf(app: string, totals: PreviewTotals, blocked: string | null, { code, prose }: MarkdownText): string {
  const { people } = totals;
  if (people === 0) return `Nobody is assigned to ${code(app)} in Okta.`;
  const assigned = `${count(people, "person is", "people are")} assigned to ${code(app)} in Okta`;
  if (blocked !== null) return `${assigned}, and **as things stand, nobody gets in**: ${prose(blocked)}`;
  return `${assigned}, and ${describeAdmitted(totals)}.`;
}

function rolesTable({ roles, turnedAway }: PreviewTotals, { code }: MarkdownText): Block {
  return {
    kind: "table",
    head: ["Role", "People", ""],
    rows: [
      ...roles.map(({ label, people, byDefault }) => [
        code(label),
        thousands(people),
        byDefault > 0 ? `${thousands(byDefault)} by default: no group decides` : "",
      ]),
      ...Object.entries(turnedAway).map(([reason, people]) => [
        "turned away",
        thousands(people),
        describeTurnedAway(reason as TurnedAway),
      ]),
    ],
  };
}

function changedBlocks(
  { file, entries }: NonNullable<PreviewComment["against"]>,
  totals: PreviewTotals,
  { code }: MarkdownText,
): Block[] {
  const { changes } = totals;
  const outranked = describeOutranked(totals);
  const all = changedPeople(totals);
  const role = (id: string | null) => (id === null ? "–" : code(roleLabel(id)));
  return [
    ...(entries.length === 0
      ? []
      : [
          {
            kind: "table" as const,
            head: ["Okta group", "Role now", `Role in ${code(file)}`],
            rows: entries.map(({ group, from, to }) => [code(group), role(from), role(to)]),
          },
        ]),
    {
      kind: "text",
      text:
        all === 0
          ? `${code(file)} changes nobody's role.`
          : `${code(file)} gives **${count(all, "person", "people")}** a different role: ${changes.map((change) => `${code(describeChange(change))} ${thousands(change.people)}`).join(", ")}.${outranked === null ? "" : ` ${outranked}`}`,
    },
  ];
}

function peopleBlocks({ rows, people, against }: PreviewComment, { code, prose }: MarkdownText): Block[] {
  if (rows.length === 0) return [];
  const summary = rows.length > openRows ? { summary: count(rows.length, "person", "people") } : {};
  const who = ({ person }: PreviewRow) => [code(person.name), code(person.login)];
  const table: Block = against
    ? {
        kind: "table",
        head: ["Person", "Login", "Role now", "Role then", "Why"],
        rows: rows
          .filter(isChanged)
          .map((row) => [
            ...who(row),
            code(row.role?.label ?? ""),
            code(row.other?.label ?? ""),
            prose(describeChangedRow(row)),
          ]),
        ...summary,
      }
    : {
        kind: "table",
        head: ["Person", "Login", "Role", "Why"],
        rows: rows.map((row) => [
          ...who(row),
          row.role ? code(row.role.label) : "turned away",
          prose(describeRow(row)),
        ]),
        ...summary,
      };
  const more = people - rows.length;
  return [
    table,
    ...(more > 0 ? [{ kind: "text" as const, text: `… and ${count(more, "person", "people")} more.` }] : []),
  ];
}
