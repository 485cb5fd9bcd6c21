/** What the System Log says of changes and of sign-ins. */
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { routes } from "../../../src/sandbox/okta/api/api.ts";
import { isLogged } from "../../../src/sandbox/okta/log/changes.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { readLog, type ShownEvent, told } from "./log.ts";
import { clientId, found, grace, people, startOidc } from "./oidc.ts";

const { org, app, server, claim, user, authorizeUrl, code, redeem, tokens } = await startOidc();
afterAll(() => org.close());

let from = 0;
beforeEach(async () => {
  from = (await readLog(org, { limit: "1000" })).length;
});
/** What was written since the test began. */
const news = async (): Promise<ShownEvent[]> => (await readLog(org, { limit: "1000" })).slice(from);

describe("A change", () => {
  test("Every route that changes something has its event", () => {
    const silent = routes.filter((route) => route.method !== "GET" && !isLogged(route));
    expect(silent.map(({ method, segments }) => `${method} /${segments.join("/")}`)).toEqual([
      "POST /api/v1/policies/simulate",
    ]);
  });

  test("names who made it, by which token, what was changed, and the request", async () => {
    const group = found([...org.state.groups.values()].find(({ name }) => name === "Akto Admins"));
    const { headers } = await org.call("PUT", `/api/v1/groups/${group.id}/users/${user.id}`);
    await org.call("DELETE", `/api/v1/groups/${group.id}/users/${user.id}`);
    const [added, removed] = await news();
    expect(added).toMatchObject({
      eventType: "group.user_membership.add",
      actor: { type: "User", alternateId: "ada@acme.example" },
      outcome: { result: "SUCCESS" },
      target: [
        { id: user.id, type: "User", displayName: "Grace Hopper" },
        { id: group.id, type: "UserGroup", displayName: "Akto Admins" },
      ],
      transaction: {
        id: headers.get("x-okta-request-id"),
        detail: { requestApiTokenId: expect.stringMatching(/^00T/) },
      },
    });
    expect(removed?.eventType).toBe("group.user_membership.remove");
  });

  test("is written for what is made and what is deleted, under the name it has", async () => {
    const path = "/api/v1/authorizationServers/default/claims";
    const made = { name: "teams", claimType: "RESOURCE", valueType: "EXPRESSION", value: '"x"' };
    const { json } = await org.call("POST", path, made);
    await org.call("DELETE", `${path}/${(json as { id: string }).id}`);
    const events = await news();
    expect(told(events)).toEqual(["oauth2.claim.created SUCCESS", "oauth2.claim.deleted SUCCESS"]);
    for (const { target } of events)
      expect(target?.map(({ displayName }) => displayName)).toEqual(["teams", "default"]);
  });

  test("that Okta refuses is no change", async () => {
    await org.call("POST", "/api/v1/groups", { profile: {} });
    await org.call("DELETE", "/api/v1/groups/00gnone");
    expect(await news()).toEqual([]);
  });

  test("of a membership takes the app away by which group it came", async () => {
    const { groups } = app;
    const group = found([...org.state.groups.values()].find(({ name }) => name === "Akto Security"));
    const everyone = new Map(groups);
    groups.clear();
    groups.set(group.id, { priority: 0, lastUpdated: 0, profile: {} });
    await org.call("DELETE", `/api/v1/groups/${group.id}/users/${user.id}`);
    expect(told(await news())).toEqual([
      "group.user_membership.remove SUCCESS",
      "application.user_membership.remove SUCCESS",
    ]);
    await org.call("PUT", `/api/v1/groups/${group.id}/users/${user.id}`);
    groups.clear();
    for (const [id, assignment] of everyone) groups.set(id, assignment);
  });
});

