import type { OktaGroup } from "../core/model/okta.ts";
import { everyone } from "../core/plan/spec.ts";
import type { OktaOrg } from "../okta/types.ts";

/** The group that everybody in the org is in; `undefined` if the token doesn't show it. Other groups can have its name. */
export async function everyoneIn(org: OktaOrg): Promise<OktaGroup | undefined> {
  return (await org.groupsNamed(everyone)).find(({ type }) => type === "BUILT_IN");
}
