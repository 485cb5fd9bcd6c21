/** A service app that signs in with a key of its own, as Okta's SDKs are told to: by variables or by okta.yaml. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { AppSeed } from "../../src/sandbox/okta/types.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { ctrlC, enter, start } from "../pty.ts";
import { scopes } from "../scopes.ts";
import { nothingYet } from "../usecases/provision/world.ts";

const creating = [...scopes("sso apply").filter((scope) => !scope.startsWith("okta.groups.")), "okta.groups.manage"];

const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
const file = join(folder, "machine.yaml");
const clientId = "0oaprovisioning00001";
/** Its tokens are bound to a key: what Okta presets for a new service app. */
const boundId = "0oaprovisioning00002";
let sandbox: Sandbox;
let env: Record<string, string>;
let keys: { readonly pem: string; readonly jwk: object };

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  keys = { pem: await exportPKCS8(privateKey), jwk: { ...(await exportJWK(privateKey)), kid: "ci", alg: "RS256" } };
  const app: Omit<AppSeed, "label"> = {
    applicationType: "service",
    clientAuthMethod: "private_key_jwt",
    grantTypes: ["client_credentials"],
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "ci", alg: "RS256", use: "sig" }] },
    oktaScopes: [...scopes("sso apply"), ...scopes("login explain"), "okta.groups.manage"],
    roles: ["APP_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "GROUP_MEMBERSHIP_ADMIN"],
  };
  sandbox = await startSandbox({
    seed: {
      okta: {
        ...nothingYet.okta,
        apps: [
          { label: "Payroll" },
          { label: "Provisioning", clientId, ...app },
          { label: "Provisioning, bound", clientId: boundId, dpopBoundAccessTokens: true, ...app },
        ],
      },
    },
  });
  env = {
    ...environment(folder),
    OKTA_CLIENT_ORGURL: sandbox.okta.url,
    AKTO_URL: sandbox.akto.url,
    AKTO_API_KEY: sandbox.akto.apiKey,
  };
  writeFileSync(
    file,
    stringify({
      akto: { url: sandbox.akto.url },
      okta: { domain: new URL(sandbox.okta.url).host, createGroups: true, app: { assignments: ["Everyone"] } },
      mapping: { "Akto Admins": "ADMIN", "Night Watch": "GUEST" },
    }),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

/** The variables of a machine with these scopes. */
function machine(granted: readonly string[], privateKey: string = keys.pem): Record<string, string> {
  return {
    ...env,
    OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
    OKTA_CLIENT_CLIENTID: clientId,
    OKTA_CLIENT_SCOPES: granted.join(" "),
    OKTA_CLIENT_KEYID: "ci",
    OKTA_CLIENT_PRIVATEKEY: privateKey,
  };
}

describe("a service app with a key of its own", () => {
  it("sets everything up from ~/.okta/okta.yaml, and leaves Akto without an API token", {
    timeout: 300_000,
  }, async () => {
    mkdirSync(join(folder, ".okta"));
    const client = {
      orgUrl: sandbox.okta.url,
      authorizationMode: "PrivateKey",
      clientId,
      scopes: scopes("sso setup --create-app"),
      privateKey: keys.jwk,
    };
    writeFileSync(join(folder, ".okta", "okta.yaml"), stringify({ okta: { client } }));
    const { OKTA_CLIENT_ORGURL: _, ...rest } = env;
    const setup = await run(["sso", "setup", "--create-app", "--no-input", "--yes", "--json"], rest);
    expect(setup, setup.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(setup.stdout)).toMatchObject({ akto: { submitted: "created" } });
    expect(setup.stderr).toContain("Akto stores no Okta API token");
    rmSync(join(folder, ".okta"), { recursive: true });
  });

  it("does for the wizard, which asks for no token then", async () => {
    const screen = start(["sso", "setup"], machine(scopes("sso setup --create-app")));
    await screen.answer("❯ Create it for me", enter);
    await screen.answer("? Akto account id", enter);
    await screen.shows("The service app of Okta's own settings signs in");
    await screen.answer("? Who can sign in to Akto?", ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("plans and exports with the least scopes that are documented, and not with fewer", {
    timeout: 300_000,
  }, async () => {
    const least = scopes("sso plan");
    const plan = await run(["sso", "plan", "-f", file, "--detailed-exitcode"], machine(least));
    expect(plan, plan.stderr).toMatchObject({ exitCode: 6 });
    expect(await run(["sso", "export"], machine(scopes("sso export")))).toMatchObject({ exitCode: 0 });
    for (const missing of least) {
      const refused = await run(["sso", "plan", "-f", file], machine(least.filter((scope) => scope !== missing)));
      expect([missing, refused.exitCode]).toEqual([missing, 4]);
      expect(refused.stderr).toContain(`doesn't have the scope “${missing}”`);
    }
  });

  it.each([
    ["groups list", ["groups", "list", "--json"]],
    ["mapping add", ["mapping", "add", "Finance", "guest", "--json"]],
    ["login preview", ["login", "preview", "--json"]],
    ["login explain", ["login", "explain", "--user", "priya.raman@brightwell.example", "--json"]],
  ])("does for %s with the scopes that are documented for it", async (command, args) => {
    const outcome = await run(args, machine(scopes(command)));
    expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
  });

  it("reads and writes with tokens that are bound to a key", async () => {
    const bound = {
      ...machine(["okta.groups.manage"]),
      OKTA_CLIENT_CLIENTID: boundId,
      // What it makes is no part of the set-up that a later test removes.
      AKTO_OKTA_CONFIG_DIR: temporaryFolder(),
    };
    for (const args of [
      ["groups", "list", "--json"],
      ["groups", "create", "Akto Bound", "--yes", "--json"],
    ]) {
      const outcome = await run(args, bound);
      expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
    }
  });

  it("takes its key from a file, and from a line with two characters for each line end", async () => {
    const path = join(folder, "key.pem");
    writeFileSync(path, keys.pem);
    for (const key of [path, keys.pem.replaceAll("\n", "\\n")]) {
      const outcome = await run(["groups", "list", "--json"], machine(scopes("groups list"), key));
      expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
    }
  });

  it.each([
    ["empty", ""],
    ["all comment", "# okta:\n"],
    ["of an unfinished service app", "okta: { client: { authorizationMode: PrivateKey, clientId: 0oaservice } }\n"],
  ])("leaves an API token alone where okta.yaml is %s", async (_, text) => {
    const home = temporaryFolder();
    const token = join(home, "token");
    writeFileSync(token, sandbox.okta.token);
    mkdirSync(join(home, ".okta"));
    writeFileSync(join(home, ".okta", "okta.yaml"), text);
    writeFileSync(join(home, "okta.yaml"), text);
    const domain = { OKTA_CLIENT_ORGURL: sandbox.okta.url };
    const byFlag = ["groups", "list", "--json", "--okta-token-file", token];
    const tries = [
      run(byFlag, { ...environment(home), ...domain }),
      run([...byFlag, "--domain", sandbox.okta.url], environment(home)),
      run(["groups", "list", "--json"], { ...environment(home), ...domain, OKTA_CLIENT_TOKEN: sandbox.okta.token }),
    ];
    for (const outcome of await Promise.all(tries)) expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
  });

  it("is told what an unfinished one lacks where it is to sign in", async () => {
    const { OKTA_CLIENT_SCOPES: _, ...unfinished } = machine([]);
    const outcome = await run(["groups", "list"], unfinished);
    expect(outcome).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("mode is set without OKTA_CLIENT_SCOPES."),
    });
  });

  it("applies and removes with the least scopes that are documented, by PEM and by JWK", {
    timeout: 300_000,
  }, async () => {
    const jwk = JSON.stringify(keys.jwk);
    const applied = await run(["sso", "apply", "-f", file, "--yes"], machine(creating));
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    const again = await run(["sso", "apply", "-f", file, "--json"], machine(scopes("sso apply"), jwk));
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, compared: ["okta", "akto"] });
    const removed = await run(["sso", "remove", "--okta", "--yes", "--json"], machine(creating, jwk));
    expect(removed, removed.stderr).toMatchObject({ exitCode: 0 });
    const kinds = JSON.parse(removed.stdout).okta.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(["rule", "policy", "claim", "app", "group"]);
  });
});
