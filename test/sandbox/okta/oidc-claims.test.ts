/** What is in a token and who gets one: access policies and claims. */
import { decodeJwt } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import { directoryId } from "../../../src/sandbox/okta/state.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { clientId, found, grace, people, startOidc } from "./oidc.ts";
import { acme } from "./org.ts";

const { org, server, claim, user, authorizeUrl, code, redeem, tokens, accessClaims, userinfo } = await startOidc();
afterAll(() => org.close());

describe("an access policy", () => {
  const denied = "Policy evaluation failed for this request, please check the policy configurations.";
  const refusal = async () =>
    (await new Visitor().open(authorizeUrl({ prompt: "none" }))).url.searchParams.get("error");

  test("counts in order of priority, when it and its rule are active and for the client, the grant and the scopes", async () => {
    const policy = found(server.policies[0]);
    const rule = found(policy.rules[0]);
    const shorter = { ...rule, id: "0prShorter", accessTokenLifetimeMinutes: 10 };
    policy.rules.unshift(shorter);
    expect(await lifetime()).toBe(600);
    shorter.status = "INACTIVE";
    expect(await lifetime()).toBe(3600);
    Object.assign(shorter, { status: "ACTIVE", scopes: ["openid"] });
    expect(await lifetime()).toBe(3600);
    Object.assign(shorter, { scopes: ["openid", "email", "profile"], grantTypes: ["implicit"] });
    expect(await lifetime()).toBe(3600);
    Object.assign(shorter, { grantTypes: ["authorization_code"], people: people([], ["00usomeoneelse"]) });
    expect(await lifetime()).toBe(3600);
    policy.rules.shift();

    const own = { ...policy, id: "00pOwn", clients: [clientId], rules: [shorter] };
    shorter.people = people(["EVERYONE"]);
    server.policies.unshift(own);
    expect(await lifetime()).toBe(600);
    own.status = "INACTIVE";
    expect(await lifetime()).toBe(3600);
    policy.status = "INACTIVE";
    expect(await refusal()).toBe("access_denied");
    policy.status = "ACTIVE";
    server.policies.shift();
    expect(await refusal()).toBe("login_required");
  });

  async function lifetime(): Promise<number> {
    const { iat = 0, exp = 0 } = await accessClaims();
    return exp - iat;
  }

  test("does not cover whom its rule excludes, by name or by group", async () => {
    const rule = found(server.policies[0]?.rules[0]);
    const group = found([...org.state.groups.values()].find(({ name }) => name === "Akto Security"));
    const excluded = async (exclude: { users?: string[]; groups?: string[] }) => {
      const { users = [], groups = [] } = exclude;
      rule.people = {
        users: { include: [user.id], exclude: users },
        groups: { include: ["EVERYONE"], exclude: groups },
      };
      return (await new Visitor().signIn(authorizeUrl(), grace)).url.searchParams.get("error");
    };
    expect(await excluded({ users: [user.id] })).toBe("access_denied");
    expect(await excluded({ groups: [group.id] })).toBe("access_denied");
    expect(await excluded({ users: ["00usomeoneelse"], groups: ["00ganothergroup"] })).toBeNull();
    rule.people = people(["EVERYONE"]);
  });

  test("may call a token inline hook, which adds, changes and takes claims", async () => {
    const hooked = await startOidc({
      ...acme,
      inlineHooks: new Map([["calHook", { groups: null, added: 1, sub: "someone" }]]),
    });
    const rule = found(hooked.server.policies[0]?.rules[0]);
    expect((await hooked.accessClaims()).groups).toEqual(["Akto Security"]);
    rule.inlineHook = "calHook";
    const claims = await hooked.accessClaims();
    expect([claims.groups, claims.added, claims.sub]).toEqual([undefined, 1, "someone"]);
    rule.inlineHook = "calOther";
    expect((await hooked.accessClaims()).groups).toEqual(["Akto Security"]);
    await hooked.org.close();
  });

  test("is evaluated at the token request again, for the user's groups of that moment", async () => {
    const rule = found(server.policies[0]?.rules[0]);
    const group = found([...org.state.groups.values()].find(({ name }) => name === "Akto Security"));
    rule.people = people([group.id]);
    const given = await code();
    org.state.memberships.remove(group.id, user.id);
    expect(await redeem(given)).toMatchObject({
      status: 400,
      json: { error: "access_denied", error_description: denied },
    });
    org.state.memberships.add(group.id, user.id);
    rule.people = people(["EVERYONE"]);
  });
});

