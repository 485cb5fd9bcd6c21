/** `docs/interoperability.md`: a section a peer, of which a run writes those that it has something to say of. */
import { clean } from "../../src/core/text.ts";

/** What a run found out about a peer. */
export type PeerResult = {
  readonly peer: { readonly name: string; readonly version: string };
} & (
  | { readonly tried: readonly { readonly what: string; readonly saw: string }[] }
  /** Why the peer was not to be had. */
  | { readonly missing: string }
);

/** When a run was, and with what. */
export interface RunFacts {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly node: string;
}

/**
 * The document with the sections of these peers written anew. What stands before the first section is kept, and so are other peers'
 * sections; a peer that was not to be had this time keeps what an earlier run found.
 */
export function withResults(before: string, results: readonly PeerResult[], facts: RunFacts): string {
  const [intro = "", ...rest] = before.split(/^(?=## )/m);
  const sections = new Map(rest.map((section) => [peerOf(section), section.trim()]));
  for (const result of results) {
    const { name } = result.peer;
    if ("tried" in result || !/^Tried on /m.test(sections.get(name) ?? "")) sections.set(name, written(result, facts));
  }
  const sorted = [...sections].sort(([a], [b]) => a.localeCompare(b, "en")).map(([, section]) => section);
  return `${[intro.trim(), ...sorted].join("\n\n")}\n`;
}

/** The peer's name from a section's heading, which ends in its version. */
const peerOf = (section: string) => /^## (.*) \S+$/m.exec(section)?.[1] ?? "";

function written(result: PeerResult, { date, node }: RunFacts): string {
  const heading = `## ${result.peer.name} ${result.peer.version}`;
  if (!("tried" in result)) return `${heading}\n\nNot tried on ${date}: ${inCell(result.missing)}`;
  const rows = result.tried.map(({ what, saw }) => `| ${inCell(what)} | ${inCell(saw)} |`);
  return [
    heading,
    "",
    `Tried on ${date} with Node ${node.slice(1)}.`,
    "",
    "| tried | came of it |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

/** Outside text in a table's cell: on one line, its bars escaped, and what differs from run to run, ports and times, left out. */
function inCell(text: string): string {
  return clean(text, 900)
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1")
    .replace(/, at \d{4}-\d\d-\d\dT[\d:]+Z/g, "")
    .replace(/[|<>]/g, (character) => `\\${character}`);
}
