/** What the Akto dashboard keeps about one account. */
import type { CustomRole } from "../../core/model/akto.ts";
import type { AktoSeed } from "../types.ts";

/** The account's Okta SSO, as `addOktaSso` and `saveOktaGroupRoleMapping` leave it. */
export interface AktoSso {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authorisationServerId: string;
  /** A bare host: Akto puts the scheme before it. */
  readonly oktaDomain: string;
  readonly redirectUri: string;
  readonly managementApiToken: string | null;
  /** The e-mail domain that every user must have: the one of the owner of the key that set the SSO up. */
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
  readonly invitations: readonly { readonly login: string; readonly role: string }[];
  /** By login, in the order in which they came. */
  readonly members: Map<string, AktoMember>;
  /** Session id → login, for the dashboard page. */
  readonly sessions: Map<string, string>;
  sso: AktoSso | null;
}

/** What an SSO has where the seed says nothing: it fits the seeded Okta app. */
export type SsoDefaults = Pick<
  AktoSso,
  "clientId" | "clientSecret" | "authorisationServerId" | "oktaDomain" | "redirectUri" | "managementApiToken"
>;

/** An account as its seed says. */
export function createAccount(
  seed: AktoSeed & { readonly accountId: number; readonly keyOwner: string },
  apiKey: string,
  defaults: SsoDefaults,
): AktoAccount {
  const { accountId, keyOwner, mapping } = seed;
  const sso = seed.sso ?? (mapping ? {} : null);
  return {
    id: accountId,
    deployment: seed.deployment ?? "saas",
    planHasSso: seed.planHasSso ?? true,
    otherSsoActive: seed.otherSsoActive ?? false,
    apiKeys: new Map([[apiKey, { login: keyOwner, role: seed.keyOwnerRole ?? "ADMIN" }]]),
    customRoles: (seed.customRoles ?? []).map((role) => ({ defaultInviteRole: false, ...role })),
    invitations: seed.invitations ?? [],
    members: new Map(
      (seed.members ?? []).map(({ login, name = login, role = null, scopeRoleMapping }) => [
        login,
        { login, name, role, scopeRoleMapping: scopeRoleMapping ? new Map(Object.entries(scopeRoleMapping)) : null },
      ]),
    ),
    sessions: new Map(),
    sso: sso && {
      ...defaults,
      organizationDomain: keyOwner.split("@")[1] ?? "",
      syncGroupsToUserTags: false,
      ...sso,
      mapping: mapping ?? null,
    },
  };
}
