import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../../program.ts";
import { command, signInToAkto } from "../login/world.ts";

async function sandboxOf(scenario: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ scenario, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The lines on whose role changes, and the warnings. */
async function effects(
  sandbox: Sandbox,
  args: string[],
  { over = {}, flags = [] }: { over?: Record<string, string>; flags?: string[] } = {},
): Promise<{ lines: string[]; warnings: string[] }> {
  const { stderr, failure } = await command(sandbox, args, over, flags);
  expect(failure).toBeUndefined();
  const all = stderr.split("\n");
  return {
    lines: all
      .filter((line) => /^ {2}\S/.test(line) && !/local copy|Akto API key/.test(line))
      .map((line) => line.trim()),
    warnings: all.filter((line) => line.startsWith("! ")).map((line) => line.slice(2)),
  };
}

const engineerToGuest = "1 person: Guest → Security Engineer, at their next sign-in (Marek Novak).";

/** Each member of Akto's team with the role that it stores. */
async function stored({ akto }: Sandbox): Promise<Map<string, string>> {
  const answer = await fetch(`${akto.url}/api/getTeamData`, {
    method: "POST",
    body: "{}",
    headers: { "X-API-KEY": akto.apiKey, "content-type": "application/json" },
  });
  const team = (await answer.json()) as { login: string; role: string }[];
  return new Map(team.map(({ login, role }) => [login, role]));
}

describe("where the API token isn't shown everything", () => {
  it.each([
    [
      "nobody of a group that has a member",
      (id: string) => `empty,path=/api/v1/groups/${id}/users`,
      "“Finance” has 1 member in Okta. It can't be said whose role changes: this API token shows none of the members.",
    ],
    [
      "no assignment to the app",
      (_: string, clientId: string) => `404,path=/api/v1/apps/${clientId}/users`,
      "“Finance” has 1 member in Okta. It can't be said whose role changes: This API token shows no assignment of the user to the app, nor any other: its owner may not see them.",
    ],
  ])("nothing is said to stay: %s", async (_, fault, said) => {
    const sandbox = await sandboxOf("healthy");
    const headers = { authorization: `SSWS ${sandbox.okta.token}` };
    const answer: unknown = await (await fetch(`${sandbox.okta.url}/api/v1/groups?q=Finance`, { headers })).json();
    const [group] = Array.isArray(answer) ? answer : [];
    sandbox.faults.set([fault(group.id, sandbox.okta.clientId)]);
    const args = ["mapping", "add", "Finance", "threat-viewer", "--dry-run"];
    expect((await effects(sandbox, args)).lines).toContain(said);
  });
});

describe("after a change of the mapping", () => {
  it("is said whose role changes, from what to what, on add, remove and import", async () => {
    const sandbox = await sandboxOf("healthy");
    expect((await effects(sandbox, ["mapping", "add", "Finance", "threat-viewer"])).lines).toEqual([
      "1 person: Security Engineer → Threat Viewer, at their next sign-in (Sofia Rossi).",
    ]);
    expect((await effects(sandbox, ["mapping", "remove", "Akto Developers"])).lines).toEqual([
      "1 person: Developer → Security Engineer, at their next sign-in (Priya Raman).",
      "Nothing changes for Wei Zhang: invited to Akto, and what the invitation says outranks the role.",
    ]);
    expect((await effects(sandbox, ["mapping", "add", "Warehouse Systems", "developer"])).lines).toEqual([
      "Nobody's role changes: “Warehouse Systems” has no members in Okta.",
    ]);
    const file = join(temporaryFolder(), "mapping.yaml");
    writeFileSync(file, "mapping:\n  Akto Admins: ADMIN\n  Akto Security: MEMBER\n  Finance: THREAT_VIEWER\n");
    expect((await effects(sandbox, ["--yes", "mapping", "import", file])).lines).toContain(engineerToGuest);
  });

  it("what is said comes true when everybody signs in", async () => {
    const lines: string[] = [];
    const sandbox = await sandboxOf("healthy", { log: (line) => lines.push(line) });
    const before = await stored(sandbox);
    const add = await effects(sandbox, ["mapping", "add", "Everyone", "threat-engineer", "--yes"]);
    const remove = await effects(sandbox, ["mapping", "remove", "AppSec Contractors"]);
    expect([...add.lines, ...remove.lines].filter((line) => /→|new to/.test(line))).toEqual([
      "1 person: Security Engineer → Threat Engineer, at their next sign-in (Sofia Rossi).",
      "1 person: Guest → Threat Engineer, at their next sign-in (Marek Novak).",
    ]);
    for (const login of [logins.admin, logins.contractor, logins.accountant, logins.developer]) {
      await signInToAkto(sandbox, lines, login);
    }
    const after = await stored(sandbox);
    const changed = [...after].filter(([login, role]) => before.get(login) !== role);
    expect(new Map(changed)).toEqual(
      new Map([
        [logins.accountant, "THREAT_ENGINEER"],
        [logins.contractor, "THREAT_ENGINEER"],
      ]),
    );
  });

  it("is said of people new to Akto that it takes their second sign-in", async () => {
    const sandbox = await sandboxOf("first-sign-in");
    expect((await effects(sandbox, ["mapping", "remove", "AppSec Contractors"])).lines).toEqual([
      "1 person new to Akto: Security Engineer instead of Guest, from their second sign-in on (Marek Novak); from the first with a login in another Akto account.",
    ]);
  });

  it("is said whose role stays: by the filter, by another entry, by access per product", async () => {
    const filter = await sandboxOf("filter-misses-group");
    expect((await effects(filter, ["mapping", "add", "Engineering", "threat-viewer"])).lines).toEqual([
      "Nobody's role changes.",
      "Nothing changes for Tomas Berg: “Akto Security” decides, which gives Security Engineer.",
      "Nothing changes for Priya Raman and Wei Zhang: “Akto Developers” decides, which gives Developer.",
    ]);
    const noToken = await sandboxOf("token-missing");
    expect((await effects(noToken, ["mapping", "add", "Finance", "threat-viewer"])).lines).toEqual([
      "Nobody's role changes.",
      "Nothing changes for Sofia Rossi: “Finance” doesn't reach Akto, neither by the claim nor by an API token.",
    ]);
    const scoped = await sandboxOf("product-scoped-user");
    expect((await effects(scoped, ["mapping", "remove", "Akto Developers"])).lines).toEqual(
      expect.arrayContaining(["Nothing changes for Priya Raman: access per product in Akto outranks the role."]),
    );
  });

  it("says no more than how many members there are to a script, or where the token sees too little", async () => {
    const sandbox = await sandboxOf("healthy");
    expect((await effects(sandbox, ["mapping", "remove", "Akto Security"], { flags: ["--no-input"] })).lines).toEqual([
      "“Akto Security” has 2 members in Okta. `akto-okta login preview` shows whose role changes.",
    ]);
    sandbox.faults.set(["403,path=/api/v1/authorizationServers"]);
    const { lines } = await effects(sandbox, ["mapping", "add", "Akto Security", "member", "--yes"]);
    expect(lines).toEqual([
      expect.stringMatching(/^“Akto Security” has 2 members in Okta\. It can't be said whose role changes: The claims/),
    ]);
  });

  it.each<[what: string, args: string[], over: Record<string, string>]>([
    ["without an Okta API token", [], { OKTA_CLIENT_TOKEN: "" }],
    ["offline", ["--offline"], {}],
    ["with --quiet", ["--quiet"], {}],
    ["with --json", ["--json"], {}],
    ["with a token that Okta refuses", [], { OKTA_CLIENT_TOKEN: "00revoked" }],
  ])("nothing is said %s, and the change is made", async (_, args, over) => {
    const sandbox = await sandboxOf("healthy");
    expect(
      (await effects(sandbox, [...args, "mapping", "add", "Finance", "threat-viewer", "--force"], { over })).lines,
    ).toEqual(over.OKTA_CLIENT_TOKEN === "" ? ["The name was not checked against Okta: there is no API token."] : []);
  });

  it("nothing is said when Okta fails or limits its rate, and nothing waits for it", async () => {
    const sandbox = await sandboxOf("healthy");
    for (const fault of ["503", "429=600"]) {
      sandbox.faults.set([`${fault},path=/api/v1/groups`]);
      expect(
        (await effects(sandbox, ["mapping", "remove", "--role", fault === "503" ? "guest" : "developer"])).lines,
      ).toEqual([]);
    }
  });
});

describe("a group that the claim keeps out of the token", () => {
  it.each<[scenario: string, group: string, warning: RegExp]>([
    [
      "healthy",
      "Finance",
      /^The claim's filter \(starts with “Akto”\) keeps “Finance” out .* only where the token brings no other group\./,
    ],
    [
      "healthy",
      "Domain Users",
      /^“Domain Users” is imported, and the claim's filter .* carries Okta's own groups only\./,
    ],
    [
      "token-missing",
      "Finance",
      /keeps “Finance” out .* stores no API token to ask for groups with: nobody gets a role by them\./,
    ],
    ["token-expired", "Finance", /keeps “Finance” out .* gets no group with the API token/],
  ])("is warned of in %s when %s is added", async (scenario, group, warning) => {
    const sandbox = await sandboxOf(scenario);
    const { warnings } = await effects(sandbox, ["mapping", "add", group, "threat-viewer"], { flags: ["--no-input"] });
    expect(warnings.length === 0 ? "" : warnings.join("\n")).toMatch(warning);
  });

  it("is warned of where no claim brings groups, unless Akto has a token to ask with", async () => {
    const sandbox = await sandboxOf("claim-on-id-token");
    const add = ["mapping", "add", "Finance", "threat-viewer"];
    expect((await effects(sandbox, add)).warnings).toEqual([]);
    expect((await effects(sandbox, add, { over: { AKTO_API_KEY: "" } })).warnings).toEqual([
      expect.stringMatching(/^The access token would carry no groups: .* Akto could ask for such groups/),
    ]);
  });

  it("is warned of by import and by a rehearsal, and of a group that gets through nothing is said", async () => {
    const sandbox = await sandboxOf("healthy");
    const file = join(temporaryFolder(), "mapping.yaml");
    writeFileSync(file, "mapping:\n  Finance: THREAT_VIEWER\n  Akto Guests: THREAT_ENGINEER\n");
    const { warnings } = await effects(sandbox, ["mapping", "import", file, "--dry-run"], { flags: ["--no-input"] });
    expect(warnings).toEqual([expect.stringContaining("keeps “Finance” out of the access token")]);
    expect((await effects(sandbox, ["mapping", "add", "Akto Guests", "threat-viewer"])).warnings).toEqual([]);
  });
});

it("a rehearsal tells a script whose role would change, in JSON too", async () => {
  const sandbox = await sandboxOf("healthy");
  const env = environment(temporaryFolder(), sandbox);
  const args = ["mapping", "remove", "AppSec Contractors", "--dry-run", "--no-input"];
  expect((await run(args, env)).stderr).toContain(engineerToGuest);
  expect(JSON.parse((await run([...args, "--json"], env)).stdout)).toMatchObject({
    effects: [engineerToGuest],
    dryRun: true,
  });
});
