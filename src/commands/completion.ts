import { Argument, Command, type Option } from "commander";
import { renderCompletion, type Shell, shells, type Word } from "../terminal/completion.ts";
import { examples } from "./options.ts";
import { buildProgram, type CommandContext, type CommandEntry } from "./program.ts";

export function declare(command: Command): void {
  command.addArgument(new Argument("<shell>", "your shell").choices([...shells]));
  examples(
    command,
    "completion bash \\\n      > ~/.local/share/bash-completion/completions/akto-okta",
    "completion zsh > ~/.zfunc/_akto-okta",
    "completion fish > ~/.config/fish/completions/akto-okta.fish",
  );
}

export async function run(context: CommandContext, _options: object, shell: Shell): Promise<void> {
  const globals = buildProgram(context.table, context.signal).options.map(word);
  const commands = new Map<string, { summary: string; flags: Word[] }>();
  for (const entry of context.table) {
    if (!("verbs" in entry)) commands.set(entry.name, await describe(entry));
    else {
      commands.set(entry.name, { summary: entry.summary, flags: [] });
      for (const verb of entry.verbs) commands.set(`${entry.name} ${verb.name}`, await describe(verb));
    }
  }
  context.terminal.line(renderCompletion(shell, { globals, commands }));
}

async function describe({ summary, load }: CommandEntry): Promise<{ summary: string; flags: Word[] }> {
  const command = new Command();
  (await load()).declare(command);
  return { summary, flags: command.options.map(word) };
}

function word({ long, short, description }: Option): Word {
  return { word: long ?? short ?? "", description };
}
