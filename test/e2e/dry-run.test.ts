import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { commandTable } from "../../src/commands/table.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { enter, start, up } from "../pty.ts";
import { nothingYet } from "../usecases/provision/world.ts";
import { withoutApp } from "../wizard.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ aktoConfigured: true });
});
afterAll(() => sandbox.close());

const mappingOf = async (env: Record<string, string>) =>
  JSON.parse((await run(["mapping", "list", "--json"], env)).stdout).mapping.map(
    ({ group, role }: { group: string; role: string }) => `${group}=${role}`,
  );

describe("--dry-run", () => {
  it("shows what mapping add, remove and import would change, place by place, and changes nothing", async () => {
    const env = environment(temporaryFolder(), sandbox);
    await run(["mapping", "add", "Akto Admins", "admin"], env);
    const add = await run(["mapping", "add", "Finance", "guest", "--dry-run"], env);
    expect(add).toMatchObject({
      exitCode: 0,
      stdout: `In Akto, ${sandbox.akto.url}\n  + “Finance” → Guest`,
      stderr: expect.stringMatching(/Sofia Rossi.*\nNothing was written: --dry-run was given\.$/s),
    });
    const remove = await run(["mapping", "remove", "Akto Admins", "--dry-run", "--json"], env);
    expect(JSON.parse(remove.stdout)).toEqual({
      source: "akto",
      mapping: [],
      changes: [{ group: "Akto Admins", from: "ADMIN", to: null }],
      effects: [expect.stringContaining("Ines Duarte")],
      dryRun: true,
    });
    const file = join(env.HOME ?? "", "mapping.yaml");
    writeFileSync(file, "mapping:\n  Akto Admins: MEMBER\n  Finance: ADMIN\n");
    const imported = await run(["mapping", "import", file, "--dry-run"], env);
    expect(imported.stdout).toContain("~ “Akto Admins” → Security Engineer (was Admin)\n  + “Finance” → Admin");
    // What a rule refuses is refused here, too.
    expect((await run(["mapping", "add", "Finance", "admin", "--dry-run"], env)).exitCode).toBe(3);
    expect(await mappingOf(env)).toEqual(["Akto Admins=ADMIN"]);
    const local = await run(["mapping", "add", "Finance", "guest", "--dry-run", "--offline"], env);
    expect(local.stdout).toMatch(/^Here, in the profile default\n/);
    expect(local.stderr).toContain("It would have to be done in Akto as well.");
  });

  it("shows what sso setup would make in Okta and Akto and keep here, and makes nothing", async () => {
    const own = await startSandbox({ seed: nothingYet });
    onTestFinished(() => own.close());
    const folder = temporaryFolder();
    const env = withoutApp(environment(folder, own));
    const mapping = join(folder, "mapping.yaml");
    writeFileSync(mapping, "mapping:\n  Akto Admins: ADMIN\n");
    const args = ["sso", "setup", "--no-input", "--create-app", "--mapping", mapping, "--dry-run"];
    const shown = await run(args, env);
    expect(shown.exitCode).toBe(0);
    for (const line of [
      `In Okta, ${new URL(own.okta.url).host}`,
      "  + the app “Akto”",
      "  + the app is assigned to “Everyone”",
      "  + the claim “groups” in the access tokens",
      `In Akto, ${own.akto.url}, account ${own.akto.accountId}`,
      "  + Okta SSO",
      "  + “Akto Admins” → Admin",
      "Here, in the profile default",
      "      in the file ",
    ])
      expect(shown.stdout).toContain(line);
    expect(shown.stderr).toContain("Nothing was written: --dry-run was given.");
    const document = JSON.parse((await run([...args, "--json"], env)).stdout);
    expect(document).toMatchObject({ changed: true, compared: ["okta", "akto"] });
    expect(document.changes).toContainEqual(expect.objectContaining({ kind: "add", address: "okta.app" }));
    const status = JSON.parse((await run(["sso", "status", "--json"], env)).stdout);
    expect(status).toMatchObject({ akto: { configured: false }, settings: { clientId: { value: null } } });
    const apps = await (await fetch(`${own.okta.url}/api/v1/apps`, { headers: auth(own) })).json();
    expect((apps as { label: string }[]).map(({ label }) => label)).toEqual(["Payroll"]);
    // And then it is done just so.
    const done = args.filter((arg) => arg !== "--dry-run");
    expect((await run([...done, "--yes"], env)).exitCode).toBe(0);
    expect(await mappingOf(env)).toEqual(["Akto Admins=ADMIN"]);
    const again = await run(args, env);
    expect(again.stdout.match(/nothing: everything is there already/g)).toHaveLength(2);
  });

  it("shows that an SSO would be replaced, and what that brings", async () => {
    const own = await startSandbox({
      seed: { akto: { sso: { clientId: "0oasomeotherapp00001", managementApiToken: null } } },
    });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder(), own);
    const shown = await run(["sso", "setup", "--no-input", "--dry-run"], env);
    expect(shown.stdout).toContain("~ Okta SSO is removed and added again");
    expect(shown.stdout).toContain(`client id: 0oasomeotherapp00001 → ${own.okta.clientId}`);
    expect(shown.stderr).toContain("signs every user of the account out of Akto.");
    expect(shown.stderr).toContain("without --replace-sso, the setup stops there.");
    const meant = await run(["sso", "setup", "--no-input", "--replace-sso", "--dry-run"], env);
    expect(meant.stderr).not.toContain("without --replace-sso");
  });

  it("ends the wizard with its review", async () => {
    const env = withoutApp(environment(temporaryFolder(), sandbox));
    const screen = start(["sso", "setup", "--dry-run"], env);
    await screen.answer("❯ Create it for me", enter);
    await screen.answer("❯ Whoever can now", enter);
    await screen.answer("❯ ◯ Everyone", up);
    await screen.answer("❯ Continue without mapping a group", enter);
    await screen.answer("❯ The one it stores now", enter);
    await screen.shows("What would be done");
    await screen.shows("Nothing was written: --dry-run was given.");
    expect(await screen.ended).toBe(0);
    expect(screen.text()).not.toContain("❯ Do all of this");
  });

  it("shows a group that would be created", async () => {
    const env = environment(temporaryFolder(), sandbox);
    expect(await run(["groups", "create", "Night Watch", "--dry-run"], env)).toMatchObject({
      exitCode: 0,
      stdout: "“Night Watch” would be created in Okta.",
    });
    expect((await run(["groups", "create", "Finance", "--dry-run"], env)).exitCode).toBe(3);
    expect((await run(["groups", "create", "Night Watch"], env)).exitCode).toBe(0);
  });
});

