/** Completion scripts, made from the commands' own declarations; they need nothing at the time of completion. */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export interface Word {
  readonly word: string;
  readonly description: string;
}

/** What can be completed: global flags, and each command by its path (`mapping add`) with its own flags. */
export interface Completions {
  readonly globals: readonly Word[];
  readonly commands: ReadonlyMap<string, { readonly summary: string; readonly flags: readonly Word[] }>;
}

/** The completion script for a shell. */
export function renderCompletion(shell: Shell, completions: Completions): string {
  return { bash, zsh, fish }[shell](completions);
}

function verbsOf({ commands }: Completions, noun: string): string[] {
  return [...commands.keys()].filter((path) => path.startsWith(`${noun} `)).map((path) => path.slice(noun.length + 1));
}

function nounsOf({ commands }: Completions): string[] {
  return [...commands.keys()].filter((path) => !path.includes(" "));
}

// Words from this program's own table only: letters and hyphens, nothing that a shell would read.
const words = (items: readonly Word[]) => items.map(({ word }) => word).join(" ");

function bash(completions: Completions): string {
  const cases = [...completions.commands].map(([path, { flags }]) => {
    const verbs = verbsOf(completions, path);
    return `    "${path}") words="${[...verbs, words(flags)].filter((part) => part !== "").join(" ")}" ;;`;
  });
  return `# bash completion for akto-okta
_akto_okta() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words=""
  local nouns=" ${nounsOf(completions).join(" ")} "
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ $word == -* ]] && continue
    if [[ -z $path ]]; then
      [[ $nouns == *" $word "* ]] && path="$word"
    elif [[ $path != *" "* ]]; then
      path="$path $word"
    fi
  done
  case "$path" in
    "") words="${nounsOf(completions).join(" ")}" ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words ${words(completions.globals)}" -- "$current"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _akto_okta akto-okta`;
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const described = (name: string, description: string) => quote(`${name.replaceAll(":", "\\:")}:${description}`);

function zsh(completions: Completions): string {
  const flags = (items: readonly Word[]) =>
    items.map(({ word, description }) => described(word, description)).join(" ");
  const cases = [...completions.commands].map(([path, { flags: own }]) => {
    const verbs = verbsOf(completions, path).map((verb) =>
      described(verb, completions.commands.get(`${path} ${verb}`)?.summary ?? ""),
    );
    return `    ${quote(path)}) items=(${[...verbs, flags(own)].filter((part) => part !== "").join(" ")}) ;;`;
  });
  const nouns = nounsOf(completions).map((noun) => described(noun, completions.commands.get(noun)?.summary ?? ""));
  return `#compdef akto-okta
_akto_okta() {
  local -a items globals
  local path="" word
  globals=(${flags(completions.globals)})
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] && continue
    if [[ -z $path ]]; then path="$word"
    elif [[ $path != *" "* ]]; then path="$path $word"
    fi
  done
  case "$path" in
    '') items=(${nouns.join(" ")}) ;;
${cases.join("\n")}
  esac
  _describe 'akto-okta' items -- globals || _files
}
if [[ $funcstack[1] == _akto_okta ]]; then _akto_okta "$@"; else compdef _akto_okta akto-okta; fi`;
}

function fish(completions: Completions): string {
  const lines = ["# fish completion for akto-okta"];
  const nouns = nounsOf(completions);
  const flag = ({ word, description }: Word, condition: string) =>
    `complete -c akto-okta${condition} ${word.startsWith("--") ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`} -d ${quote(description)}`;
  for (const noun of nouns) {
    const summary = completions.commands.get(noun)?.summary ?? "";
    lines.push(`complete -c akto-okta -f -n __fish_use_subcommand -a ${noun} -d ${quote(summary)}`);
    const verbs = verbsOf(completions, noun);
    const inNoun = `__fish_seen_subcommand_from ${noun}`;
    for (const verb of verbs) {
      const entry = completions.commands.get(`${noun} ${verb}`);
      lines.push(
        `complete -c akto-okta -f -n ${quote(`${inNoun}; and not __fish_seen_subcommand_from ${verbs.join(" ")}`)} -a ${verb} -d ${quote(entry?.summary ?? "")}`,
      );
      for (const own of entry?.flags ?? [])
        lines.push(flag(own, ` -n ${quote(`${inNoun}; and __fish_seen_subcommand_from ${verb}`)}`));
    }
    for (const own of completions.commands.get(noun)?.flags ?? []) lines.push(flag(own, ` -n ${quote(inNoun)}`));
  }
  return [...lines, ...completions.globals.map((each) => flag(each, ""))].join("\n");
}
