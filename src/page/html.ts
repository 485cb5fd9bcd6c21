/** HTML by tagged templates: whatever is put into one is cleaned and escaped, unless it is HTML already. */
import { clean } from "../core/text.ts";

/** A piece of HTML. Only this file makes one. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | undefined | readonly Html[];

/** The longest text put into a page at once, in characters. A sentence may quote several names. */
const longestText = 2_000;

/** HTML from a template. Strings are outside text, wherever they come from; `null` and `undefined` are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, index) => part + (index < values.length ? shown(values[index]) : "")).join(""));
}

/** A sentence as the terminal has it, in which commands stand between backticks. It may quote outside text. */
export function sentence(text: string): Html {
  const pieces = clean(text, longestText).split(/`(akto-okta [^`]*)`/);
  return new Html(
    pieces.map((piece, index) => (index % 2 === 1 ? `<code>${escaped(piece)}</code>` : escaped(piece))).join(""),
  );
}

function shown(value: Value): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("\n");
  return escaped(clean(value, longestText));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
