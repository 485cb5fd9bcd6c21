/** What userinfo and the ID token say about a user. */
import type { UserRecord } from "../types.ts";

/** What userinfo and the ID token tell, by scope (Okta behavior). */
export const scopeClaims = {
  profile: ["name", "preferred_username", "given_name", "family_name", "locale", "zoneinfo", "updated_at"],
  email: ["email", "email_verified"],
} as const;

/** The profile of a user as OpenID Connect claims, whatever the scopes. */
export function profileClaims(user: UserRecord) {
  const { firstName, lastName, login, email } = user.profile;
  return {
    name: `${firstName} ${lastName}`.trim(),
    given_name: firstName,
    family_name: lastName,
    preferred_username: login,
    locale: "en_US",
    zoneinfo: "America/Los_Angeles",
    updated_at: Math.floor(user.lastUpdated / 1000),
    // Okta leaves out what a profile doesn't have.
    ...(email && { email, email_verified: true }),
  };
}

/** The claims that the scopes open, of all there are. */
export function claimsOfScopes(scopes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(Object.entries(scopeClaims).flatMap(([scope, names]) => (scopes.has(scope) ? [...names] : [])));
}
