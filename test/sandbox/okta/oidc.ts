/** The authorization servers of an org, over HTTP: a visitor signs in, and the app redeems the code. */
import { decodeJwt } from "jose";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { acme, redirectUri, startOrg } from "./org.ts";

export const [clientId, clientSecret] = [acme.apps[0].clientId, acme.apps[0].clientSecret];
export const grace = "grace@acme.example";

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The seed lacks what the test needs");
  return value;
}

/** Whom a rule is for. */
export const people = (groups: readonly string[], users: readonly string[] = []) => ({
  users: { include: users },
  groups: { include: groups },
});

/** An org, the records that a sign-in of Grace at the app meets, and the steps of one. */
export async function startOidc(seed: Parameters<typeof startOrg>[0] = acme) {
  const org = await startOrg(seed);
  const base = `${org.url}/oauth2/default`;
  const app = found([...org.state.apps.values()][0]);
  const server = found(org.state.authorizationServers.get("default"));
  const claim = found([...server.claims.values()].find(({ name }) => name === "groups"));
  const user = found([...org.state.users.values()].find(({ profile }) => profile.login === grace));

  function authorizeUrl(params: Record<string, string | null> = {}, at = base): string {
    const url = new URL(`${at}/v1/authorize`);
    const all = {
      client_id: clientId,
      response_type: "code",
      scope: "openid email profile",
      redirect_uri: redirectUri,
      state: "xyz",
      ...params,
    };
    for (const [name, value] of Object.entries(all)) if (value !== null) url.searchParams.set(name, value);
    return url.href;
  }

  /** Signs in, and gives the code that the app gets. */
  async function code(login = grace, params: Record<string, string> = {}, at = base): Promise<string> {
    const visit = await new Visitor().signIn(authorizeUrl(params, at), login);
    return visit.url.searchParams.get("code") ?? "";
  }

  /** Asks the token endpoint. */
  async function ask(form: Record<string, string>, at = base, headers: Record<string, string> = {}) {
    const response = await fetch(`${at}/v1/token`, { method: "POST", headers, body: new URLSearchParams(form) });
    return {
      status: response.status,
      headers: response.headers,
      json: (await response.json()) as Record<string, string>,
    };
  }

  function redeem(given: string, params: Record<string, string> = {}, at = base, headers: Record<string, string> = {}) {
    const form = { grant_type: "authorization_code", code: given, redirect_uri: redirectUri };
    return ask({ ...form, client_id: clientId, client_secret: clientSecret, ...params }, at, headers);
  }

  const tokens = async (login = grace, params: Record<string, string> = {}, at = base) =>
    redeem(await code(login, params, at), {}, at);

  return {
    org,
    base,
    app,
    server,
    claim,
    user,
    authorizeUrl,
    code,
    ask,
    redeem,
    tokens,
    /** What the access token of a sign-in says. */
    accessClaims: async (login = grace) => decodeJwt((await tokens(login)).json.access_token ?? ""),
    userinfo: (accessToken: string | undefined, at = base) =>
      fetch(`${at}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } }),
  };
}
