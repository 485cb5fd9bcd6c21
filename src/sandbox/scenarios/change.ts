/** A scenario, and the ways to change a seed that scenarios share. */
import type { ApiTokenSeed, AppSeed, AuthorizationServerSeed, ClaimSeed, GroupSeed, UserSeed } from "../okta/types.ts";
import { logins, type Origins, type WholeSeed } from "../seed.ts";
import type { AktoSeed, AktoSsoSeed } from "../types.ts";

/** A named way in which a setup goes wrong. */
export interface Scenario {
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What differs from {@link configured}. */
  readonly change: (seed: WholeSeed, origins: Origins) => WholeSeed;
}

/** Where every scenario starts: Akto has the SSO and a mapping, and everyone has signed in before. */
export function configured(seed: WholeSeed): WholeSeed {
  // A seed with its own mapping is configured already.
  if (seed.akto.mapping) return seed;
  return akto(seed, {
    mapping: new Map([
      ["Akto Admins", "ADMIN"],
      ["Akto Security", "MEMBER"],
      ["Akto Developers", "DEVELOPER"],
      ["AppSec Contractors", "GUEST"],
    ]),
    members: [
      ...(seed.akto.members ?? []),
      { login: logins.developer, name: "Priya Raman", role: "DEVELOPER" },
      { login: logins.contractor, name: "Marek Novak", role: "GUEST" },
      { login: logins.accountant, name: "Sofia Rossi", role: "MEMBER" },
    ],
  });
}

/** With another Akto account. */
export function akto(seed: WholeSeed, change: AktoSeed): WholeSeed {
  return { ...seed, akto: { ...seed.akto, ...change } };
}

/** With another Okta SSO in Akto. */
export function sso(seed: WholeSeed, change: AktoSsoSeed): WholeSeed {
  return akto(seed, { sso: { ...seed.akto.sso, ...change } });
}

/** With another role for a group of the mapping, or another name for the group. */
export function mapped(seed: WholeSeed, group: string, entry: { group?: string; role?: string }): WholeSeed {
  const mapping = Array.from(seed.akto.mapping ?? [], ([name, role]) =>
    name === group ? ([entry.group ?? name, entry.role ?? role] as const) : ([name, role] as const),
  );
  return akto(seed, { mapping: new Map(mapping) });
}

/** With another org. */
export function okta(seed: WholeSeed, change: Partial<WholeSeed["okta"]>): WholeSeed {
  return { ...seed, okta: { ...seed.okta, ...change } };
}

/** With another API token in place of this one. */
export function token(seed: WholeSeed, which: string, change: Partial<ApiTokenSeed>): WholeSeed {
  const apiTokens = (seed.okta.apiTokens ?? []).map((one) => (one.token === which ? { ...one, ...change } : one));
  return okta(seed, { apiTokens });
}

/** With another app for Akto. */
export function app(seed: WholeSeed, change: Partial<AppSeed>): WholeSeed {
  const [first, ...others] = seed.okta.apps;
  return okta(seed, { apps: [{ ...first, ...change }, ...others] });
}

/** With another authorization server. */
export function server(seed: WholeSeed, change: Partial<AuthorizationServerSeed>): WholeSeed {
  const [first, ...others] = seed.okta.authorizationServers;
  return okta(seed, { authorizationServers: [{ ...first, ...change }, ...others] });
}

/** With another groups claim. */
export function claim(seed: WholeSeed, change: Partial<ClaimSeed>): WholeSeed {
  const claims = seed.okta.authorizationServers[0].claims ?? [];
  return server(seed, { claims: claims.map((one) => ({ ...one, ...change })) });
}

/** With another group of this name; `null` deletes it. */
export function group(seed: WholeSeed, name: string, change: Partial<GroupSeed> | null): WholeSeed {
  const groups = seed.okta.groups.flatMap((one) =>
    one.name !== name ? [one] : change === null ? [] : [{ ...one, ...change }],
  );
  return okta(seed, { groups });
}

/** With another user of this login. */
export function user(seed: WholeSeed, login: string, change: Partial<UserSeed>): WholeSeed {
  return okta(seed, { users: seed.okta.users.map((one) => (one.login === login ? { ...one, ...change } : one)) });
}
