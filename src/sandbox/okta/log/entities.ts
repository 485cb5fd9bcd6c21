/** The org's things as the log names them. */
import type { AppRecord, GroupRecord, UserRecord } from "../types.ts";
import type { LogEntity } from "./types.ts";

/** Anything that has an id and a name. Where Okta has no second name for a thing, it writes “unknown”. */
export function entity(
  type: string,
  { id, name }: { readonly id: string; readonly name: string },
  detailEntry: LogEntity["detailEntry"] = null,
): LogEntity {
  return { id, type, alternateId: "unknown", displayName: name, detailEntry };
}

/** A user, by login and full name. */
export function userEntity({ id, profile }: UserRecord, type = "User"): LogEntity {
  const name = `${profile.firstName} ${profile.lastName}`.trim() || profile.login;
  return { id, type, alternateId: profile.login, displayName: name, detailEntry: null };
}

/** A group. */
export const groupEntity = ({ id, name }: GroupRecord): LogEntity => entity("UserGroup", { id, name });

/** An app, as what somebody goes to. */
export const appEntity = ({ id, label }: AppRecord): LogEntity => ({
  ...entity("AppInstance", { id, name: label }),
  alternateId: label,
});

/** An app, as the client that asks for codes and tokens: it is the actor there, not the user. */
export const clientEntity = ({ clientId, label }: AppRecord): LogEntity =>
  entity("PublicClientApp", { id: clientId, name: label });

/** Somebody who can't be identified. */
export const unknownActor: LogEntity = entity("User", { id: "unknown", name: "unknown" });

/** Okta itself. */
export const systemActor: LogEntity = {
  id: "okta",
  type: "SystemPrincipal",
  alternateId: "system@okta.com",
  displayName: "Okta System",
  detailEntry: null,
};
