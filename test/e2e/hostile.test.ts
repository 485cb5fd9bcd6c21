import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { hostile, hostileNames } from "../hostile.ts";
import { serve } from "../http/server.ts";
import { environment, type Outcome, run, runLoginTest, temporaryFolder } from "../program.ts";
import { ctrlC, down, enter, start } from "../pty.ts";

const names = [...hostileNames.values()];
const nameOf = (what: string) => hostileNames.get(what) ?? "";
const sequence = nameOf("clears and colors the screen");
const link = nameOf("a link (OSC 8)");
const bidi = nameOf("bidi overrides");
const user = "ana@acme.example";
const victim = "bo\u202ekcah\u001b[2J@acme.example";

/** As it goes through an argument or an address, where there are no half characters. */
const wellFormed = (text: string) => Buffer.from(text).toString();

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      okta: {
        companyName: sequence,
        users: [
          { login: user, firstName: "Ana", lastName: "Sol", roles: ["SUPER_ADMIN"] },
          { login: victim, firstName: link, lastName: bidi },
        ],
        groups: names.map((name, index) => ({ name, description: names.at(-index) ?? "", members: [victim] })),
        apps: [{ label: link }],
        authorizationServers: [
          {
            id: "default",
            name: sequence,
            description: bidi,
            claims: [{ name: "groups", groupFilterType: "REGEX", value: "[^]*" }],
            policies: [{ name: sequence, rules: [{ name: link }] }],
          },
        ],
      },
      akto: {
        customRoles: names.map((_, index) => ({ name: `role-${index}`, baseRole: "GUEST" })),
        members: [{ login: victim, name: bidi, role: sequence }],
        mapping: new Map(names.map((name, index) => [name, `role-${index}`])),
      },
    },
  });
});
afterAll(() => sandbox.close());

/** What must not be in anything that people read, of whatever the program wrote. */
function expectHarmless(...texts: readonly string[]): void {
  for (const text of texts) expect(text.replaceAll(/[\n\t]/g, "")).not.toMatch(hostile);
}

async function harmless(args: readonly string[], env = environment(temporaryFolder(), sandbox)): Promise<Outcome> {
  const outcome = await run(["--debug", ...args], env);
  expectHarmless(outcome.stdout, outcome.stderr);
  return outcome;
}

describe("hostile names", () => {
  it("of groups are harmless in each form of the list, and exact as data", async () => {
    const forms = [[], ["--output", "csv"], ["--json"], ["--output", "jsonl"]];
    const [piped, csv, json, lines] = await Promise.all(forms.map((form) => harmless(["groups", "list", ...form])));
    if (!piped || !csv || !json || !lines) throw new Error("A form is missing.");
    expect(piped.stdout.split("\n")).toHaveLength(names.length + 1);
    expect(csv.stdout.split("\n")).toHaveLength(names.length + 2);
    expect(csv.stdout).toContain('"\'=HYPERLINK(""https://evil.example"",""Akto"")"');
    const named = ({ name }: { name: string }) => name;
    expect(JSON.parse(json.stdout).groups.map(named)).toEqual(expect.arrayContaining(names));
    expect(lines.stdout.split("\n").map((line) => named(JSON.parse(line)))).toEqual(expect.arrayContaining(names));
  });

  it("are a line each on a terminal of 80 columns", async () => {
    const screen = start(["groups", "list", "--members"], environment(temporaryFolder(), sandbox), { cols: 80 });
    expect(await screen.ended).toBe(0);
    // Each row is one line of the screen: nothing wrapped, and nobody wrote a line of their own.
    const lines = screen.text().split("\n");
    expect(lines.slice(1, -1).map((line) => / {2}(?:OKTA_GROUP|BUILT_IN) {2,}\d /.test(line))).toEqual([
      true,
      ...names.map(() => true),
    ]);
    expect(lines.at(-1)).toBe(`${names.length + 1} groups.`);
  });

  it("in the mapping come back exactly from YAML, CSV and JSON, and the SSO file changes nothing", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const roundTrip = async (format: string) => {
      const { stdout } = await harmless(["mapping", "export", "--output", format], env);
      const file = join(env.HOME ?? "", `mapping.${format}`);
      writeFileSync(file, stdout);
      return (await harmless(["mapping", "import", file], env)).stdout;
    };
    const [list, exported, ...imported] = await Promise.all([
      harmless(["mapping", "list", "--json"], env),
      harmless(["sso", "export"], env),
      ...["yaml", "csv", "json"].map(roundTrip),
    ]);
    expect(JSON.parse(list.stdout).mapping.map(({ group }: { group: string }) => group)).toEqual([...names].sort());
    for (const said of imported) expect(said).toContain("already matches the file");
    const yaml = exported.stdout;
    const file = join(env.HOME ?? "", "sso.yaml");
    writeFileSync(file, yaml);
    const plan = await harmless(["sso", "plan", "-f", file, "--detailed-exitcode"], env);
    expect(plan).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("No differences") });
    writeFileSync(file, yaml.replace(/^ {2}"?-2\+3"?: .*\n/m, ""));
    expect(await harmless(["sso", "plan", "-f", file, "--detailed-exitcode"], env)).toMatchObject({ exitCode: 6 });
  });

  it("are harmless in questions, answers and refusals, and written exactly", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const screen = start(["mapping", "remove"], env);
    await screen.shows("Akto \\u{1b}[2J\\u{1b}[1;1H\\u{1b}[31mred\\u{1b}[0m → role-0");
    screen.type(enter);
    expect(await screen.ended).toBe(0);
    const add = ["mapping", "add", "--", sequence];
    expect(await harmless([...add, "role-0"], env)).toMatchObject({ exitCode: 0 });
    const taken = await harmless([...add, "guest"], env);
    expect(taken).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("mapping remove --role role-0") });
    const near = await harmless(["mapping", "add", sequence.toUpperCase(), "guest"], env);
    expect(near).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Did you mean") });
    const stored = JSON.parse((await run(["mapping", "list", "--json"], env)).stdout).mapping;
    expect(stored).toContainEqual({ group: sequence, role: "role-0", label: "role-0" });
  });

  it("are harmless in the wizard's questions", async () => {
    const wizard = start(["sso", "setup"], environment(temporaryFolder(), sandbox));
    await wizard.answer("❯ Create it for me", down);
    await wizard.answer("❯ Use an existing one", enter);
    await wizard.shows("❯ Akto \\u{1b}]8;;https://evil.example\\u{07}click");
    wizard.type(ctrlC);
    expect(await wizard.ended).toBe(130);
  });

  it("of users, apps, servers and policies are harmless in status, doctor and the reports on a login", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const commands = [
      ["sso", "status"],
      ["doctor"],
      ["login", "explain", "--user", victim],
      ["login", "explain", "--group", ...names.map(wellFormed).filter((name) => !name.startsWith("-"))],
    ];
    for (const outcome of await Promise.all(commands.map((command) => harmless(command, env))))
      expect(outcome).toMatchObject({ stdout: expect.stringMatching(/\S/) });
    const file = join(env.HOME ?? "", "report.html");
    const { stdout, stderr } = await runLoginTest(["--report", file], env, victim);
    const page = readFileSync(file, "utf8");
    expectHarmless(stdout, stderr, page);
    expect(stdout).toContain("Akto \\u{1b}]8;;https://evil.example\\u{07}click");
    expect(page).toContain("Akto &#60;img src=x onerror=alert(1)&#62;");
  });
});

