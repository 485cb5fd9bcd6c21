/** How the management API behaves beyond the shape of its answers: who may ask, how often, and what is refused. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import okta from "@okta/okta-sdk-nodejs";
import { exportJWK } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OktaSeed } from "../../../src/sandbox/okta/types.ts";
import { acme, type RunningOrg, startOrg, token } from "./org.ts";
import { all, refusals } from "./sdk.ts";

const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
const seed: OktaSeed = {
  ...acme,
  users: [
    ...acme.users,
    { login: "help@acme.example", roles: ["HELP_DESK_ADMIN"] },
    { login: "report@acme.example", roles: ["REPORT_ADMIN"] },
    { login: "limited@acme.example", roles: ["USER_ADMIN"], groupTargets: ["Akto Security"] },
  ],
  apps: [
    ...acme.apps,
    {
      label: "Provisioning",
      clientId: "0oaService0000000001",
      applicationType: "service",
      clientAuthMethod: "private_key_jwt",
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256" }] },
      oktaScopes: ["okta.groups.read"],
      roles: ["SUPER_ADMIN"],
    },
  ],
  apiTokens: [
    { token, owner: "ada@acme.example" },
    { token: "00help", owner: "help@acme.example" },
    { token: "00report", owner: "report@acme.example" },
    { token: "00limited", owner: "limited@acme.example" },
    { token: "00nobody", owner: "grace@acme.example" },
    { token: "00expired", owner: "ada@acme.example", expiresAt: 1 },
    { token: "00zoned", owner: "ada@acme.example", zones: ["nzo1"] },
    { token: "00suspended", owner: "linus@acme.example" },
  ],
};

let org: RunningOrg;
beforeAll(async () => {
  org = await startOrg(seed);
});
afterAll(() => org.close());

async function answer(path: string, as: string = token, method = "GET", body?: unknown) {
  const { status, json } = await org.call(method, path, body, as.includes(" ") ? as : `SSWS ${as}`);
  const code = typeof json === "object" && json !== null && "errorCode" in json ? json.errorCode : undefined;
  return code === undefined ? `${status}` : `${status} ${String(code)}`;
}

test.each([
  ["/api/v1/groups", "00unknown", "401 E0000011"],
  ["/api/v1/groups", "Bearer forged", "401 E0000011"],
  ["/api/v1/groups", "Basic YTpi", "401 E0000011"],
  ["/api/v1/groups", "00expired", "401 E0000011"],
  ["/api/v1/groups", "00suspended", "401 E0000011"],
  ["/api/v1/groups", "00zoned", "403 E0000006"],
  ["/api/v1/groups", "00help", "200"],
  ["/api/v1/authorizationServers", "00help", "403 E0000006"],
  ["/api/v1/groups", "00report", "403 E0000006"],
  ["/api/v1/groups", "00nobody", "403 E0000006"],
  ["/api/v1/users/me", "00nobody", "200"],
  ["/api/v1/users/ada@acme.example", "00nobody", "403 E0000006"],
  ["/api/v1/users/ada@acme.example/groups", "00nobody", "403 E0000006"],
  ["/api/v1/users/ada@acme.example/roles", "00help", "403 E0000006"],
  ["/api/v1/users/ada", token, "200"],
  ["/api/v1/nothing", token, "404 E0000008"],
])("%s with the token %s answers %s", async (path, as, expected) => {
  expect(await answer(path, as)).toBe(expected);
});

test.each([
  ['profile.name eq "akto ADMINS"', ["Akto Admins"]],
  ['type ne "OKTA_GROUP"', ["Everyone", "Directory"]],
  ['profile.name ew "y" and not (profile.name sw "D")', ["Akto Security"]],
  ["profile.description pr", ["Everyone", "Akto Security"]],
  ['lastUpdated gt "2000-01-01T00:00:00.000Z" and type eq "APP_GROUP"', ["Directory"]],
  ['created lt "2000-01-01T00:00:00.000Z" or profile.name le "AKTO ADMINS"', ["Akto Admins"]],
  ['profile.name ge "everyone"', ["Everyone"]],
  ['id eq "00gnone"', []],
])("groups are searched by %s", async (search, expected) => {
  const { json } = await org.call("GET", `/api/v1/groups?search=${encodeURIComponent(search)}`);
  const names = (json as { profile: { name: string } }[]).map(({ profile }) => profile.name);
  expect(names).toEqual(expected);
});

test.each([
  "profile.name",
  'profile.name eq "a',
  "profile.name eq Akto",
  '(type eq "a"',
  'type eq "a" "b"',
  'size eq "1"',
  `${"(".repeat(1000)}type eq "a"${")".repeat(1000)}`,
])("groups can't be searched by %s", async (search) => {
  expect(await answer(`/api/v1/groups?search=${encodeURIComponent(search)}`)).toBe("400 E0000031");
});

test("an admin of some groups sees those alone, and the users in them", async () => {
  const rows = async (path: string) => {
    const { json } = await org.call("GET", path, undefined, "SSWS 00limited");
    return (json as { profile: { name?: string; login?: string } }[]).map(
      ({ profile }) => profile.name ?? profile.login,
    );
  };
  expect(await rows("/api/v1/groups")).toEqual(["Akto Security"]);
  expect(await rows("/api/v1/groups?q=Akto")).toEqual(["Akto Security"]);
  expect(await rows("/api/v1/users")).toEqual(["ada@acme.example", "grace@acme.example", "limited@acme.example"]);
  expect(await rows("/api/v1/users/ada@acme.example/groups")).toEqual(["Akto Security"]);
  const admins = [...org.state.groups.values()].find(({ name }) => name === "Akto Admins");
  expect(await answer(`/api/v1/groups/${admins?.id}`, "00limited")).toBe("403 E0000006");
  expect(await answer("/api/v1/users/linus@acme.example", "00limited")).toBe("403 E0000006");
});

test("other refusals are Okta's too", async () => {
  expect(await answer("/api/v1/groups", token, "PATCH")).toBe("405 E0000022");
  expect(await answer("/api/v1/groups", token, "POST", "{")).toBe("400 E0000003");
  expect(await answer("/api/v1/groups?search=type%20like%20%22x%22")).toBe("400 E0000031");
  const [everyone] = [...org.state.groups.values()];
  expect(await answer(`/api/v1/groups/${everyone?.id}`, token, "DELETE")).toBe("501 E0000060");
  org.state.apiAccessManagement = false;
  expect(await answer("/api/v1/authorizationServers")).toBe("401 E0000015");
  org.state.apiAccessManagement = true;
});

test("a name may be an imported group's, but not another Okta group's", async () => {
  expect(await answer("/api/v1/groups", token, "POST", { profile: { name: "Directory" } })).toBe("200");
  expect(await answer("/api/v1/groups", token, "POST", { profile: { name: "Directory" } })).toBe("400 E0000001");
});

test("groups are found by q, filter and search, with their counts", async () => {
  const names = async (query: string) => {
    const { json } = await org.call("GET", `/api/v1/groups?${query}`);
    return (json as { profile: { name: string } }[]).map(({ profile }) => profile.name);
  };
  expect(await names("q=akto")).toEqual(["Akto Admins", "Akto Security"]);
  expect(await names(`filter=${encodeURIComponent('type eq "BUILT_IN"')}`)).toEqual(["Everyone"]);
  const search = 'profile.name co "SEC" or (type eq "APP_GROUP" and not (profile.name sw "x"))';
  expect(await names(`search=${encodeURIComponent(search)}`)).toEqual(["Akto Security", "Directory"]);
  const { json } = await org.call("GET", "/api/v1/groups?q=Akto%20Sec&expand=stats");
  expect(json).toMatchObject([{ _embedded: { stats: { usersCount: 2 } } }]);
});

test("q gives 300 groups at most and no next page; other lists have one, behind a cursor that says nothing", async () => {
  const many = await startOrg({
    ...acme,
    groups: [...acme.groups, ...Array.from({ length: 310 }, (_, n) => ({ name: `Team ${n}` }))],
  });
  const page = async (path: string) => {
    const { json, headers } = await many.call("GET", path);
    const next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    return { rows: (json as unknown[]).length, after: next && new URL(next).searchParams.get("after") };
  };
  expect(await page("/api/v1/groups?q=team")).toEqual({ rows: 300, after: undefined });
  const { rows, after } = await page("/api/v1/groups?limit=300");
  expect(rows).toBe(300);
  expect(after).toMatch(/^[\w-]+$/);
  expect(Number(after)).toBeNaN();
  expect(await page(`/api/v1/groups?limit=300&after=${after}`)).toEqual({ rows: 14, after: undefined });
  expect((await many.call("GET", "/api/v1/groups?after=300")).json).toMatchObject({ errorCode: "E0000031" });
  await many.close();
});

test("each bucket has its own limit, told in the headers, and opens again at the reset", async () => {
  const limited = await startOrg({ ...acme, rateLimit: 2 });
  const seconds = Math.floor(Date.now() / 1000);
  limited.clock.now = seconds * 1000 + 500;
  const first = await limited.call("GET", "/api/v1/groups");
  expect(first.headers.get("x-rate-limit-limit")).toBe("2");
  expect(first.headers.get("x-rate-limit-remaining")).toBe("1");
  expect(first.headers.get("x-rate-limit-reset")).toBe(String(seconds + 60));
  expect((await limited.call("GET", "/api/v1/groups")).status).toBe(200);
  const over = await limited.call("GET", "/api/v1/groups");
  expect([over.status, over.headers.get("x-rate-limit-remaining")]).toEqual([429, "0"]);
  expect(over.json).toMatchObject({ errorCode: "E0000047" });
  expect((await limited.call("GET", "/api/v1/users")).status).toBe(200);
  const [group] = limited.state.groups.keys();
  const statuses = async (path: string) => {
    const asked = [await limited.call("GET", path), await limited.call("GET", path), await limited.call("GET", path)];
    return asked.map(({ status }) => status);
  };
  expect(await statuses(`/api/v1/groups/${group}`)).toEqual([200, 200, 429]);
  expect(await statuses(`/api/v1/apps/${acme.apps[0].clientId}`)).toEqual([404, 404, 429]);
  expect(await statuses("/api/v1/org")).toEqual([200, 200, 429]);
  limited.clock.now = (seconds + 60) * 1000;
  expect((await limited.call("GET", "/api/v1/groups")).status).toBe(200);
  await limited.close();
});

test("Okta's SDK waits for the reset, and goes on", async () => {
  const limited = await startOrg({ ...acme, rateLimit: 1 });
  // Well behind, so that each reset is over by the time it is told.
  limited.clock.now = Date.now() - 600_000;
  const requestExecutor = new okta.DefaultRequestExecutor({ maxRetries: 2, requestTimeout: 0 });
  let waits = 0;
  requestExecutor.on("backoff", () => {
    waits += 1;
    limited.clock.now += 60_000;
  });
  const { groupApi } = new okta.Client({ orgUrl: limited.url, token, requestExecutor });
  expect(await all(groupApi.listGroups({ limit: 1 }))).toHaveLength(4);
  expect(waits).toBe(3);
  await limited.close();
});

test("a service app signs in with its key, and may do what its scopes and its roles allow", async () => {
  const signIn = (key: KeyObject, ...scopes: string[]) =>
    new okta.Client({
      orgUrl: org.url,
      authorizationMode: "PrivateKey",
      clientId: "0oaService0000000001",
      scopes,
      privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
      keyId: "k1",
    });
  const { groupApi, userApi } = signIn(privateKey, "okta.groups.read");
  expect(await all(groupApi.listGroups({ limit: 2 }))).toHaveLength(org.state.groups.size);
  await expect(userApi.getUser({ userId: "me" })).rejects.toMatchObject({ status: 404 });
  const group = { profile: { name: "No" } };
  expect(await refusals(groupApi.createGroup({ group }), all(userApi.listUsers({})))).toEqual(["403 E0000006"]);
  const { privateKey: stranger } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  // The SDK goes on with no token where it was given none.
  const without = [signIn(privateKey, "okta.groups.manage"), signIn(stranger, "okta.groups.read")];
  for (const client of without) {
    expect(await refusals(all(client.groupApi.listGroups({})))).toEqual(["401 E0000011"]);
  }
});

test("a hundred thousand groups are made and paged through quickly enough to be used", async () => {
  const many = await startOrg({
    ...acme,
    groups: [...acme.groups, ...Array.from({ length: 100_000 }, (_, n) => ({ name: `Group ${n}` }))],
  });
  let count = 0;
  let next: string | undefined = `${many.url}/api/v1/groups?limit=10000`;
  while (next) {
    const { json, headers } = await many.call("GET", next);
    count += (json as unknown[]).length;
    next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
  }
  expect(count).toBe(100_004);
  await many.close();
});

test("times are whole seconds, but in the log", async () => {
  const times = async (path: string) =>
    [...JSON.stringify((await org.call("GET", path)).json).matchAll(/\dT\d\d:\d\d:\d\d(.*?)Z/g)].map(
      ([, part]) => part,
    );
  for (const path of ["groups", "users", "apps", "api-tokens", "authorizationServers", "policies?type=ACCESS_POLICY"]) {
    expect(new Set(await times(`/api/v1/${path}`)), path).toEqual(new Set([".000"]));
  }
});
