/**
 * A replacement of the SSO in Akto, which deletes one and adds another: the process is killed at each of its requests. Each
 * way to sign in to Okta has a file of its own, `killed-with-*.test.ts`: together they are too long for one.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { execa } from "execa";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AppSeed } from "../../src/sandbox/okta/types.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, executable, run, temporaryFolder } from "../program.ts";
import { scopes } from "../scopes.ts";
import { isWrite } from "../usecases/provision/faults.ts";
import { openWorld, type World } from "../usecases/provision/world.ts";

const newClientId = "0oanewakto0000000001";
const serviceId = "0oaprovisioning00001";
const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
const pem = await exportPKCS8(privateKey);
const serviceApp: AppSeed = {
  label: "Provisioning",
  clientId: serviceId,
  applicationType: "service",
  clientAuthMethod: "private_key_jwt",
  grantTypes: ["client_credentials"],
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "ci", alg: "RS256", use: "sig" }] },
  oktaScopes: scopes("sso setup --create-app"),
  roles: ["APP_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "GROUP_MEMBERSHIP_ADMIN"],
};

const openReplaceable = () =>
  openWorld({
    okta: {
      apps: [{ label: "Old", clientSecret: "the-old-secret-000" }, { label: "New", clientId: newClientId }, serviceApp],
    },
    akto: {
      sso: { clientSecret: "the-old-secret-000", managementApiToken: null },
      mapping: new Map([
        ["Akto Guests", "GUEST"],
        ["Akto Admins", "ADMIN"],
      ]),
    },
  });

function variables({ sandbox }: World, signsBy: "API token" | "private key"): Record<string, string> {
  return {
    ...environment(temporaryFolder()),
    OKTA_CLIENT_ORGURL: sandbox.okta.url,
    AKTO_URL: sandbox.akto.url,
    AKTO_API_KEY: sandbox.akto.apiKey,
    AKTO_OKTA_CLIENT_ID: newClientId,
    ...(signsBy === "API token"
      ? { OKTA_CLIENT_TOKEN: sandbox.okta.token }
      : {
          OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
          OKTA_CLIENT_CLIENTID: serviceId,
          OKTA_CLIENT_SCOPES: serviceApp.oktaScopes?.join(" ") ?? "",
          OKTA_CLIENT_KEYID: "ci",
          OKTA_CLIENT_PRIVATEKEY: pem,
        }),
  };
}

const replace = ["sso", "setup", "--create-app", "--replace-sso", "--yes", "--json"];
const stateOf = async ({ sandbox, snapshot }: World) =>
  JSON.parse(
    JSON.stringify((await snapshot()).live)
      .replaceAll(new URL(sandbox.okta.url).host, "OKTA")
      .replaceAll(new URL(sandbox.akto.url).host, "AKTO"),
  );

/** What happens to the request at which the process is killed: it is carried out, or never gets there. */
type Moment = "is done" | "is not";

interface Watched {
  readonly requests: readonly { readonly url: string; readonly method: string }[];
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stderr: string;
}

/**
 * Runs the replacement, killed as a request arrives at one of the two servers.
 *
 * @param at which one, by its number and the end of its address
 */
async function replaceKilledAt(
  at: number | string,
  moment: Moment,
  env: Record<string, string>,
  sandbox: Sandbox,
): Promise<Watched> {
  const requests: { url: string; method: string }[] = [];
  const ports = [sandbox.okta.url, sandbox.akto.url].map((url) => Number(new URL(url).port));
  const underway = new Set<ServerResponse>();
  const child = execa(process.execPath, [executable, ...replace], {
    env,
    extendEnv: false,
    reject: false,
    cwd: env.HOME ?? "/",
    stdin: "ignore",
  });
  const onRequest = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (!ports.includes(request.socket.localPort ?? 0)) return;
    const { url = "/", method = "GET" } = request;
    underway.add(response);
    response.once("close", () => underway.delete(response));
    const number = requests.push({ url, method });
    if (number !== at && !(typeof at === "string" && url.endsWith(at))) return;
    child.kill("SIGKILL");
    if (moment === "is not") sandbox.faults.set(["drop,on=akto", "drop,on=okta"]);
  };
  subscribe("http.server.request.start", onRequest);
  const { exitCode, signal, stderr } = await child;
  await Promise.all([...underway].map((response) => once(response, "close")));
  unsubscribe("http.server.request.start", onRequest);
  sandbox.faults.set([]);
  return { requests, exitCode, signal, stderr };
}

