/** What Akto's team says of a user. */
import type { Membership } from "../../core/login/report.ts";
import type { TeamMember } from "../../core/model/akto.ts";

/**
 * What the team says of a user.
 *
 * @param team `undefined` without a connection to Akto
 */
export function membershipOf(team: readonly TeamMember[] | undefined, email: string | null): Membership {
  if (!team) return { kind: "unknown" };
  const member = team.find(({ login }) => login.toLowerCase() === (email ?? "").toLowerCase());
  if (!member) return { kind: "new" };
  const { invited, storedRole, scopedRoles } = member;
  return invited ? { kind: "invited" } : { kind: "member", storedRole, scopedRoles };
}
