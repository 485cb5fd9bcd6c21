/** What an unexpected page says: firewalls, proxies and error pages answer in HTML. */

/** An HTML page's text: no scripts, styles or tags, the few entities that Okta's pages use resolved. In linear time. */
export function visibleText(html: string): string {
  // Text and the slash of each tag in turn: what follows an opening script is dropped, up to the closing one.
  const pieces = html.slice(0, 200_000).split(/<(\/?)(?:script|style|title)\b[^<>]*>/i);
  const kept = pieces.filter((_, index) => index % 2 === 0 && (index === 0 || pieces[index - 1] === "/"));
  return kept
    .join(" ")
    .replace(/<[^<>]*>/g, " ")
    .replace(
      /&(#39|#x27|apos|quot|#34|lt|gt|nbsp|amp);/gi,
      (_, name: string) => entities.get(name.toLowerCase()) ?? " ",
    )
    .replace(/\s+/g, " ")
    .trim();
}

const entities = new Map([
  ["#39", "'"],
  ["#x27", "'"],
  ["apos", "'"],
  ["quot", '"'],
  ["#34", '"'],
  ["lt", "<"],
  ["gt", ">"],
  ["nbsp", " "],
  ["amp", "&"],
]);

// Enough to tell whose page it is.
const shown = 150;

/** The first words of a text, for a sentence. */
export function beginning(text: string): string {
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
