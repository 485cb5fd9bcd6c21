/** Who calls the management API, and what they may do there. */
import { ApiError, forbidden, invalidToken } from "./errors.ts";
import type { AdminRole, OktaState, UserRecord } from "./types.ts";

/** The areas of the API, named as the OAuth scopes `okta.{area}.read` and `okta.{area}.manage` are. */
export type Area = "groups" | "users" | "apps" | "authorizationServers" | "apiTokens" | "roles" | "orgs" | "features";
export type Need = `${Area}.${"read" | "manage"}`;

const read: readonly Need[] = [
  "groups.read",
  "users.read",
  "apps.read",
  "authorizationServers.read",
  "apiTokens.read",
  "roles.read",
  "orgs.read",
  "features.read",
];
const everything: readonly Need[] = [
  ...read,
  "groups.manage",
  "users.manage",
  "apps.manage",
  "authorizationServers.manage",
  "apiTokens.manage",
  "roles.manage",
  "orgs.manage",
  "features.manage",
];

/** What each admin role may do, of what the sandbox serves (Okta's table of standard administrator roles). */
const grants: Readonly<Record<AdminRole, readonly Need[]>> = {
  SUPER_ADMIN: everything,
  ORG_ADMIN: [
    "groups.read",
    "groups.manage",
    "users.read",
    "users.manage",
    "apps.read",
    "apiTokens.read",
    "apiTokens.manage",
    "orgs.read",
    "orgs.manage",
    "features.read",
  ],
  APP_ADMIN: ["groups.read", "users.read", "apps.read", "apps.manage", "authorizationServers.read", "orgs.read"],
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
  READ_ONLY_ADMIN: read,
  REPORT_ADMIN: ["apps.read", "orgs.read"],
};

/** The one network zone that the sandbox's callers are in. */
export const callersZone = "nzosandboxcallers001";

/** Whoever sent the request, with all that they may do. */
export interface Caller {
  /** The owner of the API token; a service app has none. */
  readonly user: UserRecord | undefined;
  readonly tokenId: string | undefined;
  readonly may: ReadonlySet<Need>;
  /** Refuses with Okta's E0000006 unless the caller may do it. */
  demand(need: Need): void;
}

/** An access token of a service app, as the org's token endpoint gave it out. */
export interface ServiceToken {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
}

function caller(
  roles: readonly AdminRole[],
  details: Pick<Caller, "user" | "tokenId">,
  scopes?: ReadonlySet<string>,
): Caller {
  const may = new Set(roles.flatMap((role) => [...grants[role]]));
  const within = (need: Need) => {
    if (scopes === undefined) return true;
    return scopes.has(`okta.${need}`) || scopes.has(`okta.${need.replace(/\.read$/, ".manage")}`);
  };
  return {
    ...details,
    may,
    demand(need) {
      if (!within(need)) {
        throw new ApiError(403, "E0000006", "The access token provided does not contain the required scopes.");
      }
      if (!may.has(need)) throw forbidden();
    },
  };
}

/**
 * The sender of a request.
 *
 * @param authorization the `Authorization` header
 * @param serviceToken looks an OAuth access token up
 * @throws ApiError E0000011 when the token is unknown, expired, or its owner is not active; E0000006 when it is held to
 *   network zones that the caller is not in
 */
export async function identify(
  authorization: string | undefined,
  state: OktaState,
  now: number,
  serviceToken: (token: string) => Promise<ServiceToken | undefined>,
): Promise<Caller> {
  const [, scheme, token] = /^(SSWS|Bearer) +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (scheme === undefined || token === undefined) throw invalidToken();
  if (scheme.toUpperCase() === "SSWS") {
    const found = [...state.apiTokens.values()].find((record) => record.token === token);
    const owner = found && state.users.get(found.userId);
    if (!found || !owner || owner.status !== "ACTIVE" || found.expiresAt <= now) throw invalidToken();
    if (found.zones.length > 0 && !found.zones.includes(callersZone)) throw forbidden();
    return caller(owner.roles, { user: owner, tokenId: found.id });
  }
  const found = await serviceToken(token);
  const app = found && [...state.apps.values()].find((record) => record.clientId === found.clientId);
  if (!found || !app || app.status !== "ACTIVE") throw invalidToken();
  return caller(app.roles, { user: undefined, tokenId: undefined }, found.scopes);
}
