/** Okta's own SDK against what the org serves of apps, their secrets and who is assigned to them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { appRoutes } from "../../../src/sandbox/okta/api/apps.ts";
import { assignmentRoutes } from "../../../src/sandbox/okta/api/assignments.ts";
import { secretRoutes } from "../../../src/sandbox/okta/api/secrets.ts";
import { acme } from "./org.ts";
import { all, refusals, type SdkOrg, startSdkOrg, unmet } from "./sdk.ts";

let org: SdkOrg["org"];
let client: SdkOrg["client"];
let appId: string;
beforeAll(async () => {
  ({ org, client } = await startSdkOrg());
  appId = (await client.applicationApi.createApplication({ application })).id ?? "";
});
afterAll(() => org.close());

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
const notFound = { status: 404, errorCode: "E0000007" };
const invalid = (cause: RegExp) => ({
  status: 400,
  errorCode: "E0000001",
  errorCauses: expect.arrayContaining([{ errorSummary: expect.stringMatching(cause) }]),
});

test("an app is created with a secret that is not shown again, read, changed, and found", async () => {
  const { applicationApi } = client;
  const app = await applicationApi.createApplication({ application: { ...application, label: "Third" } });
  const ids = { appId: app.id ?? "" };
  expect(app).toMatchObject({
    status: "ACTIVE",
    credentials: { oauthClient: { client_secret: expect.any(String), pkce_required: false } },
    settings: { oauthClient: { dpop_bound_access_tokens: false, idp_initiated_login: { mode: "DISABLED" } } },
  });
  expect(JSON.stringify(await applicationApi.getApplication(ids))).not.toContain('client_secret"');
  await applicationApi.replaceApplication({ ...ids, application: { ...application, label: "Renamed" } });
  expect((await all(applicationApi.listApplications({ limit: 1 }))).map(({ label }) => label)).toEqual([
    "Akto",
    "Second",
    "Renamed",
  ]);
  expect(await all(applicationApi.listApplications({ q: "Ren" }))).toMatchObject([{ label: "Renamed" }]);
  for (const filter of [`credentials.oauthClient.client_id eq "${ids.appId}"`, `id eq "${ids.appId}" and name pr`]) {
    expect(await all(applicationApi.listApplications({ filter }))).toMatchObject([{ label: "Renamed" }]);
  }
  expect(await all(applicationApi.listApplications({ filter: 'status eq "INACTIVE"' }))).toEqual([]);

  await expect(applicationApi.deleteApplication(ids)).rejects.toMatchObject({ status: 403, errorCode: "E0000056" });
  await applicationApi.deactivateApplication(ids);
  expect((await applicationApi.getApplication(ids)).status).toBe("INACTIVE");
  await applicationApi.activateApplication(ids);
  expect((await applicationApi.getApplication(ids)).status).toBe("ACTIVE");
  await applicationApi.deactivateApplication(ids);
  await applicationApi.deleteApplication(ids);
  expect(
    await refusals(
      applicationApi.getApplication(ids),
      applicationApi.replaceApplication({ ...ids, application }),
      applicationApi.activateApplication(ids),
      applicationApi.deleteApplication(ids),
    ),
  ).toEqual(["404 E0000007"]);
});

test("an app may begin switched off", async () => {
  const inactive = { application: { ...application, label: "Later" }, activate: false };
  expect((await client.applicationApi.createApplication(inactive)).status).toBe("INACTIVE");
});

test("an app is refused for what Okta refuses", async () => {
  const { applicationApi } = client;
  const { oauthClient } = application.settings;
  const create = (change: object, credentials: object = {}) =>
    applicationApi.createApplication({
      application: Object.assign({}, application, {
        credentials: { oauthClient: { ...application.credentials.oauthClient, ...credentials } },
        settings: { oauthClient: { ...oauthClient, ...change } },
      }),
    });
  await expect(create({ redirect_uris: [] })).rejects.toMatchObject(invalid(/^redirect_uris: /));
  await expect(create({ redirect_uris: ["not a URI"] })).rejects.toMatchObject(invalid(/not a URI/));
  await expect(create({ grant_types: ["none"] })).rejects.toMatchObject(invalid(/'none' is not a valid grant type/));
  await expect(create({ response_types: ["none"] })).rejects.toMatchObject(invalid(/^response_types: 'none'/));
  await expect(create({ initiate_login_uri: "none" })).rejects.toMatchObject(invalid(/^initiate_login_uri: /));
  await expect(create({}, { client_id: "short" })).rejects.toMatchObject(invalid(/^client_id: .*6/));
  await expect(create({}, { client_id: acme.apps[0].clientId })).rejects.toMatchObject(invalid(/already in use/));
  await expect(
    applicationApi.replaceApplication({
      appId,
      application: Object.assign({}, application, { credentials: { oauthClient: { client_id: "0oaAnother" } } }),
    }),
  ).rejects.toMatchObject(invalid(/cannot be changed/));
  await expect(create({ grant_types: [] })).rejects.toMatchObject(invalid(/^grant_types: /));
  await expect(create({ idp_initiated_login: { mode: "SPEC" } })).rejects.toMatchObject(
    invalid(/^initiate_login_uri: /),
  );
  await expect(
    create({ grant_types: ["client_credentials"], dpop_bound_access_tokens: true, redirect_uris: [] }),
  ).rejects.toMatchObject(invalid(/DPoP/));
  await expect(create({}, { client_secret: "too-short" })).rejects.toMatchObject(invalid(/^client_secret: /));
  await expect(create({}, { token_endpoint_auth_method: "none", pkce_required: false })).rejects.toMatchObject(
    invalid(/^pkce_required: /),
  );
});

test("an app has two secrets at most, one of them active, and an active one stays", async () => {
  const { applicationSSOPublicKeysApi: api } = client;
  const [first] = await all(api.listOAuth2ClientSecrets({ appId }));
  const second = await api.createOAuth2ClientSecret({ appId });
  expect(second).toMatchObject({
    status: "ACTIVE",
    client_secret: expect.any(String),
    secret_hash: expect.any(String),
  });
  await expect(api.createOAuth2ClientSecret({ appId })).rejects.toMatchObject(invalid(/maximum number/));
  const old = { appId, secretId: first?.id ?? "" };
  await expect(api.deleteOAuth2ClientSecret(old)).rejects.toMatchObject(invalid(/inactive/));
  expect((await api.deactivateOAuth2ClientSecret(old)).status).toBe("INACTIVE");
  const last = { appId, secretId: second.id ?? "" };
  await expect(api.deactivateOAuth2ClientSecret(last)).rejects.toMatchObject(invalid(/only active/));
  expect((await api.activateOAuth2ClientSecret(old)).status).toBe("ACTIVE");
  await api.deactivateOAuth2ClientSecret(old);
  await api.deleteOAuth2ClientSecret(old);
  await expect(api.deactivateOAuth2ClientSecret(old)).rejects.toMatchObject(notFound);
  expect(await all(api.listOAuth2ClientSecrets({ appId }))).toMatchObject([{ id: second.id }]);
});

test("groups are assigned and listed page by page", async () => {
  const { applicationApi, groupApi } = client;
  const groups = await all(groupApi.listGroups({}));
  const ids = groups.map(({ id = "" }) => ({ appId, groupId: id }));
  for (const each of ids) await applicationApi.assignGroupToApplication(each);
  const assigned = await all(applicationApi.listApplicationGroupAssignments({ appId, limit: 1 }));
  expect(assigned.map(({ id, priority }) => [id, priority])).toEqual(groups.map(({ id }, index) => [id, index]));
  const [first = { appId, groupId: "" }] = ids;
  expect((await applicationApi.getApplicationGroupAssignment(first)).id).toBe(first.groupId);
  for (const each of ids) await applicationApi.unassignApplicationFromGroup(each);
  expect(await all(applicationApi.listApplicationGroupAssignments({ appId }))).toEqual([]);
  expect(
    await refusals(
      applicationApi.getApplicationGroupAssignment(first),
      applicationApi.unassignApplicationFromGroup(first),
      applicationApi.assignGroupToApplication({ appId, groupId: "00gnone" }),
    ),
  ).toEqual(["404 E0000007"]);
});

test("users are assigned alone or by a group, and listed page by page", async () => {
  const { applicationApi, groupApi, userApi } = client;
  const { id: userId = "" } = await userApi.getUser({ userId: "grace@acme.example" });
  const ids = { appId, userId };
  await expect(applicationApi.getApplicationUser(ids)).rejects.toMatchObject(notFound);
  expect(await applicationApi.assignUserToApplication({ appId, appUser: { id: userId } })).toMatchObject({
    scope: "USER",
    credentials: { userName: "grace@acme.example" },
  });
  const appUser = { credentials: { userName: "grace" } };
  await applicationApi.updateApplicationUser({ ...ids, appUser });
  expect(await applicationApi.getApplicationUser(ids)).toMatchObject(appUser);
  await applicationApi.unassignUserFromApplication(ids);
  expect(
    await refusals(
      applicationApi.unassignUserFromApplication(ids),
      applicationApi.updateApplicationUser({ ...ids, appUser }),
      applicationApi.assignUserToApplication({ appId, appUser: { id: "00unone" } }),
    ),
  ).toEqual(["404 E0000007"]);
  const [everyone] = await all(groupApi.listGroups({ q: "Every" }));
  await applicationApi.assignGroupToApplication({ appId, groupId: everyone?.id ?? "" });
  const users = await all(applicationApi.listApplicationUsers({ appId, limit: 1 }));
  expect(users.map(({ scope, status }) => `${scope} ${status}`)).toEqual([
    "GROUP ACTIVE",
    "GROUP ACTIVE",
    "GROUP SUSPENDED",
  ]);
  const [withUser] = await all(applicationApi.listApplicationUsers({ appId, expand: "user" }));
  expect(withUser?._embedded).toMatchObject({ user: { profile: { login: "ada@acme.example" } } });
  const [withGroup] = await all(applicationApi.listApplicationGroupAssignments({ appId, expand: "group" }));
  expect(withGroup?._embedded).toMatchObject({ group: { profile: { name: "Everyone" } } });
  for (const q of ["grace", "hop"]) {
    expect(await all(applicationApi.listApplicationUsers({ appId, q }))).toMatchObject([{ id: userId }]);
  }
  expect(await all(applicationApi.listApplicationUsers({ appId, q: "race" }))).toEqual([]);
  expect(await all(applicationApi.listApplicationGroupAssignments({ appId, q: "every" }))).toHaveLength(1);
});

test("no endpoint of these is without a test", () => {
  expect(unmet(org, [...appRoutes, ...secretRoutes, ...assignmentRoutes])).toEqual([]);
});
