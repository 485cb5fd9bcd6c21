/** A command line that is being typed in fish, without its quotes (fish manual, Quotes and Escaping Characters). */

/**
 * @param line the command up to the cursor
 * @returns its words, the last one as far as it is typed; an empty one after a blank
 */
export function readFishLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (const [token] of line.matchAll(/\\[\s\S]?|[\s\S]/gu)) {
    const escaped = token.startsWith("\\") ? token.slice(1) : undefined;
    if (quote !== "") {
      if (token === quote) quote = "";
      else if (escaped !== undefined && (quote === '"' ? '"$\\' : "'\\").includes(escaped)) word += escaped;
      else word += token;
    } else if (escaped !== undefined) word = (word ?? "") + (letters.get(escaped) ?? escaped);
    else if (token === "'" || token === '"') {
      quote = token;
      word ??= "";
    } else if (/\s/.test(token)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + token;
  }
  return [...words, word ?? ""];
}

const letters = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["e", "\u001b"],
]);
