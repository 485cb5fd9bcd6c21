/**
 * `__complete`: what the completion scripts ask when a key is pressed. The line comes on standard input, which no list of
 * processes shows, its parts ended by NUL, as are those of the answer: names may hold anything else.
 *
 * It never asks, and says nothing of what goes wrong.
 */
import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import { bashReplies, readBashLine } from "../core/completion/bash.ts";
import { readFishLine } from "../core/completion/fish.ts";
import { type CompletionTree, type Wanted, type Word, whatIsWanted } from "../core/completion/tree.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { clean } from "../core/text.ts";

/** How long somebody waits who has pressed a key, in milliseconds. */
const patience = 2_500;

/**
 * @param args `--tree` prints what {@link complete} is given when the program is built
 * @param prepared the tree of commands as it was made then, as JSON
 * @returns what to print
 */
export async function complete(args: readonly string[], prepared: string | undefined): Promise<string> {
  if (args[0] === "--tree") return JSON.stringify(await treeFrom(undefined));
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), patience);
  try {
    if (isatty(0)) return "";
    const [shell = "", ...parts] = readFileSync(0, "utf8").split("\0");
    const tree = await treeFrom(prepared);
    const late = new Promise<string>((resolve) => deadline.signal.addEventListener("abort", () => resolve(nothing)));
    return await Promise.race([answer(shell, parts, tree, deadline.signal), late]);
  } catch {
    return nothing;
  } finally {
    clearTimeout(timer);
  }
}

async function treeFrom(prepared: string | undefined): Promise<CompletionTree> {
  const json = parseJson(prepared ?? "");
  if (isRecord(json)) return json as unknown as CompletionTree;
  const { completionTree } = await import("./completion-tree.ts");
  const { commandTable } = await import("./table.ts");
  return completionTree(commandTable);
}

async function answer(
  shell: string,
  parts: readonly string[],
  tree: CompletionTree,
  signal: AbortSignal,
): Promise<string> {
  if (shell === "bash") {
    const [breaks = "", text = ""] = parts;
    const line = readBashLine(text, breaks);
    const wanted = whatIsWanted(tree, line.words.slice(1), line.current);
    const words = await wordsOf(wanted, signal);
    const replies = bashReplies(
      words.map(({ word }) => wanted.before + word),
      line,
    );
    return ended([wanted.kind === "files" ? "files" : "words", ...replies]);
  }
  const words = shell === "fish" ? afterProgram(readFishLine((parts[0] ?? "").replace(/\n$/, ""))) : parts.slice(0, -1);
  const wanted = whatIsWanted(tree, words.slice(0, -1), words.at(-1) ?? "");
  const found = await wordsOf(wanted, signal);
  const width = Math.max(0, ...found.map(({ word, description }) => (description === "" ? 0 : word.length)));
  const lines = found.flatMap(({ word, description }) => {
    const whole = wanted.before + word;
    if (shell !== "fish") return [whole, described(description === "" ? word : word.padEnd(width), description)];
    // What stands behind a tab is the description.
    return whole.includes("\t") ? [] : [description === "" ? whole : `${whole}\t${clean(description)}`];
  });
  return ended([wanted.kind === "files" ? `files${wanted.before}` : "words", ...lines]);
}

/** The words after the program's name: something like `sudo` may stand before it. */
function afterProgram(words: readonly string[]): string[] {
  const at = words.findIndex((word) => /(?:^|\/)akto-okta$/.test(word));
  return words.slice(Math.max(at, 0) + 1);
}

async function wordsOf(wanted: Wanted, signal: AbortSignal): Promise<readonly Word[]> {
  if (wanted.words.length > 0 || wanted.kind === "other" || wanted.kind === "files") return wanted.words;
  const { valuesFor } = await import("../usecases/completion/values.ts");
  return valuesFor(wanted, process.env, signal);
}

const described = (word: string, description: string) =>
  description === "" ? clean(word) : `${clean(word)}  -- ${clean(description)}`;

/** The answer that has nothing to offer. */
const nothing = "words\0";

const ended = (items: readonly string[]) => items.map((item) => `${item}\0`).join("");
