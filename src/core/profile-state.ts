/** How far a profile's setup is, and what would be missed if the profile were gone. */
import type { Profile, ProfileOrigin } from "./model/profile.ts";

/** `interrupted`: a run was cut off in the middle of a change in Okta or Akto. */
export type SetupState = "finished" | "unfinished" | "interrupted";

/** How far the setup is. A finished one may have been started again: that is the profile's `setup`. */
export function setupState(profile: Profile): SetupState {
  const { domain, clientId, authServerId, issuer, creating = [], replacing } = profile;
  if (replacing || creating.length > 0) return "interrupted";
  const server = authServerId ?? issuer;
  return domain !== undefined && clientId !== undefined && server !== undefined ? "finished" : "unfinished";
}

/** Whether something is noted in it that nobody else knows, and that undoing the setup would need. */
export function isMissed({ created = [], creating = [], replacing, temporaryRedirectUris = [] }: Profile): boolean {
  return created.length + creating.length + temporaryRedirectUris.length > 0 || replacing !== undefined;
}

/** Where a profile's name is from, in words. */
export function describeProfileOrigin(origin: ProfileOrigin): string {
  const words = {
    flag: "--profile",
    environment: "AKTO_OKTA_PROFILE",
    choice: "`profile use`",
    default: "the default",
  } satisfies Record<ProfileOrigin, string>;
  return words[origin];
}