describe("A sign-in", () => {
  const granted = ["app.oauth2.as.token.grant.id_token SUCCESS", "app.oauth2.as.token.grant.access_token SUCCESS"];
  const entered = [
    "policy.evaluate_sign_on ALLOW Sign-on policy evaluation resulted in AUTHENTICATED",
    "user.authentication.sso SUCCESS",
  ];

  test("that goes well is told from Okta's page to the tokens, bound by session and transaction", async () => {
    await tokens();
    const events = await news();
    expect(told(events)).toEqual([
      "user.session.start SUCCESS",
      ...entered,
      "app.oauth2.as.authorize.code SUCCESS",
      ...granted,
    ]);
    const [start, evaluated, sso, authorized, idToken, accessToken] = events;
    expect(start?.authenticationContext.externalSessionId).toMatch(/^idx/);
    for (const event of [evaluated, sso, authorized]) {
      expect(event?.authenticationContext.externalSessionId).toBe(start?.authenticationContext.externalSessionId);
      expect(event?.transaction.id).toBe(evaluated?.transaction.id);
    }
    expect(idToken?.transaction.id).toBe(accessToken?.transaction.id);
    expect(accessToken?.transaction.id).not.toBe(authorized?.transaction.id);
    for (const event of [authorized, idToken, accessToken]) {
      expect(event?.actor).toMatchObject({ id: clientId, type: "PublicClientApp" });
      expect(event?.target).toContainEqual(expect.objectContaining({ type: "User", alternateId: grace }));
    }
    expect(start?.target).toEqual([expect.objectContaining({ type: "AppInstance", id: app.id })]);
  });

  test("keeps its codes, tokens and secrets to itself", async () => {
    const given = await code();
    const { json } = await redeem(given);
    const written = JSON.stringify(await news());
    for (const secret of [given, json.access_token, json.id_token, "a-secret-of-the-akto-app"]) {
      expect(written).not.toContain(secret);
    }
  });

  test("with a wrong user name or of a suspended user gets no session", async () => {
    await new Visitor().signIn(authorizeUrl(), "linus@acme.example");
    const [event] = await news();
    expect(event).toMatchObject({
      eventType: "user.session.start",
      actor: { alternateId: "linus@acme.example" },
      outcome: { result: "FAILURE", reason: "VERIFICATION_ERROR" },
      authenticationContext: { externalSessionId: null },
    });
  });

  test("of whoever is not assigned ends at the app", async () => {
    const groups = new Map(app.groups);
    app.groups.clear();
    await code();
    expect(told(await news()).slice(1)).toEqual([
      "app.generic.unauth_app_access_attempt FAILURE",
      "app.oauth2.as.authorize FAILURE access_denied",
    ]);
    for (const [id, assignment] of groups) app.groups.set(id, assignment);
  });

  test("that the server's policy denies is told with Okta's own word", async () => {
    const rule = found(server.policies[0]?.rules[0]);
    rule.people = people([], ["00unobody"]);
    await code();
    expect(told(await news()).slice(1)).toEqual([...entered, "app.oauth2.as.authorize FAILURE no_matching_policy"]);
    rule.people = people(["EVERYONE"]);
  });

  test("of which the policy does not allow a scope says so", async () => {
    const rule = found(server.policies[0]?.rules[0]);
    rule.scopes = ["openid"];
    await code();
    expect(told(await news())).toEqual([
      "app.oauth2.as.authorize.scope_denied FAILURE no_matching_scope",
      "app.oauth2.as.authorize FAILURE no_matching_scope",
    ]);
    rule.scopes = ["*"];
  });

  test("with a wrong client secret, an old code or another redirect URI ends at the token", async () => {
    const given = await code();
    from = (await readLog(org, { limit: "1000" })).length;
    await redeem(given, { client_secret: "wrong" });
    await redeem(given, { redirect_uri: "https://elsewhere.example/" });
    await redeem("no-such-code");
    expect(told(await news())).toEqual([
      "app.oauth2.invalid_client_credentials FAILURE invalid_client",
      "app.oauth2.as.token.grant FAILURE mismatched_redirect_uri",
      "app.oauth2.as.token.grant FAILURE invalid_grant",
    ]);
  });

  test("gets no token when a claim can't be evaluated", async () => {
    const { valueType, value } = claim;
    Object.assign(claim, { valueType: "EXPRESSION", value: 'Groups.startsWith("OKTA", "Akto", 500)' });
    const { status, json } = await tokens();
    expect(status).toBe(400);
    expect(json.error_description).toBe("The 'groups' user claim could not be evaluated.");
    expect(told(await news()).slice(-2)).toEqual([
      "app.oauth2.as.evaluate.claim FAILURE user_claim_evaluation_failure",
      "app.oauth2.as.token.grant FAILURE user_claim_evaluation_failure",
    ]);
    Object.assign(claim, { valueType, value });
  });

  test("with an unknown client, another redirect URI or no session is written down too", async () => {
    const wrong = { client_id: "0oaOther", redirect_uri: "https://elsewhere.example/", prompt: "none" };
    for (const [name, value] of Object.entries(wrong)) {
      await fetch(authorizeUrl({ [name]: value }), { redirect: "manual" });
    }
    expect(told(await news())).toEqual([
      "app.oauth2.as.authorize FAILURE invalid_client_id",
      "app.oauth2.as.authorize FAILURE mismatched_redirect_uri",
      "app.oauth2.as.authorize FAILURE login_required",
    ]);
  });

  test("at the org's own server has other event types", async () => {
    await code(grace, {}, `${org.url}/oauth2`);
    expect((await news()).map(({ eventType }) => eventType)).toContain("app.oauth2.authorize.code");
  });
});
