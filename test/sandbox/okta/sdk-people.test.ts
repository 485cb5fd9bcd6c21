/** Okta's own SDK against what the org serves of groups, users, API tokens and the org itself. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { groupRoutes } from "../../../src/sandbox/okta/api/groups.ts";
import { orgRoutes } from "../../../src/sandbox/okta/api/org.ts";
import { tokenRoutes } from "../../../src/sandbox/okta/api/tokens.ts";
import { userChangeRoutes } from "../../../src/sandbox/okta/api/user-changes.ts";
import { userRoutes } from "../../../src/sandbox/okta/api/users.ts";
import { acme } from "./org.ts";
import { all, refusals, type SdkOrg, startSdkOrg, unmet } from "./sdk.ts";

let org: SdkOrg["org"];
let client: SdkOrg["client"];
beforeAll(async () => {
  ({ org, client } = await startSdkOrg({
    ...acme,
    apiTokens: [...acme.apiTokens, { token: "00second", name: "Second", zones: ["nzo1"] }],
  }));
});
afterAll(() => org.close());

const notFound = { status: 404, errorCode: "E0000007", errorSummary: expect.stringMatching(/^Not found: Resource/) };

test("a group is created, read, renamed and deleted; what is read-only is not taken over", async () => {
  const { groupApi } = client;
  const given = { id: "00gOwn", type: "BUILT_IN" as const, profile: { name: "Blue", description: "b" } };
  const group = await groupApi.createGroup({ group: given });
  expect(group).toMatchObject({ type: "OKTA_GROUP", profile: given.profile, created: expect.any(Date) });
  const groupId = group.id ?? "";
  expect(groupId).toMatch(/^00g\w{17}$/);
  await groupApi.replaceGroup({ groupId, group: { profile: { name: "Green" } } });
  expect((await groupApi.getGroup({ groupId })).profile).toMatchObject({ name: "Green", description: null });
  await groupApi.deleteGroup({ groupId });
  expect(
    await refusals(
      groupApi.getGroup({ groupId }),
      groupApi.replaceGroup({ groupId, group: { profile: { name: "Red" } } }),
      groupApi.deleteGroup({ groupId }),
      all(groupApi.listGroupUsers({ groupId })),
      all(groupApi.listAssignedApplicationsForGroup({ groupId })),
    ),
  ).toEqual(["404 E0000007"]);
});

test("a group is refused for its name, and one that Okta does not own for any change", async () => {
  const { groupApi } = client;
  const refused = (cause: RegExp) => ({
    status: 400,
    errorCode: "E0000001",
    errorSummary: "Api validation failed: name",
    errorCauses: [{ errorSummary: expect.stringMatching(cause) }],
  });
  const create = (name: string) => groupApi.createGroup({ group: { profile: { name } } });
  await expect(create("Akto Admins")).rejects.toMatchObject(refused(/^name: An object with this field already exists/));
  await expect(create("Everyone")).rejects.toMatchObject(refused(/already exists/));
  await expect(create(" ")).rejects.toMatchObject(refused(/^name: The field cannot be left blank/));
  await expect(create("x".repeat(256))).rejects.toMatchObject(refused(/255/));
  const [directory] = await all(groupApi.listGroups({ filter: 'type eq "APP_GROUP"' }));
  expect(directory?.objectClass).toEqual(["okta:windows_security_principal"]);
  expect(directory?._embedded).toBeUndefined();
  const groupId = directory?.id ?? "";
  const group = { profile: { name: "Mine" } };
  await expect(groupApi.replaceGroup({ groupId, group })).rejects.toMatchObject({ errorCode: "E0000060" });
});

test("groups come page by page, and a cursor outlives inserts and deletions", async () => {
  const { groupApi } = client;
  const names: (string | undefined)[] = [];
  await (await groupApi.listGroups({ limit: 2 })).each((row) => {
    const admins = [...org.state.groups.values()].find(({ name }) => name === "Akto Admins");
    if (names.length === 1 && admins) {
      org.state.groups.put({ ...admins, id: "00gNew", name: "New" });
      org.state.groups.delete(admins.id);
    }
    names.push(row?.profile?.name);
  });
  expect(names).toEqual(["Everyone", "Akto Admins", "Akto Security", "Directory", "New"]);
  org.state.groups.delete("00gNew");
  await groupApi.createGroup({ group: { profile: { name: "Akto Admins" } } });
  const found = await all(groupApi.listGroups({ search: 'profile.name sw "akto" and type eq "OKTA_GROUP"', limit: 1 }));
  expect(found.map(({ profile }) => profile?.name)).toEqual(["Akto Security", "Akto Admins"]);
  const [stats] = await all(groupApi.listGroups({ q: "Akto Sec", expand: "stats" }));
  expect(stats?._embedded?.stats).toMatchObject({ usersCount: 2 });
});

test("members come and go, and are listed page by page", async () => {
  const { groupApi, userApi } = client;
  const grace = await userApi.getUser({ userId: "grace@acme.example" });
  const [admins] = await all(groupApi.listGroups({ search: 'profile.name eq "akto admins"' }));
  const ids = { groupId: admins?.id ?? "", userId: grace.id ?? "" };
  await groupApi.assignUserToGroup(ids);
  await groupApi.assignUserToGroup({ ...ids, userId: "ada@acme.example" });
  const members = await all(groupApi.listGroupUsers({ groupId: ids.groupId, limit: 1 }));
  expect(members.map(({ profile }) => profile?.login)).toEqual(["ada@acme.example", "grace@acme.example"]);
  await groupApi.unassignUserFromGroup(ids);
  expect(await all(groupApi.listGroupUsers({ groupId: ids.groupId }))).toHaveLength(1);
  await expect(groupApi.assignUserToGroup({ ...ids, userId: "00unone" })).rejects.toMatchObject(notFound);
  const [everyone] = await all(groupApi.listGroups({ q: "Every" }));
  const groupId = everyone?.id ?? "";
  await expect(groupApi.assignUserToGroup({ ...ids, groupId })).rejects.toMatchObject({ errorCode: "E0000060" });
  expect((await all(groupApi.listAssignedApplicationsForGroup({ groupId }))).map(({ label }) => label)).toEqual([
    "Akto",
  ]);
});

test("a group that is deleted takes its members and its assignments with it", async () => {
  const { groupApi, userApi, applicationApi } = client;
  const { id: groupId = "" } = await groupApi.createGroup({ group: { profile: { name: "Short-lived" } } });
  const userId = "grace@acme.example";
  await groupApi.assignUserToGroup({ groupId, userId });
  const [app] = await all(applicationApi.listApplications());
  const appId = app?.id ?? "";
  await applicationApi.assignGroupToApplication({ appId, groupId });
  const names = async () => (await all(userApi.listUserGroups({ userId }))).map(({ profile }) => profile?.name);
  const assigned = async () => (await all(applicationApi.listApplicationGroupAssignments({ appId }))).length;
  expect([await names(), await assigned()]).toEqual([expect.arrayContaining(["Short-lived"]), 2]);
  await groupApi.deleteGroup({ groupId });
  expect([await names(), await assigned()]).toEqual([expect.not.arrayContaining(["Short-lived"]), 1]);
});

test("users are read, searched and listed page by page, with their groups and roles", async () => {
  const { userApi, roleAssignmentApi } = client;
  expect((await userApi.getUser({ userId: "me" })).profile?.login).toBe("ada@acme.example");
  const logins = async (query: object) =>
    (await all(userApi.listUsers(query))).map(({ profile }) => profile?.login?.split("@")[0]);
  expect(await logins({ limit: 1 })).toEqual(["ada", "grace", "linus"]);
  expect(await logins({ search: 'status eq "SUSPENDED"' })).toEqual(["linus"]);
  expect(await logins({ filter: 'profile.lastName eq "hopper"' })).toEqual(["grace"]);
  expect(await logins({ q: "gra" })).toEqual(["grace"]);
  expect([await logins({ q: "HOPPER" }), await logins({ q: "race" })]).toEqual([["grace"], []]);
  for (const userId of ["GRACE", "Grace@ACME.example"]) {
    expect((await userApi.getUser({ userId })).profile?.login).toBe("grace@acme.example");
  }
  const [linus] = [...org.state.users.values()].filter(({ status }) => status === "SUSPENDED");
  if (linus) Object.assign(linus, { status: "DEPROVISIONED" });
  expect(await logins({})).toEqual(["ada", "grace"]);
  expect(await logins({ search: 'status eq "DEPROVISIONED"' })).toEqual(["linus"]);
  const groups = await all(userApi.listUserGroups({ userId: "grace@acme.example" }));
  expect(groups.map(({ profile }) => profile?.name)).toEqual(["Everyone", "Akto Security", "Directory"]);
  const [role] = await all(roleAssignmentApi.listAssignedRolesForUser({ userId: "ada@acme.example" }));
  expect(role).toMatchObject({ type: "SUPER_ADMIN", label: "Super Administrator", status: "ACTIVE" });
  await expect(userApi.getUser({ userId: "nobody@acme.example" })).rejects.toMatchObject(notFound);
  await expect(all(userApi.listUsers({ search: "status is ACTIVE" }))).rejects.toMatchObject({
    status: 400,
    errorCode: "E0000031",
  });
});

test("a user is created, changed, taken out of use, brought back and deleted", async () => {
  const { userApi } = client;
  const [team] = await all(client.groupApi.listGroups({ q: "Akto Security" }));
  const profile = { firstName: "Joan", lastName: "Clarke", login: "joan@acme.example", email: "joan@acme.example" };
  const create = (change: object = {}, more: { activate?: boolean; nextLogin?: "changePassword" } = {}) =>
    userApi.createUser({ body: { profile: { ...profile, ...change }, groupIds: [team?.id ?? ""] }, ...more });
  const { id: userId = "", status } = await create({}, { activate: false });
  expect(status).toBe("STAGED");
  const groups = await all(userApi.listUserGroups({ userId }));
  expect(groups.map((group) => group.profile?.name)).toEqual(["Everyone", "Akto Security"]);
  await expect(create()).rejects.toMatchObject({
    status: 400,
    errorCauses: [{ errorSummary: "login: An object with this field already exists in the current organization" }],
  });
  await expect(create({ login: "" })).rejects.toMatchObject({
    status: 400,
    errorSummary: "Api validation failed: login",
  });

  const statusOf = async () => (await userApi.getUser({ userId })).status;
  expect(await userApi.activateUser({ userId, sendEmail: false })).toMatchObject({
    activationUrl: expect.stringContaining(userId),
  });
  expect(await statusOf()).toBe("PROVISIONED");
  await expect(userApi.activateUser({ userId, sendEmail: false })).rejects.toMatchObject({ status: 400 });
  await userApi.reactivateUser({ userId, sendEmail: false });
  await userApi.updateUser({ userId, user: { profile: { lastName: "Murray" } } });
  expect((await userApi.getUser({ userId })).profile).toMatchObject({ firstName: "Joan", lastName: "Murray" });
  await userApi.replaceUser({
    userId,
    user: { profile: { ...profile, lastName: "Newman" }, credentials: { password: { value: "x" } } },
  });
  await userApi.suspendUser({ userId });
  expect(await statusOf()).toBe("SUSPENDED");
  await userApi.unsuspendUser({ userId });
  expect(await statusOf()).toBe("ACTIVE");
  expect((await userApi.expirePassword({ userId })).status).toBe("PASSWORD_EXPIRED");
  await userApi.deactivateUser({ userId });
  expect(await statusOf()).toBe("DEPROVISIONED");
  await userApi.deleteUser({ userId });
  await expect(userApi.getUser({ userId })).rejects.toMatchObject(notFound);

  const { id: second = "" } = await create({ login: "max@acme.example" });
  await userApi.deleteUser({ userId: second });
  expect((await userApi.getUser({ userId: second })).status).toBe("DEPROVISIONED");
  await userApi.deleteUser({ userId: second });
  await expect(userApi.getUser({ userId: second })).rejects.toMatchObject(notFound);
});

test("the org and its API tokens are shown, and tokens are revoked", async () => {
  const { apiTokenApi, orgSettingApi } = client;
  expect(await orgSettingApi.getOrgSettings()).toMatchObject({ companyName: "Acme", status: "ACTIVE" });
  expect((await orgSettingApi.getWellknownOrgMetadata())._links).toMatchObject({
    organization: { href: org.url },
    alternate: { href: org.otherUrl },
  });
  const [own, second] = await all(apiTokenApi.listApiTokens());
  expect(own).toMatchObject({ network: { connection: "ANYWHERE" }, expiresAt: expect.any(Date) });
  const apiTokenId = second?.id ?? "";
  expect(await apiTokenApi.getApiToken({ apiTokenId })).toMatchObject({
    name: "Second",
    network: { connection: "ZONE", include: ["nzo1"] },
  });
  await apiTokenApi.revokeApiToken({ apiTokenId });
  await expect(apiTokenApi.getApiToken({ apiTokenId })).rejects.toMatchObject(notFound);
  await apiTokenApi.revokeCurrentApiToken();
  await expect(orgSettingApi.getOrgSettings()).rejects.toMatchObject({ status: 401, errorCode: "E0000011" });
});

test("no endpoint of these is without a test", () => {
  expect(unmet(org, [...groupRoutes, ...userRoutes, ...userChangeRoutes, ...tokenRoutes, ...orgRoutes])).toEqual([]);
});
