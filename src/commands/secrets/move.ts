import { Argument, type Command } from "commander";
import type { Context } from "../../context.ts";
import { count } from "../../core/text.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command.addArgument(new Argument("<where>", "where to keep the profile's secrets").choices(["keychain", "file"]));
  declareDryRun(command, "show what would be moved, without moving it");
  examples(command, "secrets move keychain", "secrets move file", "secrets move keychain --dry-run");
}

export async function run(context: Context, { dryRun = false }: Options, where: "keychain" | "file"): Promise<void> {
  const { moveSecrets, secretsToMove } = await import("../../store/secrets.ts");
  const move = dryRun ? secretsToMove : moveSecrets;
  // What an unfinished setup keeps goes along.
  const moved = [...(await move(context.secretOptions, where)), ...(await move(context.draftSecretOptions, where))];
  const place = where === "keychain" ? "the system's keychain" : "the file";
  const some = `${count(moved.length, "secret")} to ${place}.`;
  context.terminal.result(
    moved.length === 0 ? `Every secret is already in ${place}.` : dryRun ? `To be moved: ${some}` : `Moved ${some}`,
    { moved, to: where, ...(dryRun && { dryRun }) },
  );
}
