/** Okta's own SDK against every part of the management API that the org serves. */
import okta from "@okta/okta-sdk-nodejs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningOrg, startOrg, token } from "./org.ts";

let org: RunningOrg;
let client: InstanceType<typeof okta.Client>;
beforeAll(async () => {
  org = await startOrg();
  client = new okta.Client({ orgUrl: org.url, token });
});
afterAll(() => org.close());

/** All rows of a list, page by page as the SDK reads them. */
async function all<T>(list: { each(visit: (row: T) => void): Promise<unknown> }): Promise<T[]> {
  const rows: T[] = [];
  await list.each((row) => {
    rows.push(row);
  });
  return rows;
}

test("groups: created, read, renamed, listed page by page with an insert between, deleted", async () => {
  const { groupApi } = client;
  const group = await groupApi.createGroup({ group: { profile: { name: "Blue", description: "b" } } });
  const id = group.id ?? "";
  expect((await groupApi.getGroup({ groupId: id })).profile?.name).toBe("Blue");
  await expect(groupApi.createGroup({ group: { profile: { name: "Blue" } } })).rejects.toMatchObject({
    status: 400,
    errorCode: "E0000001",
  });
  await groupApi.replaceGroup({ groupId: id, group: { profile: { name: "Green" } } });

  const names: (string | undefined)[] = [];
  const list = await groupApi.listGroups({ limit: 2 });
  await list.each((row) => {
    const green = org.state.groups.get(id);
    if (names.length === 2 && green) org.state.groups.put({ ...green, id: "00gNew", name: "New" });
    names.push(row?.profile?.name);
  });
  expect(names).toEqual(["Everyone", "Akto Admins", "Akto Security", "Directory", "Green", "New"]);
  org.state.groups.delete("00gNew");

  await groupApi.deleteGroup({ groupId: id });
  await expect(groupApi.getGroup({ groupId: id })).rejects.toMatchObject({ status: 404, errorCode: "E0000007" });
});

test("members, users and tokens", async () => {
  const { groupApi, userApi, apiTokenApi } = client;
  const grace = await userApi.getUser({ userId: "grace@acme.example" });
  const [admins] = await all(await groupApi.listGroups({ search: 'profile.name eq "akto admins"' }));
  const ids = { groupId: admins?.id ?? "", userId: grace.id ?? "" };
  await groupApi.assignUserToGroup(ids);
  const members = await all(await groupApi.listGroupUsers({ groupId: ids.groupId }));
  expect(members.map((user) => user.profile?.login)).toEqual(["ada@acme.example", "grace@acme.example"]);
  await groupApi.unassignUserFromGroup(ids);
  expect((await userApi.getUser({ userId: "me" })).profile?.login).toBe("ada@acme.example");
  expect(await all(await userApi.listUsers({ search: 'status eq "SUSPENDED"' }))).toHaveLength(1);
  expect((await all(await userApi.listUserGroups({ userId: ids.userId }))).map((group) => group.profile?.name)).toEqual(
    ["Everyone", "Akto Security", "Directory"],
  );
  const [own] = await all(await apiTokenApi.listApiTokens());
  expect((await apiTokenApi.getApiToken({ apiTokenId: own?.id ?? "" })).network?.connection).toBe("ANYWHERE");
});

test("apps: created with a secret, changed, assigned, switched off and deleted", async () => {
  const { applicationApi, groupApi, userApi } = client;
  const application = {
    name: "oidc_client",
    label: "Second",
    signOnMode: "OPENID_CONNECT" as const,
    credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_post" as const } },
    settings: {
      oauthClient: {
        application_type: "web" as const,
        grant_types: ["authorization_code" as const],
        response_types: ["code" as const],
        redirect_uris: ["https://second.example/cb"],
      },
    },
  };
  const app = await applicationApi.createApplication({ application });
  const appId = app.id ?? "";
  expect(app).toMatchObject({ status: "ACTIVE", credentials: { oauthClient: { client_secret: expect.any(String) } } });
  expect(JSON.stringify(await applicationApi.getApplication({ appId }))).not.toContain('client_secret"');
  await applicationApi.replaceApplication({ appId, application: { ...application, label: "Renamed" } });
  expect((await all(await applicationApi.listApplications({ q: "Ren" }))).map((row) => row.id)).toEqual([appId]);

  const [everyone] = await all(await groupApi.listGroups({ q: "Every" }));
  const groupId = everyone?.id ?? "";
  await applicationApi.assignGroupToApplication({ appId, groupId });
  expect(await all(await applicationApi.listApplicationGroupAssignments({ appId }))).toHaveLength(1);
  expect(await all(await groupApi.listAssignedApplicationsForGroup({ groupId }))).toHaveLength(2);
  expect((await all(await applicationApi.listApplicationUsers({ appId }))).map((user) => user.scope)).toContain(
    "GROUP",
  );
  await applicationApi.unassignApplicationFromGroup({ appId, groupId });
  const { id = "" } = await userApi.getUser({ userId: "grace@acme.example" });
  await applicationApi.assignUserToApplication({ appId, appUser: { id } });
  expect((await applicationApi.getApplicationUser({ appId, userId: id })).scope).toBe("USER");
  await applicationApi.unassignUserFromApplication({ appId, userId: id });

  await expect(applicationApi.deleteApplication({ appId })).rejects.toMatchObject({ status: 403 });
  await applicationApi.deactivateApplication({ appId });
  await applicationApi.deleteApplication({ appId });
  await expect(applicationApi.getApplication({ appId })).rejects.toMatchObject({ errorCode: "E0000007" });
});

