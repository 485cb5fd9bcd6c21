/** What a sandbox starts with unless it is told otherwise: the people and groups of an invented freight company. */
import { initiateLoginUri, loopbackPort, loopbackRedirectUri, redirectUri } from "../core/address.ts";
import type { AppSeed, AuthorizationServerSeed, GroupSeed, OktaSeed, UserSeed } from "./okta/types.ts";
import type { AktoSeed, SandboxSeed } from "./types.ts";

/** Where the two servers listen. */
export interface Origins {
  readonly okta: string;
  readonly akto: string;
}

/** A seed with everything in it that the sandbox relies on. */
export interface WholeSeed {
  readonly okta: OktaSeed & {
    readonly users: readonly UserSeed[];
    readonly groups: readonly GroupSeed[];
    readonly apps: readonly [AppSeed, ...AppSeed[]];
    readonly authorizationServers: readonly [AuthorizationServerSeed, ...AuthorizationServerSeed[]];
  };
  readonly akto: AktoSeed & { readonly accountId: number; readonly keyOwner: string };
}

/**
 * The credentials of a sandbox: the same every time, so that a shell's variables survive a restart. They are good for nothing
 * else.
 */
export const credentials = {
  clientId: "0oasandboxakto000001",
  clientSecret: "sandbox-client-secret-of-the-akto-app",
  token: "00sandbox-token-of-a-super-admin-000000001",
  tokenForAkto: "00sandbox-token-made-for-akto-00000000001",
  apiKey: "sandbox-akto-api-key",
} as const;

const domain = "brightwell.example";
const user = (firstName: string, lastName: string, more: Partial<UserSeed> = {}): UserSeed => ({
  login: `${firstName}.${lastName}@${domain}`.toLowerCase(),
  firstName,
  lastName,
  ...more,
});

/** Logins that scenarios refer to. */
export const logins = {
  admin: `ines.duarte@${domain}`,
  securityEngineer: `tomas.berg@${domain}`,
  /** Her role comes from the access token. */
  developer: `priya.raman@${domain}`,
  /** The claim's filter passes none of his groups: they only come by API token. */
  contractor: `marek.novak@${domain}`,
  /** Owns Akto's API token. */
  auditor: `omar.haddad@${domain}`,
  /** In no mapped group. */
  accountant: `sofia.rossi@${domain}`,
} as const;

const users: readonly UserSeed[] = [
  user("Ines", "Duarte", { roles: ["SUPER_ADMIN"] }),
  user("Tomas", "Berg"),
  user("Priya", "Raman"),
  user("Marek", "Novak"),
  user("Sofia", "Rossi"),
  user("Omar", "Haddad", { roles: ["READ_ONLY_ADMIN"] }),
  user("Wei", "Zhang"),
  user("Hanna", "Lind", { status: "SUSPENDED" }),
];

const members = (...names: string[]) => names.map((name) => `${name}@${domain}`);

const groups: readonly GroupSeed[] = [
  { name: "Akto Admins", description: "Own the Akto account", members: members("ines.duarte") },
  { name: "Akto Security", description: "Triage findings in Akto", members: members("tomas.berg", "ines.duarte") },
  { name: "Akto Developers", description: "Fix findings in Akto", members: members("priya.raman", "wei.zhang") },
  { name: "Akto Guests", description: "Look at Akto's dashboards", members: members("omar.haddad") },
  { name: "AppSec Contractors", description: "Outside testers", members: members("marek.novak") },
  { name: "Customer Support", members: members("hanna.lind") },
  { name: "Engineering", description: "All engineers", members: members("priya.raman", "wei.zhang", "tomas.berg") },
  { name: "Finance", members: members("sofia.rossi") },
  { name: "IT Operations", members: members("ines.duarte", "omar.haddad") },
  { name: "Payments Team", members: members("priya.raman") },
  { name: "Platform Team", members: members("wei.zhang") },
  { name: "Warehouse Systems", description: "Depots and sorting lines" },
  {
    name: "Domain Users",
    type: "APP_GROUP",
    description: "brightwell.local/Users/Domain Users",
    members: members("ines.duarte", "tomas.berg", "sofia.rossi"),
  },
];

/** The default seed. */
export function defaultSeed({ akto }: Origins): WholeSeed {
  const accountId = 1_712_345_678;
  return {
    okta: {
      companyName: "Brightwell Freight",
      subdomain: "brightwell",
      users,
      groups,
      apps: [
        {
          id: credentials.clientId,
          label: "Akto",
          clientSecret: credentials.clientSecret,
          redirectUris: [redirectUri(akto), loopbackRedirectUri(loopbackPort)],
          initiateLoginUri: initiateLoginUri(akto, accountId),
          idpInitiatedLogin: "SPEC",
        },
      ],
      authorizationServers: [
        {
          id: "default",
          name: "default",
          description: "Default Authorization Server for your Applications",
          claims: [{ name: "groups", groupFilterType: "STARTS_WITH", value: "Akto" }],
        },
      ],
      apiTokens: [
        { token: credentials.token, name: "Sandbox", owner: logins.admin },
        { token: credentials.tokenForAkto, name: "Akto", owner: logins.auditor },
      ],
    },
    akto: {
      accountId,
      keyOwner: logins.admin,
      members: [
        { login: logins.admin, name: "Ines Duarte", role: "ADMIN" },
        { login: logins.securityEngineer, name: "Tomas Berg", role: "MEMBER" },
        { login: logins.auditor, name: "Omar Haddad", role: "DEVELOPER" },
      ],
      invitations: [{ login: `wei.zhang@${domain}`, role: "DEVELOPER" }],
    },
  };
}

/**
 * The seed with parts of it replaced. Users and groups belong together, and Akto's members to them: with either of the
 * two, all of the default ones go. Some user must be a super admin, so that there is an API token: one is added where
 * the given users have none.
 */
export function applySeed(base: WholeSeed, { okta = {}, akto = {} }: SandboxSeed): WholeSeed {
  const { users, groups, apps, authorizationServers, apiTokens = [], ...rest } = okta;
  const people = users || groups ? ownPeople(users ?? [], groups ?? []) : undefined;
  const [app = base.okta.apps[0], ...otherApps] = apps ?? base.okta.apps;
  const [server = base.okta.authorizationServers[0], ...otherServers] =
    authorizationServers ?? base.okta.authorizationServers;
  const given = new Set(apiTokens.map(({ token }) => token));
  const ownTokens = (base.okta.apiTokens ?? []).filter(({ token }) => !given.has(token));
  return {
    okta: {
      ...base.okta,
      ...rest,
      ...people?.okta,
      apps: [{ ...base.okta.apps[0], ...app }, ...otherApps],
      authorizationServers: [server, ...otherServers],
      apiTokens: [...ownTokens.map((token) => (people ? { ...token, owner: people.admin } : token)), ...apiTokens],
    },
    akto: { ...base.akto, ...(people && { keyOwner: people.admin, members: [], invitations: [] }), ...akto },
  };
}

function ownPeople(users: readonly UserSeed[], groups: readonly GroupSeed[]) {
  const admin = users.find(({ roles }) => roles?.includes("SUPER_ADMIN"));
  if (admin) return { admin: admin.login, okta: { users, groups } };
  const added: UserSeed = {
    login: `okta.admin@${users[0]?.login.split("@")[1] ?? domain}`,
    firstName: "Okta",
    lastName: "Admin",
    roles: ["SUPER_ADMIN"],
  };
  return { admin: added.login, okta: { users: [...users, added], groups } };
}
