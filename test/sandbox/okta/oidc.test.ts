/** The way in at an authorization server: probes, the sign-in page, who is let in, what they get, and where. */
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { clientId, found, grace, people, startOidc } from "./oidc.ts";
import { redirectUri } from "./org.ts";

const { org, base, app, server, user, authorizeUrl, redeem, tokens, userinfo } = await startOidc();
afterAll(() => org.close());

/** Asks without a session, as a probe does. */
async function probe(params: Record<string, string | null> = {}) {
  const response = await fetch(authorizeUrl({ prompt: "none", ...params }), { redirect: "manual" });
  const location = response.headers.get("location");
  const query = location === null ? undefined : Object.fromEntries(new URL(location).searchParams);
  return { status: response.status, query, text: await response.text() };
}

describe("a probe without a session", () => {
  test("is told to sign in when all is right with the request", async () => {
    expect(await probe()).toMatchObject({ status: 302, query: { error: "login_required", state: "xyz" } });
  });

  test("hears of another response type where it asked to, in the query or behind the hash, and nothing but that", async () => {
    const description =
      "The response type is not supported by the authorization server. Configured response types: [code].";
    for (const [response_type, part] of [
      ["other", "search"],
      ["token", "hash"],
    ] as const) {
      const response = await fetch(authorizeUrl({ response_type }), { redirect: "manual" });
      const told = new URLSearchParams(new URL(response.headers.get("location") ?? "")[part].slice(1));
      expect(Object.fromEntries(told)).toEqual({
        error: "unsupported_response_type",
        error_description: description,
        state: "xyz",
      });
      expect(await response.text()).toBe("");
    }
  });

  test("gets the page that names what is wrong for another client id or redirect URI, down to a slash", async () => {
    expect(await probe({ client_id: "0oaOther" })).toMatchObject({ status: 400, query: undefined });
    expect((await probe({ client_id: "0oaOther" })).text).toContain("client_id");
    const slash = await probe({ redirect_uri: `${redirectUri}/` });
    expect(slash.status).toBe(400);
    expect(slash.text).toContain("redirect_uri");
    app.status = "INACTIVE";
    expect((await probe()).status).toBe(400);
    app.status = "ACTIVE";
  });

  test("hears of unknown scopes, a missing state, a demand for PKCE and a policy that lets nobody in", async () => {
    expect((await probe({ scope: "openid groups" })).query).toMatchObject({ error: "invalid_scope" });
    expect((await probe({ state: null })).query?.error_description).toContain("'state'");
    app.pkceRequired = true;
    expect((await probe()).query).toMatchObject({
      error: "invalid_request",
      error_description: expect.stringContaining("PKCE"),
    });
    app.pkceRequired = false;
    const [policy] = server.policies;
    found(policy).clients = ["0oaSomeoneElse"];
    expect((await probe()).query).toMatchObject({
      error: "access_denied",
      error_description: "Policy evaluation failed for this request, please check the policy configurations.",
    });
    found(policy).clients = ["ALL_CLIENTS"];
  });
});

test("an app that is set up by halves is still known, and refused for what it lacks", async () => {
  const { client, secrets, clientAuthMethod } = app;
  app.client = { ...client, grant_types: ["client_credentials"] };
  expect((await probe()).query?.error).toBe("unauthorized_client");
  app.client = { ...client, redirect_uris: [...client.redirect_uris, "app.acme:/callback"] };
  Object.assign(app, { secrets: [], clientAuthMethod: "private_key_jwt" });
  expect((await probe()).query?.error).toBe("login_required");
  expect(await redeem("code")).toMatchObject({ status: 401, json: { error: "invalid_client" } });
  Object.assign(app, { client, secrets, clientAuthMethod });
});

describe("a sign-in", () => {
  test("gives tokens in Okta's form, and userinfo for them", async () => {
    const { status, json } = await tokens(grace, { nonce: "n-1" });
    expect(status).toBe(200);
    expect(decodeProtectedHeader(json.access_token ?? "")).toEqual({ alg: "RS256", kid: org.state.signing.kid });
    expect(decodeJwt(json.access_token ?? "")).toMatchObject({
      ver: 1,
      jti: expect.stringMatching(/^AT\./),
      iss: `${org.url}/oauth2/default`,
      aud: "api://default",
      cid: clientId,
      uid: user.id,
      scp: expect.arrayContaining(["openid", "email", "profile"]),
      sub: grace,
      auth_time: expect.any(Number),
      groups: ["Akto Security"],
    });
    expect(decodeJwt(json.id_token ?? "")).toMatchObject({
      sub: user.id,
      aud: clientId,
      nonce: "n-1",
      at_hash: expect.any(String),
    });
    expect(await (await userinfo(json.access_token)).json()).toMatchObject({
      sub: user.id,
      email: grace,
      preferred_username: grace,
    });
  });

  test("opens userinfo to a token alone that was asked for with openid", async () => {
    const { json } = await tokens(grace, { scope: "email" });
    expect((await userinfo(json.access_token)).status).toBe(403);
    expect((await userinfo("forged")).status).toBe(401);
    expect((await fetch(`${base}/v1/userinfo`)).status).toBe(400);
  });

  test("is a session for the next one, and the sign-in page offers only active users", async () => {
    const visitor = new Visitor();
    const page = (await visitor.open(authorizeUrl())).page?.text ?? "";
    expect(page).toContain(grace);
    expect(page).toContain("to continue to Akto");
    expect(page).not.toContain("linus@acme.example");
    await visitor.signIn(authorizeUrl(), grace);
    expect((await visitor.open(authorizeUrl({ prompt: "none" }))).url.searchParams.has("code")).toBe(true);
    expect((await new Visitor().signIn(authorizeUrl(), "linus@acme.example")).page?.status).toBe(401);
    expect((await new Visitor().signIn(authorizeUrl(), grace.toUpperCase())).url.searchParams.has("code")).toBe(true);
    expect((await fetch(`${base}/signin/ended`)).status).toBe(400);
    expect((await fetch(`${org.url}/nowhere`)).status).toBe(404);
  });

  test("is denied to who is not assigned to the app, and to whom no rule covers", async () => {
    const [everyone, assignment] = found([...app.groups][0]);
    app.groups.clear();
    const denied = await new Visitor().signIn(authorizeUrl(), grace);
    expect(denied.url.searchParams.get("error_description")).toBe("User is not assigned to the client application.");
    app.groups.set(everyone, assignment);
    const rule = found(server.policies[0]?.rules[0]);
    rule.people = people([found([...org.state.groups.values()].find(({ name }) => name === "Akto Admins")).id]);
    expect((await new Visitor().signIn(authorizeUrl(), grace)).url.searchParams.get("error")).toBe("access_denied");
    expect((await tokens("ada@acme.example")).status).toBe(200);
    rule.people = people(["EVERYONE"]);
  });
});

