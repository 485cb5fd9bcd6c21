import fc from "fast-check";
import { expect, it } from "vitest";
import { redirectUri } from "../../../src/core/address.ts";
import { makePlan } from "../../../src/usecases/provision/apply.ts";
import { verifyAktoSignIn, verifyClientSecret, verifyIssuer } from "../../../src/usecases/setup/verify.ts";
import { apply, memoryProfiles, openWorld, type World } from "./world.ts";

const names = ["Akto Admins", "akto guests", "Red (x)", "Blue|Green", "Straße 7", "A.b*c"] as const;
const clientId = "0oaexistingakto00001";
const some = <Value>(...values: Value[]) => fc.subarray(values);

const app = fc.record({
  label: fc.constantFrom("Akto", "Other"),
  named: fc.boolean(),
  status: fc.constantFrom("ACTIVE" as const, "INACTIVE" as const),
  redirectUris: fc.constantFrom(undefined, ["https://other.example/callback"]),
  clientAuthMethod: fc.constantFrom("client_secret_basic" as const, "private_key_jwt" as const),
  pkceRequired: fc.boolean(),
  dpopBoundAccessTokens: fc.boolean(),
  groups: some("Everyone", names[0]),
  idpInitiatedLogin: fc.constantFrom("DISABLED" as const, "SPEC" as const),
  initiateLoginUri: fc.constant("https://elsewhere.example/start"),
});
const claim = fc.record({
  name: fc.constantFrom("groups", "groups", "teams"),
  claimType: fc.constantFrom("RESOURCE" as const, "RESOURCE" as const, "IDENTITY" as const),
  status: fc.constantFrom("ACTIVE" as const, "INACTIVE" as const),
  groupFilterType: fc.constantFrom("STARTS_WITH" as const, "CONTAINS" as const, "REGEX" as const),
  value: fc.constantFrom("Akto", "Team", ".*|x"),
  scopes: some("profile", "offline_access"),
});
const policy = fc.record({
  status: fc.constantFrom("ACTIVE" as const, "INACTIVE" as const),
  clients: fc.constantFrom(undefined, [clientId], ["0oasomeotherapp00001"]),
  rules: fc.array(
    fc.record({
      name: fc.constantFrom("Akto sign-in", "Theirs"),
      status: fc.constantFrom("ACTIVE" as const, "INACTIVE" as const),
      grantTypes: fc.constantFrom(["authorization_code"], ["client_credentials"]),
      scopes: fc.constantFrom(["*"], ["openid"], ["openid", "email", "profile"]),
      groups: fc.constantFrom(undefined, [names[0]]),
    }),
    { maxLength: 1 },
  ),
});
const world = fc.record({
  app: fc.option(app, { nil: undefined }),
  claims: fc.uniqueArray(claim, { maxLength: 2, selector: (each) => `${each.name} ${each.claimType}` }),
  policies: fc.array(policy, { maxLength: 2 }),
  present: some(...names.slice(1)),
  sso: fc.boolean(),
  mapped: some(...names),
  assigned: some("Everyone", ...names.slice(0, 2)),
  starts: fc.constantFrom("", ", initiateLogin: true", ", initiateLogin: false"),
});

/** Okta accepts the app's secret and would begin a sign-in for Akto. */
async function signInBegins({ http, okta, sandbox }: World, id: string): Promise<void> {
  const app = await okta.apps.byClientId(id);
  const client = {
    issuer: await verifyIssuer(http, `${sandbox.okta.url}/oauth2/default`),
    clientId: id,
    clientSecret: (await okta.apps.clientSecret(app?.id ?? "")) ?? "",
    redirectUri: redirectUri(sandbox.akto.url),
  };
  await verifyClientSecret(http, client);
  await verifyAktoSignIn(http, client);
}

it("a second apply finds nothing to do and a sign-in begins, whatever the first one found", () =>
  fc.assert(
    fc.asyncProperty(world, async ({ app: existing, claims, policies, present, sso, mapped, assigned, starts }) => {
      const { named = false, label, redirectUris, ...settings } = existing ?? {};
      const opened = await openWorld({
        okta: {
          groups: [names[0], ...present].map((name) => ({ name })),
          apps: [
            { label: "First" },
            ...(label === undefined ? [] : [{ ...settings, label, clientId, ...(redirectUris && { redirectUris }) }]),
          ],
          authorizationServers: [{ id: "default", name: "default", claims, policies }],
        },
        ...(sso && { akto: { sso: { clientSecret: "the-first-secret-000" } } }),
      });
      const roles = ["ADMIN", "MEMBER", "GUEST", "DEVELOPER", "THREAT_ENGINEER", "THREAT_VIEWER"];
      const spec = await opened.spec(
        `  createGroups: true\n  app: { ${named && existing ? `clientId: ${clientId}, ` : ""}assignments: ${JSON.stringify(assigned)}${starts} }`,
        mapped.map((name, index) => `  ${JSON.stringify(name)}: ${roles[index]}`).join("\n"),
      );
      const clients = opened.clients(memoryProfiles());
      await apply(spec, clients, { managementToken: { change: "ensure", value: opened.sandbox.okta.token } });
      const { plan, live } = await makePlan(spec, clients, { token: "ensure" });
      await signInBegins(opened, live.okta?.app?.clientId ?? "");
      await opened.sandbox.close();
      expect(plan.steps.flatMap(({ changes }) => changes)).toEqual([]);
    }),
    { numRuns: 12 },
  ));
