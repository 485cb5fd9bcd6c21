/** Who is assigned to an app, where what the token shows agrees. */
import { isFailure } from "../../core/failure.ts";
import type { AssignedGroup } from "../../core/model/okta.ts";
import { once } from "../../core/once.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { Unseen } from "./read.ts";

const unseen = "This API token shows no assignment of the user to the app";

/**
 * Whether users are assigned to the app. Okta answers 404 to an admin who can't see assignments as well, so a no counts only
 * where the rest of what the token shows of them agrees; that is asked for once.
 *
 * @returns takes a user's id and the way to the ids of their groups; throws {@link Unseen} where it can't be told
 */
export function assignments(
  org: OktaOrg,
  appId: string,
): (userId: string, groupIds: () => Promise<readonly string[]>) => Promise<boolean> {
  const assignedGroups = once(async (): Promise<readonly AssignedGroup[]> => {
    const found: AssignedGroup[] = [];
    try {
      for await (const _ of org.apps.users(appId)) break;
      for await (const group of org.apps.groups(appId)) found.push(group);
    } catch (error) {
      if (!isFailure(error, "okta.not_found") && !isFailure(error, "okta.token_powerless")) throw error;
      throw new Unseen(`${unseen}, nor any other: its owner may not see them.`, error);
    }
    return found;
  });
  return async (userId, groupIds) => {
    if (await org.apps.isAssigned(appId, userId)) return true;
    const own = new Set(await groupIds());
    const through = (await assignedGroups()).find(({ id }) => own.has(id));
    if (!through) return false;
    throw new Unseen(
      `${unseen}, though the app is assigned to ${quoted(through.name ?? through.id)}, a group they are in: its owner may not see the assignments.`,
    );
  };
}
