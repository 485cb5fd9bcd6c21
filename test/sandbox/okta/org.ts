/** An Okta org on a free loopback port, for the tests of this folder. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOktaOrg } from "../../../src/sandbox/okta/org.ts";
import type { OktaSeed, OktaState } from "../../../src/sandbox/okta/types.ts";

export const redirectUri = "https://app.akto.io/authorization-code/callback";
export const token = "00sandboxSuperAdminToken";

/** A small org: three people, a few groups, the Akto app and the default server with a groups claim. */
export const acme = {
  users: [
    { login: "ada@acme.example", firstName: "Ada", lastName: "Byron", roles: ["SUPER_ADMIN"] },
    { login: "grace@acme.example", firstName: "Grace", lastName: "Hopper" },
    { login: "linus@acme.example", firstName: "Linus", lastName: "Pauling", status: "SUSPENDED" },
  ],
  groups: [
    { name: "Akto Admins", members: ["ada@acme.example"] },
    { name: "Akto Security", description: "Who secures it", members: ["ada@acme.example", "grace@acme.example"] },
    { name: "Directory", type: "APP_GROUP", members: ["grace@acme.example"] },
  ],
  apps: [
    {
      label: "Akto",
      clientId: "0oaAkto000000000000a",
      clientSecret: "a-secret-of-the-akto-app",
      redirectUris: [redirectUri],
    },
  ],
  authorizationServers: [{ id: "default", name: "default", claims: [{ name: "groups", value: "akto" }] }],
  apiTokens: [{ token, owner: "ada@acme.example" }],
} as const satisfies OktaSeed;

export interface RunningOrg {
  readonly url: string;
  /** The same org by its second host name. */
  readonly otherUrl: string;
  readonly state: OktaState;
  readonly clock: { now: number };
  /** Every request so far: method and path. */
  readonly requests: readonly (readonly [string, string])[];
  /** Calls the management API. */
  call(
    method: string,
    path: string,
    body?: unknown,
    as?: string,
  ): Promise<{ status: number; headers: Headers; json: unknown }>;
  close(): Promise<void>;
}

/** Starts an org. Its clock is real until `clock.now` is set. */
export async function startOrg(seed: OktaSeed = acme): Promise<RunningOrg> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const otherUrl = `http://localhost:${port}`;
  const clock = { now: 0 };
  const org = createOktaOrg({ seed, origin: url, otherOrigin: otherUrl, now: () => clock.now || Date.now() });
  const requests: [string, string][] = [];
  server.on("request", (request, response) => {
    requests.push([request.method ?? "", (request.url ?? "").split("?")[0] ?? ""]);
    org.handler(request, response);
  });
  return {
    url,
    otherUrl,
    state: org.state,
    clock,
    requests,
    async call(method, path, body, as = `SSWS ${token}`) {
      const response = await fetch(path.startsWith("http") ? path : `${url}${path}`, {
        method,
        headers: { authorization: as, "content-type": "application/json" },
        body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
