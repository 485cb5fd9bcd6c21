/** Several set-ups on one machine: which there are, which is used, and how one gets another name or goes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment, run, temporaryFolder } from "../program.ts";
import { enter, start } from "../pty.ts";

const staging = {
  domain: "staging.okta.com",
  clientId: "0oa1",
  authServerId: "aus1",
  aktoUrl: "https://akto.acme.com",
  aktoAccountId: 7,
  mapping: [["Akto Admins", "ADMIN"]],
};

/** A config folder with these files in it; a text is written as it is. */
function keeping(files: Readonly<Record<string, object | string>>) {
  const env = environment(temporaryFolder());
  const folder = env.AKTO_OKTA_CONFIG_DIR ?? "";
  mkdirSync(join(folder, "secrets"), { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  return { env, folder };
}

const jsonOf = async (args: readonly string[], env: Record<string, string>) =>
  JSON.parse((await run([...args, "--json"], env)).stdout);

describe("a profile's name", () => {
  it("may not differ from a kept one in capitalization alone, on any system, since some disks take the two for one", async () => {
    const { env, folder } = keeping({
      "staging.json": staging,
      "secrets/gone.json": { aktoKey: "planted-akto-key" },
    });
    const before = readdirSync(folder);
    const refused = await run(["sso", "status", "--profile", "Staging", "--json"], env);
    expect(refused.exitCode).toBe(2);
    expect(JSON.parse(refused.stderr.split("\n").at(-1) ?? "").error).toMatchObject({
      code: "store.profile_case",
      message: "There is a profile “staging”, and “Staging” differs from it only in capitalization.",
      hint: expect.stringContaining("--profile staging."),
    });
    const named = { ...env, AKTO_OKTA_PROFILE: "STAGING" };
    for (const args of [
      ["mapping", "list"],
      ["secrets", "clear", "--yes"],
      ["sso", "setup", "--no-input"],
    ]) {
      expect(await run(args, named), args.join(" ")).toMatchObject({ exitCode: 2, stdout: "" });
    }
    // What is about all profiles runs whatever the variable says.
    expect(await run(["profile", "list"], named)).toMatchObject({ exitCode: 0 });
    for (const name of ["STAGING", "Gone"]) {
      const { stderr, exitCode } = await run(["profile", "delete", name, "--yes"], env);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("only in capitalization")]);
    }
    expect(readdirSync(folder)).toEqual(before);
    expect(JSON.parse(readFileSync(join(folder, "secrets", "gone.json"), "utf8"))).toEqual({
      aktoKey: "planted-akto-key",
    });
  });

  it("may not be a device's on Windows, unless such a profile is kept already, and one beside its twin is found by its own", async () => {
    const { env } = keeping({ "staging.json": staging, "Staging.json": staging, "aux.json": staging });
    for (const name of ["CON", "nul.eu", "lpt1"]) {
      const { stderr, exitCode } = await run(["sso", "status", "--profile", name], env);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Windows has a device of that name.")]);
    }
    for (const name of ["console", "Staging", "staging", "aux"]) {
      expect(await run(["sso", "status", "--profile", name], env), name).toMatchObject({ exitCode: 0 });
    }
    const renamed = await run(["profile", "rename", "staging", "com7"], env);
    expect([renamed.exitCode, renamed.stderr]).toEqual([2, expect.stringContaining("Windows has a device")]);
  });
});

