/** What Akto's team says of a user. */
import type { Membership } from "../../core/login/report.ts";
import type { Account } from "./account.ts";

/**
 * What the team says of a user.
 *
 * @param email `undefined` where it isn't known
 */
export function membershipOf(
  { team, teamUnseen }: Pick<Account, "team" | "teamUnseen">,
  email: string | null | undefined,
): Membership {
  if (!team || email === undefined) return { kind: "unknown", why: teamUnseen };
  const member = team.find(({ login }) => login.toLowerCase() === (email ?? "").toLowerCase());
  if (!member) return { kind: "new" };
  const { invited, storedRole, scopedRoles } = member;
  return invited ? { kind: "invited" } : { kind: "member", storedRole, scopedRoles };
}
