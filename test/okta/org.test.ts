import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { hostileNames } from "../hostile.ts";

const hard = 'Quo"te \\ back';
let sandbox: Sandbox;

beforeAll(async () => {
  const numbered = Array.from({ length: 450 }, (_, index) => ({ name: `Team ${String(index).padStart(3, "0")}` }));
  sandbox = await startSandbox({
    seed: {
      okta: {
        users: [
          { login: "ada@example.com", firstName: "Ada", lastName: "Lovelace", roles: ["SUPER_ADMIN"] },
          { login: "grace", email: "grace@example.com", firstName: "Grace", lastName: "Hopper" },
          { login: "twin1", email: "twin@example.com" },
          { login: "twin2", email: "twin@example.com" },
        ],
        groups: [
          ...numbered,
          { name: hard, members: ["grace"] },
          { name: "__proto__", description: "an ordinary name" },
          { name: "Both", members: ["ada@example.com", "grace"] },
          { name: "Both", type: "APP_GROUP" },
        ],
      },
    },
  });
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.faults.set([]));

/** The org, seen by a client that waits for nothing. */
const http = createHttpClient({ sleep: async () => {} });
function org(token = sandbox.okta.token) {
  return createOktaOrg({ origin: sandbox.okta.url, token, http });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("groups", () => {
  test("come from every page, each once, and with their members counted only when asked", async () => {
    const all = await collect(org().groups());
    expect(all.filter(({ name }) => name.startsWith("Team "))).toHaveLength(450);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.find(({ name }) => name === hard)?.members).toBeUndefined();
    const counted = await collect(org().groups({ search: "QUO", members: true }));
    expect(counted).toEqual([expect.objectContaining({ name: hard, type: "OKTA_GROUP", members: 1 })]);
  });

  test("are searched by text and type, whatever characters the text holds", async () => {
    const names = async (query: object) => (await collect(org().groups(query))).map(({ name }) => name);
    expect(await names({ search: 'o"te \\ ' })).toEqual([hard]);
    expect(await names({ search: '" or profile.name sw "Team' })).toEqual([]);
    expect(await names({ search: "both", type: "APP_GROUP" })).toEqual(["Both"]);
  });

  test("of one name are found exactly, an imported one of the same name too", async () => {
    const found = await org().groupsNamed("Both");
    expect(found.map(({ type }) => type).sort()).toEqual(["APP_GROUP", "OKTA_GROUP"]);
    expect(await org().groupsNamed("both")).toEqual([]);
    expect(await org().groupsNamed(hard)).toHaveLength(1);
    expect(await org().groupsNamed("__proto__")).toEqual([
      expect.objectContaining({ name: "__proto__", description: "an ordinary name" }),
    ]);
  });

  test("are found by names that nobody should give, and by names that there aren't", async () => {
    const hostileOrg = await startSandbox({
      seed: { okta: { groups: [...hostileNames.values()].map((name) => ({ name })) } },
    });
    try {
      const { groupsNamed } = createOktaOrg({ origin: hostileOrg.okta.url, token: hostileOrg.okta.token, http });
      for (const name of hostileNames.values()) {
        expect((await groupsNamed(name)).map((group) => group.name)).toEqual([name]);
        expect(await groupsNamed(`${name}\ud800`)).toEqual([]);
      }
    } finally {
      await hostileOrg.close();
    }
  });

  test("are created, listed with their users, and removed", async () => {
    const group = await org().createGroup("Made here", "by a test");
    expect(await org().groupsNamed("Made here")).toEqual([group]);
    await expect(org().createGroup("Made here")).rejects.toMatchObject({ kind: "usage", code: "okta.refused" });
    await org().removeGroup(group.id);
    await expect(org().removeGroup(group.id)).rejects.toMatchObject({ kind: "usage", code: "okta.not_found" });
    const [both] = await org().groupsNamed("Both");
    const ids = (await org().groupsNamed("Both")).map(({ id }) => id);
    const logins = (await Promise.all(ids.map((id) => collect(org().groupUsers(id))))).flat().map(({ login }) => login);
    expect([both?.name, logins.sort()]).toEqual(["Both", ["ada@example.com", "grace"]]);
  });
});

describe("users", () => {
  test("are found by id, login and email, and one that isn't there is null", async () => {
    const grace = await org().user("grace");
    expect(grace).toMatchObject({ login: "grace", email: "grace@example.com", name: "Grace Hopper", status: "ACTIVE" });
    expect(await org().user(grace?.id ?? "")).toEqual(grace);
    expect(await org().user("Grace@example.com")).toEqual(grace);
    expect(await org().user("nobody@example.com")).toBeNull();
    await expect(org().user("twin@example.com")).rejects.toMatchObject({ code: "okta.user_ambiguous" });
  });

  test("have groups, whole or as Akto gets them", async () => {
    const grace = await org().user("grace");
    const names = (await org().userGroups(grace?.id ?? "")).map(({ name }) => name);
    expect(names.sort()).toEqual(["Both", "Everyone", hard]);
    expect([...(await org().firstPageOfUserGroups(grace?.id ?? ""))].sort()).toEqual(names);
  });

  test("own the token, which is asked once", async () => {
    const asked: string[] = [];
    const logged = createHttpClient({ log: (line) => asked.push(line) });
    const mine = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http: logged });
    expect(await mine.whoAmI()).toMatchObject({ login: "ada@example.com", name: "Ada Lovelace" });
    await mine.tokenInfo();
    expect(asked.filter((line) => line.startsWith("→") && line.includes("/users/me"))).toHaveLength(1);
  });
});

