import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { type LeftMember, sayLeft } from "../../core/preview/left.ts";
import {
  changedPeople,
  describeOutranked,
  describeRole,
  describeRow,
  isChanged,
  type PreviewRow,
} from "../../core/preview/preview.ts";
import { diffMappings } from "../../core/roles/mapping.ts";
import { defaultRoleId } from "../../core/roles/roles.ts";
import { clean, count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import type { Listing } from "../../terminal/listing.ts";
import type { OutputFormat } from "../../terminal/output-format.ts";
import {
  changeColumns,
  foldedColumns,
  foldRows,
  peopleColumns,
  renderChangeTotals,
  renderTotals,
} from "../../terminal/preview.ts";
import { readMappingFile } from "../../usecases/mapping/file.ts";
import { type Preview, previewLogins } from "../../usecases/preview/preview.ts";
import { createWorld, type World } from "../../usecases/world/world.ts";
import { declareOutput, examples, type ListOptions, wholeNumber } from "../options.ts";
import { claimReport } from "./outcome.ts";

interface Options extends ConnectionOptions {
  /** As of every list, and as a comment on a pull request. */
  readonly output?: OutputFormat | "markdown";
  readonly against?: string;
  readonly detailedExitcode?: boolean;
  readonly limit?: number;
  readonly report?: string;
  readonly organizationDomain?: string;
}

export function declare(command: Command): void {
  command
    .option("--against <file>", "a changed mapping, - for standard input: show only whose role it would change")
    .option("--detailed-exitcode", "with --against, exit 6 when it gives somebody a different role, outranked or not")
    .option("--limit <n>", "list at most this many people; the totals count everyone", wholeNumber(0, 1_000_000))
    .option("--report <file>", "write a review of everyone's access as an HTML page, for those who review it")
    .option("--organization-domain <domain>", "the Akto account's email domain, to check everyone's email against");
  declareOutput(command, "markdown");
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "login preview",
    "login preview --output csv > people.csv",
    "login preview --json | jq .totals",
    "login preview --against mapping.yaml --detailed-exitcode",
    "login preview --against mapping.yaml --output markdown > roles.md",
    "login preview --report access-review.html --quiet > people.tsv",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const { against, organizationDomain } = options;
  if (options.detailedExitcode && against === undefined) {
    throw new Failure("usage", "usage.conflict", "--detailed-exitcode needs --against.", {
      hint: "Give the changed mapping: login preview --against FILE --detailed-exitcode",
    });
  }
  const world = createWorld(context, await context.settings(options), organizationDomain);
  await claimReport(context, options.report);
  const preview = await terminal.during("Reading who is assigned …", ({ update }) =>
    previewLogins(
      world,
      {
        against:
          against === undefined
            ? undefined
            : // A role that isn't known has no rank, so that nobody's could be told: it is refused.
              ({ customRoles }) => readMappingFile(against, { customRoles, trustUnknown: false }),
      },
      update,
    ),
  );
  if (options.output === "markdown" && !terminal.json) await printComment(context, options, preview);
  else
    await print(context, { ...options, output: options.output === "markdown" ? undefined : options.output }, preview);
  await writeReview(world, options, preview);
  const changed = changedPeople(preview.totals);
  if (options.detailedExitcode && changed > 0) {
    // Also where something outranks the role: Akto stores it beside access per product (Akto behavior), and invitations may
    // never be followed.
    const outranked = describeOutranked(preview.totals);
    throw new Failure(
      "negative",
      "preview.changes",
      `${clean(against)} gives ${count(changed, "person", "people")} a different role.`,
      { hint: ["The list above shows who they are.", ...(outranked === null ? [] : [outranked])].join(" ") },
    );
  }
}

/** The preview as a comment on a pull request. */
async function printComment(
  { terminal, redaction }: Context,
  { against: file, limit }: Options,
  { app, totals, blocked, rows, mapping, against, warnings, left }: Preview,
): Promise<void> {
  const { previewMarkdown } = await import("../../terminal/preview-markdown.ts");
  const listed = against ? rows.filter(isChanged) : rows;
  const away = against ? null : sayLeft(left ?? [], totals);
  const comment = {
    app: app.label,
    totals,
    blocked,
    rows: listed.slice(0, limit),
    people: listed.length,
    against: against && file !== undefined ? { file, entries: diffMappings(mapping, against) } : null,
    notes: [...warnings, ...(away === null ? [] : [away])],
  };
  terminal.line(previewMarkdown(comment, (text) => redaction.redact(text)));
}

/** Writes the review of everyone's access, where there is to be one. */
async function writeReview(world: World, { report, against }: Options, preview: Preview): Promise<void> {
  if (report === undefined) return;
  const [{ reviewOf }, { renderReviewPage }, { writePage }] = await Promise.all([
    import("../../usecases/preview/review.ts"),
    import("../../page/review.ts"),
    import("../../usecases/page-file.ts"),
  ]);
  await writePage(world.context, report, "access review", renderReviewPage(await reviewOf(world, preview, against)));
}

// More people than this are folded on a terminal, unless --limit asks for them.
const shownPeople = 50;

async function print(context: Context, options: Options & ListOptions, preview: Preview): Promise<void> {
  const { terminal } = context;
  const { app, totals, blocked, warnings } = preview;
  const { against } = options;
  const rows = against === undefined ? preview.rows : preview.rows.filter(isChanged);
  const columns = against === undefined ? peopleColumns : changeColumns;
  const header = [
    renderTotals(app.label, totals, blocked, terminal.style),
    ...(against === undefined ? [] : [renderChangeTotals(against, totals)]),
  ].join("\n\n");

  const onScreen = terminal.listFormat(options.output) === "table" && Number.isFinite(terminal.width);
  if (onScreen && options.limit === undefined && rows.length > shownPeople) {
    const folded = foldRows(rows);
    await terminal.list(
      {
        rows: folded,
        columns: foldedColumns(columns),
        document: {},
        record: () => ({}),
        keys: [],
        header,
        footer: "--limit 1000 lists people one by one; --output csv or jsonl lists everyone.",
      },
      options.output,
    );
  } else {
    const shown = rows.slice(0, options.limit);
    await terminal.list(
      {
        rows: shown,
        columns,
        // Made for JSON alone: of everyone in a large org it takes a while.
        get document() {
          return documentOf(preview, shown, against !== undefined);
        },
        record: (row) => personRecord(row, against !== undefined),
        keys: [...personKeys, ...(against === undefined ? [] : changeKeys)],
        header,
        ...(shown.length < rows.length
          ? { footer: `… and ${count(rows.length - shown.length, "person", "people")} more.` }
          : {}),
      } satisfies Listing<PreviewRow>,
      options.output,
    );
  }
  if (blocked !== null) terminal.warn(`As things stand, nobody gets in. ${blocked} \`akto-okta doctor\` says more.`);
  for (const warning of warnings) terminal.warn(warning);
  const left = against === undefined ? sayLeft(preview.left ?? [], totals) : null;
  if (left !== null) terminal.note(`- ${left}`);
}

const personKeys = [
  "id",
  "login",
  "email",
  "name",
  "status",
  "admitted",
  "turnedAway",
  "role",
  "label",
  "decidedBy",
  "group",
  "source",
  "certain",
  "reason",
  "inAkto",
  "stored",
  "productScoped",
  "invited",
] as const;
const changeKeys = ["to", "toLabel", "toReason"] as const;

/**
 * A person as data. `inAkto` is the role that they have in Akto now, `null` for who isn't in the account and where Akto
 * was not asked; `stored` whether Akto stores it, or falls back to it as long as it stores none.
 */
function personRecord(row: PreviewRow, compared: boolean) {
  const { person, role, turnedAway, other } = row;
  const { id, login, email, name, status } = person;
  const { invited = false } = row.inAkto ?? {};
  const inAkto = invited ? null : row.inAkto;
  const record = {
    id,
    login,
    email: email ?? null,
    name,
    status,
    admitted: turnedAway === null,
    turnedAway,
    role: role?.id ?? null,
    label: role?.label ?? null,
    decidedBy: role?.decidedBy ?? null,
    group: role?.group ?? null,
    source: role?.source ?? null,
    certain: role?.certain ?? true,
    reason: describeRow(row),
    inAkto: inAkto ? (inAkto.storedRole ?? defaultRoleId) : null,
    stored: inAkto ? inAkto.storedRole !== null : false,
    productScoped: (inAkto?.scopedRoles.size ?? 0) > 0,
    invited,
  };
  if (!compared) return record;
  return {
    ...record,
    to: other?.id ?? null,
    toLabel: other?.label ?? null,
    toReason: other ? describeRole(other) : null,
  };
}

function leftRecord({ member, why }: LeftMember) {
  const { login, name, storedRole, scopedRoles } = member;
  return { login, name, role: storedRole ?? defaultRoleId, productScoped: scopedRoles.size > 0, reason: why };
}

function documentOf(
  { app, source, totals, left, blocked, warnings }: Preview,
  rows: readonly PreviewRow[],
  compared: boolean,
) {
  const { id, label, clientId } = app;
  return {
    app: { id, label, clientId },
    source,
    people: rows.map((row) => personRecord(row, compared)),
    totals,
    total: totals.people,
    leftInAkto: left?.map(leftRecord) ?? null,
    blocked,
    warnings,
  };
}
