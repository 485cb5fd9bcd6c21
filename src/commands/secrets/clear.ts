import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { clean, count } from "../../core/text.ts";
import { confirmed } from "../../usecases/confirm.ts";
import { examples } from "../options.ts";

export function declare(command: Command): void {
  examples(command, "secrets clear", "secrets clear --profile staging --yes");
}

export async function run(context: Context): Promise<void> {
  const { terminal, globals } = context;
  if (!(await confirmed(context, `Delete the secrets of the profile ${clean(globals.profile)}?`)))
    return terminal.note("Nothing was deleted.");
  const { clearSecrets } = await import("../../store/secrets.ts");
  // What an unfinished setup keeps goes too.
  const cleared = [...(await clearSecrets(context.secretOptions)), ...(await clearSecrets(context.draftSecretOptions))];
  terminal.result(cleared.length === 0 ? "No secret was stored." : `Deleted ${count(cleared.length, "secret")}.`, {
    cleared,
  });
}
