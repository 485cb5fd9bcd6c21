import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Calls an action, and gives the status with the fields that an action answers itself. */
async function call(action: string, body: object = {}, { akto } = sandbox, key = akto.apiKey) {
  const response = await fetch(`${akto.url}/api/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, answer: /^[[{]/.test(text) ? JSON.parse(text) : null };
}

const refusal = (status: number, message: RegExp) => ({
  status,
  answer: expect.objectContaining({ actionErrors: [expect.stringMatching(message)] }),
});

const newSso = ({ okta, akto } = sandbox) => ({
  clientId: okta.clientId,
  clientSecret: okta.clientSecret,
  authorisationServerId: okta.authServerId,
  oktaDomain: new URL(okta.url).host,
  redirectUri: `${akto.url}/authorization-code/callback`,
});

const save = (mapping: object, more: object = {}) =>
  call("saveOktaGroupRoleMapping", { oktaGroupToAktoUserRoleMap: mapping, syncGroupsToUserTags: false, ...more });

describe("the Akto dashboard", () => {
  test("turns a wrong key away before it looks at the action, and answers an unknown one with a page", async () => {
    expect(await call("fetchOktaSso", {}, sandbox, "wrong")).toMatchObject({ status: 403, answer: null });
    expect(await call("noSuchAction", {}, sandbox, "wrong")).toMatchObject({ status: 403 });
    expect(await call("noSuchAction")).toMatchObject({ status: 200, text: expect.stringContaining("ACCESS_TOKEN") });
  });

  test("has no Okta SSO until one is added, and then no second one: there is no update", async () => {
    expect(await call("fetchOktaSso")).toMatchObject({
      status: 200,
      answer: { clientId: null, oktaDomain: null, oktaGroupToAktoUserRoleMap: null, managementApiToken: null },
    });
    expect((await call("fetchOktaSso")).answer.syncGroupsToUserTags).toBe(false);
    expect(await call("fetchOktaGroups")).toMatchObject(refusal(422, /^Okta SSO is not configured\.$/));
    expect(await save({})).toMatchObject(refusal(422, /^Okta SSO is not configured\.$/));

    const sso = newSso();
    expect(await call("addOktaSso", sso)).toMatchObject({ status: 200 });
    expect(await call("addOktaSso", sso)).toMatchObject(refusal(422, /^A SSO Integration already exists\.$/));
    const { clientSecret: _, ...shown } = sso;
    const { answer, text } = await call("fetchOktaSso");
    expect(answer).toMatchObject({ ...shown, syncGroupsToUserTags: false });
    expect(text).not.toContain(sandbox.okta.clientSecret);
    expect(await call("fetchOktaGroups")).toMatchObject(refusal(422, /token/));
  });

  test("replaces the mapping whole, and refuses a role twice or one that does not exist", async () => {
    const mapping = { "Akto Admins": "ADMIN", ["__proto__"]: "MEMBER", "Team ünïcode ✓": "GUEST" };
    expect(await save(mapping)).toMatchObject({ status: 200 });
    expect(await save({ A: "ADMIN", B: "ADMIN" })).toMatchObject(refusal(422, /ADMIN/));
    expect(await save({ A: "OWNER" })).toMatchObject(refusal(422, /OWNER/));
    const { text } = await call("fetchOktaSso");
    expect(text).toContain(
      '"oktaGroupToAktoUserRoleMap":{"Akto Admins":"ADMIN","__proto__":"MEMBER","Team ünïcode ✓":"GUEST"}',
    );
  });

  test("keeps, replaces or removes the token as the save says, and never shows it", async () => {
    const stored = async () => (await call("fetchOktaSso")).answer.managementApiToken;
    expect(await save({}, { syncGroupsToUserTags: true })).toMatchObject(refusal(422, /token/));
    await save({}, { managementApiToken: ` ${sandbox.okta.tokenForAkto} `, syncGroupsToUserTags: true });
    const mask = await stored();
    expect(mask).toMatch(/^\*+$/);
    await save({}, { managementApiToken: mask });
    expect((await call("fetchOktaGroups")).answer.oktaGroupNames).toContain("Akto Admins");
    await save({});
    expect(await stored()).toBe(mask);
    expect((await call("fetchOktaSso")).answer.syncGroupsToUserTags).toBe(false);
    await save({}, { managementApiToken: "00dead" });
    expect(await call("fetchOktaGroups")).toMatchObject({ status: 200, answer: { oktaGroupNames: [] } });
    await save({}, { managementApiToken: "" });
    expect(await stored()).toBeNull();
  });

  test("sees the first page of Okta's groups alone", async () => {
    const groups = Array.from({ length: 10_050 }, (_, index) => ({ name: `Team ${index}` }));
    const large = await startSandbox({ aktoConfigured: true, seed: { okta: { groups } } });
    const { answer } = await call("fetchOktaGroups", {}, large);
    expect(answer.oktaGroupNames).toHaveLength(10_000);
    expect(answer.oktaGroupNames).not.toContain("Team 10049");
    await large.close();
  });

  test("forgets the mapping with the SSO", async () => {
    await save({ "Akto Admins": "ADMIN" });
    expect(await call("deleteOktaSso")).toMatchObject({ status: 200 });
    await call("addOktaSso", newSso());
    expect((await call("fetchOktaSso")).answer.oktaGroupToAktoUserRoleMap).toBeNull();
  });

  test("names its members and who is invited", async () => {
    const { answer } = await call("getTeamData");
    expect(answer).toContainEqual(expect.objectContaining({ login: "ines.duarte@brightwell.example", role: "ADMIN" }));
    expect(answer).toContainEqual(
      expect.objectContaining({ login: "wei.zhang@brightwell.example", name: "-", isInvitation: true }),
    );
  });

  test("refuses the Okta actions to a key of less than an Admin, and to a plan without SSO", async () => {
    for (const akto of [{ keyOwnerRole: "DEVELOPER" }, { planHasSso: false }]) {
      const weak = await startSandbox({ seed: { akto } });
      expect(await call("fetchOktaSso", {}, weak)).toMatchObject(refusal(403, /role|plan/));
      expect(await call("getTeamData", {}, weak)).toMatchObject({ status: 200 });
      await weak.close();
    }
  });

  test("says when an SSO of another kind is active, and lists custom roles as they are spelled", async () => {
    const customRoles = [{ name: "threat-hunter", baseRole: "THREAT ENGINEER" }];
    const other = await startSandbox({ seed: { akto: { otherSsoActive: true, customRoles } } });
    expect(await call("fetchOktaSso", {}, other)).toMatchObject(
      refusal(422, /^A different SSO Integration already exists\.$/),
    );
    expect(await call("addOktaSso", newSso(other), other)).toMatchObject(refusal(422, /already exists/));
    expect((await call("getCustomRoles", {}, other)).answer.roles).toEqual([expect.objectContaining(customRoles[0])]);
    await other.close();
    const custom = await startSandbox({ aktoConfigured: true, seed: { akto: { customRoles } } });
    const body = { oktaGroupToAktoUserRoleMap: { Hunters: "threat-hunter", Nobody: "NO_ACCESS" } };
    expect(await call("saveOktaGroupRoleMapping", body, custom)).toMatchObject({ status: 200, answer: body });
    await custom.close();
  });
});
