/** Facts that a report on a sign-in needs, whether somebody signed in or not. */
import type { TeamMember } from "../akto/types.ts";
import { isFailure } from "../core/failure.ts";
import type { ApiGroups, Membership } from "../core/login-report.ts";
import { readGroupsClaim } from "../core/resolve.ts";
import type { OktaOrg } from "../okta/types.ts";

/**
 * What the team says of a user.
 *
 * @param team `undefined` without a connection to Akto
 */
export function membershipOf(team: readonly TeamMember[] | undefined, email: string | null): Membership {
  if (!team) return { kind: "unknown" };
  const member = team.find(({ login }) => login.toLowerCase() === (email ?? "").toLowerCase());
  return member && !member.invited
    ? { kind: "member", role: member.role, productScoped: member.productScoped }
    : { kind: "new" };
}

/** The groups by API token, exactly when Akto asks for them: only if the access token brought none. */
export async function apiGroups(
  org: OktaOrg | null,
  aktoHasToken: boolean,
  accessToken: string,
  userId: string,
): Promise<ApiGroups> {
  if (readGroupsClaim(accessToken).kind === "groups") return { kind: "not_needed" };
  if (!aktoHasToken) return { kind: "no_token" };
  if (!org) return { kind: "failed", message: "Akto stores an API token, but this tool has none to ask with." };
  try {
    return { kind: "answered", names: await org.firstPageOfUserGroups(userId) };
  } catch (error) {
    if (!isFailure(error) || error.kind === "interrupted") throw error;
    return { kind: "failed", message: error.message };
  }
}
