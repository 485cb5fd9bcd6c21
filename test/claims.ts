import type { ServerClaim } from "../src/core/model/okta.ts";

/** The groups claim as Akto needs it, of the groups whose names begin with “Akto”; `changes` spoil it. */
export function groupsClaim(changes: Partial<ServerClaim> = {}): ServerClaim {
  return {
    id: "ocl1",
    name: "groups",
    status: "ACTIVE",
    claimType: "RESOURCE",
    valueType: "GROUPS",
    groupFilterType: "STARTS_WITH",
    value: "Akto",
    scopes: [],
    ...changes,
  };
}
