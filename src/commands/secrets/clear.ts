import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { clean, count, listed } from "../../core/text.ts";
import { settingDefinitions } from "../../settings/definitions.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  declareDryRun(command, "show what would be deleted, without deleting it");
  examples(command, "secrets clear", "secrets clear --dry-run", "secrets clear --profile staging --yes");
}

export async function run(context: Context, { dryRun = false }: Options): Promise<void> {
  const { terminal, globals } = context;
  if (dryRun) {
    const { keptSecrets } = await import("../../store/secrets.ts");
    const kept = [...(await keptSecrets(context.secretOptions)), ...(await keptSecrets(context.draftSecretOptions))];
    const cleared = kept.map(({ name }) => name);
    const titles = listed(cleared.map((name) => settingDefinitions[name].title));
    return terminal.result(cleared.length === 0 ? "No secret is stored." : `To be deleted: ${titles}.`, {
      cleared,
      dryRun,
    });
  }
  if (!(await confirmed(context, `Delete the secrets of the profile ${clean(globals.profile)}?`)))
    return terminal.note("Nothing was deleted.");
  const { clearSecrets } = await import("../../store/secrets.ts");
  // What an unfinished setup keeps goes too.
  const cleared = [...(await clearSecrets(context.secretOptions)), ...(await clearSecrets(context.draftSecretOptions))];
  terminal.result(cleared.length === 0 ? "No secret was stored." : `Deleted ${count(cleared.length, "secret")}.`, {
    cleared,
  });
}
