/** What happens to tokens after the sign-in: refresh, introspection, revocation; and what an issuer tells of itself. */
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clientId, clientSecret, grace, startOidc } from "./oidc.ts";

let oidc: Awaited<ReturnType<typeof startOidc>>;
const own = { client_id: clientId, client_secret: clientSecret };
const offline = { scope: "openid email offline_access" };
beforeAll(async () => {
  oidc = await startOidc();
});
afterAll(() => oidc.org.close());
beforeEach(() => {
  Object.assign(oidc.app.client, { grant_types: ["authorization_code", "refresh_token"], refresh_token: undefined });
});

const refresh = (token: string | undefined, more: Record<string, string> = {}, at?: string) =>
  oidc.ask({ grant_type: "refresh_token", refresh_token: token ?? "", ...own, ...more }, at);

async function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}, at = oidc.base) {
  const response = await fetch(`${at}/v1/${path}`, { method: "POST", headers, body: new URLSearchParams(form) });
  const text = await response.text();
  return { status: response.status, json: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>) };
}

describe("a refresh token", () => {
  test("comes for the scope offline_access to an app that may have one, and gives new tokens", async () => {
    const first = await oidc.tokens(grace, offline);
    expect(first.json).toMatchObject({ refresh_token: expect.any(String), scope: offline.scope });
    expect(decodeJwt(first.json.access_token ?? "").scp).toEqual(["openid", "email", "offline_access"]);
    const second = await refresh(first.json.refresh_token, offline);
    expect(second.status).toBe(200);
    expect(second.json).toMatchObject({ refresh_token: first.json.refresh_token, scope: offline.scope });
    expect(decodeJwt(second.json.access_token ?? "")).toMatchObject({
      sub: grace,
      scp: ["openid", "email", "offline_access"],
      groups: ["Akto Security"],
    });
    expect((await refresh(first.json.refresh_token, { scope: "openid" })).json.scope).toBe("openid");
  });

  test("does not come without the scope, nor to an app that may not have one", async () => {
    expect((await oidc.tokens(grace)).json.refresh_token).toBeUndefined();
    oidc.app.client.grant_types = ["authorization_code"];
    const { json } = await oidc.tokens(grace, offline);
    expect([json.refresh_token, json.scope]).toEqual([undefined, "openid email"]);
  });

  test("is changed at each use where the app rotates them, and a used one is refused", async () => {
    oidc.app.client.refresh_token = { rotation_type: "ROTATE" };
    const first = await oidc.tokens(grace, offline);
    const second = await refresh(first.json.refresh_token);
    expect(second.json.refresh_token).not.toBe(first.json.refresh_token);
    expect(await refresh(first.json.refresh_token)).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  });

  test("asks the access policy again", async () => {
    const { json } = await oidc.tokens(grace, offline);
    const policies = oidc.server.policies;
    oidc.server.policies = [];
    expect((await refresh(json.refresh_token)).json).toMatchObject({ error: "access_denied" });
    oidc.server.policies = policies;
  });

  test("comes from the org server too", async () => {
    const at = `${oidc.org.url}/oauth2`;
    const { json } = await oidc.tokens(grace, offline, at);
    expect((await refresh(json.refresh_token, {}, at)).json).toMatchObject({ scope: offline.scope });
    expect(await post("introspect", { token: json.refresh_token ?? "", ...own }, {}, at)).toMatchObject({
      json: { active: true, username: grace },
    });
  });
});

describe("introspection and revocation", () => {
  test("tell of an access token until it is revoked, and userinfo refuses it from then on", async () => {
    const { json } = await oidc.tokens();
    const token = json.access_token ?? "";
    const { iss, aud, exp, iat, jti } = decodeJwt(token);
    expect(await post("introspect", { token, ...own })).toEqual({
      status: 200,
      json: {
        active: true,
        scope: "openid profile email",
        username: grace,
        sub: grace,
        ...{ iss, aud, exp, iat, jti },
        token_type: "Bearer",
        client_id: clientId,
        uid: oidc.user.id,
      },
    });
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` };
    expect(await post("revoke", { token }, basic)).toEqual({ status: 200, json: undefined });
    expect((await post("introspect", { token }, basic)).json).toEqual({ active: false });
    expect((await oidc.userinfo(token)).status).toBe(401);
  });

  test("tell of a refresh token, and a revoked one gives nothing", async () => {
    const { json } = await oidc.tokens(grace, offline);
    const form = { token: json.refresh_token ?? "", ...own };
    expect((await post("introspect", form)).json).toMatchObject({
      active: true,
      uid: oidc.user.id,
      client_id: clientId,
    });
    await post("revoke", form);
    expect((await post("introspect", form)).json).toEqual({ active: false });
    expect((await refresh(json.refresh_token)).status).toBe(400);
  });

  test("tell nothing of a stranger's token or an ID token, and nothing to an app that does not prove itself", async () => {
    const { json } = await oidc.tokens();
    expect((await post("introspect", { token: "forged", ...own })).json).toEqual({ active: false });
    expect((await post("introspect", { token: json.id_token ?? "", ...own })).json).toEqual({ active: false });
    expect(await post("revoke", { token: "forged", ...own })).toEqual({ status: 200, json: undefined });
    expect(await post("introspect", own)).toMatchObject({ status: 400, json: { error: "invalid_request" } });
    for (const path of ["introspect", "revoke"]) {
      const asked = await post(path, { token: "x", client_id: clientId, client_secret: "wrong" });
      expect(asked).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    }
    expect((await fetch(`${oidc.base}/v1/introspect`)).status).toBe(405);
  });
});

describe("an issuer's metadata", () => {
  const read = async (path: string) => (await (await fetch(`${oidc.org.url}${path}`)).json()) as Record<string, string>;

  test("is the same by each of its names", async () => {
    const known = await read("/oauth2/default/.well-known/openid-configuration");
    expect(known).toMatchObject({
      issuer: oidc.base,
      introspection_endpoint: `${oidc.base}/v1/introspect`,
      revocation_endpoint: `${oidc.base}/v1/revoke`,
    });
    expect(await read("/oauth2/default/.well-known/oauth-authorization-server")).toEqual(known);
    expect(await read("/.well-known/oauth-authorization-server/oauth2/default")).toEqual(known);
    expect(await read("/.well-known/oauth-authorization-server/oauth2/ausNone")).toMatchObject({
      errorCode: "E0000007",
    });
    expect(await read("/.well-known/openid-configuration")).toMatchObject({ issuer: oidc.org.url });
  });

  test("names neither the server's own claims nor the scopes that are not for everyone", async () => {
    const { org, server } = oidc;
    const scopes = `/api/v1/authorizationServers/${server.id}/scopes`;
    await org.call("POST", scopes, { name: "hidden" });
    await org.call("POST", scopes, { name: "shown", metadataPublish: "ALL_CLIENTS" });
    const { claims_supported: claims, scopes_supported: published } = await read(
      "/oauth2/default/.well-known/openid-configuration",
    );
    expect(claims).toContain("preferred_username");
    expect(claims).not.toContain("groups");
    expect(published).toContain("shown");
    expect(published).not.toContain("hidden");
  });
});
