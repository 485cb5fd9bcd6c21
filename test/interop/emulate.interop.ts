/** The sign-in and the management API at emulate, an emulator of Okta that knows a part of it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { environment, freePort, run, temporaryFolder } from "../program.ts";
import { npmPackage } from "./npm-packages.ts";
import { expectEnding, withPeer } from "./peer.ts";
import { type Attempt, signIn } from "./sign-in.ts";
import { type Server, serve } from "./tools.ts";

const version = "0.12.2";
const aktoCallback = "https://app.akto.io/authorization-code/callback";

/** What the emulator begins with, in its own form. */
const seed = (redirectUri: string) => ({
  okta: {
    users: [{ login: "priya.raman@brightwell.example", okta_id: "00upriya", first_name: "Priya", last_name: "Raman" }],
    groups: [{ name: "Akto Admins", okta_id: "00gadmins" }],
    group_memberships: [{ group_okta_id: "00gadmins", user_okta_id: "00upriya" }],
    apps: [
      {
        name: "akto_client",
        label: "Akto",
        okta_id: "akto",
        credentials: { oauthClient: { client_id: "akto", token_endpoint_auth_method: "client_secret_post" } },
        settings: {
          oauthClient: {
            redirect_uris: [aktoCallback, redirectUri],
            grant_types: ["authorization_code"],
            response_types: ["code"],
            application_type: "web",
          },
        },
      },
    ],
    app_assignments: [{ app_okta_id: "akto", user_okta_id: "00upriya" }],
    authorization_servers: [{ id: "default", name: "default" }],
    oauth_clients: [
      {
        client_id: "akto",
        client_secret: "the-secret-of-the-interop-run",
        name: "Akto",
        redirect_uris: [aktoCallback, redirectUri],
        auth_server_id: "default",
      },
    ],
  },
});

async function start(port: number, redirectUri: string): Promise<Server> {
  const { folder, node } = await npmPackage("emulate", version);
  const own = await mkdtemp(join(tmpdir(), "akto-okta-emulate-"));
  await writeFile(join(own, "seed.json"), JSON.stringify(seed(redirectUri)));
  const address = `http://127.0.0.1:${port}`;
  const args = ["--service", "okta", "--port", String(port), "--base-url", address, "--seed", "seed.json"];
  const server = await serve(node, [join(folder, "dist", "index.js"), ...args], {
    cwd: own,
    ready: `${address}/oauth2/default/.well-known/openid-configuration`,
  });
  return {
    stop: async () => {
      await server.stop();
      await rm(own, { recursive: true, force: true });
    },
  };
}

describe("emulate", () => {
  let address: string;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    address = `http://127.0.0.1:${await freePort()}`;
  });
  withPeer({
    name: "emulate",
    version,
    start: () => start(Number(new URL(address).port), `http://127.0.0.1:${port}/callback`),
  });

  const token = { OKTA_CLIENT_TOKEN: "00a-token-of-the-interop-run" };
  const attempt = (over: Partial<Attempt> = {}): Attempt => ({
    issuer: `${address}/oauth2/default`,
    clientId: "akto",
    clientSecret: "the-secret-of-the-interop-run",
    person: { choose: "priya.raman@brightwell.example" },
    port,
    ...over,
  });
  const connected = () => ({
    ...environment(temporaryFolder()),
    OKTA_CLIENT_ORGURL: address,
    AKTO_OKTA_AUTH_SERVER_ID: "default",
    AKTO_OKTA_CLIENT_ID: "akto",
    AKTO_OKTA_CLIENT_SECRET: "the-secret-of-the-interop-run",
    ...token,
  });

  it("finds no groups in an access token that can't be read", async (context) => {
    expectEnding(context, await signIn(attempt()), { ends: "MEMBER", exits: 0, groups: "none", says: [/opaque/] });
  });

  it("asks for the groups by API token then, as Akto does", async (context) => {
    expectEnding(context, await signIn(attempt({ env: token })), {
      ends: "ADMIN",
      exits: 0,
      groups: "management_api: Akto Admins",
    });
  });

  it("says that the client secret is wrong", async (context) => {
    expectEnding(context, await signIn(attempt({ clientSecret: "another-secret" })), {
      ends: "oidc.client_refused",
      exits: 4,
      says: [/secret/],
    });
  });

  it("says that the client is unknown", async (context) => {
    expectEnding(context, await signIn(attempt({ clientId: "another" })), {
      ends: "oidc.wrong_client",
      exits: 6,
      opens: false,
      says: [/doesn't know the client “another”/],
    });
  });

  it("says that the client lacks the redirect URI", async (context) => {
    expectEnding(context, await signIn(attempt({ port: await freePort() })), {
      ends: "login.redirect_uri_missing",
      exits: 2,
      opens: false,
      says: [/doesn't have the redirect URI/],
    });
  });

  it("lists the org's groups", async ({ task }) => {
    const { stdout, exitCode } = await run(["groups", "list", "--json"], connected());
    task.meta.saw = `exit ${exitCode}`;
    expect(exitCode).toBe(0);
    const names = JSON.parse(stdout).groups.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(["Everyone", "Akto Admins"]));
  });

  it("creates a group, and takes it for a mapping", async ({ task }) => {
    const env = connected();
    const created = await run(["groups", "create", "Akto Guests"], env);
    task.meta.saw = `exit ${created.exitCode}`;
    expect(created).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Created “Akto Guests”/) });
    expect(await run(["mapping", "add", "Akto Guests", "GUEST", "--offline"], env)).toMatchObject({ exitCode: 0 });
    expect(await run(["mapping", "add", "Akto Ghosts", "DEVELOPER", "--offline"], env)).toMatchObject({ exitCode: 2 });
  });

  it("explains a user's role as far as the emulator tells, and says which request it doesn't know", async ({
    task,
  }) => {
    const env = connected();
    await run(["mapping", "add", "Akto Admins", "ADMIN", "--offline"], env);
    const user = "priya.raman@brightwell.example";
    const { stdout, exitCode } = await run(["login", "explain", "--offline", "--json", "--user", user], env);
    const report = JSON.parse(stdout);
    task.meta.saw = `exit ${exitCode}, ${report.role.id}, not certain`;
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ role: { id: "ADMIN" }, admitted: true, certain: false });
    expect(report.uncertainBecause).toContainEqual(expect.stringMatching(/claims.*404/));
    expect(report.notes).toContainEqual(expect.stringMatching(/guess/));
  });

  it("makes every check that the emulator answers, and fails none for what it can't see", async ({ task }) => {
    const { stdout, exitCode } = await run(["doctor", "--offline", "--json"], connected());
    const { checks, looked, of } = JSON.parse(stdout);
    task.meta.saw = `exit ${exitCode}, looked at ${looked} of ${of}`;
    expect(checks.filter(({ status }: { status: string }) => status === "fail")).toEqual([]);
    expect(exitCode).toBe(0);
  });
});
