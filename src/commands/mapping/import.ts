import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { Mapping } from "../../core/model/akto.ts";
import type { OktaGroup } from "../../core/model/okta.ts";
import { diffMappings, givenBy, sameMapping } from "../../core/roles/mapping.ts";
import { count } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { renderChanges } from "../../terminal/changes.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { groupsToMap } from "../../usecases/groups/groups.ts";
import { impatientWorld, sayEffects, warnOfKeptOut } from "../../usecases/mapping/effects.ts";
import { readMappingFile } from "../../usecases/mapping/file.ts";
import { mappingDocument, notInAktoYet, openMapping } from "../../usecases/mapping/mapping.ts";
import { rehearse } from "../../usecases/mapping/rehearse.ts";
import { confirmWide } from "../../usecases/mapping/wide.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options extends ConnectionOptions {
  readonly customRole?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command
    .argument(
      "<file>",
      "YAML or JSON with a key “mapping”, or CSV with the columns group and role; - for standard input",
    )
    .option("--custom-role", "accept custom roles' names without checking them, if Akto can't be asked")
    .option("--force", "continue even if Okta doesn't have one of the groups");
  declareDryRun(command, "show what would change, without changing anything");
  declareConnection(command, "okta", "akto");
  examples(
    command,
    "mapping import mapping.yaml",
    "mapping import akto-okta.yaml --yes",
    "mapping import mapping.csv --offline",
    "mapping import mapping.yaml --dry-run",
  );
}

export async function run(context: Context, options: Options, file: string): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const access = await openMapping(context, settings);
  const wanted = await readMappingFile(file, {
    customRoles: access.customRoles,
    trustUnknown: options.customRole ?? false,
  });
  const changes = diffMappings(access.mapping, wanted);
  const done = (mapping: Mapping, message: string) =>
    terminal.result(message, { ...mappingDocument(access.source, mapping), changes });
  if (changes.length === 0) return done(access.mapping, "The mapping already matches the file.");

  const org = await context.oktaIfAny(settings);
  const given = givenBy(changes);
  const world = impatientWorld(context, settings);
  if (org) {
    const found: OktaGroup[] = [];
    for (const { group } of given) found.push(...(await groupsToMap(org, group, options.force ?? false)));
    await warnOfKeptOut(context, world, found);
  }

  if (options.dryRun) return rehearse(context, world, settings, access, wanted);
  terminal.note(renderChanges(changes, terminal.noteStyle));
  // Only what takes a role away from somebody is asked about.
  if (
    changes.some(({ from }) => from !== null) &&
    !(await confirmed(context, `Replace the mapping (${count(changes.length, "change")})?`))
  ) {
    return terminal.note("Nothing was changed.");
  }
  if (!(await confirmWide(context, org, given, access.customRoles))) return terminal.note("Nothing was changed.");
  const mapping = await access.change((current) => {
    if (sameMapping(current, access.mapping)) return wanted;
    throw new Failure(
      "rule",
      "mapping.changed_meanwhile",
      "Somebody else changed the mapping in the meantime; nothing was written.",
      { hint: "Run the import again to see the difference as it is now." },
    );
  });
  done(mapping, `Imported: ${count(changes.length, "change")}, ${count(mapping.size, "group")} mapped.`);
  await sayEffects(context, world, { before: access.mapping, after: mapping });
  notInAktoYet(context, access.source, "make the same changes.");
}
