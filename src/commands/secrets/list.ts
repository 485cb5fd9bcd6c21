import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { describeOwner, type SecretName } from "../../core/model/secret.ts";
import { count, listed, secretTail } from "../../core/text.ts";
import { settingDefinitions } from "../../settings/definitions.ts";
import { declareOutput, examples, type ListOptions } from "../options.ts";

interface Row {
  readonly name: SecretName;
  /** Whether it belongs to a setup that isn't finished. */
  readonly unfinished: boolean;
  readonly places: readonly string[];
  /** Its last four characters at most. */
  readonly tail: string;
  /** The org, app or account that it is for; absent where it was kept without that. */
  readonly for?: string;
}

export function declare(command: Command): void {
  declareOutput(command);
  examples(command, "secrets list", "secrets list --json");
}

export async function run(context: Context, options: ListOptions): Promise<void> {
  const { keptSecrets } = await import("../../store/secrets.ts");
  const rows: Row[] = [];
  for (const unfinished of [false, true]) {
    const kept = await keptSecrets(unfinished ? context.draftSecretOptions : context.secretOptions);
    for (const { name, value, owner, places } of kept) {
      const row = { name, unfinished, places: places.map(({ kind }) => kind), tail: secretTail(value) };
      rows.push(owner ? { ...row, for: describeOwner(name, owner) } : row);
    }
  }
  await context.terminal.list(
    {
      rows,
      columns: [
        {
          head: "SECRET",
          cell: ({ name, unfinished }) => settingDefinitions[name].title + (unfinished ? " (unfinished setup)" : ""),
        },
        { head: "STORED IN", cell: ({ places }) => listed(places) },
        { head: "ENDS IN", cell: ({ tail }) => tail },
        ...(rows.some((row) => row.for !== undefined)
          ? [{ head: "FOR", cell: ({ for: whose = "" }: Row) => whose, wraps: true } as const]
          : []),
      ],
      document: { profile: context.globals.profile, secrets: rows },
      record: ({ places, ...row }) => ({ ...row, places: places.join(" ") }),
      keys: ["name", "unfinished", "places", "tail", "for"],
      footer: rows.length === 0 ? "No secret is stored for this profile." : `${count(rows.length, "secret")}.`,
    },
    options.output,
  );
}
