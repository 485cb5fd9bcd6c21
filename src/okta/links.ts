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

/** An empty segment and dots lead to another place, and half a character to none. */
function segment(id: string): string {
  if (/^\.{0,2}$|\p{Cs}/u.test(id)) throw notFoundById();
  return encodeURIComponent(id);
}

/**
 * The target of the link with the relation `next` in a `Link` header (RFC 8288 section 3).
 *
 * @returns the address as it stands there, wherever it leads; `undefined` without such a link
 */
export function nextLink(header: string | null): string | undefined {
  for (const [, target, parameters = ""] of (header ?? "").matchAll(/<([^<>]*)>((?:[^,"<]|"(?:[^"\\]|\\.)*")*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    if ((quoted ?? bare ?? "").toLowerCase().split(/\s+/).includes("next")) return target;
  }
  return undefined;
}
