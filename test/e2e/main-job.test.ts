import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, freePort, type Outcome, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const failureOf = ({ stderr }: Outcome) => JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error;

describe("the main job, as processes", () => {
  it("sets up, maps, imports and exports, and says the same in Akto and in the profile", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const setup = await run(["sso", "setup", "--no-input", "--json"], env);
    expect(setup).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(setup.stdout)).toMatchObject({ akto: { submitted: "created" }, mapping: [] });
    // Repeatable: a second run finds it done.
    expect(JSON.parse((await run(["sso", "setup", "--no-input", "--json"], env)).stdout)).toMatchObject({
      akto: { submitted: "unchanged" },
    });

    expect(await run(["mapping", "add", " Akto Admins ", "Admin"], env)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("were removed"),
    });
    expect(await run(["mapping", "add", "Akto Admins", "admin"], env)).toEqual({
      exitCode: 0,
      stdout: "“Akto Admins” already has Admin.",
      stderr: "",
    });
    expect(await run(["mapping", "add", "Akto Developers", "admin"], env)).toMatchObject({ exitCode: 3 });
    expect(await run(["mapping", "add", "Akto Admins", "guest"], env)).toMatchObject({ exitCode: 3 });
    const miss = await run(["mapping", "add", "akto developers", "developer", "--json"], env);
    expect(miss.exitCode).toBe(2);
    expect(failureOf(miss)).toMatchObject({
      code: "okta.group_not_found",
      hint: expect.stringContaining("“Akto Developers” (differs in capitalization)"),
    });
    expect((await run(["mapping", "add", "Akto Developers", "developer"], env)).exitCode).toBe(0);

    const list = await run(["mapping", "list", "--json"], env);
    expect(JSON.parse(list.stdout)).toEqual({
      source: "akto",
      mapping: [
        { group: "Akto Admins", role: "ADMIN", label: "Admin" },
        { group: "Akto Developers", role: "DEVELOPER", label: "Developer" },
      ],
    });
    // The local copy says the same.
    expect(JSON.parse((await run(["mapping", "list", "--json", "--offline"], env)).stdout).mapping).toEqual(
      JSON.parse(list.stdout).mapping,
    );

    const file = join(env.HOME ?? "", "mapping.yaml");
    const { stdout: yaml } = await run(["mapping", "export"], env);
    expect(yaml).toBe("mapping:\n  Akto Admins: ADMIN\n  Akto Developers: DEVELOPER");
    writeFileSync(file, `${yaml}\n  Finance: Guest\n`);
    expect(await run(["mapping", "import", file], env)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("+ “Finance” → Guest"),
    });
    writeFileSync(file, yaml);
    expect(await run(["mapping", "import", file], env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--yes"),
    });
    expect((await run(["mapping", "import", "-", "--yes"], env, yaml)).exitCode).toBe(0);
    expect((await run(["mapping", "remove", "--role", "admin"], env)).exitCode).toBe(0);
    const { stdout: csv } = await run(["mapping", "export", "--output", "csv"], env);
    expect(csv).toBe("group,role\nAkto Developers,DEVELOPER");
    expect(await run(["mapping", "import", "-"], env, csv)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("already matches the file"),
    });
    expect(failureOf(await run(["mapping", "import", "-", "--json"], env, "mapping: 3"))).toMatchObject({
      code: "file.invalid",
      message: expect.stringContaining("standard input"),
    });

    const status = JSON.parse((await run(["sso", "status", "--json"], env)).stdout);
    expect(status).toMatchObject({ akto: { connected: true, configured: true, agrees: true, differences: [] } });
    // The token that this tool works with is none that Akto is given unasked.
    expect(status).toMatchObject({ akto: { managementApiToken: false, syncGroupsToUserTags: false } });
    expect(JSON.stringify(status)).not.toContain(sandbox.okta.clientSecret);
  });

  it("lists groups as a document, as lines, and as CSV, whole or in part", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const { groups, total } = JSON.parse((await run(["groups", "list", "--json", "--members"], env)).stdout);
    expect(total).toBe(14);
    expect(groups).toContainEqual(expect.objectContaining({ name: "Akto Security", type: "OKTA_GROUP", members: 2 }));
    const lines = (await run(["groups", "list", "--search", "akto", "--output", "jsonl"], env)).stdout
      .split("\n")
      .map((line) => JSON.parse(line).name);
    expect(lines).toEqual(["Akto Admins", "Akto Security", "Akto Developers", "Akto Guests"]);
    const csv = await run(["groups", "list", "--type", "APP_GROUP", "--output", "csv"], env);
    expect(csv.stdout).toMatch(/^id,name,type,description,role\n\S+,Domain Users,APP_GROUP,/);
    // Piped without a format: tab-separated, no heading.
    expect((await run(["groups", "list", "--limit", "1"], env)).stdout).toMatch(/^Everyone\tBUILT_IN\t/);
  });

  it("shows the whole demo and leaves nothing behind", async () => {
    const folder = temporaryFolder();
    const { stdout, exitCode } = await run(["demo", "--json"], { ...environment(folder), TMPDIR: folder });
    expect(exitCode).toBe(0);
    const roles = JSON.parse(stdout).steps.flatMap(({ result }: { result: { role?: object } }) => result.role ?? []);
    expect(roles).toMatchObject([
      { id: "DEVELOPER", decidedBy: "mapping", group: "Akto Developers" },
      { id: "THREAT_ENGINEER", decidedBy: "mapping", group: "AppSec Contractors" },
      { id: "MEMBER", decidedBy: "default", group: null },
    ]);
    const { readdirSync } = await import("node:fs");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("bad input", () => {
  it.each<[string, string[], number, string]>([
    ["a domain with a path", ["--domain", "https://acme.okta.com/oauth2/default"], 2, "okta.domain_has_path"],
    ["the admin console's host", ["--domain", "acme-admin.okta.com"], 2, "okta.domain_is_admin"],
    ["http for a host that isn't loopback", ["--domain", "http://acme.okta.com"], 2, "okta.domain_insecure"],
    [
      "an issuer URL in place of the id",
      ["--auth-server-id", "https://acme.okta.com/oauth2/default"],
      2,
      "okta.auth_server_invalid",
    ],
    ["an unknown authorization server", ["--auth-server-id", "aus0nowhere"], 2, "oidc.no_such_server"],
    ["an unknown client", ["--client-id", "0oanobody"], 4, "oidc.unknown_client"],
    ["a secret file that is not there", ["--client-secret-file", "/nowhere/secret"], 2, "input.secret_file"],
    ["a wrong secret", ["--client-secret-file", "-"], 4, "oidc.client_refused"],
    ["an Akto URL without TLS", ["--akto-url", "http://akto.example.com"], 2, "akto.url_insecure"],
    ["an account id that is no number", ["--akto-account-id", "acme"], 2, "akto.account_invalid"],
    ["a host that does not answer", ["--domain", "http://127.0.0.1:1"], 5, "http.unreachable"],
    ["an unknown flag", ["--clientid", "x"], 2, "usage.unknownOption"],
  ])("refuses %s, says what to do, and leaves the profile as it was", async (_, args, exitCode, code) => {
    const env = environment(temporaryFolder(), sandbox);
    const outcome = await run(["sso", "setup", "--no-input", "--json", ...args], env, "not-the-secret\n");
    expect(outcome).toMatchObject({ exitCode, stdout: "" });
    expect(failureOf(outcome)).toMatchObject({
      code,
      message: expect.stringMatching(/\S/),
      hint: expect.stringMatching(/\S/),
    });
    expect(outcome.stderr).not.toMatch(/ at .*\.js:\d+/);
    expect(
      JSON.parse(
        (await run(["sso", "status", "--json", "--offline"], { ...environment(env.HOME ?? ""), HOME: env.HOME ?? "" }))
          .stdout,
      ).settings.clientId.value,
    ).toBeNull();
  });

  it("says what to do about a profile that differs from Akto, and that it was told to work offline", async () => {
    const own = await startSandbox({ aktoConfigured: true });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder(), own);
    const offline = await run(["sso", "setup", "--no-input", "--offline"], env);
    expect(offline.stderr).toContain("--offline was given, so nothing was sent to Akto");
    await run(["mapping", "add", "Finance", "guest", "--offline"], env);
    const differing = await run(["sso", "status"], env);
    expect(differing.stdout).toContain("and what is set here differ:\n  mapping: 0 groups in Akto, 1 group here\n");
    expect(differing.stderr).toContain("`akto-okta sso setup` makes the two agree.");
    await run(["sso", "setup", "--no-input"], env);
    expect(await run(["sso", "status"], env)).toMatchObject({
      stdout: expect.stringContaining("✓ What is set here matches Akto."),
      stderr: "",
    });
  });

  it("calls a profile that has nothing yet neither right nor wrong", async () => {
    const own = await startSandbox({ aktoConfigured: true });
    onTestFinished(() => own.close());
    const folder = temporaryFolder();
    const fresh = {
      ...environment(folder),
      AKTO_URL: own.akto.url,
      AKTO_API_KEY: own.akto.apiKey,
    };
    expect(await run(["sso", "status"], fresh)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("! Okta SSO is set up in Akto; nothing of it is set here yet."),
      stderr: "`akto-okta sso setup` copies what Akto has.",
    });
    const { stdout } = await run(["sso", "status", "--json"], fresh);
    expect(JSON.parse(stdout).akto).toMatchObject({ configured: true, agrees: null, differences: [] });
    const partly = await run(["sso", "status"], { ...fresh, AKTO_OKTA_CLIENT_ID: own.okta.clientId });
    expect(partly.stdout).toContain(
      "! What is set here matches Akto; the authorization server id and the Okta domain are not set.",
    );
    expect(JSON.parse((await run(["doctor", "--only", "profile", "--json"], fresh)).stdout).checks).toMatchObject([
      { id: "profile", status: "skip", message: "Nothing is set here to compare with Akto's SSO." },
    ]);
    const wrong = await run(["sso", "status"], { ...fresh, AKTO_OKTA_CLIENT_ID: "0oaanotherapp0000001" });
    expect(wrong.stdout).toContain("✗ Akto and what is set here differ:\n  client id: ");
  });

  it("says of an empty profile, with everything set by the environment, what is so", async () => {
    const own = await startSandbox({ scenario: "healthy" });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder(), own);
    const { stdout, stderr } = await run(["sso", "status"], env);
    expect(stdout).toMatch(/^ {2}mapping +4 groups \(read from Akto: this profile has no copy\)$/m);
    expect(stdout).toContain("\n✓ What is set here matches Akto.\n");
    expect(stderr).toBe("");
    expect(JSON.parse((await run(["sso", "status", "--json"], env)).stdout)).toMatchObject({
      mapping: { profile: 0, akto: 4 },
      akto: { agrees: null, differences: [] },
    });
  });

  it("says that Akto can't hold a name with spaces at its ends, and to rename the group in Okta", async () => {
    const own = await startSandbox({
      aktoConfigured: true,
      seed: { okta: { groups: [{ name: " Akto lead" }, { name: "Akto Devs" }, { name: "Akto Devs " }] } },
    });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder(), own);
    const refused = (group: string) => ({
      code: "mapping.unholdable_group",
      message: `Okta's group “${group}” has spaces around its name, which Akto removes: no entry could ever match it.`,
      hint: `Rename the group in Okta (Directory → Groups) to “${group.trim()}”, and map that.`,
    });
    for (const [typed, group] of [
      [" Akto lead", " Akto lead"],
      ["Akto lead", " Akto lead"],
      ["Akto Devs ", "Akto Devs "],
    ] as const) {
      const outcome = await run(["mapping", "add", typed, "guest", "--json"], env);
      expect([outcome.exitCode, failureOf(outcome)]).toEqual([3, refused(group)]);
    }
    const imported = await run(["mapping", "import", "-", "--json"], env, "group,role\n Akto lead,GUEST\n");
    expect(failureOf(imported)).toEqual(refused(" Akto lead"));
    // A space that somebody typed too much is another thing.
    expect(await run(["mapping", "add", " Akto Devs", "guest"], env)).toMatchObject({ exitCode: 0 });
  });

  it("names everything that is missing, all at once", async () => {
    const outcome = await run(["sso", "setup", "--no-input", "--json"], environment(temporaryFolder()));
    expect(outcome.exitCode).toBe(2);
    const { message, hint } = failureOf(outcome);
    expect(message).toBe(
      "Missing: the Okta domain, the authorization server id, the client id, and the client secret.",
    );
    expect(hint).toContain("or run `akto-okta sso setup` in a terminal: it asks for them, and saves them.");
    for (const way of [
      "--domain",
      "OKTA_CLIENT_ORGURL",
      "--auth-server-id",
      "--client-id",
      "--client-secret-file",
      "AKTO_OKTA_CLIENT_SECRET",
    ])
      expect(hint).toContain(way);
  });

  it("tells a wrong Akto key and a dead Okta token from each other", async () => {
    const env = environment(temporaryFolder(), sandbox);
    expect(failureOf(await run(["mapping", "list", "--json"], { ...env, AKTO_API_KEY: "nobodys" }))).toMatchObject({
      code: "akto.key_invalid",
    });
    const outcome = await run(["groups", "list", "--offline", "--json"], { ...env, OKTA_CLIENT_TOKEN: "00dead" });
    expect(outcome.exitCode).toBe(4);
    expect(failureOf(outcome)).toMatchObject({ code: "okta.token_invalid" });
  });

  it("refuses a port in use before a browser opens, and before anything is written in Okta", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const redirectUris = async () => {
      const headers = { authorization: `SSWS ${sandbox.okta.token}` };
      return JSON.stringify(await (await fetch(`${sandbox.okta.url}/api/v1/apps`, { headers })).json());
    };
    const before = await redirectUris();
    const outcome = await run(
      ["login", "test", "--port", String(port), "--yes", "--offline", "--json"],
      environment(temporaryFolder(), sandbox),
    );
    server.close();
    expect(outcome.stderr).not.toContain("Added");
    expect(await redirectUris()).toBe(before);
    expect(outcome.exitCode).toBe(2);
    expect(failureOf(outcome)).toMatchObject({ code: "oidc.port_in_use" });
  });

  it("gives up on a browser that does not come back", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const browser = join(env.HOME ?? "", "browser");
    writeFileSync(browser, "#!/bin/sh\nexit 0\n");
    chmodSync(browser, 0o755);
    // The program's own port is one for the whole machine.
    const own = ["--yes", "--port", String(await freePort())];
    const args = ["login", "test", "--timeout", "1", "--offline", "--json", ...own];
    const outcome = await run(args, { ...env, BROWSER: browser });
    expect(outcome.exitCode).toBe(5);
    expect(failureOf(outcome)).toMatchObject({ code: "oidc.timeout" });
  });

  it("says what to add where when the app lacks the loopback redirect URI and there is no token", async () => {
    const { OKTA_CLIENT_TOKEN: _, ...env } = environment(temporaryFolder(), sandbox);
    const outcome = await run(["login", "test", "--port", "8799", "--offline", "--json"], env);
    expect(outcome.exitCode).toBe(2);
    expect(failureOf(outcome)).toMatchObject({
      code: "login.redirect_uri_missing",
      hint: expect.stringContaining("http://127.0.0.1:8799/callback"),
    });
  });

  it("reports a file's mistake with line and column", async () => {
    const env = environment(temporaryFolder());
    const file = join(env.HOME ?? "", "mapping.yaml");
    writeFileSync(file, "mapping:\n  A: ADMIN\n  B: ADMIN\n");
    const outcome = await run(["mapping", "import", file, "--json"], env);
    expect(outcome.exitCode).toBe(3);
    expect(failureOf(outcome).message).toContain("mapping.yaml:3:3: “Admin” is given to both “A” (in line 2) and “B”.");
  });

  it("shows help with examples, and what was misspelt", async () => {
    const env = environment(temporaryFolder());
    expect(await run(["mapping", "add", "--help"], env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('$ akto-okta mapping add "Akto Admins" admin'),
    });
    expect((await run(["help", "mapping", "add"], env)).stdout).toContain("Usage: akto-okta mapping add");
    // Whoever types the name alone asks what there is; a noun alone is a command that is not finished.
    expect(await run([], env)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Usage: akto-okta .*Start with `akto-okta demo`/s),
      stderr: "",
    });
    expect(await run(["sso"], env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^Usage: akto-okta sso .*✗ No command was given\./s),
    });
    expect(await run(["maping"], env)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Did you mean mapping?"),
    });
    expect((await run(["--version"], env)).stdout).toMatch(/^\d+\.\d+\.\d+$/);
    for (const shell of ["bash", "zsh", "fish"])
      expect((await run(["completion", shell], env)).stdout).toContain("akto-okta");
  });
});
