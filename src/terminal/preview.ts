/** A preview for a terminal: the totals first, then the people, or what they have in common where they are many. */

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
import { clean, count, quoted, thousands } from "../core/text.ts";
import type { Column } from "./column.ts";
import type { Style } from "./style.ts";

/**
 * The totals: how many get in, and each role with how many have it.
 *
 * @param blocked why nobody gets in as it is, or `null`
 */
export function renderTotals(label: string, totals: PreviewTotals, blocked: string | null, style: Style): string {
  const { people, roles, turnedAway } = totals;
  const lines = [
    ...roles.map((role) => ({
      name: clean(role.label, 60),
      people: role.people,
      more: role.byDefault > 0 ? style.yellow(`${thousands(role.byDefault)} by default: no group decides`) : "",
    })),
    ...Object.entries(turnedAway).map(([reason, number]) => ({
      name: "Turned away",
      people: number,
      more: style.red(describeTurnedAway(reason as TurnedAway)),
    })),
  ];
  const nameWidth = Math.max(0, ...lines.map(({ name }) => name.length));
  const numbers = lines.map((line) => thousands(line.people));
  const numberWidth = Math.max(0, ...numbers.map((number) => number.length));
  if (people === 0) return `Nobody is assigned to ${quoted(label)} in Okta.`;
  return [
    `${count(people, "person is", "people are")} assigned to ${quoted(label)} in Okta, and ${describeAdmitted(totals)}${blocked === null ? "" : style.red(" once the problem below is fixed")}.`,
    "",
    ...lines.map(({ name, more }, at) =>
      `  ${name.padEnd(nameWidth)}  ${style.bold((numbers[at] ?? "").padStart(numberWidth))}  ${more}`.trimEnd(),
    ),
  ].join("\n");
}

/** Whose role another mapping changes, in sum. */
export function renderChangeTotals(file: string, totals: PreviewTotals): string {
  const { changes } = totals;
  const all = changedPeople(totals);
  if (all === 0) return `${clean(file)} changes nobody's role.`;
  const numbers = changes.map(({ people }) => thousands(people));
  const width = Math.max(...numbers.map((number) => number.length));
  const outranked = describeOutranked(totals);
  return [
    `${clean(file)} gives ${count(all, "person", "people")} a different role:`,
    ...changes.map((change, at) => `  ${(numbers[at] ?? "").padStart(width)}  ${clean(describeChange(change))}`),
    ...(outranked === null ? [] : [outranked]),
  ].join("\n");
}

const login: Column<PreviewRow> = { head: "LOGIN", cell: ({ person }) => person.login };
const name: Column<PreviewRow> = { head: "NAME", cell: ({ person }) => person.name, extra: true };

/** One line a person. */
export const peopleColumns: readonly Column<PreviewRow>[] = [
  login,
  name,
  { head: "ROLE", cell: ({ role }) => role?.label ?? "turned away" },
  { head: "WHY", cell: describeRow },
];

/** One line for each person whose role another mapping changes. */
export const changeColumns: readonly Column<PreviewRow>[] = [
  login,
  name,
  { head: "FROM", cell: ({ role }) => role?.label ?? "" },
  { head: "TO", cell: ({ other }) => other?.label ?? "" },
  { head: "WHY", cell: describeChangedRow },
];

/** People who get the same for the same reason. */
export interface PeopleAlike {
  readonly first: PreviewRow;
  readonly people: readonly PreviewRow[];
}

/** The rows folded by role and reason, in their order. */
export function foldRows(rows: readonly PreviewRow[]): PeopleAlike[] {
  const folds = new Map<string, { first: PreviewRow; people: PreviewRow[] }>();
  for (const row of rows) {
    const key = JSON.stringify([
      row.role?.id,
      describeRow(row),
      isChanged(row) ? [row.other?.id, describeChangedRow(row)] : "",
    ]);
    const fold = folds.get(key);
    if (fold) fold.people.push(row);
    else folds.set(key, { first: row, people: [row] });
  }
  return [...folds.values()];
}

// How many of them are named.
const named = 3;

/** One line for people who are alike, instead of one each. */
export function foldedColumns(columns: readonly Column<PreviewRow>[]): Column<PeopleAlike>[] {
  return [
    { head: "PEOPLE", cell: ({ people }) => thousands(people.length) },
    ...columns
      .filter((column) => column !== login && column !== name)
      .map(({ head, cell }) => ({ head, cell: ({ first }: PeopleAlike) => cell(first) })),
    {
      head: "WHO",
      extra: true,
      cell: ({ people }) => {
        const names = people.slice(0, named).map(({ person }) => person.name);
        return people.length > named ? `${names.join(", ")} …` : names.join(", ");
      },
    },
  ];
}
