/** What is in a token and who gets one: access policies and claims. */
import { decodeJwt } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { clientId, found, grace, people, startOidc } from "./oidc.ts";

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
  test.each([
    ["STARTS_WITH", "AKTO", ["Akto Security"]],
    ["EQUALS", "akto security", ["Akto Security"]],
    ["STARTS_WITH", "security", undefined],
    ["CONTAINS", "SECUR", ["Akto Security"]],
    // It is imported, and no filter's to carry.
    ["CONTAINS", "DIR", undefined],
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
    ['Arrays.toCsvString(Groups.contains("OKTA", "one", 100))', "Everyone"],
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
