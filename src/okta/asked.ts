/** What a request of the management API is for, in words: used to describe an answer that names no cause. */
import { clean } from "../core/text.ts";

/** What a path names, as one thing and as several. */
const things = new Map<string, readonly [one: string, several: string]>([
  ["groups", ["a group", "groups"]],
  ["users", ["a user", "users"]],
  ["apps", ["an app", "apps"]],
  ["authorizationServers", ["an authorization server", "authorization servers"]],
  ["api-tokens", ["an API token", "API tokens"]],
  ["policies", ["an authentication policy", "authentication policies"]],
  ["groups/users", ["a group's member", "a group's members"]],
  ["users/groups", ["a user's group", "a user's groups"]],
  ["apps/groups", ["an app's group assignment", "an app's group assignments"]],
  ["apps/users", ["an app's user assignment", "an app's user assignments"]],
  ["apps/credentials", ["an app's client secret", "an app's client secrets"]],
  ["apps/policies", ["an app's authentication policy", "an app's authentication policies"]],
  ["authorizationServers/claims", ["a claim", "claims"]],
  ["authorizationServers/scopes", ["a scope", "scopes"]],
  ["authorizationServers/policies", ["an access policy", "access policies"]],
  ["authorizationServers/policies/rules", ["a rule of an access policy", "the rules of an access policy"]],
  ["policies/rules", ["a rule of an authentication policy", "the rules of an authentication policy"]],
]);

/** Requests with a description of their own. */
const single = new Map<string, string>([
  ["users/me", "asking whose token it is"],
  ["logs", "reading the System Log"],
  ["policies/simulate", "asking Okta to try its policies"],
]);

/** What a method does to one thing. */
const verbs = new Map([
  ["GET", "reading"],
  ["PUT", "changing"],
  ["PATCH", "changing"],
  ["POST", "changing"],
  ["DELETE", "deleting"],
]);

/**
 * A request in words, with its method and path: `listing groups (GET /api/v1/groups)`.
 *
 * @param address the whole address; its query is left out
 */
export function asked(method: string, address: string): string {
  const { pathname } = new URL(address);
  const request = `${method} ${clean(pathname)}`;
  const segments = pathname.split("/").slice(3);
  const own = single.get(segments.slice(0, 2).join("/"));
  if (own !== undefined) return `${own} (${request})`;
  const lifecycle = segments.indexOf("lifecycle");
  const named = lifecycle < 0 ? segments : segments.slice(0, lifecycle);
  // Kinds and ids take turns, but for an app's credentials, which are of one kind here.
  const kinds = named.filter((_, index) => index % 2 === 0);
  const known = things.get((kinds[1] === "credentials" ? kinds.slice(0, 2) : kinds).join("/"));
  if (!known) return request;
  const [one, several] = known;
  if (lifecycle >= 0) return `switching ${one} on or off (${request})`;
  if (segments.length % 2 === 0) return `${verbs.get(method) ?? method} ${one} (${request})`;
  return `${method === "GET" ? `listing ${several}` : `creating ${one}`} (${request})`;
}
