/** Addresses of the management API: how they are made, and how Okta names the next one. */
import { notFoundById } from "./errors.ts";

/**
 * A path with ids in it, each in one segment whatever it holds: ``pathTo`/api/v1/groups/${id}/users` ``.
 *
 * @throws Failure `okta.not_found` for an id that can't stand in a path, which nothing can have
 */
export function pathTo(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.reduce((path, part, at) => path + segment(ids[at - 1] ?? "") + part);
}

/** An empty segment and dots lead elsewhere, and half a character leads nowhere. */
function segment(id: string): string {
  if (/^\.{0,2}$|\p{Cs}/u.test(id)) throw notFoundById();
  return encodeURIComponent(id);
}

/**
 * Where the link with the relation `next` in a `Link` header leads (RFC 8288 section 3), wherever that is.
 *
 * @param base the address that was asked: a link may be given relative to it
 * @returns the whole address, or as it stands there when it is none; `undefined` without such a link
 */
export function nextLink(header: string | null, base: string): string | undefined {
  for (const [, target = "", parameters = ""] of (header ?? "").matchAll(
    /<([^<>]*)>((?:[^,"<]|"(?:[^"\\]|\\.)*")*)/g,
  )) {
    if (!relations(parameters).includes("next")) continue;
    return URL.canParse(target, base) ? new URL(target, base).href : target;
  }
  return undefined;
}

/** The relations of a link: of its `rel` parameters the first counts (RFC 8288 section 3.3). */
function relations(parameters: string): string[] {
  for (const [, name = "", quoted, bare] of parameters.matchAll(
    /;\s*([^\s;=,"]+)\s*(?:=\s*(?:"([^"]*)"|([^\s;,"]+)))?/g,
  )) {
    if (name.toLowerCase() === "rel") return (quoted ?? bare ?? "").toLowerCase().split(/\s+/);
  }
  return [];
}