describe("profile list", () => {
  it("shows each profile in its state, where its secrets are, and none of them; nothing is changed by looking", async () => {
    const files = {
      "staging.json": staging,
      "default.json": { domain: "acme.okta.com", setup: { answers: [] } },
      "cut.json": { creating: [{ kind: "app", name: "Akto" }] },
      "newer.json": { domain: "acme.okta.com", fromTheFuture: 1 },
      "broken.json": "{",
      "package.json": { name: "of somebody else" },
      "secrets/staging.json": { oktaToken: "00planted-okta-token" },
      "secrets/default.setup.json": { aktoKey: "planted-akto-key" },
      "secrets/gone.json": { aktoKey: "planted-akto-key" },
      "secrets/cleared.json": {},
    };
    const { env, folder } = keeping(files);
    symlinkSync("/dev/null", join(folder, "linked.json"));
    const { profiles, inUse } = await jsonOf(["profile", "list"], env);
    const unknown = { domain: null, aktoUrl: null, accountId: null, begun: false, unknown: [], problems: [] };
    const akto = { aktoUrl: "https://app.akto.io", accountId: null };
    const changed = { changedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) };
    const plain = { ...unknown, ...akto, ...changed, current: false, secrets: [], setup: "unfinished" };
    expect(profiles).toEqual([
      { ...unknown, ...changed, name: "broken", current: false, secrets: [], setup: "corrupt" },
      { ...plain, name: "cut", setup: "interrupted" },
      { ...plain, name: "default", domain: "acme.okta.com", current: true, secrets: ["file"], begun: true },
      {
        ...unknown,
        name: "linked",
        current: false,
        secrets: [],
        setup: "refused",
        changedAt: null,
        problems: [expect.stringContaining("symbolic link")],
      },
      { ...plain, name: "newer", domain: "acme.okta.com", unknown: ["fromTheFuture"] },
      {
        ...plain,
        name: "staging",
        domain: "staging.okta.com",
        aktoUrl: "https://akto.acme.com",
        accountId: 7,
        secrets: ["file"],
        setup: "finished",
      },
      { ...unknown, name: "gone", current: false, secrets: ["file"], setup: "secrets_only", changedAt: null },
    ]);
    expect(inUse).toEqual({ name: "default", from: "default" });
    const table = await run(["profile", "list", "--output", "table"], env);
    expect(table.stdout).toMatch(/^default +\* +acme\.okta\.com +app\.akto\.io +unfinished +file +just now$/m);
    expect(table.stderr).toContain("7 profiles. In use: default (the default).");
    for (const output of ["jsonl", "csv"])
      expect((await run(["profile", "list", "--output", output], env)).stdout.split("\n")).toHaveLength(
        output === "csv" ? 8 : 7,
      );
    expect(JSON.stringify([profiles, table])).not.toContain("planted");
    for (const [name, content] of Object.entries(files)) {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      expect(readFileSync(join(folder, name), "utf8")).toBe(text);
    }
  });

  it("is empty where there is none", async () => {
    const { stdout, stderr, exitCode } = await run(
      ["profile", "list", "--output", "table"],
      environment(temporaryFolder()),
    );
    expect([stdout, exitCode]).toEqual(["", 0]);
    expect(stderr).toBe("0 profiles. In use: default (the default), under which nothing is set up.");
  });
});

