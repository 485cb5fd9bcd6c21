import {
  type Change,
  changesOf,
  countChanges,
  type FieldChange,
  type Plan,
  type PlanValue,
} from "../core/plan/plan.ts";
import { clean, count, listed } from "../core/text.ts";
import type { Style } from "./style.ts";

const systems = { okta: "Okta", akto: "Akto" } as const;

/** A plan as people read it: the differences by system, `+` added, `-` removed, `~` changed, and how many there are. */
export function renderPlan(plan: Plan, style: Style): string {
  const changes = changesOf(plan);
  if (changes.length === 0) return `No differences: ${asTheFileSays(plan)}`;
  const lines: string[] = [];
  for (const system of ["okta", "akto"] as const) {
    const own = changes.filter((change) => change.system === system);
    if (own.length > 0)
      lines.push(style.bold(systems[system]), ...own.flatMap((change) => renderChange(change, style)), "");
  }
  const { add, change, remove } = countChanges(changes);
  return [
    ...lines,
    `${count(changes.length, "difference")}: ${add} to add, ${change} to change, ${remove} to remove.`,
  ].join("\n");
}

/** `Okta and Akto match the file.`, of what was compared. */
export function asTheFileSays({ compared }: Plan): string {
  return `${listed(compared.map((system) => systems[system]))} ${compared.length === 1 ? "matches" : "match"} the file.`;
}

const marks = { add: ["+", "green"], change: ["~", "yellow"], remove: ["-", "red"] } as const;

function renderChange({ kind, address, fields }: Change, style: Style): string[] {
  const [mark, color] = marks[kind];
  const shown = shownFields(fields);
  const [only] = shown;
  const line = (of: string) => `  ${style[color](mark)} ${clean(of)}`;
  if (only && shown.length === 1) {
    // An entry of the mapping has one value alone, which needs no name.
    const named = address.endsWith("]") || address.endsWith(`.${only.field}`) ? address : `${address}.${only.field}`;
    return [`${line(named)}  ${renderValues(only, style)}`];
  }
  const width = Math.max(0, ...shown.map(({ field }) => field.length));
  return [
    line(address),
    ...shown.map((field) => `      ${style.dim(field.field.padEnd(width))}  ${renderValues(field, style)}`),
  ];
}

/** The fields that there is something to say of. */
export function shownFields(fields: readonly FieldChange[]): FieldChange[] {
  return fields.filter(({ from, to }) => from !== null || !isNothing(to));
}

function renderValues({ from, to }: FieldChange, style: Style): string {
  return from === null ? renderValue(to) : `${renderValue(from)} ${style.dim("→")} ${renderValue(to)}`;
}

/** Whether a field has no value. */
export function isNothing(value: PlanValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** A field's value on one line, harmless. */
export function renderValue(value: PlanValue): string {
  if (isNothing(value)) return "none";
  return Array.isArray(value) ? value.map((item) => clean(item)).join(", ") : clean(value);
}
