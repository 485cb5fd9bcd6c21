import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { clean, count, quoted } from "../../core/text.ts";
import { readKept } from "../../store/kept-profiles.ts";
import { profileNames } from "../../store/names.ts";
import { checkRename, renameProfile } from "../../store/rename-profile.ts";
import { seeSecrets } from "../../store/secrets.ts";
import { perhapsOverlooked } from "../../usecases/profile/missed.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command.argument("<profile>", "the profile to rename");
  command.argument("<new-name>", "its new name");
  declareDryRun(command, "show what would be renamed, without renaming it");
  examples(command, "profile rename default production");
}

export async function run(context: Context, { dryRun = false }: Options, from: string, to: string): Promise<void> {
  const { terminal, env } = context;
  if (dryRun) {
    await checkRename(env, from, to);
    return terminal.result(`To be renamed: ${clean(from)} to ${clean(to)}, with its secrets.`, {
      from,
      to,
      renamed: false,
    });
  }
  const names = profileNames(env);
  const kept = names.includes(from) ? await readKept(env, from) : undefined;
  const overlooked = kept && perhapsOverlooked(kept, await seeSecrets(env, from, true));
  const { secrets, finished } = await renameProfile(env, from, to);
  const along = secrets.length === 0 ? "" : `, with its ${count(secrets.length, "secret")}`;
  terminal.result(
    finished
      ? `Finished what had been interrupted: ${clean(from)} is ${clean(to)} now${along}.`
      : `Renamed ${clean(from)} to ${clean(to)}${along}.`,
    { from, to, secrets, renamed: true },
  );
  if (overlooked) terminal.warn(overlooked);
  if (env.AKTO_OKTA_PROFILE === from) {
    terminal.warn(`AKTO_OKTA_PROFILE still names ${quoted(from)} in this shell.`);
  }
}