it("of every command that has it ends in the same sentence, and nothing is written", async () => {
  const own = await startSandbox({ aktoConfigured: true });
  onTestFinished(() => own.close());
  const env = environment(temporaryFolder(), own);
  await run(["mapping", "add", "Akto Admins", "admin"], env);
  await run(["sso", "setup", "--no-input", "--profile", "staging"], env);
  const file = join(env.HOME ?? "", "sso.yaml");
  await run(["sso", "export", "-o", file], env);
  const mapping = join(env.HOME ?? "", "mapping.yaml");
  writeFileSync(mapping, "mapping:\n  Finance: GUEST\n");
  const lines: Readonly<Record<string, readonly string[]>> = {
    "sso setup": ["--no-input"],
    "sso apply": ["-f", file],
    "sso remove": [],
    "groups create": ["Night Watch"],
    "login test": [],
    "mapping add": ["Finance", "guest"],
    "mapping remove": ["Akto Admins"],
    "mapping import": [mapping],
    doctor: ["--fix", "--only", "mapping-reach"],
    "profile use": ["staging"],
    "profile rename": ["staging", "other"],
    "profile delete": ["staging"],
    "secrets move": ["file"],
    "secrets clear": ["--profile", "staging"],
  };
  expect((await commandsWith("--dry-run")).toSorted()).toEqual(Object.keys(lines).toSorted());
  const kept = () => readdirSync(env.AKTO_OKTA_CONFIG_DIR ?? "", { recursive: true }).toSorted();
  const [folder, mapped] = [kept(), await mappingOf(env)];
  await Promise.all(
    Object.entries(lines).map(async ([command, more]) => {
      const { stderr, exitCode } = await run([...command.split(" "), ...more, "--dry-run"], env);
      expect([command, exitCode]).toEqual([command, 0]);
      expect(stderr.split("\n").at(-1), command).toBe("Nothing was written: --dry-run was given.");
    }),
  );
  expect([kept(), await mappingOf(env)]).toEqual([folder, mapped]);
});