export function replacesThoughKilled(signsBy: "API token" | "private key"): void {
  describe(`an SSO is replaced, with Okta signed in to by ${signsBy}`, () => {
    const begin = async () => {
      const world = await openReplaceable();
      onTestFinished(() => world.sandbox.close());
      return { world, env: variables(world, signsBy) };
    };

    it("and wherever the run is killed, status tells what is there and the next run finishes it", async () => {
      const clean = await begin();
      const before = await stateOf(clean.world);
      const whole = await replaceKilledAt(Number.POSITIVE_INFINITY, "is done", clean.env, clean.world.sandbox);
      expect(whole, whole.stderr).toMatchObject({ exitCode: 0 });
      const wanted = await stateOf(clean.world);
      expect(wanted).not.toEqual(before);
      // A read that is cut off ends where the write before it does; the last one ends when all is done but noted here.
      const first = whole.requests.findIndex(({ url }) => url.endsWith("/api/deleteOktaSso"));
      const moments = whole.requests.flatMap(({ url, method }, index): [number, Moment][] => {
        if (index >= first && isWrite(url, method))
          return [
            [index + 1, "is not"],
            [index + 1, "is done"],
          ];
        return index === whole.requests.length - 1 ? [[index + 1, "is not"]] : [];
      });
      expect(moments).toHaveLength(7);
      const seen = new Set<string>();
      for (const [number, moment] of moments) {
        const where = `request ${number} of ${whole.requests.length} ${moment}`;
        const { world, env } = await begin();
        const killed = await replaceKilledAt(number, moment, env, world.sandbox);
        expect([where, killed.signal]).toEqual([where, "SIGKILL"]);
        const sso = await world.akto.fetchSso();
        const status = await run(["sso", "status", "--json"], env);
        expect([where, status.exitCode]).toEqual([where, 0]);
        const { akto, mapping } = JSON.parse(status.stdout);
        expect([where, akto.configured, mapping.akto]).toEqual([where, sso !== null, sso?.mapping.size ?? null]);
        const cutOff = status.stderr.includes("A run was interrupted while it was replacing Akto's SSO");
        const state =
          sso === null ? "none" : `${sso.clientId === newClientId ? "new" : "old"}, ${sso.mapping.size} mapped`;
        seen.add(state);
        // Neither the old one nor the new one with all that belongs to it.
        if (sso === null || sso.mapping.size === 0)
          expect([where, cutOff, akto.replacing]).toEqual([where, true, true]);
        const finished = await run(replace, env);
        expect([where, finished.exitCode, finished.stderr]).toEqual([where, 0, expect.anything()]);
        expect(await stateOf(world), where).toEqual(wanted);
        const after = await run(["sso", "status", "--json"], env);
        expect([where, JSON.parse(after.stdout).akto, after.stderr]).toEqual([
          where,
          expect.objectContaining({ agrees: true, replacing: false }),
          "",
        ]);
        expect(
          readdirSync(env.AKTO_OKTA_CONFIG_DIR ?? "").filter((name) => /lock|new/.test(name)),
          where,
        ).toEqual([]);
      }
      expect([...seen]).toEqual(["old, 2 mapped", "none", "new, 0 mapped", "new, 2 mapped"]);
    });

    it("and is finished whole, too, by a run after two that were killed", async () => {
      const { world, env } = await begin();
      for (const [at, left] of [
        ["/api/addOktaSso", newClientId],
        ["/api/deleteOktaSso", undefined],
      ] as const) {
        const killed = await replaceKilledAt(at, "is done", env, world.sandbox);
        const sso = await world.akto.fetchSso();
        expect([at, killed.signal, sso?.clientId, sso?.mapping.size ?? 0]).toEqual([at, "SIGKILL", left, 0]);
      }
      const finished = await run(replace, env);
      expect(finished, finished.stderr).toMatchObject({ exitCode: 0 });
      expect((await world.akto.fetchSso())?.mapping).toEqual(
        new Map([
          ["Akto Guests", "GUEST"],
          ["Akto Admins", "ADMIN"],
        ]),
      );
    });
  });
}