describe("the profile in use", () => {
  it("is the chosen one for every command, unless a flag or the environment names another, and each run says why", async () => {
    const { env } = keeping({ "staging.json": staging, "other.json": { domain: "other.okta.com" } });
    expect((await run(["profile", "use", "staging", "--dry-run"], env)).stdout).toMatch(/^To be used: staging/);
    expect(await jsonOf(["sso", "status"], env)).toMatchObject({ profile: "default" });
    expect((await run(["profile", "use", "staging"], env)).stdout).toBe(
      "In use: staging (staging.okta.com and the account 7 at https://akto.acme.com).",
    );
    expect(await jsonOf(["sso", "status"], env)).toMatchObject({ profile: "staging", profileFrom: "choice" });
    expect((await run(["sso", "status"], env)).stdout).toContain("Profile staging (`profile use`)\n");
    expect((await run(["mapping", "list", "--offline"], env)).stdout).toBe("Akto Admins\tAdmin\tADMIN");
    expect((await run(["--help"], env)).stdout).toContain('(default: "staging")');
    expect((await run(["sso", "status", "--debug"], env)).stderr).toContain("profile: staging, from `profile use`");
    const named = { ...env, AKTO_OKTA_PROFILE: "other" };
    expect(await jsonOf(["sso", "status"], named)).toMatchObject({ profile: "other", profileFrom: "environment" });
    expect(await jsonOf(["sso", "status", "--profile", "staging"], named)).toMatchObject({
      profile: "staging",
      profileFrom: "flag",
    });
    expect((await run(["profile", "use", "default"], named)).stderr).toContain("AKTO_OKTA_PROFILE names “other”");
    expect(await jsonOf(["sso", "status"], env)).toMatchObject({ profile: "default", profileFrom: "default" });
  });

  it("is none that isn't there: neither chosen by a slip, nor used in silence when it has gone", async () => {
    const { env, folder } = keeping({ "staging.json": staging });
    expect(await run(["profile", "use", "Staging"], env)).toMatchObject({
      exitCode: 2,
      stderr: "✗ There is no profile “Staging”.\n  Did you mean “staging”?",
    });
    await run(["profile", "use", "staging"], env);
    const { rmSync } = await import("node:fs");
    rmSync(join(folder, "staging.json"));
    const refused = await run(["mapping", "add", "A", "admin", "--offline", "--force"], env);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("The profile in use, “staging”, no longer exists.");
    expect(existsSync(join(folder, "default.json"))).toBe(false);
    expect(await run(["sso", "status", "--profile", "default"], env)).toMatchObject({ exitCode: 0 });
    expect(await run(["profile", "list"], env)).toMatchObject({ exitCode: 0 });
    expect(await run(["--help"], env)).toMatchObject({ exitCode: 0 });
    expect(await run(["profile", "use", "default"], env)).toMatchObject({ exitCode: 0 });
    expect(await run(["sso", "status"], env)).toMatchObject({ exitCode: 0 });
  });

  it("is named in the commands that a message suggests, where a flag named it", async () => {
    const { env } = keeping({ "staging.json": staging });
    const flagged = await run(["groups", "list", "--profile", "staging", "--json"], env);
    const suggested = "`akto-okta sso setup --profile staging`";
    expect(flagged.stderr).toContain(suggested);
    expect(JSON.parse(flagged.stderr.trim().split("\n").at(-1) ?? "").error.hint).toContain(suggested);
    const named = await run(["groups", "list"], { ...env, AKTO_OKTA_PROFILE: "staging" });
    expect(named.stderr).toContain("`akto-okta sso setup`");
  });

  it("can be picked from a list", async () => {
    const { env } = keeping({ "staging.json": staging, "other.json": {} });
    const screen = start(["profile", "use"], env);
    await screen.answer("Use which profile?", `stag${enter}`);
    await screen.shows("In use: staging");
    expect(await screen.ended).toBe(0);
    const { stderr, exitCode } = await run(["profile", "use"], env);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Give it as an argument")]);
  });
});

describe("profile rename", () => {
  it("moves the profile and its secrets, and stays in use", async () => {
    const { env, folder } = keeping({
      "default.json": staging,
      "secrets/default.json": { oktaToken: "00planted-okta-token" },
    });
    const shown = await run(["profile", "rename", "default", "production", "--dry-run"], env);
    expect(shown.stdout).toBe("To be renamed: default to production, with its secrets.");
    expect((await run(["profile", "rename", "nope", "production", "--dry-run"], env)).exitCode).toBe(2);
    const renamed = await run(["profile", "rename", "default", "production"], env);
    expect(renamed.stdout).toBe("Renamed default to production, with its 1 secret.");
    expect(await jsonOf(["sso", "status"], env)).toMatchObject({ profile: "production", profileFrom: "choice" });
    expect((await run(["secrets", "list"], env)).stdout).toBe("Okta API token\tfile\t…oken");
    expect(existsSync(join(folder, "secrets", "default.json"))).toBe(false);
    expect(renamed.stderr).toBe("");
    const again = await run(["profile", "rename", "production", "Production"], env);
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining("many systems don't tell")]);
  });
});

it.skipIf(process.platform !== "linux")(
  "a keychain that can't be reached from here is named, where all secrets may be in it",
  async () => {
    const { env } = keeping({ "default.json": staging });
    const { stdout, stderr } = await run(["profile", "rename", "default", "production"], env);
    expect(stdout).toBe("Renamed default to production.");
    expect(stderr).toContain("No secret of “default” was found, and this session has no keychain to look into");
    expect((await run(["profile", "delete", "production", "--dry-run"], env)).stderr).toContain(
      "what a keychain holds stays there",
    );
  },
);

