/** What the Akto dashboard keeps about one account. */
import type { CustomRole } from "../../core/model/akto.ts";
import type { AktoInvitationSeed, AktoSeed } from "../types.ts";

/** What Akto says in a role id's place for its default role: where none is stored, and in access per product. */
export const defaultRoleName = "SECURITY ENGINEER";

/** The account's Okta SSO, as `addOktaSso` and `saveOktaGroupRoleMapping` leave it. */
export interface AktoSso {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authorisationServerId: string;
  /** A bare host: Akto puts the scheme before it. */
  readonly oktaDomain: string;
  readonly redirectUri: string;
  readonly managementApiToken: string | null;
  /** The email domain that every user must have: the one of the owner of the key that set the SSO up. */
  readonly organizationDomain: string;
  /** `null` until a mapping was saved for the first time. */
  readonly mapping: ReadonlyMap<string, string> | null;
  readonly syncGroupsToUserTags: boolean;
}

/** A user of the account. */
export interface AktoMember {
  readonly login: string;
  readonly name: string;
  /** `null` until a role was written: then the user has Akto's default. */
  readonly role: string | null;
  /** Product → role, when the access was set per product; it outranks the role. */
  readonly scopeRoleMapping: ReadonlyMap<string, string> | null;
}

/** A custom role as `getCustomRoles` answers it. */
export interface AktoCustomRole extends CustomRole {
  readonly defaultInviteRole: boolean;
}

/** An external API key, and whose it is: the Okta actions need an Admin. */
export interface AktoApiKey {
  readonly login: string;
  readonly role: string;
}

/** The account with everything in it. */
export interface AktoAccount {
  readonly id: number;
  /** A self-hosted Akto sends the account id as `state`; the SaaS a base64 JSON object that holds it. */
  readonly deployment: "saas" | "self-hosted";
  /** Whether the plan has the feature `AKTO_SSO`. */
  readonly planHasSso: boolean;
  /** Whether an SSO of another kind, such as SAML, is active. */
  readonly otherSsoActive: boolean;
  readonly apiKeys: ReadonlyMap<string, AktoApiKey>;
  readonly customRoles: readonly AktoCustomRole[];
  /** By login; one that was followed is gone. */
  readonly invitations: Map<string, AktoInvitationSeed>;
  /** Logins that another account of this Akto has. */
  readonly elsewhere: ReadonlySet<string>;
  /** By login, in the order in which they came. */
  readonly members: Map<string, AktoMember>;
  /** Session id → login, for the dashboard page. */
  readonly sessions: Map<string, string>;
  /** A user's rights as this process last read them, by login. */
  readonly rights: Memory<AktoMember | undefined>;
  /** The SSO as this process last read it, to sign users in by. */
  readonly signInSso: Memory<AktoSso | null>;
  sso: AktoSso | null;
}

/** What an SSO has where the seed says nothing: it fits the seeded Okta app. */
export type SsoDefaults = Pick<
  AktoSso,
  "clientId" | "clientSecret" | "authorisationServerId" | "oktaDomain" | "redirectUri" | "managementApiToken"
>;

/** What a process keeps in memory for a while of what it has read. */
export interface Memory<Value> {
  /** What was read under this name, if that isn't too long ago; else what `read` gives now. */
  get(name: string, read: () => Value): Value;
}

/** @param milliseconds how long; 0 for a memory that keeps nothing */
function createMemory<Value>(milliseconds: number, now: () => number): Memory<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    get: (name, read) => {
      const found = kept.get(name);
      if (found && now() < found.until) return found.value;
      const value = read();
      if (milliseconds > 0) kept.set(name, { value, until: now() + milliseconds });
      return value;
    },
  };
}

/** An account as its seed says. */
export function createAccount(
  seed: AktoSeed & { readonly accountId: number; readonly keyOwner: string },
  apiKey: string,
  defaults: SsoDefaults,
  now: () => number,
): AktoAccount {
  const { accountId, keyOwner, mapping, caches = false } = seed;
  const sso = seed.sso ?? (mapping ? {} : null);
  return {
    id: accountId,
    deployment: seed.deployment ?? "saas",
    planHasSso: seed.planHasSso ?? true,
    otherSsoActive: seed.otherSsoActive ?? false,
    apiKeys: new Map([[apiKey, { login: keyOwner, role: seed.keyOwnerRole ?? "ADMIN" }]]),
    customRoles: (seed.customRoles ?? []).map((role) => ({ defaultInviteRole: false, ...role })),
    invitations: new Map((seed.invitations ?? []).map((invitation) => [invitation.login, invitation])),
    elsewhere: new Set(seed.elsewhere),
    members: new Map(
      (seed.members ?? []).map(({ login, name = login, role = null, scopeRoleMapping }) => [
        login,
        { login, name, role, scopeRoleMapping: scopeRoleMapping ? new Map(Object.entries(scopeRoleMapping)) : null },
      ]),
    ),
    sessions: new Map(),
    rights: createMemory(caches ? 120_000 : 0, now),
    signInSso: createMemory(caches && seed.deployment === "self-hosted" ? 60_000 : 0, now),
    sso: sso && {
      ...defaults,
      organizationDomain: keyOwner.split("@")[1] ?? "",
      syncGroupsToUserTags: false,
      ...sso,
      mapping: mapping ?? null,
    },
  };
}
