/** What can stand on the command line, as data: made from the commands' own declarations. */

/** What a value is: fixed words, or something that is looked up when it is asked for. */
export type ValueKind = "files" | "groups" | "mapped" | "roles" | "profiles" | "other" | readonly Word[];

/** A word that can be typed, and what it means. */
export interface Word {
  readonly word: string;
  readonly description: string;
}

export interface Flag {
  /** Its spellings: `-o` and `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  /** What it takes; `undefined` when it stands alone. */
  readonly value?: ValueKind;
  /** Whether several values may follow, up to the next flag. */
  readonly variadic?: true;
  /** Whether its value is a list with commas. */
  readonly list?: true;
}

export interface CommandWords {
  /** `mapping add`, `doctor`. */
  readonly path: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** What its arguments are, in order. */
  readonly args: readonly ValueKind[];
}

export interface CompletionTree {
  /** The flags of every command. */
  readonly globals: readonly Flag[];
  /** Nouns stand before their verbs, without flags or arguments. */
  readonly commands: readonly CommandWords[];
}

/** What is to be completed. */
export interface Wanted {
  /** Words to choose from. */
  readonly words: readonly Word[];
  /** Or what to look up. */
  readonly kind: Exclude<ValueKind, readonly Word[]>;
  /** What stands before the part that is completed, in the same word: `--output=`, `pkce,`. */
  readonly before: string;
  /** The part that is completed, as far as it is typed. */
  readonly typed: string;
  /** What the flags on the line say so far, by their first long name. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * What the last word of a command line may become.
 *
 * @param words the whole words before it, without the program's name
 * @param current the last word, as far as it is typed
 */
export function whatIsWanted(tree: CompletionTree, words: readonly string[], current: string): Wanted {
  const line = readLine(tree, words);
  const { command, given, pending, onlyArguments } = line;
  const flags = [...(command?.flags ?? []), ...tree.globals];
  const none = { words: [], kind: "other", before: "", typed: current, given } as const;
  if (pending) return { ...none, ...inValue(pending, current) };
  if (!onlyArguments && current.startsWith("-")) {
    const [, name = "", typed] = /^(--[^=]+)=(.*)$/su.exec(current) ?? [];
    const flag = flags.find(({ names }) => names.includes(name));
    if (typed === undefined) return { ...none, words: flagWords(flags, given) };
    if (!flag?.value) return none;
    const value = inValue(flag, typed);
    return { ...none, ...value, before: `${name}=${value.before}` };
  }
  const below = wordsBelow(tree, line.path);
  if (below.length > 0 && line.args === 0) return { ...none, words: below };
  const value = command?.args[line.args];
  if (value !== undefined) return { ...none, ...inValue({ value }, current) };
  return current === "" && !onlyArguments ? { ...none, words: flagWords(flags, given) } : none;
}

interface Line {
  readonly path: string;
  readonly command: CommandWords | undefined;
  /** How many arguments there are. */
  readonly args: number;
  readonly given: ReadonlyMap<string, string>;
  /** The flag whose value comes next. */
  readonly pending: Flag | undefined;
  /** Whether `--` has ended the flags. */
  readonly onlyArguments: boolean;
}

function readLine(tree: CompletionTree, words: readonly string[]): Line {
  const given = new Map<string, string>();
  let path = "";
  let args = 0;
  let pending: Flag | undefined;
  let taken = 0;
  let onlyArguments = false;
  const find = (wanted: string) => tree.commands.find((command) => command.path === wanted);
  const note = ({ names }: Flag, value: string) => given.set(names.at(-1) ?? "", value);
  for (const word of words) {
    if (pending && (taken === 0 || !(pending.variadic && !word.startsWith("-")))) {
      if (taken === 0) {
        note(pending, word);
        taken = 1;
        if (!pending.variadic) pending = undefined;
        continue;
      }
      pending = undefined;
    } else if (pending) continue;
    if (!onlyArguments && word === "--") onlyArguments = true;
    else if (!onlyArguments && word.startsWith("-") && word !== "-") {
      const [name = "", value] = /^--/.test(word) ? split(word) : [word];
      const flag = [...(find(path)?.flags ?? []), ...tree.globals].find(({ names }) => names.includes(name));
      if (!flag) continue;
      note(flag, value ?? "");
      if (flag.value !== undefined && value === undefined) {
        pending = flag;
        taken = 0;
      }
    } else if (path === "" && word === "help") continue;
    else if (args === 0 && find(path === "" ? word : `${path} ${word}`)) path = path === "" ? word : `${path} ${word}`;
    else args++;
  }
  return { path, command: find(path), args, given, pending, onlyArguments };
}

function split(word: string): [string, string?] {
  const at = word.indexOf("=");
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function inValue(
  { value, list }: Pick<Flag, "value" | "list">,
  current: string,
): Pick<Wanted, "words" | "kind" | "before" | "typed"> {
  const before = list ? current.slice(0, current.lastIndexOf(",") + 1) : "";
  const typed = current.slice(before.length);
  if (typeof value === "object") return { words: value, kind: "other", before, typed };
  return { words: [], kind: value ?? "other", before, typed };
}

function flagWords(flags: readonly Flag[], given: ReadonlyMap<string, string>): Word[] {
  return flags
    .filter(({ names, variadic }) => variadic || !given.has(names.at(-1) ?? ""))
    .map(({ names, description }) => ({ word: names.at(-1) ?? "", description }));
}

/** The nouns, or the verbs of one. */
function wordsBelow({ commands }: CompletionTree, path: string): Word[] {
  const start = path === "" ? "" : `${path} `;
  return commands
    .filter((command) => command.path.startsWith(start) && !command.path.slice(start.length).includes(" "))
    .filter((command) => command.path !== path)
    .map((command) => ({ word: command.path.slice(start.length), description: command.summary }));
}