describe("hostile errors", () => {
  const evil = names.slice(0, 12).join(" ");

  /** A server that answers every request in one way. */
  const answering = (status: number, body: object, headers: Record<string, string> = {}) =>
    serve((_, response) => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    });

  const okta = { errorCode: `E\u001b[2J`, errorSummary: evil, errorCauses: [{ errorSummary: evil }] };
  const oauth = { error: "invalid_client\u001b[2J", error_description: evil };
  // C1 controls are the only ones that a header can bear.
  const id = { "x-okta-request-id": "\u009b31m\u009d0;x\u009c", location: "https://evil.example/\u009b2J" };

  it.each<[what: string, status: number, body: object, command: string[]]>([
    ["Okta's of a bad request", 400, okta, ["groups", "list", "--offline"]],
    ["Okta's of a token without rights", 403, { ...okta, errorCode: "E0000006" }, ["groups", "list", "--offline"]],
    ["Okta's redirect", 302, oauth, ["groups", "list", "--offline"]],
    ["an issuer's", 200, { issuer: `https://evil.example/\u202e${evil}` }, ["login", "test"]],
    ["an OAuth server's", 400, oauth, ["sso", "setup", "--no-input"]],
  ])("%s (%i) are harmless", async (_, status, body, command) => {
    const origin = await answering(status, body, id);
    const env = { ...environment(temporaryFolder(), sandbox), OKTA_CLIENT_ORGURL: origin };
    const { exitCode, stderr } = await harmless(["--json", ...command], env);
    expect(exitCode).toBeGreaterThan(1);
    expect(stderr).toContain("✗");
  });

  // What Akto always answers: without one of them, nothing else of the answer would be looked at.
  const wholeSso = {
    clientId: "0oa1",
    oktaDomain: "acme.okta.com",
    authorisationServerId: "default",
    redirectUri: "https://app.akto.io/authorization-code/callback",
    syncGroupsToUserTags: false,
    managementApiToken: null,
  };
  it.each<[what: string, status: number, body: object]>([
    ["refusal", 422, { actionErrors: [evil] }],
    ["want of rights", 403, { actionErrors: [evil] }],
    ["nonsense", 200, { ...wholeSso, oktaGroupToAktoUserRoleMap: { [evil]: 7 } }],
  ])("Akto's %s (%i) is harmless", async (_, status, body) => {
    const env = { ...environment(temporaryFolder(), sandbox), AKTO_URL: await answering(status, body) };
    const { exitCode, stderr } = await harmless(["mapping", "list"], env);
    expect(exitCode).toBeGreaterThan(1);
    expect(stderr).toContain("\\u{1b}");
  });

  it("in the answer that the browser brings are harmless in the terminal and on the page", async () => {
    // Else a record of it would be waited for, which there never is: the sandbox has not refused anybody.
    sandbox.faults.set(["403,path=/api/v1/logs"]);
    onTestFinished(() => sandbox.faults.set([]));
    let page = "";
    const { stdout, stderr, exitCode } = await runLoginTest(
      ["--debug"],
      environment(temporaryFolder(), sandbox),
      async (url) => {
        const asked = new URL(url).searchParams;
        const back = new URL(asked.get("redirect_uri") ?? "");
        back.search = new URLSearchParams({
          state: asked.get("state") ?? "",
          iss: `${sandbox.okta.url}/oauth2/default`,
          error: "access_denied\u001b[2J",
          error_description: wellFormed(evil),
        }).toString();
        page = await (await fetch(back)).text();
      },
    );
    expectHarmless(stdout, stderr, page);
    expect(exitCode).toBe(6);
    expect(stderr).toContain("Akto \\u{1b}[2J");
    expect(page).toContain("Akto \\u{1b}[2J");
  });
});