test("authorization servers with their claims, scopes, policies and rules, in order of priority", async () => {
  const { authorizationServerApi: api } = client;
  const server = await api.createAuthorizationServer({
    authorizationServer: { name: "Two", audiences: ["api://two"] },
  });
  const authServerId = server.id ?? "";
  expect(server.issuer).toBe(`${org.url}/oauth2/${authServerId}`);
  await api.createOAuth2Scope({ authServerId, oAuth2Scope: { name: "akto:read" } });
  expect(await all(await api.listOAuth2Scopes({ authServerId, q: "akto" }))).toHaveLength(1);

  const oAuth2Claim = {
    name: "groups",
    claimType: "RESOURCE" as const,
    valueType: "GROUPS" as const,
    group_filter_type: "CONTAINS" as const,
    value: "Akto",
    alwaysIncludeInToken: false,
  };
  const claim = await api.createOAuth2Claim({ authServerId, oAuth2Claim });
  expect(claim.alwaysIncludeInToken).toBe(true);
  await expect(api.createOAuth2Claim({ authServerId, oAuth2Claim })).rejects.toMatchObject({ status: 400 });
  const changed = { ...oAuth2Claim, value: "Other" };
  await api.replaceOAuth2Claim({ authServerId, claimId: claim.id ?? "", oAuth2Claim: changed });
  expect((await api.getOAuth2Claim({ authServerId, claimId: claim.id ?? "" })).value).toBe("Other");
  await api.deleteOAuth2Claim({ authServerId, claimId: claim.id ?? "" });

  const policyOf = (name: string, priority: number) => ({
    type: "OAUTH_AUTHORIZATION_POLICY" as const,
    name,
    description: name,
    priority,
    conditions: { clients: { include: ["ALL_CLIENTS"] } },
  });
  const first = await api.createAuthorizationServerPolicy({ authServerId, policy: policyOf("First", 1) });
  await api.createAuthorizationServerPolicy({ authServerId, policy: policyOf("Before", 1) });
  const policies = await all(await api.listAuthorizationServerPolicies({ authServerId }));
  expect(policies.map(({ name, priority }) => [name, priority])).toEqual([
    ["Before", 1],
    ["First", 2],
  ]);
  const policyId = first.id ?? "";
  const policyRule = {
    type: "RESOURCE_ACCESS" as const,
    name: "Rule",
    conditions: {
      people: { groups: { include: ["EVERYONE"] } },
      grantTypes: { include: ["authorization_code"] },
      scopes: { include: ["*"] },
    },
    actions: { token: { accessTokenLifetimeMinutes: 30 } },
  };
  const rule = await api.createAuthorizationServerPolicyRule({ authServerId, policyId, policyRule });
  const ruleId = rule.id ?? "";
  await api.deactivateAuthorizationServerPolicyRule({ authServerId, policyId, ruleId });
  expect((await api.getAuthorizationServerPolicyRule({ authServerId, policyId, ruleId })).status).toBe("INACTIVE");
  await api.deleteAuthorizationServerPolicyRule({ authServerId, policyId, ruleId });
  await api.deleteAuthorizationServerPolicy({ authServerId, policyId });
  await api.deleteAuthorizationServer({ authServerId });
  expect(await all(await api.listAuthorizationServers())).toHaveLength(1);
});
