/** Which redirect URIs an app takes. */
import type { OktaApp } from "../model/okta.ts";

/**
 * Whether the app takes the redirect URI: it has it to the letter, or, where wildcards are on, one whose `*` stands for the
 * first label of the host (Okta: `wildcard_redirect: SUBDOMAIN`, for instance `https://*.example.com/callback`).
 */
export function coversUri(
  { redirectUris, wildcardRedirect }: Pick<OktaApp, "redirectUris" | "wildcardRedirect">,
  uri: string,
): boolean {
  if (redirectUris.includes(uri)) return true;
  return wildcardRedirect && redirectUris.some((pattern) => matchesWildcard(pattern, uri));
}

function matchesWildcard(pattern: string, uri: string): boolean {
  const [before, after, more] = pattern.split("*");
  if (before === undefined || after === undefined || more !== undefined) return false;
  // The star is in the host's first label, and nowhere else.
  if (!/^https?:\/\/[a-z0-9-]*$/i.test(before) || !/^[a-z0-9-]*\./i.test(after)) return false;
  if (!uri.startsWith(before) || !uri.endsWith(after) || uri.length < before.length + after.length) return false;
  return /^[a-z0-9-]+$/i.test(uri.slice(before.length, uri.length - after.length));
}
