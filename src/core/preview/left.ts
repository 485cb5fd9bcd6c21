/** Akto's team against those who may sign in: a member who leaves Okta stays in Akto (Akto behavior). Pure. */
import type { TeamMember } from "../model/akto.ts";
import { clean, count } from "../text.ts";
import { describeRow, type PreviewRow, type PreviewTotals } from "./preview.ts";

/** A member of Akto's team who can't sign in through Okta. */
export interface LeftMember {
  readonly member: TeamMember;
  /** Why, in a few words. */
  readonly why: string;
}

/**
 * The members whom no sign-in through Okta brings back, in the team's order. Invited people are none yet.
 *
 * @param rows everyone whom Okta lets try
 * @param absent what is the case with a member who is not among them, in a few words
 */
export function leftInTeam(team: readonly TeamMember[], rows: readonly PreviewRow[], absent: string): LeftMember[] {
  if (team.length === 0) return [];
  // Akto knows its members by the email address that userinfo gives (Akto behavior).
  const known = new Map<string, PreviewRow>();
  for (const row of rows) {
    const address = (row.person.email ?? row.person.login).toLowerCase();
    if (row.turnedAway === null || !known.has(address)) known.set(address, row);
  }
  return team.flatMap((member): LeftMember[] => {
    const row = known.get(member.login.toLowerCase());
    return member.invited || row?.turnedAway === null ? [] : [{ member, why: row ? describeRow(row) : absent }];
  });
}

// So many are named.
const named = 5;

/** One sentence on all of them; `null` when there are none, or when nobody gets in at all. */
export function sayLeft(left: readonly LeftMember[], { admitted }: Pick<PreviewTotals, "admitted">): string | null {
  // Where nobody gets in, that is the set-up's fault, and nobody's to go for.
  if (left.length === 0 || admitted === 0) return null;
  const names = left.slice(0, named).map(({ member, why }) => `${clean(member.login, 80)} (${why})`);
  const more = left.length > named ? ` and ${count(left.length - named, "other")}` : "";
  return `${count(left.length, "member")} of Akto's team can't sign in through Okta: ${names.join(", ")}${more}. Akto removes nobody by itself: remove anyone who should go there.`;
}
