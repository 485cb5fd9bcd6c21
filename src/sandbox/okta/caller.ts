/** Who calls the management API, and what they may do there. */
import type { IncomingMessage } from "node:http";
import { forbidden, invalidSession, invalidToken, ScopeMissing } from "./errors.ts";
import { isProof } from "./proof.ts";
import { appOfClient } from "./state.ts";
import type { AdminRole, AppRecord, OktaState, UserRecord } from "./types.ts";

/** What routes need, named as the OAuth scopes `okta.{area}.read` and `okta.{area}.manage` are. */
const needs = [
  "groups.read",
  "users.read",
  "apps.read",
  "authorizationServers.read",
  "apiTokens.read",
  "roles.read",
  "orgs.read",
  "logs.read",
  "policies.read",
  "groups.manage",
  "users.manage",
  "apps.manage",
  "authorizationServers.manage",
  "apiTokens.manage",
  "policies.manage",
] as const;
export type Need = (typeof needs)[number];

/** What each admin role may do, of what the sandbox serves (Okta's table of standard administrator roles). */
const grants: Readonly<Record<AdminRole, readonly Need[]>> = {
  SUPER_ADMIN: needs,
  ORG_ADMIN: [
    "groups.read",
    "groups.manage",
    "users.read",
    "users.manage",
    "apps.read",
    "apiTokens.read",
    "apiTokens.manage",
    "orgs.read",
    "logs.read",
    "policies.read",
    "policies.manage",
  ],
  APP_ADMIN: [
    "groups.read",
    "users.read",
    "apps.read",
    "apps.manage",
    "authorizationServers.read",
    "orgs.read",
    "logs.read",
    "policies.read",
  ],
  API_ACCESS_MANAGEMENT_ADMIN: [
    "groups.read",
    "users.read",
    "apps.read",
    "apps.manage",
    "authorizationServers.read",
    "authorizationServers.manage",
    "orgs.read",
  ],
  USER_ADMIN: ["groups.read", "groups.manage", "users.read", "users.manage", "apps.read", "orgs.read"],
  GROUP_MEMBERSHIP_ADMIN: ["groups.read", "groups.manage", "users.read", "orgs.read"],
  HELP_DESK_ADMIN: ["groups.read", "users.read", "orgs.read"],
  READ_ONLY_ADMIN: needs.filter((need) => need.endsWith(".read")),
  REPORT_ADMIN: ["apps.read", "orgs.read", "logs.read"],
};

/** The one network zone that the sandbox's callers are in. */
export const callersZone = "nzosandboxcallers001";

/** The roles that can be limited to some groups: then they see those alone, and the users in them (Okta behavior). */
const limitable: readonly AdminRole[] = ["USER_ADMIN", "HELP_DESK_ADMIN", "GROUP_MEMBERSHIP_ADMIN"];

/** The sender of a request, with everything that they may do. */
export interface Caller {
  /** The owner of the API token; a service app has none. */
  readonly user: UserRecord | undefined;
  readonly tokenId: string | undefined;
  /** The service app, where it is one. */
  readonly app: AppRecord | undefined;
  /** Refuses with Okta's E0000006 unless the caller may do it. */
  demand(need: Need): void;
  /** Whether the group is among those that the caller's roles are for. */
  sees(groupId: string): boolean;
}

/** An access token of a service app, as the org's token endpoint gave it out. */
export interface ServiceToken {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** The thumbprint of the key that it is bound to, where it is bound to one (DPoP). */
  readonly boundTo: string | undefined;
}

function caller(
  roles: readonly AdminRole[],
  details: Pick<Caller, "user" | "tokenId" | "app">,
  scopes?: ReadonlySet<string>,
): Caller {
  const may = new Set(roles.flatMap((role) => [...grants[role]]));
  const targets = roles.every((role) => limitable.includes(role)) ? details.user?.groupTargets : undefined;
  const within = (need: Need) => {
    if (scopes === undefined) return true;
    return scopes.has(`okta.${need}`) || scopes.has(`okta.${need.replace(/\.read$/, ".manage")}`);
  };
  return {
    ...details,
    sees: (groupId) => targets?.has(groupId) ?? true,
    demand(need) {
      if (!within(need)) throw new ScopeMissing(`okta.${need}`);
      if (!may.has(need)) throw forbidden();
    },
  };
}

/**
 * The sender of a request.
 *
 * @param url the request's address on the origin that the caller used
 * @param serviceToken looks an OAuth access token up
 * @throws ApiError E0000011 when the token is unknown, expired, or its owner is not active; E0000006 when it is held to
 *   network zones that the caller is not in
 */
export async function identify(
  request: Pick<IncomingMessage, "method" | "headers">,
  url: URL,
  state: OktaState,
  now: number,
  serviceToken: (token: string) => Promise<ServiceToken | undefined>,
): Promise<Caller> {
  if (request.headers.authorization === undefined) throw invalidSession();
  // Okta takes `SSWS` with its token right behind it, as its Python SDK sends it.
  const [, scheme, token] = /^(SSWS|Bearer(?= )|DPoP(?= )) *(\S+)$/i.exec(request.headers.authorization) ?? [];
  if (scheme === undefined || token === undefined) throw invalidToken();
  if (scheme.toUpperCase() === "SSWS") {
    const found = [...state.apiTokens.values()].find((record) => record.token === token);
    const owner = found && state.users.get(found.userId);
    if (!found || !owner || owner.status !== "ACTIVE" || found.expiresAt <= now) throw invalidToken();
    if (found.zones.length > 0 && !found.zones.includes(callersZone)) throw forbidden();
    return caller(owner.roles, { user: owner, tokenId: found.id, app: undefined });
  }
  const found = await serviceToken(token);
  const app = found && appOfClient(state, found.clientId);
  if (!found || !app || app.status !== "ACTIVE") throw invalidToken();
  if ((found.boundTo === undefined) === (scheme.toUpperCase() === "DPOP")) throw invalidToken();
  if (found.boundTo !== undefined) {
    const proof = String(request.headers.dpop);
    const asked = { method: request.method ?? "", url: `${url.origin}${url.pathname}`, token, proof };
    if (!(await isProof(asked, found.boundTo))) throw invalidToken();
  }
  return caller(app.roles, { user: undefined, tokenId: undefined, app }, found.scopes);
}