describe("an app", () => {
  test("is found by its client id, with what matters to a sign-in", async () => {
    const app = await org().apps.byClientId(sandbox.okta.clientId);
    expect(app).toMatchObject({
      clientId: sandbox.okta.clientId,
      active: true,
      applicationType: "web",
      pkceRequired: false,
    });
    expect(app?.redirectUris).toContain(`${sandbox.akto.url}/authorization-code/callback`);
    expect(JSON.stringify(app)).not.toContain(sandbox.okta.clientSecret);
    expect(await org().apps.byClientId("0oanone")).toBeNull();
  });

  test("gets a redirect URI and loses it again, and every other setting stays", async () => {
    const { apps } = org();
    const before = await apps.byClientId(sandbox.okta.clientId);
    const id = before?.id ?? "";
    expect(await apps.addRedirectUri(id, "http://127.0.0.1:9/callback")).toBe(true);
    expect(await apps.addRedirectUri(id, "http://127.0.0.1:9/callback")).toBe(false);
    expect((await apps.byClientId(id))?.redirectUris).toEqual([
      ...(before?.redirectUris ?? []),
      "http://127.0.0.1:9/callback",
    ]);
    expect(await apps.removeRedirectUri(id, "http://127.0.0.1:9/callback")).toBe(true);
    expect(await apps.removeRedirectUri(id, "http://127.0.0.1:9/callback")).toBe(false);
    expect(await apps.byClientId(id)).toEqual(before);
  });

  test("is created with a secret, changed, assigned and removed", async () => {
    const { apps, groupsNamed } = org();
    const { app, clientSecret } = await apps.create({
      label: "Akto by test",
      redirectUris: ["https://akto.example.com/authorization-code/callback"],
      clientAuthMethod: "client_secret_post",
      initiateLoginUri: "https://akto.example.com/okta-initiate-login?accountId=1",
      idpInitiatedLogin: "SPEC",
      onDashboard: true,
    });
    expect(app).toMatchObject({
      label: "Akto by test",
      active: true,
      idpInitiatedLogin: "SPEC",
      onDashboard: true,
      grantTypes: ["authorization_code"],
    });
    expect(await apps.clientSecret(app.id)).toBe(clientSecret);
    expect(
      await apps.change(app.id, { pkceRequired: true, idpInitiatedLogin: "DISABLED", onDashboard: false }),
    ).toEqual({
      ...app,
      pkceRequired: true,
      idpInitiatedLogin: "DISABLED",
      onDashboard: false,
    });

    const [group] = await groupsNamed(hard);
    await apps.assignGroup(app.id, group?.id ?? "");
    expect(await collect(apps.groups(app.id))).toContainEqual({ id: group?.id, name: hard });
    expect(await collect(apps.users(app.id))).toContainEqual(expect.objectContaining({ login: "grace" }));
    await apps.unassignGroup(app.id, group?.id ?? "");

    await apps.remove(app.id);
    expect(await apps.byClientId(app.clientId)).toBeNull();
  });
});

