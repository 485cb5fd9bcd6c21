/** What goes wrong in Akto: its settings, its token, the mapping, the roles, the account. */
import { redirectUri } from "../../core/address.ts";
import { credentials, logins, type WholeSeed } from "../seed.ts";
import { akto, group, mapped, type Scenario, sso, token, user } from "./change.ts";

const tokenForAkto = (seed: WholeSeed, change: object) => token(seed, credentials.tokenForAkto, change);

export const aktoScenarios: readonly Scenario[] = [
  {
    name: "healthy",
    summary: "Nothing is wrong.",
    change: (seed) => seed,
  },
  {
    name: "token-expired",
    summary: "The API token that Akto stores has expired.",
    change: (seed) => tokenForAkto(seed, { expiresAt: Date.UTC(2025, 0, 1) }),
  },
  {
    name: "token-restricted-to-zone",
    summary: "The API token that Akto stores can be used only from a network zone that Akto is not in.",
    change: (seed) => tokenForAkto(seed, { zones: ["nzosandboxoffice0001"] }),
  },
  {
    name: "token-powerless",
    summary: "The API token that Akto stores belongs to a user who can't see groups.",
    change: (seed) => tokenForAkto(seed, { owner: logins.accountant }),
  },
  {
    name: "token-sees-less",
    summary: "The API token that Akto stores belongs to an admin of one group, who sees no other.",
    change: (seed) => user(seed, logins.auditor, { roles: ["HELP_DESK_ADMIN"], groupTargets: ["Customer Support"] }),
  },
  {
    name: "token-missing",
    summary: "Akto stores no API token, and a user's groups are not in the access token.",
    change: (seed) => sso(seed, { managementApiToken: null }),
  },
  {
    name: "domain-is-url",
    summary: "Akto's domain was pasted as a URL.",
    change: (seed, { okta }) => sso(seed, { oktaDomain: `${okta}/` }),
  },
  {
    name: "domain-is-admin",
    summary: "Akto's domain is the admin console's host.",
    change: (seed) => sso(seed, { oktaDomain: `${seed.okta.subdomain}-admin.okta.com` }),
  },
  {
    name: "server-id-is-issuer",
    summary: "Akto has the issuer URL in place of the authorization server's id.",
    change: (seed, { okta }) => sso(seed, { authorisationServerId: `${okta}/oauth2/default` }),
  },
  {
    name: "server-id-is-audience",
    summary: "Akto has the audience in place of the authorization server's id.",
    change: (seed) => sso(seed, { authorisationServerId: "api://default" }),
  },
  {
    name: "server-id-empty",
    summary: "Akto has no authorization server id, which leaves two slashes in every address.",
    change: (seed) => sso(seed, { authorisationServerId: "" }),
  },
  {
    name: "akto-moved",
    summary: "Akto's redirect URI names an address that its dashboard no longer has.",
    change: (seed) => sso(seed, { redirectUri: redirectUri("http://127.0.0.1:9") }),
  },
  {
    name: "client-id-wrong",
    summary: "Akto has the client id of an app that is gone from Okta.",
    change: (seed) => sso(seed, { clientId: "0oasandboxgone000001" }),
  },
  {
    name: "client-secret-wrong",
    summary: "Akto has a client secret that the app no longer knows.",
    change: (seed) => sso(seed, { clientSecret: "sandbox-client-secret-before-rotation" }),
  },
  {
    name: "mapping-covers-nobody",
    summary: "No user is in a mapped group: everyone becomes Security Engineer.",
    change: (seed) => akto(seed, { mapping: new Map([["Akto Owners", "ADMIN"]]) }),
  },
  {
    name: "name-case-differs",
    summary: "A mapped name differs from the Okta group's in capitalization.",
    change: (seed) => mapped(seed, "Akto Developers", { group: "akto developers" }),
  },
  {
    name: "name-looks-alike",
    summary: "A mapped name has a Cyrillic letter that looks like the Okta group's Latin one.",
    change: (seed) => mapped(seed, "Akto Developers", { group: "\u0410kto Developers" }),
  },
  {
    name: "custom-role-threat-engineer",
    summary: "A group is mapped to a custom role based on Threat Engineer, which never resolves.",
    change: (seed) =>
      akto(mapped(seed, "Akto Developers", { role: "threat-hunter" }), {
        customRoles: [{ name: "threat-hunter", baseRole: "THREAT ENGINEER" }],
      }),
  },
  {
    name: "custom-role-deleted",
    summary: "A group is mapped to a custom role that Akto no longer has.",
    change: (seed) => mapped(seed, "Akto Developers", { role: "release-manager" }),
  },
  {
    name: "email-domain-differs",
    summary: "The organization's email domain in Akto is not that of its users.",
    change: (seed) => akto(seed, { keyOwner: "ines.duarte@brightwell-freight.example" }),
  },
  {
    name: "email-domain-in-capitals",
    summary: "Whoever set the SSO up has capitals in the email domain: anyone who types it in lowercase gets nowhere.",
    change: (seed) => {
      const capital = (login: string) => (login === logins.admin ? login.replace("@b", "@B") : login);
      const members = (seed.akto.members ?? []).map((member) => ({ ...member, login: capital(member.login) }));
      return akto(seed, { keyOwner: capital(logins.admin), members });
    },
  },
  {
    name: "team-role-gone",
    summary: "A member of Akto's team has a custom role, given by hand, that Akto no longer has.",
    change: (seed) =>
      akto(seed, {
        members: [...(seed.akto.members ?? []), { login: "temp.lead@brightwell.example", role: "release-manager" }],
      }),
  },
  {
    name: "first-sign-in",
    summary: "Nobody but the admin has signed in to Akto: a first session runs as Security Engineer.",
    change: (seed) => akto(seed, { members: seed.akto.members?.slice(0, 1) ?? [] }),
  },
  {
    name: "product-scoped-user",
    summary: "A user's access in Akto was set per product, which outranks the role from Okta.",
    change: (seed) =>
      akto(seed, {
        members: (seed.akto.members ?? []).map((member) =>
          member.login === logins.developer
            ? { ...member, scopeRoleMapping: { API: "GUEST", AGENTIC: "NO_ACCESS" } }
            : member,
        ),
      }),
  },
  {
    name: "convention-name",
    summary: "A group that is not mapped has a name that Akto reads as a role: akto_admin.",
    change: (seed) => group(seed, "Finance", { name: "akto_admin" }),
  },
  {
    name: "other-sso-active",
    summary: "Akto has an SSO of another kind.",
    change: (seed) =>
      akto({ ...seed, akto: { ...seed.akto, mapping: undefined } }, { otherSsoActive: true, sso: null }),
  },
  {
    name: "key-owner-not-admin",
    summary: "The Akto API key's owner is not an Admin.",
    change: (seed) => akto(seed, { keyOwnerRole: "DEVELOPER" }),
  },
  {
    name: "plan-without-sso",
    summary: "Akto's plan does not have SSO.",
    change: (seed) => akto(seed, { planHasSso: false }),
  },
];
