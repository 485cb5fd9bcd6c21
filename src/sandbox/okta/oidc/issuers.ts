/** The issuers of an org: its own authorization server and the custom ones, as seen from the host that was asked. */
import type { AuthorizationServerRecord, OktaState } from "../types.ts";

/** An authorization server, and the issuer that its tokens name. */
export interface Issuer {
  /** `undefined` for the org authorization server. */
  readonly server: AuthorizationServerRecord | undefined;
  readonly url: string;
  /** The part of the path before the endpoints' own, such as `/oauth2/default`; empty for the org server. */
  readonly mountPath: string;
}

/** The origins that the org is reached at. */
export interface Origins {
  readonly own: string;
  /** The custom domain. */
  readonly other: string;
}

const orgEndpoints = /^\/(oauth2\/v1\/|\.well-known\/(openid-configuration|oauth-authorization-server)$|signin\/)/;

/**
 * The issuer that serves this path.
 *
 * @param origin the origin that the caller used
 * @returns `undefined` when the path is none of an authorization server; `null` when it names a server that there is not
 */
export function issuerAt(path: string, origin: string, origins: Origins, state: OktaState): Issuer | null | undefined {
  if (orgEndpoints.test(path)) return { server: undefined, url: origin, mountPath: "" };
  const id = /^\/oauth2\/([^/]*)\//.exec(path)?.[1];
  if (id === undefined) return undefined;
  const server = state.authorizationServers.get(id);
  if (server?.status !== "ACTIVE") return null;
  return { server, url: issuerUrl(server, origin, origins), mountPath: `/oauth2/${id}` };
}

/** The issuer of a custom server: on the org's own domain, the custom one, or whichever was asked (`DYNAMIC`). */
export function issuerUrl(server: AuthorizationServerRecord, origin: string, origins: Origins): string {
  const base = { ORG_URL: origins.own, CUSTOM_URL: origins.other, DYNAMIC: origin }[server.issuerMode];
  return `${base}/oauth2/${server.id}`;
}