describe("profile delete", () => {
  const withNotes = {
    ...staging,
    created: [{ kind: "app", id: "0oa1", name: "Akto" }],
    replacing: {
      aktoUrl: "https://akto.acme.com",
      mapping: [["A", "ADMIN"]],
      syncGroupsToUserTags: false,
      hadManagementApiToken: false,
    },
  };

  it("says what goes and what stays, and asks", async () => {
    const { env, folder } = keeping({
      "staging.json": staging,
      "secrets/staging.json": { aktoKey: "planted-akto-key" },
    });
    await run(["profile", "use", "staging"], env);
    const shown = await run(["profile", "delete", "staging", "--dry-run"], env);
    expect(shown).toMatchObject({
      exitCode: 0,
      stdout: `To be deleted from this machine:
  - the profile “staging” for staging.okta.com and the account 7 at https://akto.acme.com, with its copy of the mapping of 1 group
  - its secrets, in the file
It is the profile in use. Then “default” will be.`,
    });
    expect(shown.stderr).toContain(
      "Nothing is changed in Okta or Akto: `akto-okta sso remove --profile staging` removes the SSO from Akto.",
    );
    expect((await run(["profile", "delete", "staging"], env)).exitCode).toBe(2);
    expect(existsSync(join(folder, "staging.json"))).toBe(true);
    const screen = start(["profile", "delete", "staging"], env);
    await screen.answer("Delete the profile staging?", `y${enter}`);
    expect(await screen.ended).toBe(0);
    expect(screen.text()).toContain("Deleted staging, with 1 secret.");
    expect(screen.text()).toContain("In use now: default.");
    expect(screen.text()).not.toContain("Choose another one");
    expect((await jsonOf(["profile", "list"], env)).profiles).toEqual([]);
  });

  it("has a profile confirmed by typing its name that alone notes what was made in Okta", async () => {
    const { env, folder } = keeping({ "staging.json": withNotes });
    const refused = await run(["profile", "delete", "staging"], env);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining("the app “Akto”")]);
    expect(refused.stderr).toContain("akto-okta sso remove --okta --profile staging");
    expect(refused.stderr).toContain("the mapping of 1 group that a run removed from Akto");
    const screen = start(["profile", "delete", "staging"], env);
    await screen.answer("Type the profile's name", `stagin${enter}`);
    await screen.answer("That is not “staging”", `g${enter}`);
    expect(await screen.ended).toBe(0);
    expect(existsSync(join(folder, "staging.json"))).toBe(false);
  });

  it.each([
    ["that is corrupt", "{"],
    ["that a newer version wrote", { domain: "a.okta.com", fromTheFuture: 1 }],
  ])("also deletes one %s, for whoever is sure", async (_, content) => {
    const { env, folder } = keeping({ "staging.json": content });
    const used = await run(["profile", "use", "staging", "--dry-run"], env);
    expect(used.exitCode).toBe(content === "{" ? 2 : 0);
    if (content === "{") expect(used.stderr).toContain("`akto-okta profile delete staging`");
    expect((await run(["profile", "delete", "staging"], env)).exitCode).toBe(2);
    expect(await run(["profile", "delete", "staging", "--yes"], env)).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(folder, "staging.json"))).toBe(false);
  });

  it("deletes the secrets of a profile that has gone, and no file that is nobody's profile", async () => {
    const { env, folder } = keeping({ "package.json": { name: "x" }, "secrets/gone.json": { aktoKey: "planted" } });
    expect((await run(["profile", "delete", "gone", "--yes"], env)).stdout).toBe("Deleted gone, with 1 secret.");
    expect(await run(["profile", "delete", "package", "--yes"], env)).toMatchObject({ exitCode: 2 });
    expect([existsSync(join(folder, "package.json")), existsSync(join(folder, "secrets", "gone.json"))]).toEqual([
      true,
      false,
    ]);
  });
});
