import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAktoDashboard } from "../../src/akto/dashboard.ts";
import { isFailure } from "../../src/core/failure.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { serve } from "../http/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      akto: {
        customRoles: [{ name: "auditor", baseRole: "GUEST" }],
        members: [{ login: "ada@brightwell.example", name: "Ada", role: "ADMIN" }],
        invitations: [{ login: "new@brightwell.example", role: "GUEST" }],
      },
    },
  });
});
afterAll(() => sandbox.close());

const http = createHttpClient({ sleep: async () => {} });
const dashboard = (url = sandbox.akto.url, apiKey = sandbox.akto.apiKey) => createAktoDashboard({ url, apiKey, http });

describe("an Akto account", () => {
  test("is given an SSO, a mapping and a token, answers them as they were given, and loses them", async () => {
    const akto = dashboard();
    expect(await akto.fetchSso()).toBeNull();
    const sso = {
      clientId: sandbox.okta.clientId,
      authorisationServerId: "default",
      oktaDomain: "acme.okta.com",
      redirectUri: `${sandbox.akto.url}/authorization-code/callback`,
    };
    await akto.addSso({ ...sso, clientSecret: sandbox.okta.clientSecret });
    const empty = { ...sso, mapping: new Map(), syncGroupsToUserTags: false, hasManagementApiToken: false };
    expect(await akto.fetchSso()).toEqual(empty);

    const mapping = new Map([
      ["__proto__", "ADMIN"],
      ["constructor", "auditor"],
      ["Ops \u202e\u0007 \ud83d\ude80", "GUEST"],
    ]);
    await akto.saveMapping({ mapping, syncGroupsToUserTags: true, managementApiToken: sandbox.okta.token });
    expect(await akto.fetchSso()).toEqual({ ...sso, mapping, syncGroupsToUserTags: true, hasManagementApiToken: true });
    await akto.saveMapping({ mapping: new Map(), syncGroupsToUserTags: false });
    expect(await akto.fetchSso()).toEqual({ ...empty, hasManagementApiToken: true });
    await akto.saveMapping({ mapping: new Map(), syncGroupsToUserTags: false, managementApiToken: "" });
    expect(await akto.fetchSso()).toEqual(empty);

    await expect(akto.addSso({ ...sso, clientSecret: "x" })).rejects.toMatchObject({
      kind: "rule",
      code: "akto.sso_exists",
    });
    await expect(
      akto.saveMapping({ mapping: new Map([["G", "NO SUCH"]]), syncGroupsToUserTags: false }),
    ).rejects.toMatchObject({
      kind: "rule",
      code: "akto.unknown_role",
    });
    await akto.deleteSso();
    expect(await akto.fetchSso()).toBeNull();
  });

  test("tells its roles and members", async () => {
    expect(await dashboard().customRoles()).toEqual([{ name: "auditor", baseRole: "GUEST" }]);
    const team = await dashboard().team();
    expect(team).toContainEqual({
      login: "ada@brightwell.example",
      name: "Ada",
      storedRole: "ADMIN",
      scopedRoles: new Map(),
      invited: false,
    });
    expect(team).toContainEqual(expect.objectContaining({ login: "new@brightwell.example", invited: true }));
  });

  test("turns away a wrong key, one without rights and an account with another SSO, each in its own words", async () => {
    await expect(dashboard(undefined, "wrong").fetchSso()).rejects.toMatchObject({
      kind: "auth",
      code: "akto.key_invalid",
    });
    await expect(dashboard(undefined, "a\nb").fetchSso()).rejects.toMatchObject({
      kind: "auth",
      code: "akto.key_invalid",
    });
    for (const [akto, code] of [
      [{ keyOwnerRole: "GUEST" }, "akto.not_allowed"],
      [{ planHasSso: false }, "akto.not_allowed"],
      [{ otherSsoActive: true }, "akto.other_sso"],
    ] as const) {
      const other = await startSandbox({ seed: { akto } });
      await expect(dashboard(other.akto.url).fetchSso()).rejects.toMatchObject({ code });
      await other.close();
    }
  });
});

describe("an answer that isn't Akto's", () => {
  const answering = async (status: number, body: string) =>
    dashboard(await serve((_, response) => response.writeHead(status).end(body)));

  test.each([
    [200, "<html>planted</html>", "akto.unexpected_answer"],
    [200, "", "akto.unexpected_answer"],
    [200, "[]", "akto.unexpected_answer"],
    [200, '{"clientId":7}', "akto.unexpected_answer"],
    [200, '{"clientId":"a","oktaGroupToAktoUserRoleMap":["planted"]}', "akto.unexpected_answer"],
    [200, '{"clientId":"a","oktaGroupToAktoUserRoleMap":{"G":{"planted":1}}}', "akto.unexpected_answer"],
    [302, "", "akto.not_found"],
    [404, "<html>planted</html>", "akto.not_found"],
    [403, "<html>planted</html>", "akto.key_invalid"],
    [422, "<html>planted</html>", "akto.refused"],
    [500, "<html>planted</html>", "akto.failed"],
    [418, "planted", "akto.failed"],
  ])("such as %i %s is told apart, and nothing of it is shown", async (status, body, code) => {
    const failure = await (await answering(status, body)).fetchSso().catch((error: unknown) => error);
    expect(isFailure(failure, code)).toBe(true);
    expect(String(failure)).not.toMatch(/planted|html/);
  });

  test("that redirects takes the API key nowhere", async () => {
    let asked = 0;
    const thief = await serve((_, response) => {
      asked++;
      response.end("{}");
    });
    const origin = await serve((_, response) => response.writeHead(307, { location: thief }).end());
    await expect(dashboard(origin).fetchSso()).rejects.toMatchObject({ code: "akto.not_found" });
    await expect(dashboard(origin).deleteSso()).rejects.toMatchObject({ code: "akto.not_found" });
    expect(asked).toBe(0);
  });

  test("has its sentence shown when it is a refusal, harmless and on one line", async () => {
    const hostile = JSON.stringify({ actionErrors: ["\u001b]0;owned\u0007\nrun rm -rf\u202e", "second"] });
    const refused = await answering(422, hostile);
    await expect(refused.fetchGroups()).rejects.toMatchObject({
      kind: "rule",
      message: "Akto refused: “\\u{1b}]0;owned\\u{07}\\u{0a}run rm -rf\\u{202e}”.",
    });
  });
});

test("a read is asked again when its answer gets lost, a write is not", async () => {
  let asked = 0;
  const akto = dashboard(
    await serve((request, response) => {
      if (asked++ === 0) request.socket.destroy();
      else response.end('{"roles":[]}');
    }),
  );
  expect(await akto.customRoles()).toEqual([]);
  asked = 0;
  await expect(akto.deleteSso()).rejects.toMatchObject({ code: "http.unreachable" });
  expect(asked).toBe(1);
});