/** The commands that have an option. */
async function commandsWith(option: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of commandTable) {
    for (const { name, load } of "verbs" in entry ? entry.verbs : [entry]) {
      const command = new Command();
      (await load()).declare(command);
      if (command.options.some(({ long }) => long === option))
        found.push(entry.name === name ? name : `${entry.name} ${name}`);
    }
  }
  return found;
}

it("of doctor --fix says what would be done", async () => {
  const own = await startSandbox({ scenario: "pkce-required" });
  onTestFinished(() => own.close());
  const env = environment(temporaryFolder(), own);
  const fix = await run(["doctor", "--fix", "--yes", "--dry-run"], env);
  expect(fix.exitCode).toBe(6);
  expect(fix.stderr).toMatch(
    /These changes would be offered:\n {2}.*PKCE.*\nNothing was written: --dry-run was given\.\n✗ /,
  );
  expect((await run(["doctor", "--only", "pkce"], env)).exitCode).toBe(6);
});

it("of login test says what it would do to the app's redirect URIs, and does nothing", async () => {
  const own = await startSandbox({ aktoConfigured: true });
  onTestFinished(() => own.close());
  const env = environment(temporaryFolder(), own);
  const redirectUris = async () => {
    const { okta } = own;
    const answer = await fetch(`${okta.url}/api/v1/apps?limit=50`, { headers: auth(own) });
    const apps = (await answer.json()) as { settings: { oauthClient?: { redirect_uris: string[] } } }[];
    return apps.flatMap(({ settings }) => settings.oauthClient?.redirect_uris ?? []);
  };
  const before = await redirectUris();
  const args = ["login", "test", "--dry-run", "--report", "report.html"];
  const missing = await run([...args, "--port", "8766"], env);
  const uri = "http://127.0.0.1:8766/callback";
  expect(missing).toMatchObject({
    exitCode: 0,
    stdout: `${uri} would be added to “Akto” for the test, and removed again after it.\nThe report would be written to report.html.`,
  });
  const json = await run([...args, "--port", "8766", "--json"], env);
  expect(JSON.parse(json.stdout)).toEqual({ redirectUri: { uri, added: true }, removed: [], dryRun: true });
  expect([await redirectUris(), existsSync(join(env.HOME ?? "", "report.html"))]).toEqual([before, false]);
  const { OKTA_CLIENT_TOKEN: _, ...tokenless } = env;
  const refused = await run([...args, "--port", "8766"], tokenless);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("doesn't have the redirect URI") });
});

it("of secrets clear and move says which would go, and refuses what could not be done", async () => {
  const env = environment(temporaryFolder(), sandbox);
  await run(["sso", "setup", "--no-input", "--profile", "staging"], env);
  const cleared = await run(["secrets", "clear", "--profile", "staging", "--dry-run"], env);
  expect(cleared.stdout).toMatch(/^To be deleted: .*Akto API key/);
  const moved = await run(["secrets", "move", "keychain", "--profile", "staging", "--dry-run"], env);
  expect(moved).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("There is no keychain here") });
});

const auth = ({ okta }: Sandbox) => ({ authorization: `SSWS ${okta.token}` });

it("says of a removal that nothing in Okta was created by this tool, and removes nothing", async () => {
  const env = environment(temporaryFolder(), sandbox);
  const { stdout, stderr, exitCode } = await run(["sso", "remove", "--okta", "--dry-run"], env);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^To be removed:\n {2}- Akto at .*\.$/)]);
  expect(stderr).toContain("no record of anything that this tool created in Okta: nothing is deleted there.");
  expect((await run(["sso", "remove", "--dry-run"], env)).stderr).not.toContain("no record");
});
