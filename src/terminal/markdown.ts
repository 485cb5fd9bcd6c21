/**
 * Markdown for a comment on a pull or merge request, as GitHub and GitLab render it. What strangers named is put between
 * code marks, where neither makes a mention, a reference, a link or HTML of it.
 */
import { clean } from "../core/text.ts";

/** GitHub takes comments of up to 65,536 characters. Bytes are counted, and some left for a line of the pipeline's own. */
export const commentLimit = 65_000;

/** A part of a comment. Its texts are Markdown already. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** Folds the table away under these words. */
      readonly summary?: string;
    }
  /** Lines that begin with `+`, `-` or a space, as outside text. */
  | { readonly kind: "diff"; readonly lines: readonly string[] };

/** Makes outside text harmless in Markdown. Secrets are taken out first: afterwards they could not be recognized. */
export interface MarkdownText {
  /** A name, exactly as it is but for what {@link clean} shows in its place. */
  code(text: string): string;
  /** A sentence of this program, in which names stand in typographic quotes, and commands between backticks. */
  prose(sentence: string): string;
}

export function markdownText(redact: (text: string) => string): MarkdownText {
  const code = (text: string) => codeSpan(clean(redact(text)));
  return {
    code,
    prose: (sentence) => {
      // A name whose end was cut off ends with the text.
      const pieces = clean(redact(sentence), 2_000).split(/(?:“([^”]*)(?:”|$)|`(akto-okta [^`“]*)`)/);
      // Of the two kinds of quotes one is there.
      const shown = pieces.flatMap((piece = "", index) => (index % 3 === 0 ? words(piece) : [codeSpan(piece)]));
      // Two code spans side by side would be one.
      return shown.reduce((text, piece) => text + (text.endsWith("`") && piece.startsWith("`") ? " " : "") + piece, "");
    },
  };
}

/**
 * Text between code marks. A code span has no escapes, and a table's cell ends at a pipe even in one: where it would take
 * either, HTML's own element with every sign as a character reference says the same.
 */
function codeSpan(text: string): string {
  if (text === "") return "";
  if (!/[`|\\]|^ | $| {2}/.test(text)) return `\`${text}\``;
  return `<code>${text.replace(/[!-/:-@[-`{-~]|^ | $| (?= )/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;
}

// Words and numbers that mean nothing to Markdown, GitHub or GitLab: no sign but those of a sentence, and no number that
// would begin a list.
const plainWord =
  /^(?:[(’]?\p{L}[\p{L}\p{M}]*(?:[’'-]\p{L}[\p{L}\p{M}]*)*\)?[,.;:?]?|\d{1,3}(?:,\d{3})*[,;:]?|[→–…(),.;:])$/u;
// A commit's name is made a link.
const hexadecimal = /^\(?[a-f]{7,}\)?[,.;:?]?$/i;

function words(text: string): string[] {
  return text
    .split(/( +)/)
    .map((word) => (/^ *$/.test(word) || (plainWord.test(word) && !hexadecimal.test(word)) ? word : codeSpan(word)));
}

/**
 * The blocks as one text, in their order, which fits into a comment: a table or a difference is cut between lines, what
 * follows it is left out, and the end says so.
 *
 * @param elsewhere where all of it is, as Markdown
 * @param limit in bytes of UTF-8
 */
export function renderMarkdown(blocks: readonly Block[], elsewhere: string, limit: number = commentLimit): string {
  const notice = `**Cut here: a comment holds no more.** ${elsewhere}`;
  const parts: string[] = [];
  let room = limit - bytes(notice) - 2;
  for (const block of blocks) {
    const whole = renderBlock(block);
    if (bytes(whole) + 2 <= room) {
      parts.push(whole);
      room -= bytes(whole) + 2;
      continue;
    }
    const part = shortened(block, room - 2);
    return [...parts, ...(part === null ? [] : [part]), notice].join("\n\n");
  }
  return parts.join("\n\n");
}

const bytes = (text: string) => Buffer.byteLength(text);

/** As many of a block's lines as there is room for; `null` for none. */
function shortened(block: Block, room: number): string | null {
  if (block.kind === "text") return null;
  const items: readonly (readonly string[] | string)[] = block.kind === "table" ? block.rows : block.lines;
  const first = (count: number) =>
    renderBlock(
      block.kind === "table"
        ? { ...block, rows: block.rows.slice(0, count) }
        : { ...block, lines: block.lines.slice(0, count) },
    );
  let [fits, toomany] = [0, items.length];
  while (toomany - fits > 1) {
    const middle = Math.floor((fits + toomany) / 2);
    if (bytes(first(middle)) <= room) fits = middle;
    else toomany = middle;
  }
  return fits === 0 ? null : first(fits);
}

function renderBlock(block: Block): string {
  if (block.kind === "text") return block.text;
  if (block.kind === "diff") return renderDiff(block.lines);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [line(block.head), line(block.head.map(() => "---")), ...block.rows.map(line)].join("\n");
  return block.summary === undefined ? table : `<details><summary>${block.summary}</summary>\n\n${table}\n\n</details>`;
}

function renderDiff(lines: readonly string[]): string {
  const marks = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const fence = "`".repeat(Math.max(3, ...marks.map((length) => length + 1)));
  return [`${fence}diff`, ...lines, fence].join("\n");
}