describe("a groups claim", () => {
  const both = ["Akto Security", "Directory"];

  test.each([
    ["STARTS_WITH", "AKTO", ["Akto Security"]],
    ["EQUALS", "akto security", ["Akto Security"]],
    ["STARTS_WITH", "security", undefined],
    ["CONTAINS", "SEC", ["Akto Security"]],
    // Imported, as every group of a directory is.
    ["CONTAINS", "DIR", undefined],
    ["REGEX", ".*", ["Everyone", "Akto Security"]],
    ["REGEX", "Akto.*", ["Akto Security"]],
    ["REGEX", "akto.*", undefined],
    ["REGEX", "Akto", undefined],
    ["REGEX", "(", undefined],
  ] as const)("with the filter %s %s holds %j", async (filter, value, groups) => {
    Object.assign(claim, { groupFilterType: filter, value });
    expect((await accessClaims()).groups).toEqual(groups);
    Object.assign(claim, { groupFilterType: "STARTS_WITH", value: "akto" });
  });

  test("waits for its scope, its status and its token", async () => {
    claim.scopes = ["address"];
    expect((await accessClaims()).groups).toBeUndefined();
    Object.assign(claim, { scopes: [], status: "INACTIVE" });
    expect((await accessClaims()).groups).toBeUndefined();
    Object.assign(claim, { status: "ACTIVE", claimType: "IDENTITY" });
    const { json } = await tokens();
    expect(decodeJwt(json.access_token ?? "").groups).toBeUndefined();
    expect(decodeJwt(json.id_token ?? "").groups).toEqual(["Akto Security"]);
    claim.alwaysIncludeInToken = false;
    const lean = (await tokens()).json;
    expect(decodeJwt(lean.id_token ?? "").groups).toBeUndefined();
    expect(await (await userinfo(lean.access_token)).json()).toMatchObject({ groups: ["Akto Security"] });
    claim.claimType = "RESOURCE";
    expect((await accessClaims()).groups).toEqual(["Akto Security"]);
    claim.alwaysIncludeInToken = true;
  });

  test.each([
    ['Groups.startsWith("OKTA", "Akto", 100)', ["Akto Security"]],
    ['Groups.endsWith("OKTA", "one", 100)', ["Everyone"]],
    ['Groups.contains("active_directory", "rect", 100)', ["Directory"]],
    ['Groups.contains("OKTA", "e", 1)', ["Everyone"]],
    ['Groups.startsWith("OKTA", "None", 100)', undefined],
    ['Groups.startsWith("active_directory", "Akto", 100)', undefined],
    [`Groups.startsWith("${directoryId}", "Dir", 100)`, ["Directory"]],
    ['Arrays.flatten(Groups.startsWith("OKTA", "Akto", 9), Groups.contains("active_directory", "D", 9))', both],
    ['Arrays.flatten(Groups.startsWith("OKTA", "Akto", 9), Groups.contains("OKTA", "None", 9))', undefined],
    [
      'Arrays.isEmpty(Groups.contains("OKTA", "None", 9)) ? Groups.startsWith("OKTA", "Akto", 9) : {"x"}',
      ["Akto Security"],
    ],
    ['Arrays.toCsvString(Groups.startsWith("OKTA", "Akto", 9))', "Akto Security"],
    ['isMemberOfGroupName("Directory") && !isMemberOfGroupName("None") ? "yes" : "no"', "yes"],
    ["(appuser != null) ? appuser.userName : app.clientId", grace],
    ['isMemberOfGroupName("Akto Security")', true],
    ['isMemberOfGroupNameStartsWith("Akto A")', false],
    ['isMemberOfGroupNameContains("Sec")', true],
    ["user.email", grace],
    ["user.nickName", undefined],
    ["appuser.userName", grace],
    ["app.clientId", clientId],
    ["'text'", "text"],
  ])("with the expression %s is %j", async (value, expected) => {
    Object.assign(claim, { valueType: "EXPRESSION", value });
    expect((await accessClaims()).groups).toEqual(expected);
    Object.assign(claim, { valueType: "GROUPS", value: "akto" });
  });

  test("holds the groups of these ids that the user is in, imported ones too", async () => {
    const ids = new Map(Array.from(org.state.groups.values(), ({ id, name }) => [name, id]));
    const all = `"${ids.get("Akto Admins")}", "${ids.get("Akto Security")}", "${ids.get("Directory")}"`;
    const held = async (value: string) => {
      Object.assign(claim, { valueType: "EXPRESSION", value });
      return ((await accessClaims()).groups as string[]).sort();
    };
    expect(await held(`getFilteredGroups({${all}}, "group.name", 100)`)).toEqual(both);
    expect(await held(`getFilteredGroups({${all}}, "group.id", 100)`)).toEqual(
      both.map((name) => ids.get(name)).sort(),
    );
    expect(await held(`getFilteredGroups({"${ids.get("Akto Admins")}"}, "group.name", 100)`)).toEqual([]);
    Object.assign(claim, { valueType: "GROUPS", value: "akto" });
  });

  test.each(['Groups.startsWith("OKTA", "Akto", 101)', 'getFilteredGroups({"00g"}, "group.name", 101)'])(
    "gives no token with the expression %s",
    async (value) => {
      Object.assign(claim, { valueType: "EXPRESSION", value });
      expect(await tokens()).toMatchObject({
        status: 400,
        json: { error_description: "The 'groups' user claim could not be evaluated." },
      });
      Object.assign(claim, { valueType: "GROUPS", value: "akto" });
    },
  );

  test("of over a hundred matching groups carries all, or a hundred, or fails the request, as the org is set up", async () => {
    for (let n = 0; n < 100; n += 1) {
      if (n === 99) expect((await accessClaims()).groups).toHaveLength(100);
      const group = { ...found([...org.state.groups.values()][1]), id: `00gMany${n}`, name: `Akto ${n}` };
      org.state.groups.put(group);
      org.state.memberships.add(group.id, user.id);
    }
    expect((await accessClaims()).groups).toHaveLength(101);
    org.state.overHundredGroups = "cut";
    expect((await accessClaims()).groups).toHaveLength(100);
    org.state.overHundredGroups = "refused";
    const refused = await tokens();
    expect(refused.status).toBe(400);
    expect(refused.json.error_description).toContain("too many groups");
    Object.assign(claim, { claimType: "IDENTITY", alwaysIncludeInToken: false });
    const answer = await userinfo((await tokens()).json.access_token);
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([400, expect.stringContaining("too many")]);
    Object.assign(claim, { claimType: "RESOURCE", alwaysIncludeInToken: true });
    for (let n = 0; n < 100; n += 1) org.state.memberships.dropGroup(`00gMany${n}`);
    org.state.overHundredGroups = "carried";
  });
});
