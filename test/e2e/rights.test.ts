/** The table of rights: with what stands there for a command it sees all that it needs, and without it says so and goes on. */
import { readFileSync } from "node:fs";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { AdminRole } from "../../src/sandbox/okta/types.ts";
import { logins } from "../../src/sandbox/seed.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";

const rows = readFileSync("docs/rights.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** The scopes of the row that is about this. */
function scopesOf(what: string): string[] {
  const row = rows.find(([, about]) => about?.includes(what));
  return /`(okta\.[^`]+)`/.exec(row?.[3] ?? "")?.[1]?.split(" ") ?? [`nothing is documented for ${what}`];
}
const roleNames = new Map<string, AdminRole>([
  ["Read-only Administrator", "READ_ONLY_ADMIN"],
  ["Report Administrator", "REPORT_ADMIN"],
]);
/** The roles of that row, of which one is enough. */
const rolesOf = (what: string): AdminRole[] =>
  (rows.find(([, about]) => about?.includes(what))?.[2] ?? "")
    .split(" or ")
    .flatMap((name) => roleNames.get(name) ?? []);

const clientOf = (role: AdminRole) => `0oamachine${role.toLowerCase().replace("_", "").padEnd(10, "0").slice(0, 10)}`;
let sandbox: Sandbox;
let privateKey: string;
beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  privateKey = await exportPKCS8(pair.privateKey);
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: "ci", alg: "RS256", use: "sig" }];
  const machines = [...roleNames.values()].map((role) => ({
    label: `Machine ${role}`,
    clientId: clientOf(role),
    applicationType: "service" as const,
    clientAuthMethod: "private_key_jwt" as const,
    grantTypes: ["client_credentials"],
    jwks: { keys },
    oktaScopes: rows.flatMap(([, , , scopes]) => scopes?.match(/okta\.[\w.]+/g) ?? []),
    roles: [role],
  }));
  sandbox = await startSandbox({ scenario: "healthy", seed: { okta: { apps: [{ label: "Akto" }, ...machines] } } });
});
afterAll(() => sandbox.close());

/** Runs a command as a service app with one role and these scopes. */
function as(role: AdminRole, scopes: readonly string[], ...args: string[]) {
  return run(args, {
    ...environment(temporaryFolder(), sandbox),
    OKTA_CLIENT_TOKEN: "",
    OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
    OKTA_CLIENT_CLIENTID: clientOf(role),
    OKTA_CLIENT_SCOPES: scopes.join(" "),
    OKTA_CLIENT_KEYID: "ci",
    OKTA_CLIENT_PRIVATEKEY: privateKey,
    AKTO_OKTA_CLIENT_ID: sandbox.okta.clientId,
  });
}
const withRows = (...rows: string[]) => [...new Set(rows.flatMap(scopesOf))];

const policy = "beside it, the app's authentication policy";
const recorded = "beside it, what Okta recorded";

describe("what is documented for a command", () => {
  it.each([
    ["`groups list`", ["groups", "list"]],
    ["`login preview`", ["login", "preview"]],
    ["`login explain`", ["login", "explain", "--user", logins.developer]],
    ["`login history`", ["login", "history"]],
    ["`doctor`", ["doctor"]],
  ] as const)("is enough: %s", async (what, args) => {
    expect(rolesOf(what).length).toBeGreaterThan(0);
    for (const role of rolesOf(what)) {
      const { exitCode, stdout } = await as(role, scopesOf(what), ...args, "--json");
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toBeTypeOf("object");
    }
  });

  it("lets explain see the authentication policy and the log, and without it the rest", async () => {
    const states = async (...what: string[]) => {
      const { stdout } = await as(
        "READ_ONLY_ADMIN",
        withRows("`login explain`", ...what),
        "login",
        "explain",
        "--user",
        logins.developer,
        "--json",
      );
      const checks: { id: string; status: string; message: string }[] = JSON.parse(stdout).checks;
      const find = (id: string) => checks.find((check) => check.id === id);
      return [find("okta.sign_in_policy")?.status, find("okta.recorded")?.message];
    };
    const cantSee = expect.stringMatching(/System Log can't be read/);
    const none = expect.stringMatching(/^Okta recorded no sign-in of this user/);
    expect(await states()).toEqual(["skip", cantSee]);
    expect(await states(policy)).toEqual(["pass", cantSee]);
    expect(await states(policy, recorded)).toEqual(["pass", none]);
  });

  it("lets doctor see both, and without it the rest", async () => {
    const states = async (...what: string[]) => {
      const { stdout } = await as("READ_ONLY_ADMIN", withRows("`doctor`", ...what), "doctor", "--json");
      const checks: { id: string; status: string }[] = JSON.parse(stdout).checks;
      const of = (id: string) => checks.find((check) => check.id === id)?.status;
      return [of("authentication-policy"), of("recorded-sign-ins")];
    };
    expect(await states()).toEqual(["skip", "skip"]);
    expect(await states(policy, recorded)).toEqual(["pass", "pass"]);
  });

  it("lets preview see the authentication policy, and without it the rest", async () => {
    const warnings = async (...what: string[]) => {
      const { stdout } = await as(
        "READ_ONLY_ADMIN",
        withRows("`login preview`", ...what),
        "login",
        "preview",
        "--json",
      );
      return JSON.parse(stdout).warnings;
    };
    expect(await warnings()).toEqual([expect.stringContaining("authentication policy can't be seen")]);
    expect(await warnings(policy)).toEqual([]);
  });
});
