/** What goes wrong in Okta: the claim, the policy, the app, the groups, the people. */
import { generateKeyPairSync } from "node:crypto";
import { initiateLoginUri } from "../../core/address.ts";
import { callersZone } from "../okta/caller.ts";
import type { OverHundredGroups } from "../okta/types.ts";
import { credentials, logins, type WholeSeed } from "../seed.ts";
import { app, claim, group, okta, type Scenario, server, token, user } from "./change.ts";

const firstRedirectUri = (seed: WholeSeed) => seed.okta.apps[0].redirectUris?.[0] ?? "";
const otherRedirectUris = (seed: WholeSeed) => seed.okta.apps[0].redirectUris?.slice(1) ?? [];

/** One user with 130 groups that the filter matches, the mapped ones last. What Okta does then is disputed. */
function manyGroups(seed: WholeSeed, overHundredGroups: OverHundredGroups): WholeSeed {
  const projects = Array.from({ length: 130 }, (_, index) => ({
    name: `Akto Project ${String(index + 1).padStart(3, "0")}`,
    members: [logins.developer],
  }));
  return okta(seed, { groups: [...projects, ...seed.okta.groups], overHundredGroups });
}

export const oktaScenarios: readonly Scenario[] = [
  {
    name: "claim-on-id-token",
    summary: "The groups claim is on the ID token, which Akto never reads.",
    change: (seed) => claim(seed, { claimType: "IDENTITY" }),
  },
  {
    name: "claim-bound-to-scope",
    summary: "The groups claim is bound to the scope “groups”, which Akto never asks for.",
    change: (seed) => claim(server(seed, { scopes: [{ name: "groups" }] }), { scopes: ["groups"] }),
  },
  {
    name: "claim-other-name",
    summary: "The claim with the groups is not called “groups”.",
    change: (seed) => claim(seed, { name: "okta_groups" }),
  },
  {
    name: "claim-inactive",
    summary: "The groups claim is switched off.",
    change: (seed) => claim(seed, { status: "INACTIVE" }),
  },
  {
    name: "legacy-app-filter",
    summary: "The groups filter is on the app, where a custom authorization server ignores it.",
    change: (seed) => server(seed, { claims: [] }),
  },
  {
    name: "filter-misses-group",
    summary: "The claim's filter lets none of the mapped groups through.",
    change: (seed) => claim(seed, { value: "SSO-" }),
  },
  {
    name: "imported-group",
    summary: "A mapped group is imported from a directory; a filter lets only Okta's own groups through.",
    change: (seed) => group(seed, "Akto Developers", { type: "APP_GROUP" }),
  },
  {
    name: "imported-group-hidden",
    summary:
      "A mapped group is imported, and its members are in another mapped one that the filter passes: that one decides.",
    change: (seed) => {
      const imported = group(seed, "Akto Developers", { type: "APP_GROUP" });
      return group(imported, "Akto Security", { members: [logins.securityEngineer, logins.developer] });
    },
  },
  {
    name: "imported-group-by-expression",
    summary:
      "Nothing is wrong: a mapped group is imported, and the claim is an expression that names each group by its id.",
    change: (seed) => {
      const ids = new Map(seed.okta.groups.map(({ name }, index) => [name, `00gAktoSbxMapped${index + 1000}`]));
      const groups = seed.okta.groups.map((one) => ({
        ...one,
        id: ids.get(one.name) ?? "",
        ...(one.name === "Akto Developers" ? { type: "APP_GROUP" as const } : {}),
      }));
      const mapped = Array.from(seed.akto.mapping?.keys() ?? [], (name) => `"${ids.get(name)}"`);
      const value = `getFilteredGroups({${mapped.join(", ")}}, "group.name", 100)`;
      return claim(okta(seed, { groups }), { valueType: "EXPRESSION", value });
    },
  },
  {
    name: "too-many-groups",
    summary: "The claim's filter matches 130 groups of one user: what Okta does from 101 on is disputed.",
    change: (seed) => manyGroups(seed, "carried"),
  },
  {
    name: "many-groups-cut",
    summary:
      "The claim's filter matches 130 groups of one user; the org puts 100 of them into the token, not the mapped one.",
    change: (seed) => manyGroups(seed, "cut"),
  },
  {
    name: "many-groups-refused",
    summary: "The claim's filter matches 130 groups of one user; the org gives no token from 101 on.",
    change: (seed) => manyGroups(seed, "refused"),
  },
  {
    name: "no-api-access-management",
    summary: "The org lacks API Access Management: no custom authorization server accepts a sign-in.",
    change: (seed) => okta(server(seed, { claims: [] }), { apiAccessManagement: false }),
  },
  {
    name: "only-default-server",
    summary:
      "The org lacks API Access Management, but its server “default” accepts sign-ins; no claim can be added to it.",
    change: (seed) => okta(server(seed, { claims: [] }), { apiAccessManagement: false, customServersSignIn: true }),
  },
  {
    name: "server-inactive",
    summary: "The authorization server is switched off.",
    change: (seed) => server(seed, { status: "INACTIVE" }),
  },
  {
    name: "issuer-on-other-host",
    summary: "The authorization server names its issuer on the org's custom domain.",
    change: (seed) => server(seed, { issuerMode: "CUSTOM_URL" }),
  },
  {
    name: "no-policy",
    summary: "The authorization server has no access policy.",
    change: (seed) => server(seed, { policies: [] }),
  },
  {
    name: "policy-denies",
    summary: "The only access policy is for another app.",
    change: (seed) => server(seed, { policies: [{ name: "Another app", clients: ["0oaanotherapp0000001"] }] }),
  },
  {
    name: "policy-lacks-grant",
    summary: "The access policy's rule does not allow the authorization-code grant.",
    change: (seed) => server(seed, { policies: [{ rules: [{ grantTypes: ["client_credentials"] }] }] }),
  },
  {
    name: "policy-lacks-scope",
    summary: "The access policy's rule does not allow the scopes email and profile.",
    change: (seed) => server(seed, { policies: [{ rules: [{ scopes: ["openid"] }] }] }),
  },
  {
    name: "policy-for-some",
    summary: "The access policy's rule is for some people only.",
    change: (seed) => server(seed, { policies: [{ rules: [{ groups: ["Akto Admins"] }] }] }),
  },
  {
    name: "policy-excludes-some",
    summary: "The access policy's rule is for everyone but one user.",
    change: (seed) => server(seed, { policies: [{ rules: [{ exceptUsers: [logins.developer] }] }] }),
  },
  {
    name: "token-inline-hook",
    summary: "The access policy's rule calls a token inline hook, which removes the groups from the token.",
    change: (seed) => {
      const hook = "calAktoSbxHook000001";
      const hooked = server(seed, { policies: [{ rules: [{ inlineHook: hook }] }] });
      return okta(hooked, { inlineHooks: new Map([[hook, { groups: null }]]) });
    },
  },
  {
    name: "pkce-required",
    summary: "The app requires PKCE, which Akto does not send.",
    change: (seed) => app(seed, { pkceRequired: true }),
  },
  {
    name: "dpop-required",
    summary: "The app requires DPoP-bound tokens, which Akto can't make.",
    change: (seed) => app(seed, { dpopBoundAccessTokens: true }),
  },
  {
    name: "wrong-client-auth",
    summary: "The app authenticates by a signed assertion; Akto sends a secret.",
    change: (seed) => {
      const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const key = { ...publicKey.export({ format: "jwk" }), kid: "sandbox" };
      return app(seed, { clientAuthMethod: "private_key_jwt", jwks: { keys: [key] } });
    },
  },
  {
    name: "grant-missing",
    summary: "The app does not allow the authorization-code grant.",
    change: (seed) => app(seed, { grantTypes: ["implicit"], responseTypes: ["id_token"] }),
  },
  {
    name: "redirect-uri-missing",
    summary: "The app doesn't have Akto's redirect URI.",
    change: (seed) => app(seed, { redirectUris: otherRedirectUris(seed) }),
  },
  {
    name: "redirect-uri-slash",
    summary: "The app's redirect URI ends in a slash, and Akto's does not.",
    change: (seed) => app(seed, { redirectUris: [`${firstRedirectUri(seed)}/`, ...otherRedirectUris(seed)] }),
  },
  {
    name: "initiate-login-wrong-account",
    summary: "The app's initiate-login URI names another Akto account.",
    change: (seed, { akto }) => app(seed, { initiateLoginUri: initiateLoginUri(akto, 1_700_000_000) }),
  },
  {
    name: "starts-with-id-token",
    summary: "Okta's dashboard sends the app an ID token, in place of the way that leads to Akto's own sign-in.",
    change: (seed) => app(seed, { idpInitiatedLogin: "OKTA", onDashboard: true }),
  },
  {
    name: "tile-without-start",
    summary: "Okta's dashboard shows the app, which does not let it start the sign-in.",
    change: (seed) => app(seed, { idpInitiatedLogin: "DISABLED", onDashboard: true }),
  },
  {
    name: "federation-broker-mode",
    summary: "Everybody in the org can sign in to the app: nobody is assigned, and nobody has it on their dashboard.",
    change: (seed) => app(seed, { implicitAssignment: true }),
  },
  {
    name: "no-assignment",
    summary: "Nobody is assigned to the app.",
    change: (seed) => app(seed, { groups: [], users: [] }),
  },
  {
    name: "mapped-group-unassigned",
    summary: "The app is assigned to some of the mapped groups only.",
    change: (seed) => app(seed, { groups: ["Akto Admins", "Akto Security", "Akto Developers"] }),
  },
  {
    name: "app-inactive",
    summary: "The app is switched off.",
    change: (seed) => app(seed, { status: "INACTIVE" }),
  },
  {
    name: "group-renamed",
    summary: "A mapped group was renamed in Okta since.",
    change: (seed) => group(seed, "Akto Developers", { name: "Akto Engineers" }),
  },
  {
    name: "group-deleted",
    summary: "A mapped group was deleted in Okta since.",
    change: (seed) => group(seed, "AppSec Contractors", null),
  },
  {
    name: "duplicate-group-name",
    summary: "An imported group has a mapped group's name, so its members get that role too.",
    change: (seed) => {
      const imported = { name: "Akto Admins", type: "APP_GROUP", members: [logins.accountant] } as const;
      return okta(seed, { groups: [...seed.okta.groups, imported] });
    },
  },
  {
    name: "name-space-differs",
    summary: "A mapped group's name ends in a space in Okta; Akto's dashboard trims it.",
    change: (seed) => group(seed, "Akto Developers", { name: "Akto Developers " }),
  },
  {
    name: "user-without-email",
    summary: "A user has no email address, without which Akto turns them away.",
    change: (seed) => user(seed, logins.developer, { email: "" }),
  },
  {
    name: "own-token-revoked",
    summary: "The API token of the admin was revoked.",
    change: (seed) => token(seed, credentials.token, { expiresAt: Date.UTC(2025, 0, 1) }),
  },
  {
    name: "own-token-powerless",
    summary: "The admin's API token belongs to a user who can't see groups.",
    change: (seed) => token(seed, credentials.token, { owner: logins.accountant }),
  },
  {
    name: "own-token-ends-soon",
    summary: "The API token of the admin ends in three days.",
    change: (seed) => token(seed, credentials.token, { expiresAt: Date.now() + 3.5 * 86_400_000 }),
  },
  {
    name: "own-token-in-zone",
    summary: "The admin's API token can be used only from a network zone.",
    change: (seed) => token(seed, credentials.token, { zones: [callersZone] }),
  },
];
