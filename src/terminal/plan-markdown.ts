/** A plan as a comment on the pull request that changes its file. */
import {
  type Change,
  changesOf,
  countChanges,
  type FieldChange,
  type Plan,
  type PlanValue,
} from "../core/plan/plan.ts";
import { roleLabel } from "../core/roles/roles.ts";
import { clean, count } from "../core/text.ts";
import { type Block, type MarkdownText, markdownText, renderMarkdown } from "./markdown.ts";
import { asTheFileSays, isNothing, renderValue, shownFields } from "./plan.ts";

const systems = { okta: "Okta", akto: "Akto" } as const;

/**
 * The differences by system, as diffs; those of the mapping as a table.
 *
 * @param file what the plan was made from
 * @param redact takes secrets out
 */
export function planMarkdown(plan: Plan, file: string, redact: (text: string) => string): string {
  const text = markdownText(redact);
  const changes = changesOf(plan);
  const { add, change, remove } = countChanges(changes);
  const blocks: Block[] = [
    { kind: "text", text: `### Okta and Akto compared with ${text.code(file)}` },
    {
      kind: "text",
      text:
        changes.length === 0
          ? `No differences: ${asTheFileSays(plan)}`
          : `**${count(changes.length, "difference")}**: ${add} to add, ${change} to change, ${remove} to remove.`,
    },
    ...(plan.warnings.length > 0
      ? [
          { kind: "text" as const, text: "#### Notes" },
          ...plan.warnings.map((warning) => ({ kind: "text" as const, text: `- ${text.prose(warning)}` })),
        ]
      : []),
    ...(["okta", "akto"] as const).flatMap((system) => {
      const own = changes.filter((each) => each.system === system);
      const entries = own.filter(isEntry);
      const others = own.filter((each) => !isEntry(each));
      return [
        ...(own.length > 0 ? [{ kind: "text" as const, text: `#### ${systems[system]}` }] : []),
        ...(others.length > 0
          ? [{ kind: "diff" as const, lines: others.flatMap((each) => diffLines(each)).map(redact) }]
          : []),
        ...(entries.length > 0 ? [mappingTable(entries, text)] : []),
      ];
    }),
  ];
  return renderMarkdown(blocks, "`akto-okta sso plan` shows all of it.");
}

/** How the address of an entry of the mapping begins, see `addressOf`. */
const entry = /^mapping\[("(?:[^"\\]|\\.)*")\]$/su;

const isEntry = ({ address }: Change) => entry.test(address);

function mappingTable(entries: readonly Change[], { code }: MarkdownText): Block {
  const role = (fields: readonly FieldChange[], side: "from" | "to") => {
    const value = fields.find(({ field }) => field === "role")?.[side] ?? null;
    return value === null ? "–" : code(roleLabel(String(value)));
  };
  return {
    kind: "table",
    head: ["Okta group", "Role now", "Role afterward"],
    rows: entries.map(({ address, fields, kind }) => [
      code(String(JSON.parse(entry.exec(address)?.[1] ?? '""'))),
      kind === "add" ? "–" : role(fields, "from"),
      kind === "remove" ? "–" : role(fields, "to"),
    ]),
  };
}

/** One difference: what it is of, and each field before and after. */
function diffLines({ kind, address, fields }: Change): string[] {
  const sign = { add: "+", change: " ", remove: "-" }[kind];
  const value = (of: PlanValue) => renderValue(of);
  return [
    `${sign} ${clean(address)}`,
    ...shownFields(fields).flatMap(({ field, from, to }) => [
      ...(kind === "add" || isNothing(from) ? [] : [`-   ${clean(field)}: ${value(from)}`]),
      ...(kind === "remove" || isNothing(to) ? [] : [`+   ${clean(field)}: ${value(to)}`]),
    ]),
  ];
}
