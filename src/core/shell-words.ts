/** Words as a POSIX shell splits and unquotes them (Shell Command Language, sections 2.2 and 2.6.5), without a shell: nothing is expanded. */

/**
 * Splits commands into words.
 *
 * @param separator what stands between two commands, where it is not quoted
 * @param escapes whether a backslash takes the meaning of the next character; in Windows' paths it does not
 * @returns each command's words; commands without any are left out. A quote that is never closed goes to the end
 */
export function splitCommands(text: string, separator: string, escapes: boolean = true): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  const add = (part: string) => {
    word = (word ?? "") + part;
  };
  const end = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    const next = characters[at + 1];
    if (quote === "'") {
      if (character === "'") quote = undefined;
      else add(character);
    } else if (escapes && character === "\\" && next !== undefined && (!quote || '$`"\\\n'.includes(next))) {
      // A backslash before a line end joins the lines.
      if (next !== "\n") add(next);
      at += 1;
    } else if (quote) {
      if (character === quote) quote = undefined;
      else add(character);
    } else if (character === '"' || character === "'") {
      quote = character;
      add("");
    } else if (character === separator) {
      end();
      commands.push([]);
    } else if (/[ \t\n]/.test(character)) end();
    else add(character);
  }
  end();
  return commands.filter((words) => words.length > 0);
}
