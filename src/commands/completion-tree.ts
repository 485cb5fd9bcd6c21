/** What can be completed, from the commands' own declarations: made when the program is built. */
import { type Argument, Command, type Option } from "commander";
import type { CommandWords, CompletionTree, Flag, ValueKind } from "../core/completion/tree.ts";
import { catalog } from "../core/doctor/catalog.ts";
import { scenarios } from "../sandbox/scenarios/table.ts";
import { buildProgram, type CommandEntry, type CommandTable } from "./program.ts";

/** What a placeholder between angle brackets stands for. */
const placeholders = new Map<string, ValueKind>([
  ["file", "files"],
  ["path", "files"],
  ["group", "groups"],
  ["role", "roles"],
  ["profile", "profiles"],
  ["ids", catalog.map(({ id, title }) => ({ word: id, description: title }))],
]);

/** And where the placeholder is a name alone. */
const named = new Map<string, ValueKind>([
  ["--profile", "profiles"],
  ["--group", "groups"],
  ["--scenario", scenarios.map(({ name, summary }) => ({ word: name, description: summary }))],
  // The groups that have a role, and no others.
  ["mapping remove group", "mapped"],
]);

export async function completionTree(table: CommandTable): Promise<CompletionTree> {
  const commands: CommandWords[] = [];
  for (const entry of table) {
    if (!("verbs" in entry)) commands.push(await describe(entry.name, entry));
    else {
      commands.push({ path: entry.name, summary: entry.summary, flags: [], args: [] });
      for (const verb of entry.verbs) commands.push(await describe(`${entry.name} ${verb.name}`, verb));
    }
  }
  const help = { names: ["-h", "--help"], description: "display help for command" };
  return { globals: [...buildProgram(table, new AbortController().signal).options.map(flagOf), help], commands };
}

async function describe(path: string, { summary, load }: CommandEntry): Promise<CommandWords> {
  const command = new Command();
  (await load()).declare(command);
  return {
    path,
    summary,
    flags: command.options.map(flagOf),
    args: command.registeredArguments.map((argument) => argumentOf(path, argument)),
  };
}

function flagOf(option: Option): Flag {
  const { long, short, description, argChoices, flags, variadic, required, optional } = option;
  const names = [short, long].filter((name) => name != null);
  if (!required && !optional) return { names, description };
  const placeholder = /[<[]([\w-]+)/.exec(flags)?.[1] ?? "";
  const value = argChoices?.map(plainWord) ?? named.get(long ?? "") ?? placeholders.get(placeholder) ?? "other";
  return {
    names,
    description,
    value,
    ...(variadic && { variadic: true as const }),
    ...(placeholder === "ids" && { list: true as const }),
  };
}

function argumentOf(path: string, argument: Argument): ValueKind {
  const name = argument.name();
  return argument.argChoices?.map(plainWord) ?? named.get(`${path} ${name}`) ?? placeholders.get(name) ?? "other";
}

const plainWord = (word: string) => ({ word, description: "" });