test("in Federation Broker Mode everybody may sign in, and nobody can be assigned", async () => {
  const path = `/api/v1/apps/${app.id}`;
  const { json: current } = await org.call("GET", path);
  const groups = new Map(app.groups);
  const change = (implicitAssignment: boolean) => {
    const { settings } = current as { settings: object };
    return org.call("PUT", path, { ...(current as object), settings: { ...settings, implicitAssignment } });
  };
  expect((await change(true)).json).toMatchObject({ settings: { implicitAssignment: true } });
  expect([(await org.call("GET", `${path}/groups`)).json, (await org.call("GET", `${path}/users`)).json]).toEqual([
    [],
    [],
  ]);
  expect((await new Visitor().signIn(authorizeUrl(), grace)).url.searchParams.has("code")).toBe(true);
  const [everyone = ""] = org.state.groups.keys();
  expect(await org.call("PUT", `${path}/groups/${everyone}`, {})).toMatchObject({
    status: 400,
    json: {
      errorCode: "E0000001",
      errorSummary: "Api validation failed: GroupAppAssignment",
      errorCauses: [
        {
          errorSummary: "It is not possible to assign groups to an AppInstance that has Federation Broker Mode enabled",
        },
      ],
    },
  });
  expect((await org.call("POST", `${path}/users`, { id: "00u" })).status).toBe(400);
  await change(false);
  expect((await new Visitor().signIn(authorizeUrl(), grace)).url.searchParams.get("error")).toBe("access_denied");
  for (const [id, assignment] of groups) app.groups.set(id, assignment);
});

test("a wildcard stands for the first label of a redirect URI's host, where the app allows it", async () => {
  const [own] = app.client.redirect_uris;
  const pattern = "https://login-*.acme.example/callback";
  const answer = async (redirect_uri: string) => {
    const { page, url } = await new Visitor().open(authorizeUrl({ redirect_uri, prompt: "none" }));
    return page ? page.status : url.searchParams.get("error");
  };
  app.client.redirect_uris = [own ?? "", pattern];
  expect(await answer("https://login-7.acme.example/callback")).toBe(400);
  app.client.wildcard_redirect = "SUBDOMAIN";
  expect(await answer("https://login-7.acme.example/callback")).toBe("login_required");
  expect(await answer(own ?? "")).toBe("login_required");
  for (const other of ["login-.acme", "login-a.b.acme", "logout-7.acme", "login-7.acme.example@evil"]) {
    expect(await answer(`https://${other}.example/callback`)).toBe(400);
  }
  Object.assign(app.client, { wildcard_redirect: "DISABLED", redirect_uris: [own] });
});

test("the org authorization server gives opaque access tokens without groups", async () => {
  const own = `${org.url}/oauth2`;
  const { json } = await tokens(grace, {}, own);
  expect(json.access_token?.split(".")).toHaveLength(1);
  expect(decodeJwt(json.id_token ?? "").iss).toBe(org.url);
  expect(await (await userinfo(json.access_token, own)).json()).toMatchObject({ email: grace });
});

test("the issuer is the org's own host, the custom one or the one asked, as the server's mode says", async () => {
  const issuer = async (base: string) =>
    ((await (await fetch(`${base}/oauth2/default/.well-known/openid-configuration`)).json()) as { issuer: string })
      .issuer;
  expect(await issuer(org.otherUrl)).toBe(`${org.url}/oauth2/default`);
  server.issuerMode = "CUSTOM_URL";
  expect(await issuer(org.url)).toBe(`${org.otherUrl}/oauth2/default`);
  server.issuerMode = "DYNAMIC";
  expect([await issuer(org.url), await issuer(org.otherUrl)]).toEqual([
    `${org.url}/oauth2/default`,
    `${org.otherUrl}/oauth2/default`,
  ]);
  server.issuerMode = "ORG_URL";
  const none = await fetch(`${org.url}/oauth2/ausNone/.well-known/openid-configuration`);
  expect(none.status).toBe(404);
  expect(await none.json()).toMatchObject({
    errorCode: "E0000007",
    errorSummary: "Not found: Resource not found: ausNone (AuthorizationServer)",
  });
  const page = await fetch(authorizeUrl({}, `${org.url}/oauth2/ausNone`));
  expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
});
