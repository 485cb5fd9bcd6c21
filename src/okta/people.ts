/** Groups and users as Okta answers them. */
import type { Group, User } from "@okta/okta-sdk-nodejs";
import type { OktaGroup, OktaUser } from "../core/model/okta.ts";
import { Reader } from "./read.ts";

/** A string in Okta's filter language: one of JSON's, as in SCIM (RFC 7644 section 3.4.2.2). */
export function filterString(text: string): string {
  return JSON.stringify(text);
}

/** A group as Okta answers it. */
export function readGroup(value: unknown): OktaGroup {
  const group = new Reader<Group>(value, "group");
  const profile = group.within("profile");
  const members = group.within("_embedded").within("stats").number("usersCount");
  return {
    id: group.text("id"),
    name: profile.text("name"),
    type: group.optional("type") ?? "",
    description: profile.optional("description") ?? "",
    ...(members === undefined ? {} : { members }),
  };
}

/** A user as Okta answers it. */
export function readUser(value: unknown): OktaUser {
  const user = new Reader<User>(value, "user");
  const profile = user.within("profile");
  const login = profile.text("login");
  const fullName = () => [profile.optional("firstName"), profile.optional("lastName")].filter(Boolean).join(" ");
  return {
    id: user.text("id"),
    login,
    email: profile.has("email") ? profile.optional("email") : undefined,
    name: profile.optional("displayName") || fullName() || login,
    status: user.optional("status") ?? "",
  };
}