describe("an authorization server", () => {
  test("is listed with its scopes and policies", async () => {
    const { authServers } = org();
    const server = await authServers.byId(sandbox.okta.authServerId);
    expect(server).toMatchObject({ active: true, issuer: `${sandbox.okta.url}/oauth2/${sandbox.okta.authServerId}` });
    expect(await authServers.all()).toContainEqual(server);
    expect(await authServers.byId("ausnone")).toBeNull();
    expect(await authServers.scopes(sandbox.okta.authServerId)).toEqual(
      expect.arrayContaining(["openid", "email", "profile"]),
    );
    const [policy] = await authServers.policies(sandbox.okta.authServerId);
    expect(policy).toMatchObject({ active: true, rules: [expect.objectContaining({ active: true })] });
  });

  test("takes a claim, a changed one and none again", async () => {
    const { authServers } = org();
    const id = sandbox.okta.authServerId;
    const claim = {
      name: "teams",
      status: "ACTIVE",
      claimType: "RESOURCE",
      valueType: "GROUPS",
      groupFilterType: "REGEX",
      value: "^Team",
      scopes: ["email"],
    } as const;
    const made = await authServers.createClaim(id, claim);
    expect(made).toEqual({ id: made.id, ...claim });
    expect(await authServers.replaceClaim(id, made.id, { ...claim, scopes: [] })).toEqual({ ...made, scopes: [] });
    await authServers.removeClaim(id, made.id);
    expect((await authServers.claims(id)).map(({ name }) => name)).not.toContain("teams");
  });

  test("takes a policy with a rule, and covers one client more", async () => {
    const { authServers } = org();
    const id = sandbox.okta.authServerId;
    const { clientId } = sandbox.okta;
    const policy = await authServers.createPolicy(id, {
      name: "By test",
      description: "For a test",
      clients: [clientId],
    });
    const rule = { name: "Akto", grantTypes: ["authorization_code"], scopes: ["openid"], groups: ["EVERYONE"] };
    const made = await authServers.createRule(id, policy.id, rule);
    expect(made).toMatchObject({ ...rule, active: true, users: [] });
    await authServers.setPolicyClients(id, policy.id, ["ALL_CLIENTS"]);
    const [first] = (await authServers.policies(id)).filter((each) => each.id === policy.id);
    expect(first).toMatchObject({ name: "By test", clients: ["ALL_CLIENTS"], rules: [made] });
    await authServers.removeRule(id, policy.id, made.id);
    await authServers.removePolicy(id, policy.id);
  });
});

describe("what goes wrong", () => {
  test("is told by whose fault it is: a dead token, a powerless one, an org without the feature", async () => {
    await expect(org("00wrong").whoAmI()).rejects.toMatchObject({ kind: "auth", code: "okta.token_invalid" });
    await expect(org("line\nbreak").whoAmI()).rejects.toMatchObject({ kind: "auth", code: "okta.token_invalid" });
    const weak = await startSandbox({
      seed: {
        okta: {
          apiAccessManagement: false,
          users: [
            { login: "owner-of-many", roles: ["SUPER_ADMIN"] },
            { login: "boss", roles: ["SUPER_ADMIN"] },
            { login: "intern" },
          ],
          groups: [],
          apiTokens: [
            { token: "00boss", owner: "boss" },
            { token: "00intern", owner: "intern" },
            { token: "00many", owner: "owner-of-many" },
          ],
        },
      },
    });
    const as = (token: string) => createOktaOrg({ origin: weak.okta.url, token, http: createHttpClient() });
    await expect(as("00intern").createGroup("x")).rejects.toMatchObject({ kind: "auth", code: "okta.token_powerless" });
    expect(await as("00intern").tokenInfo()).toEqual({ kind: "hidden" });
    expect(await as("00boss").tokenInfo()).toMatchObject({
      kind: "seen",
      info: { network: "anywhere", expiresAt: expect.stringMatching(/Z$/) },
    });
    expect(await as("00many").tokenInfo()).toEqual({ kind: "several" });
    await expect(as("00boss").authServers.all()).rejects.toMatchObject({ kind: "rule", code: "okta.feature_missing" });
    await weak.close();
  });

  test("a page that keeps failing is asked for again smaller, and nothing is lost", async () => {
    sandbox.faults.set(["503,path=/api/v1/groups,times=4"]);
    const names = (await collect(org().groups({ search: "Team" }))).map(({ name }) => name);
    expect(new Set(names).size).toBe(450);
  });

  test("a service that keeps failing is unavailable, and waits are kept to", async () => {
    sandbox.faults.set(["500,times=1000"]);
    await expect(collect(org().groups())).rejects.toMatchObject({ kind: "unavailable", code: "okta.failed" });
    sandbox.faults.set(["429=2,times=2"]);
    expect(await org().groupsNamed(hard)).toHaveLength(1);
  });

  test("a next link to another host is never followed", async () => {
    sandbox.faults.set(["link-host=https://elsewhere.example,times=1000"]);
    await expect(collect(org().groups())).rejects.toMatchObject({
      kind: "unavailable",
      code: "okta.foreign_link",
      message: expect.stringContaining("https://elsewhere.example"),
    });
  });
});
