/** An Okta org by its management API. */
import type { HttpClient } from "../http/types.ts";
import { oktaApps } from "./apps.ts";
import { oktaAuthServers } from "./auth-servers.ts";
import { Connection } from "./connection.ts";
import { oktaGroups } from "./groups.ts";
import { oktaLog } from "./logs.ts";
import { oktaSignInPolicies } from "./policies.ts";
import { createSignedHttp, type OktaCredentials } from "./signing.ts";
import type { OktaOrg } from "./types.ts";
import { oktaUsers } from "./users.ts";

/** Which org, how to sign requests to it (an API token, or a service app's key), and the way there. */
export type OktaOrgOptions = {
  /** See `parseOktaDomain`. */
  readonly origin: string;
  readonly http: HttpClient;
} & OktaCredentials;

/** The org at `origin`. Nothing is sent before its first method is called. */
export function createOktaOrg({ origin, http, ...credentials }: OktaOrgOptions): OktaOrg {
  const connection = new Connection(origin, createSignedHttp({ origin, credentials, http }));
  return {
    apps: oktaApps(connection),
    authServers: oktaAuthServers(connection),
    log: oktaLog(connection),
    signInPolicies: oktaSignInPolicies(connection),
    ...oktaGroups(connection),
    ...oktaUsers(connection),
  };
}
