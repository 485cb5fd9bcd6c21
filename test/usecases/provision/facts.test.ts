/** What follows from facts about Okta that are easily taken for simpler than they are. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/types.ts";
import { temporaryFolder } from "../../program.ts";
import { command, signInToAkto } from "../login/world.ts";

const ada = "ada@acme.example";
const bob = "bob@acme.example";

async function on(options: SandboxOptions, work: (sandbox: Sandbox, log: string[]) => Promise<void>): Promise<void> {
  const log: string[] = [];
  const sandbox = await startSandbox({ ...options, log: (line) => log.push(line) });
  try {
    await work(sandbox, log);
  } finally {
    await sandbox.close();
  }
}

/** A document of the sandbox's own SSO, with this mapping. */
function documentFor({ okta, akto }: Sandbox, mapping: Record<string, string>, app: object = {}): string {
  const file = join(temporaryFolder(), "akto-okta.yaml");
  const content = {
    akto: { url: akto.url, accountId: akto.accountId },
    okta: {
      domain: okta.url,
      authorizationServerId: okta.authServerId,
      app: { label: "Akto", clientId: okta.clientId, ...app },
    },
    mapping,
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

it("an imported group that is mapped gets a claim that lists the groups by id, and a sign-in brings its role", async () => {
  const groups = [
    { name: "Akto Admins", members: [ada] },
    { name: "AD Readers", type: "APP_GROUP", members: [bob] },
    { name: "Sales", members: [ada, bob] },
  ] as const;
  const servers = [{ id: "default", name: "default", claims: [] }];
  const seed = {
    okta: { users: [{ login: ada, roles: ["SUPER_ADMIN"] }, { login: bob }], groups, authorizationServers: servers },
    // Without a token of its own, Akto gets no groups but the claim's.
    akto: { sso: { managementApiToken: null }, members: [{ login: ada }, { login: bob }] },
  } as const;
  await on({ seed }, async (sandbox, log) => {
    const file = documentFor(sandbox, { "Akto Admins": "ADMIN", "AD Readers": "GUEST" });
    const applied = await command(sandbox, ["--yes", "--json", "sso", "apply", "-f", file]);
    expect(applied.failure).toBeUndefined();
    const again = await command(sandbox, ["--json", "sso", "plan", "-f", file, "--detailed-exitcode"]);
    expect(again.failure).toBeUndefined();
    for (const [login, role] of [
      [ada, "ADMIN"],
      [bob, "GUEST"],
    ] as const) {
      const { stdout } = await command(sandbox, ["--json", "login", "explain", "--user", login]);
      expect(JSON.parse(stdout)).toMatchObject({ role: { id: role }, groups: { source: "access_token" } });
      expect(await signInToAkto(sandbox, log, login)).toBe(role);
    }
    const { stdout } = await command(sandbox, ["--json", "doctor", "--only", "groups-claim,claim-filter"]);
    expect(JSON.parse(stdout).checks.map(({ status }: { status: string }) => status)).toEqual(["pass", "pass"]);
  });
});

it("an app in Federation Broker Mode is everybody's: no assignment is planned or missed, and all users are previewed", async () => {
  await on({ scenario: "federation-broker-mode" }, async (sandbox) => {
    const explained = await command(sandbox, ["--json", "login", "explain", "--user", sandbox.users[0]?.login ?? ""]);
    const { checks } = JSON.parse(explained.stdout);
    expect(checks).toContainEqual(
      expect.objectContaining({ id: "okta.assignment", status: "pass", message: expect.stringMatching(/Everybody/) }),
    );
    const preview = JSON.parse((await command(sandbox, ["--json", "login", "preview"])).stdout);
    expect(preview.people).toHaveLength(sandbox.users.filter(({ login }) => login !== "").length);
    const file = documentFor(sandbox, { "Akto Admins": "ADMIN" }, { assignments: ["Everyone"] });
    const planned = JSON.parse((await command(sandbox, ["--json", "sso", "plan", "-f", file])).stdout);
    expect(JSON.stringify(planned.changes)).not.toContain("okta.app.assignments");
    expect(planned.warnings).toContainEqual(expect.stringMatching(/Federation Broker Mode.*none are made/));
  });
});

it("nothing is made in an org whose authorization servers accept no sign-in", async () => {
  await on({ scenario: "no-api-access-management" }, async (sandbox) => {
    const before = await apps(sandbox);
    const { failure } = await command(sandbox, ["--yes", "sso", "setup", "--create-app", "--app-label", "Akto anew"], {
      AKTO_OKTA_CLIENT_ID: "",
      AKTO_OKTA_CLIENT_SECRET: "",
    });
    expect(failure).toMatchObject({ kind: "rule", code: "okta.no_sign_ins" });
    expect(await apps(sandbox)).toBe(before);
  });
});

async function apps({ okta }: Sandbox): Promise<string> {
  const answer = await fetch(`${okta.url}/api/v1/apps`, { headers: { authorization: `SSWS ${okta.token}` } });
  return answer.text();
}
