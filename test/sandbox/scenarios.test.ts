import { expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { scenarios } from "../../src/sandbox/scenarios/table.ts";
import { logins } from "../../src/sandbox/seed.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";

type Person = "developer" | "contractor" | "accountant";

/** Who signs in by Okta's tile, and what becomes of it: a role on the dashboard, or Akto's log, or Okta's own page. */
const outcomes: Readonly<Record<string, readonly [Person, RegExp]>> = {
  healthy: ["developer", /Role: Developer.*DEVELOPER \(access_token\)/],
  "token-expired": ["contractor", /Role: Security Engineer.*MEMBER \(management_api\)/],
  "token-restricted-to-zone": ["contractor", /Role: Security Engineer.*MEMBER \(management_api\)/],
  "token-powerless": ["contractor", /Role: Security Engineer.*MEMBER \(management_api\)/],
  "token-sees-less": ["contractor", /Role: Security Engineer.*MEMBER \(management_api\)/],
  "token-missing": ["contractor", /Role: Security Engineer.*MEMBER \(none\)/],
  "domain-is-url": ["developer", /^http:\/\/http\/\/127/],
  "domain-is-admin": ["developer", /^http:\/\/brightwell-admin\.okta\.com\//],
  "server-id-is-issuer": ["developer", /^404/],
  "server-id-is-audience": ["developer", /^404/],
  "server-id-empty": ["developer", /Akto turned a sign-in away: .*404/],
  "akto-moved": ["developer", /^400 .*redirect_uri/],
  "client-id-wrong": ["developer", /^400 .*client_id/],
  "client-secret-wrong": ["developer", /Akto turned a sign-in away: 401 .*invalid_client/],
  "mapping-covers-nobody": ["developer", /Role: Security Engineer.*MEMBER \(access_token\)/],
  "name-case-differs": ["developer", /Role: Security Engineer/],
  "name-looks-alike": ["developer", /Role: Security Engineer/],
  "custom-role-threat-engineer": ["developer", /Role: Security Engineer/],
  "custom-role-deleted": ["developer", /Role: Security Engineer/],
  "email-domain-differs": ["developer", /not authorized.*email domain is not brightwell-freight\.example/],
  "email-domain-in-capitals": ["developer", /Role: Developer/],
  "team-role-gone": ["developer", /Role: Developer/],
  "first-sign-in": ["developer", /Role: Security Engineer.*DEVELOPER \(access_token\), written at the next sign-in/],
  "product-scoped-user": ["developer", /Role: API: Guest, AGENTIC: No Access.*DEVELOPER/],
  "convention-name": ["accountant", /Role: Admin/],
  "other-sso-active": ["developer", /Sign in to Akto/],
  "key-owner-not-admin": ["developer", /Role: Developer/],
  "plan-without-sso": ["developer", /Role: Developer/],
  "claim-on-id-token": ["developer", /DEVELOPER \(management_api\)/],
  "claim-bound-to-scope": ["developer", /DEVELOPER \(management_api\)/],
  "claim-other-name": ["developer", /DEVELOPER \(management_api\)/],
  "claim-inactive": ["developer", /DEVELOPER \(management_api\)/],
  "legacy-app-filter": ["developer", /DEVELOPER \(management_api\)/],
  "filter-misses-group": ["developer", /DEVELOPER \(management_api\)/],
  "imported-group": ["developer", /DEVELOPER \(management_api\)/],
  "imported-group-hidden": ["developer", /Role: Security Engineer.*MEMBER \(access_token\)/],
  "imported-group-by-expression": ["developer", /Role: Developer.*DEVELOPER \(access_token\)/],
  "many-groups-cut": ["developer", /Role: Security Engineer.*MEMBER \(access_token\)/],
  "too-many-groups": ["developer", /DEVELOPER \(access_token\)/],
  "many-groups-refused": ["developer", /Akto turned a sign-in away: 400 .*too many groups/],
  "policy-excludes-some": ["developer", /access_denied: Policy evaluation failed/],
  "token-inline-hook": ["developer", /DEVELOPER \(management_api\)/],
  // What Okta's dashboard does with its tile is not played: who starts at Akto gets in.
  "starts-with-id-token": ["developer", /Role: Developer/],
  "tile-without-start": ["developer", /Role: Developer/],
  "federation-broker-mode": ["accountant", /Role: Security Engineer/],
  "no-api-access-management": ["developer", /^400 .*server_error.*The requested feature is not enabled in this env/],
  "only-default-server": ["developer", /DEVELOPER \(management_api\)/],
  "server-inactive": ["developer", /^404/],
  "issuer-on-other-host": ["developer", /DEVELOPER \(access_token\)/],
  "no-policy": ["developer", /access_denied: Policy evaluation failed/],
  "policy-denies": ["developer", /access_denied: Policy evaluation failed/],
  "policy-lacks-grant": ["developer", /access_denied: Policy evaluation failed/],
  "policy-lacks-scope": ["developer", /access_denied: Policy evaluation failed/],
  "policy-for-some": ["developer", /access_denied: Policy evaluation failed/],
  "pkce-required": ["developer", /invalid_request: .*PKCE/],
  "dpop-required": ["developer", /invalid_dpop_proof/],
  "wrong-client-auth": ["developer", /invalid_client/],
  "grant-missing": ["developer", /Akto turned a sign-in away: /],
  "redirect-uri-missing": ["developer", /^400 .*redirect_uri/],
  "redirect-uri-slash": ["developer", /^400 .*redirect_uri/],
  "initiate-login-wrong-account": ["developer", /Role: Developer/],
  "no-assignment": ["developer", /access_denied: User is not assigned/],
  "mapped-group-unassigned": ["contractor", /access_denied: User is not assigned/],
  "app-inactive": ["developer", /^400 .*client_id/],
  "group-renamed": ["developer", /Role: Security Engineer/],
  "group-deleted": ["contractor", /Role: Security Engineer/],
  "duplicate-group-name": ["accountant", /Role: Admin/],
  "name-space-differs": ["developer", /Role: Security Engineer/],
  "user-without-email": ["developer", /Akto turned a sign-in away: Okta's answer has no email/],
  // Akto has a token of its own: the admin's is nobody's business there.
  "own-token-revoked": ["developer", /Role: Developer/],
  "own-token-powerless": ["developer", /Role: Developer/],
  "own-token-ends-soon": ["developer", /Role: Developer/],
  "own-token-in-zone": ["developer", /Role: Developer/],
  "sign-on-policy-denies": ["developer", /access_denied: The resource owner or authorization server denied/],
  "claim-not-evaluated": ["developer", /Akto turned a sign-in away: 400 .*'groups' user claim could not be evaluated/],
  "group-taken-away": ["developer", /access_denied: User is not assigned/],
  "log-unreadable": ["developer", /Role: Developer/],
};

test("every scenario has an outcome here", () => {
  expect(Object.keys(outcomes).sort()).toEqual(scenarios.map(({ name }) => name).sort());
});

test.each(Object.entries(outcomes))("scenario %s: the %s meets what it says", async (scenario, [person, expected]) => {
  const log: string[] = [];
  const sandbox = await startSandbox({ scenario, log: (line) => log.push(line) });
  const { akto } = sandbox;
  const start = `${akto.url}/okta-initiate-login?accountId=${akto.accountId}`;
  const { url, page } = await new Visitor().signIn(start, logins[person]);
  const shown = page ? `${page.status} ${page.text.replace(/<[^>]*>|\s+/g, " ")}` : url.href;
  await sandbox.close();
  expect([shown, ...log].join(" ")).toMatch(expected);
});
