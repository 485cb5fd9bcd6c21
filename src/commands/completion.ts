import { Argument, type Command } from "commander";
import type { Context } from "../context.ts";
import { renderCompletion, type Shell, shells } from "../terminal/completion.ts";
import { examples } from "./options.ts";

export function declare(command: Command): void {
  command.addArgument(new Argument("<shell>", "your shell").choices([...shells]));
  examples(
    command,
    "completion bash \\\n      > ~/.local/share/bash-completion/completions/akto-okta",
    "completion zsh > ~/.zfunc/_akto-okta",
    "completion fish > ~/.config/fish/completions/akto-okta.fish",
  );
}

export async function run(context: Context, _options: object, shell: Shell): Promise<void> {
  context.terminal.line(renderCompletion(shell));
}
