/** Okta's own SDK against what the org serves of authorization servers, their scopes, claims, policies and rules. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorizationServerRoutes } from "../../../src/sandbox/okta/api/authorization-servers.ts";
import { claimRoutes } from "../../../src/sandbox/okta/api/claims.ts";
import { policyRoutes } from "../../../src/sandbox/okta/api/policies.ts";
import { ruleRoutes } from "../../../src/sandbox/okta/api/rules.ts";
import { scopeRoutes } from "../../../src/sandbox/okta/api/scopes.ts";
import { all, refusals, type SdkOrg, startSdkOrg, unmet } from "./sdk.ts";

let org: SdkOrg["org"];
let api: SdkOrg["client"]["authorizationServerApi"];
let authServerId: string;
beforeAll(async () => {
  const started = await startSdkOrg();
  org = started.org;
  api = started.client.authorizationServerApi;
  authServerId = (await api.createAuthorizationServer({ authorizationServer })).id ?? "";
});
afterAll(() => org.close());

const authorizationServer = { name: "Two", description: "The second", audiences: ["api://two"] };
const notFound = { status: 404, errorCode: "E0000007" };
const forbidden = { status: 403, errorCode: "E0000006" };
const invalid = (cause: RegExp) => ({
  status: 400,
  errorCode: "E0000001",
  errorCauses: expect.arrayContaining([{ errorSummary: expect.stringMatching(cause) }]),
});

test("a server is created without policies, read, changed, switched off and on, and deleted", async () => {
  const server = await api.createAuthorizationServer({
    authorizationServer: { ...authorizationServer, name: "Three" },
  });
  const ids = { authServerId: server.id ?? "" };
  expect(server).toMatchObject({ issuer: `${org.url}/oauth2/${server.id}`, issuerMode: "ORG_URL", status: "ACTIVE" });
  expect(await all(api.listAuthorizationServerPolicies(ids))).toEqual([]);
  await api.replaceAuthorizationServer({
    ...ids,
    authorizationServer: { ...authorizationServer, name: "Third", issuerMode: "CUSTOM_URL" },
  });
  expect(await api.getAuthorizationServer(ids)).toMatchObject({
    name: "Third",
    issuer: `${org.otherUrl}/oauth2/${server.id}`,
  });
  expect((await all(api.listAuthorizationServers({ limit: "1" as never }))).map(({ name }) => name)).toEqual([
    "default",
    "Two",
    "Third",
  ]);
  expect(await all(api.listAuthorizationServers({ q: "thi" }))).toMatchObject([{ name: "Third" }]);
  await api.deactivateAuthorizationServer(ids);
  expect((await api.getAuthorizationServer(ids)).status).toBe("INACTIVE");
  await api.activateAuthorizationServer(ids);
  expect((await api.getAuthorizationServer(ids)).status).toBe("ACTIVE");
  await expect(api.createAuthorizationServer({ authorizationServer })).rejects.toMatchObject(
    invalid(/^name: An object/),
  );
  await expect(
    api.createAuthorizationServer({ authorizationServer: { name: "Four", audiences: [] } }),
  ).rejects.toMatchObject(invalid(/^audiences: /));
  await api.deleteAuthorizationServer(ids);
  expect(
    await refusals(api.getAuthorizationServer(ids), api.deleteAuthorizationServer(ids), all(api.listOAuth2Claims(ids))),
  ).toEqual(["404 E0000007"]);
});

test("a server's keys are rotated: the old one stays for verifiers", async () => {
  const [before] = await all(api.listAuthorizationServerKeys({ authServerId }));
  expect(before).toMatchObject({ status: "ACTIVE", kty: "RSA", alg: "RS256", use: "sig" });
  const rotated = await all(api.rotateAuthorizationServerKeys({ authServerId, use: { use: "sig" } }));
  expect(rotated.map(({ status }) => status)).toEqual(["ACTIVE", "EXPIRED"]);
  expect(rotated[1]?.kid).toBe(before?.kid);
  expect((await api.getAuthorizationServer({ authServerId })).credentials?.signing?.kid).toBe(rotated[0]?.kid);
});

test("a scope is created, read, changed, deleted, and listed page by page; the standard ones stay", async () => {
  const oAuth2Scope = { name: "akto:read", description: "Read", displayName: "To read" };
  const scope = await api.createOAuth2Scope({ authServerId, oAuth2Scope });
  const ids = { authServerId, scopeId: scope.id ?? "" };
  expect(scope).toMatchObject({ ...oAuth2Scope, system: false, consent: "IMPLICIT", _default: false, optional: false });
  await api.replaceOAuth2Scope({ ...ids, oAuth2Scope: { name: "akto:write", consent: "REQUIRED" } });
  expect(await api.getOAuth2Scope(ids)).toMatchObject({ name: "akto:write", consent: "REQUIRED" });
  expect(await all(api.listOAuth2Scopes({ authServerId, q: "akto" }))).toHaveLength(1);
  expect(await all(api.listOAuth2Scopes({ authServerId, limit: 2 }))).toHaveLength(8);
  const [openid] = await all(api.listOAuth2Scopes({ authServerId, q: "openid" }));
  await expect(api.deleteOAuth2Scope({ authServerId, scopeId: openid?.id ?? "" })).rejects.toMatchObject(forbidden);
  const create = (name: string) => api.createOAuth2Scope({ authServerId, oAuth2Scope: { name } });
  await expect(create("openid")).rejects.toMatchObject(invalid(/^name: An object/));
  await expect(create("two words")).rejects.toMatchObject(invalid(/^name: /));
  await api.deleteOAuth2Scope(ids);
  await expect(api.getOAuth2Scope(ids)).rejects.toMatchObject(notFound);
});

test("a claim is created, read, changed and deleted; Okta's own stays", async () => {
  const oAuth2Claim = {
    name: "groups",
    claimType: "RESOURCE" as const,
    valueType: "GROUPS" as const,
    group_filter_type: "CONTAINS" as const,
    value: "Akto",
    alwaysIncludeInToken: false,
  };
  const create = (change: object) =>
    api.createOAuth2Claim({ authServerId, oAuth2Claim: { ...oAuth2Claim, ...change } });
  const claim = await create({ id: "oclOwn", system: true });
  expect(claim).toMatchObject({
    alwaysIncludeInToken: true,
    system: false,
    status: "ACTIVE",
    group_filter_type: "CONTAINS",
  });
  const ids = { authServerId, claimId: claim.id ?? "" };
  await api.replaceOAuth2Claim({ ...ids, oAuth2Claim: { ...oAuth2Claim, claimType: "IDENTITY", status: "INACTIVE" } });
  expect(await api.getOAuth2Claim(ids)).toMatchObject({
    claimType: "IDENTITY",
    status: "INACTIVE",
    alwaysIncludeInToken: false,
  });
  await expect(create({ claimType: "IDENTITY" })).rejects.toMatchObject(invalid(/^name: An object/));
  await expect(create({ group_filter_type: undefined })).rejects.toMatchObject(invalid(/^group_filter_type: /));
  await expect(create({ group_filter_type: "REGEX", value: "(" })).rejects.toMatchObject(invalid(/^value: /));
  await expect(create({ valueType: "EXPRESSION", value: "nonsense(" })).rejects.toMatchObject(invalid(/^value: /));
  await expect(create({ conditions: { scopes: ["none"] } })).rejects.toMatchObject(invalid(/'none'/));
  const [sub] = (await all(api.listOAuth2Claims({ authServerId }))).filter(({ system }) => system);
  const system = { authServerId, claimId: sub?.id ?? "" };
  await expect(api.replaceOAuth2Claim({ ...system, oAuth2Claim })).rejects.toMatchObject(forbidden);
  await expect(api.deleteOAuth2Claim(system)).rejects.toMatchObject(forbidden);
  await api.deleteOAuth2Claim(ids);
  await expect(api.deleteOAuth2Claim(ids)).rejects.toMatchObject(notFound);
});

const policyOf = (name: string, priority: number) => ({
  type: "OAUTH_AUTHORIZATION_POLICY" as const,
  name,
  description: name,
  priority,
  conditions: { clients: { include: ["ALL_CLIENTS"] } },
});

test("policies are created, read, changed, switched off and on, and deleted, in order of priority", async () => {
  const create = (name: string, priority: number, change: object = {}) =>
    api.createAuthorizationServerPolicy({ authServerId, policy: { ...policyOf(name, priority), ...change } });
  const names = async () =>
    (await all(api.listAuthorizationServerPolicies({ authServerId }))).map(
      ({ name, priority }) => `${priority} ${name}`,
    );
  const first = await create("First", 1, { id: "00pOwn", system: true });
  expect(first).toMatchObject({
    system: false,
    status: "ACTIVE",
    _links: { deactivate: { href: expect.stringMatching(/\/lifecycle\/deactivate$/) } },
  });
  await create("Before", 1);
  expect(await names()).toEqual(["1 Before", "2 First"]);
  const ids = { authServerId, policyId: first.id ?? "" };
  await api.replaceAuthorizationServerPolicy({ ...ids, policy: policyOf("Now first", 1) });
  expect(await names()).toEqual(["1 Now first", "2 Before"]);
  await api.replaceAuthorizationServerPolicy({ ...ids, policy: policyOf("Last", 2) });
  expect(await names()).toEqual(["1 Before", "2 Last"]);
  await api.deactivateAuthorizationServerPolicy(ids);
  expect((await api.getAuthorizationServerPolicy(ids)).status).toBe("INACTIVE");
  await api.activateAuthorizationServerPolicy(ids);
  expect((await api.getAuthorizationServerPolicy(ids)).status).toBe("ACTIVE");
  const stranger = { conditions: { clients: { include: ["0oastranger"] } } };
  await expect(create("Third", 1, stranger)).rejects.toMatchObject(invalid(/'0oastranger'/));
  await expect(create("", 1)).rejects.toMatchObject(invalid(/^name: /));
  await expect(create("Third", 1, { type: "OKTA_SIGN_ON" })).rejects.toMatchObject(invalid(/^type: /));
  const nobody = { conditions: { clients: { include: [] } } };
  await expect(create("Third", 1, nobody)).rejects.toMatchObject(invalid(/^conditions: 'clients'/));
  await api.deleteAuthorizationServerPolicy(ids);
  expect(await names()).toEqual(["1 Before"]);
  await expect(api.getAuthorizationServerPolicy(ids)).rejects.toMatchObject(notFound);
});

test("rules are created, read, changed, switched off and on, and deleted, in order of priority", async () => {
  const { id: policyId = "" } = await api.createAuthorizationServerPolicy({
    authServerId,
    policy: policyOf("Rules", 1),
  });
  const conditions = {
    people: { groups: { include: ["EVERYONE"] } },
    grantTypes: { include: ["authorization_code"] },
    scopes: { include: ["*"] },
  };
  const ruleOf = (name: string, change: object = {}) => ({
    type: "RESOURCE_ACCESS" as const,
    name,
    priority: 1,
    conditions,
    actions: { token: { accessTokenLifetimeMinutes: 30 } },
    ...change,
  });
  const create = (name: string, change: object = {}) =>
    api.createAuthorizationServerPolicyRule({ authServerId, policyId, policyRule: ruleOf(name, change) });
  const names = async () =>
    (await all(api.listAuthorizationServerPolicyRules({ authServerId, policyId }))).map(({ name }) => name);
  const rule = await create("First", { id: "0prOwn", system: true });
  expect(rule).toMatchObject({
    system: false,
    status: "ACTIVE",
    actions: { token: { accessTokenLifetimeMinutes: 30 } },
  });
  await create("Before");
  expect(await names()).toEqual(["Before", "First"]);
  const ids = { authServerId, policyId, ruleId: rule.id ?? "" };
  await api.replaceAuthorizationServerPolicyRule({ ...ids, policyRule: ruleOf("Now first") });
  expect(await names()).toEqual(["Now first", "Before"]);
  await api.deactivateAuthorizationServerPolicyRule(ids);
  expect((await api.getAuthorizationServerPolicyRule(ids)).status).toBe("INACTIVE");
  await api.activateAuthorizationServerPolicyRule(ids);
  expect((await api.getAuthorizationServerPolicyRule(ids)).status).toBe("ACTIVE");
  const people = (change: object) => create("Third", { conditions: { ...conditions, people: change } });
  await expect(people({})).rejects.toMatchObject(invalid(/^conditions\.people: At least one of/));
  await expect(people({ users: { include: ["00unone"] } })).rejects.toMatchObject(invalid(/'00unone'/));
  await expect(people({ groups: { include: ["00gnone"] } })).rejects.toMatchObject(invalid(/'00gnone'/));
  await expect(create("Third", { type: "SIGN_ON" })).rejects.toMatchObject(invalid(/^type: /));
  const without = { ...conditions, grantTypes: { include: [] } };
  await expect(create("Third", { conditions: without })).rejects.toMatchObject(invalid(/'grantTypes' must not/));
  const grants = { ...conditions, grantTypes: { include: ["client-credentials"] } };
  await expect(create("Third", { conditions: grants })).rejects.toMatchObject(invalid(/'client-credentials'/));
  await expect(create("Third", { actions: { token: { accessTokenLifetimeMinutes: 1 } } })).rejects.toMatchObject(
    invalid(/between 5 and 1440/),
  );
  await api.deleteAuthorizationServerPolicyRule(ids);
  expect(await names()).toEqual(["Before"]);
  await expect(api.getAuthorizationServerPolicyRule(ids)).rejects.toMatchObject(notFound);
});

test("without API Access Management nothing of this is served", async () => {
  org.state.apiAccessManagement = false;
  expect(
    await refusals(
      all(api.listAuthorizationServers()),
      api.createAuthorizationServer({ authorizationServer }),
      all(api.listOAuth2Claims({ authServerId })),
    ),
  ).toEqual(["401 E0000015"]);
});

test("no endpoint of these is without a test", () => {
  const routes = [...authorizationServerRoutes, ...scopeRoutes, ...claimRoutes, ...policyRoutes, ...ruleRoutes];
  expect(unmet(org, routes)).toEqual([]);
});
