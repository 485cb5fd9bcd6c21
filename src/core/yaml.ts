/** YAML, of which JSON is a part, as every file that somebody hands over is parsed. */
import type { CST, Document, LineCounter, ParsedNode } from "yaml";
import { clean, quoted } from "./text.ts";

/** Why a text is refused, and how to mend it. */
export interface YamlProblem {
  /** Where, in characters from the beginning. */
  readonly offset: number;
  /** A sentence. */
  readonly message: string;
  readonly fix: string;
}

/** A parsed text. */
export interface YamlText {
  readonly document: Document<ParsedNode>;
  readonly lines: LineCounter;
  /** The first thing for which it is refused. */
  readonly problem: YamlProblem | undefined;
}

/**
 * Parses a text.
 *
 * @param uniqueKeys `false` if the caller looks for duplicate keys itself, to name both places
 */
export async function parseYaml(content: string, uniqueKeys: boolean = true): Promise<YamlText> {
  const { Composer, LineCounter, Parser } = await import("yaml");
  const lines = new LineCounter();
  // Its pretty errors take a look at the whole file for each mistake in it, which a file full of them makes minutes of.
  const options = { lineCounter: lines, uniqueKeys, schema: "core", prettyErrors: false, logLevel: "error" } as const;
  const tokens = [...new Parser(lines.addNewLine).parse(content)];
  const deep = placeTooDeep(tokens);
  const [document, second] = new Composer(options).compose(deep === undefined ? tokens : [], true, content.length);
  // There always is one: it is asked for.
  if (!document) throw new Error("The YAML parser gave no document.");
  if (deep !== undefined) return { document, lines, problem: problemOf("RESOURCE_EXHAUSTION", "", deep) };
  const [error] = document.errors;
  if (error) return { document, lines, problem: problemOf(error.code, error.message, error.pos[0]) };
  if (second) return { document, lines, problem: problemOf("MULTIPLE_DOCS", "", second.range[0]) };
  // It reads what has a tag that it doesn't know as a text: `!!js/function` would become a name.
  const tag = document.warnings.find(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (!tag) return { document, lines, problem: undefined };
  const message = `The tag ${quoted(content.slice(...tag.pos))} means nothing here.`;
  const fix = "Remove it: strings, numbers, lists, and maps need none.";
  return { document, lines, problem: { offset: tag.pos[0], message, fix } };
}

/** How deep lists and maps may be within each other. */
const deepest = 100;

/**
 * Where they are deeper, in characters. The parser itself goes on until the stack is full, where V8 may end the whole
 * process over the next regular expression.
 */
function placeTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > deepest) return token.offset;
    if (token.type === "document" && token.value) open.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      for (const within of [key, value]) if (within) open.push({ token: within, depth: depth + 1 });
    }
  }
  return undefined;
}

function problemOf(code: string, message: string, offset: number): YamlProblem {
  switch (code) {
    case "RESOURCE_EXHAUSTION":
      return { offset, message: "It is nested too deeply.", fix: "A few levels are enough for what belongs in it." };
    case "MULTIPLE_DOCS":
      return {
        offset,
        message: "A second document starts here.",
        fix: "Keep one in a file: remove the line ---.",
      };
    case "TAB_AS_INDENT":
      return { offset, message: clean(message), fix: "Indent with spaces." };
    default:
      return { offset, message: clean(message), fix: "This is how YAML reads it; fix the file there." };
  }
}
