/** What a soak runs on: a sandbox whose network misbehaves, the built program as a process, and a look at what is really there. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { startSandbox } from "../../dist/sandbox.js";

const program = new URL("../../bin/akto-okta.js", import.meta.url).pathname;

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = (random, list) => list[Math.floor(random() * list.length)];

/** The worst that a command may take before it counts as stuck: every wait and every repetition of every request. */
const longest = 180_000;
const kinds = ["latency=40", "latency=400", "429=1", "500", "502", "503", "504", "drop", "lost", "truncate"];
const writes = ["/api/saveOkta", "/api/v1/groups", "/api/"];

/** The least scopes of a service app for a command, as the documentation lists them. */
function scopes(command) {
  const table = readFileSync(new URL("../../docs/rights.md", import.meta.url), "utf8");
  const row = table.split("\n").find((line) => line.startsWith("|") && line.split("|")[1]?.includes(`\`${command}\``));
  return /`(okta\.[^`]+)`/.exec(row)[1].split(" ");
}

/** A service app that signs in with a key of its own, and the variables of a machine that does. */
async function serviceApp() {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const clientId = "0oasoakservice000001";
  const oktaScopes = scopes("sso setup --create-app");
  return {
    app: {
      label: "Provisioning",
      clientId,
      applicationType: "service",
      clientAuthMethod: "private_key_jwt",
      grantTypes: ["client_credentials"],
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "ci", alg: "RS256", use: "sig" }] },
      oktaScopes,
      roles: ["APP_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "GROUP_MEMBERSHIP_ADMIN"],
    },
    env: {
      OKTA_CLIENT_TOKEN: "",
      OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
      OKTA_CLIENT_CLIENTID: clientId,
      OKTA_CLIENT_SCOPES: oktaScopes.join(" "),
      OKTA_CLIENT_KEYID: "ci",
      OKTA_CLIENT_PRIVATEKEY: await exportPKCS8(privateKey),
    },
  };
}

/** The apps that take each other's place in Akto. */
const apps = [
  { label: "Akto", id: "0oasoakapp0000000001", clientSecret: "soak-secret-of-the-first-app-1" },
  { label: "Akto, the other", id: "0oasoakapp0000000002", clientSecret: "soak-secret-of-the-other-app-2" },
].map((app) => ({ ...app, clientId: app.id }));

/** @param roles the custom roles, so that more groups can be mapped than there are built-in roles */
export async function openWorld(random, roles) {
  const groups = roles.map((role) => ({ name: `Group of ${role}` }));
  const service = await serviceApp();
  const sandbox = await startSandbox({
    aktoConfigured: true,
    seed: {
      okta: { users: [{ login: "admin@acme.example", roles: ["SUPER_ADMIN"] }], groups, apps: [...apps, service.app] },
      akto: { sso: { managementApiToken: null }, customRoles: roles.map((name) => ({ name, baseRole: "GUEST" })) },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "akto-okta-soak-"));
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    NO_COLOR: "1",
    AKTO_OKTA_CONFIG_DIR: join(folder, "config"),
    AKTO_OKTA_SECRETS: "file",
    OKTA_CLIENT_ORGURL: sandbox.okta.url,
    OKTA_CLIENT_TOKEN: sandbox.okta.token,
    AKTO_OKTA_AUTH_SERVER_ID: sandbox.okta.authServerId,
    AKTO_URL: sandbox.akto.url,
    AKTO_ACCOUNT_ID: String(sandbox.akto.accountId),
    AKTO_API_KEY: sandbox.akto.apiKey,
  };

  /** The app of the SSO in Akto, as far as it is known. */
  let [now] = apps;

  /**
   * Changes what goes wrong, again and again, until told to stop. Akto is slow all the time, so that whoever reads, changes
   * and writes takes long enough for somebody else to come in between.
   *
   * @returns how many faults there were, once stopped
   */
  async function misbehave(signal) {
    let changes = 0;
    while (!signal.aborted) {
      const faults = Array.from({ length: Math.floor(random() * 4) }, () => {
        const side = random() < 0.6 ? "akto" : "okta";
        const path = random() < 0.4 ? `,path=${pick(random, writes)}` : "";
        return `${pick(random, kinds)},times=${1 + Math.floor(random() * 3)},on=${side}${path}`;
      });
      sandbox.faults.set(["latency=150,on=akto", ...faults]);
      changes += faults.length;
      await delay(50 + random() * 250, undefined, { signal }).catch(() => {});
    }
    sandbox.faults.set([]);
    return changes;
  }

  /**
   * Runs a command to its end.
   *
   * @param options `kill`: a signal to send, `after` so many milliseconds or once standard error holds a text;
   *   `variables` beside those of the app in Akto
   */
  async function run(args, { kill, after = 0, input = "", variables = {} } = {}) {
    const all = { ...env, AKTO_OKTA_CLIENT_ID: now.clientId, AKTO_OKTA_CLIENT_SECRET: now.clientSecret, ...variables };
    const child = spawn(process.execPath, [program, ...args], {
      env: all,
      cwd: folder,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    const stopper = new AbortController();
    const shoot = () => child.kill(kill);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      if (kill && typeof after === "string" && stderr.includes(after)) shoot();
    });
    child.stdin.on("error", () => {}).end(input);
    if (kill && typeof after === "number") delay(after, undefined, { signal: stopper.signal }).then(shoot, () => {});
    let stuck = false;
    const watch = delay(longest, undefined, { signal: stopper.signal }).then(
      () => {
        stuck = true;
        child.kill("SIGKILL");
      },
      () => {},
    );
    const [code, signal] = await new Promise((resolve) => child.on("close", (...end) => resolve(end)));
    stopper.abort();
    await watch;
    return { args, code: stuck ? "stuck" : (code ?? signal), stdout, stderr, killed: kill !== undefined };
  }

  /** Asks a server directly; nothing goes wrong meanwhile. */
  async function ask(url, options) {
    const response = await fetch(url, options);
    if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    return response.json();
  }
  const okta = (path) =>
    ask(`${sandbox.okta.url}${path}`, { headers: { authorization: `SSWS ${sandbox.okta.token}` } });

  /** The SSO that Akto holds; an empty object where it has none. */
  const sso = () =>
    ask(`${sandbox.akto.url}/api/fetchOktaSso`, {
      method: "POST",
      headers: { "x-api-key": sandbox.akto.apiKey, "content-type": "application/json" },
      body: "{}",
    });

  return {
    sandbox,
    folder,
    apps,
    run,
    misbehave,
    /** The variables of a machine that signs in to Okta as a service app. */
    asServiceApp: service.env,
    /** The one that isn't in Akto. */
    otherApp: () => apps.find((app) => app !== now),
    /** From now on commands are run for this app. */
    use: (app) => {
      now = app;
    },
    sso,
    /** The mapping that Akto holds. */
    mapping: async () => new Map(Object.entries((await sso()).oktaGroupToAktoUserRoleMap ?? {})),
    /** The names of the org's groups, all of them: the sandbox's page holds 10,000. */
    groupNames: async () => (await okta("/api/v1/groups?limit=10000")).map(({ profile }) => profile.name),
    redirectUris: async ({ clientId }) => (await okta(`/api/v1/apps/${clientId}`)).settings.oauthClient.redirect_uris,
  };
}
