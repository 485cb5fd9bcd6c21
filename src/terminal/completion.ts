/**
 * Completion scripts. When a key is pressed, they ask the program what to offer. The command line goes to it as it is, and the
 * reply is never evaluated: names come from outside.
 */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The completion script for a shell. */
export function renderCompletion(shell: Shell): string {
  return { bash, zsh, fish }[shell];
}

// macOS still has bash 3.2, which knows neither `mapfile` nor `compopt`. `printf` is the shell's own: no process shows the line.
const bash = `# bash completion for akto-okta
_akto_okta() {
  local item kind=""
  COMPREPLY=()
  while IFS= read -r -d '' item; do
    if [[ -z $kind ]]; then kind=$item; else COMPREPLY+=("$item"); fi
  done < <(printf '%s\\0' bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" | command akto-okta __complete 2>/dev/null)
  if [[ $kind == files ]] && ! compopt -o default 2>/dev/null; then
    while IFS= read -r item; do COMPREPLY+=("$(printf '%q' "$item")"); done < <(compgen -f -- "$2")
  fi
}
complete -F _akto_okta akto-okta`;

// The words are passed with their quotes removed and nothing else expanded; zsh puts the quotes on again.
const zsh = `#compdef akto-okta
_akto_okta() {
  local -a items values shown
  local kind before
  items=("\${(@0)$(print -rN -- zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" | command akto-okta __complete 2>/dev/null)}")
  kind=$items[1]
  if [[ $kind == files* ]]; then
    before=\${kind#files}
    [[ -n $before ]] && compset -P "\${(b)before}"
    _files
    return
  fi
  local -i at
  for ((at = 2; at + 1 <= $#items; at += 2)); do
    values+=("$items[at]")
    shown+=("$items[at+1]")
  done
  (( $#values )) && compadd -l -d shown -a values
}
if [[ $funcstack[1] == _akto_okta ]]; then _akto_okta "$@"; else compdef _akto_okta akto-okta; fi`;

const fish = `# fish completion for akto-okta
function __akto_okta_complete
    set -l items (begin; printf 'fish\\0'; commandline -cp; end | command akto-okta __complete 2>/dev/null | string split0)
    if string match -q 'files*' -- "$items[1]"
        set -l before (string replace files '' -- "$items[1]")
        set -l token (string replace -- "$before" '' (commandline -ct))
        for path in (__fish_complete_path "$token")
            printf '%s%s\\0' "$before" "$path"
        end
    else if set -q items[2]
        printf '%s\\0' $items[2..-1]
    end
end
complete -c akto-okta -f -a '(__akto_okta_complete | string split0)'`;
