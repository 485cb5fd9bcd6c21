/** What a soak runs on: a sandbox whose network misbehaves, the built program as a process, and a look at what is really there. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
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

/** @param roles the custom roles, so that more groups can be mapped than there are built-in roles */
export async function openWorld(random, roles) {
  const groups = roles.map((role) => ({ name: `Group of ${role}` }));
  const sandbox = await startSandbox({
    aktoConfigured: true,
    seed: {
      okta: { users: [{ login: "admin@acme.example", roles: ["SUPER_ADMIN"] }], groups },
      akto: { customRoles: roles.map((name) => ({ name, baseRole: "GUEST" })) },
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
    AKTO_OKTA_CLIENT_ID: sandbox.okta.clientId,
    AKTO_OKTA_CLIENT_SECRET: sandbox.okta.clientSecret,
    AKTO_URL: sandbox.akto.url,
    AKTO_ACCOUNT_ID: String(sandbox.akto.accountId),
    AKTO_API_KEY: sandbox.akto.apiKey,
  };

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
   * @param options `kill`: a signal to send, `after` so many milliseconds or once standard error holds a text
   */
  async function run(args, { kill, after = 0, input = "" } = {}) {
    const child = spawn(process.execPath, [program, ...args], { env, cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
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

  return {
    sandbox,
    folder,
    run,
    misbehave,
    /** The mapping that Akto holds. */
    mapping: async () => {
      const headers = { "x-api-key": sandbox.akto.apiKey, "content-type": "application/json" };
      const sso = await ask(`${sandbox.akto.url}/api/fetchOktaSso`, { method: "POST", headers, body: "{}" });
      return new Map(Object.entries(sso.oktaGroupToAktoUserRoleMap ?? {}));
    },
    /** The names of the org's groups, all of them: the sandbox's page holds 10,000. */
    groupNames: async () => (await okta("/api/v1/groups?limit=10000")).map(({ profile }) => profile.name),
    redirectUris: async () => (await okta(`/api/v1/apps/${sandbox.okta.clientId}`)).settings.oauthClient.redirect_uris,
  };
}
