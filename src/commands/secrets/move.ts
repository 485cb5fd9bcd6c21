import { Argument, type Command } from "commander";
import type { Context } from "../../context.ts";
import { count } from "../../core/text.ts";
import { examples } from "../options.ts";

export function declare(command: Command): void {
  command.addArgument(new Argument("<where>", "where to keep the profile's secrets").choices(["keychain", "file"]));
  examples(command, "secrets move keychain", "secrets move file");
}

export async function run(context: Context, _options: object, where: "keychain" | "file"): Promise<void> {
  const { moveSecrets } = await import("../../store/secrets.ts");
  // What an unfinished setup keeps goes along.
  const moved = [
    ...(await moveSecrets(context.secretOptions, where)),
    ...(await moveSecrets(context.draftSecretOptions, where)),
  ];
  const place = where === "keychain" ? "the system's keychain" : "the file";
  context.terminal.result(
    moved.length === 0 ? `Every secret is already in ${place}.` : `Moved ${count(moved.length, "secret")} to ${place}.`,
    { moved, to: where },
  );
}
