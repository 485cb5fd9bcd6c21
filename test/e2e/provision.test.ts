import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { settingDefinitions } from "../../src/settings/definitions.ts";
import { environment, run } from "../program.ts";
import { enter, start } from "../pty.ts";
import { nothingYet } from "../usecases/provision/world.ts";

// One folder for all: each test goes on where the one before ended.
const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
const file = join(folder, "akto-okta.yaml");
let sandbox: Sandbox;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: nothingYet });
  env = {
    ...environment(folder),
    OKTA_CLIENT_ORGURL: sandbox.okta.url,
    OKTA_CLIENT_TOKEN: sandbox.okta.token,
    AKTO_URL: sandbox.akto.url,
    AKTO_API_KEY: sandbox.akto.apiKey,
  };
  const example = readFileSync("examples/akto-okta.yaml", "utf8");
  writeFileSync(
    file,
    example.replace("https://app.akto.io", sandbox.akto.url).replace("acme.okta.com", new URL(sandbox.okta.url).host),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
}
interface Job {
  readonly steps: readonly Step[];
  readonly env?: Record<string, string>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
}
const github: { env: Record<string, string>; concurrency?: unknown; jobs: Record<string, Job> } = parse(
  readFileSync("examples/github/akto-okta.yml", "utf8"),
);
const gitlab = parse(readFileSync("examples/gitlab/.gitlab-ci.yml", "utf8"));
const jobs = ["plan", "apply", "drift"];
const stepsOf = (job: string): readonly Step[] => github.jobs[job]?.steps ?? [];

/** The commands of the published CI examples, each with the program in place of the package. */
function exampleCommands(): { readonly name: string; readonly args: string[] }[] {
  const lines = [
    ...jobs.map((job) => [`GitHub ${job}`, stepsOf(job).find(({ name }) => name?.toLowerCase() === job)?.run ?? ""]),
    ...jobs.map((job) => [`GitLab ${job}`, gitlab[job].script[0]]),
  ];
  return lines.map(([name, line]) => {
    const [, rest] = /^akto-okta (.*?)(?: > plan\.md)?$/.exec(line) ?? [];
    return { name, args: (rest ?? "").replace("akto-okta.yaml", file).split(" ") };
  });
}

describe("the CI examples", () => {
  it("set variables that the program reads, and no others", () => {
    const known = [...Object.values(settingDefinitions).map((setting) => setting.env), "AKTO_OKTA_SECRETS"];
    const steps = jobs.flatMap(stepsOf).filter(({ run: line }) => line?.startsWith("akto-okta"));
    const set = [
      ...Object.keys(github.env),
      ...steps.flatMap(({ env: own = {} }) => Object.keys(own)),
      ...Object.keys(gitlab[".akto-okta"].variables),
    ];
    expect(set).toContain("OKTA_CLIENT_TOKEN");
    expect(set.filter((name) => !known.some((variable) => variable === name))).toEqual([]);
  });

  it("install this version, where no secret is in the environment", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const pinned = `--ignore-scripts akto-okta@${version}`;
    for (const job of jobs) {
      const install = stepsOf(job).filter(({ run: line }) => line?.startsWith("npm "));
      expect(install).toEqual([{ run: `npm install --global ${pinned}` }]);
      expect(github.jobs[job]?.env).toBeUndefined();
    }
    expect(JSON.stringify(github.env)).not.toContain("secrets.");
    expect(gitlab.install).toMatchObject({ script: [`npm install --prefix tool ${pinned}`] });
    // GitLab gives a job the variables of its environment: the one that installs has none.
    expect(gitlab.install).not.toHaveProperty("environment");
    for (const job of jobs) expect(gitlab[job].environment.name).toMatch(/^akto\//);
  });

  it("let no plan that waits cancel an apply, and stop no apply in the middle", () => {
    expect(github).not.toHaveProperty("concurrency");
    const { plan, apply, drift } = github.jobs;
    expect(apply?.concurrency).toMatchObject({ "cancel-in-progress": false });
    for (const other of [plan, drift]) expect(other?.concurrency?.group).not.toBe(apply?.concurrency?.group);
    expect(gitlab.apply).toMatchObject({ interruptible: false, resource_group: "akto/production" });
    for (const job of ["plan", "drift"]) expect(gitlab[job]).not.toHaveProperty("resource_group");
  });
});

describe("the CI examples", () => {
  it("make the plan a comment: GitHub from the file, GitLab as a note where a token may write one", async () => {
    expect(stepsOf("plan").find(({ name }) => name === "Comment")?.run).toMatch(
      /^gh pr comment .* --body-file plan\.md$/,
    );
    const notes: { readonly url: string | undefined; readonly token: unknown; readonly body: string }[] = [];
    const server = createServer(async (request, response) => {
      notes.push({ url: request.url, token: request.headers["private-token"], body: await text(request) });
      response.writeHead(201).end("{}");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const port = (server.address() as AddressInfo).port;
      const plan = await run(["sso", "plan", "-f", file, "--output", "markdown"], env);
      writeFileSync(join(folder, "plan.md"), plan.stdout);
      const script = gitlab.plan.script.at(-1);
      const variables = {
        PATH: env.PATH,
        CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
        CI_PROJECT_ID: "7",
        CI_MERGE_REQUEST_IID: "12",
      };
      const note = (own: Record<string, string>) =>
        execa("sh", ["-c", script], { cwd: folder, env: { ...variables, ...own }, extendEnv: false });
      await note({});
      expect(notes).toEqual([]);
      await note({ AKTO_OKTA_NOTE_TOKEN: "glpat-x" });
      expect(notes).toEqual([
        {
          url: "/api/v4/projects/7/merge_requests/12/notes",
          token: "glpat-x",
          body: JSON.stringify({ body: plan.stdout }),
        },
      ]);
      expect(plan.stdout).toMatch(/^### Okta and Akto compared with `/);
      expect(plan.stdout).toContain("| `Akto Admins` | – | `Admin` |");
    } finally {
      server.close();
    }
  });
});

describe("the SSO as a file", () => {
  it("is planned, applied and found equal by the commands of the CI examples", async () => {
    const codes: [string, number | undefined][] = [];
    for (const { name, args } of exampleCommands()) codes.push([name, (await run(args, env)).exitCode]);
    expect(codes).toEqual([
      ["GitHub plan", 0],
      ["GitHub apply", 0],
      ["GitHub drift", 0],
      ["GitLab plan", 0],
      ["GitLab apply", 0],
      ["GitLab drift", 0],
    ]);
  });

  it("is written out from what is live, without a difference to it and without a secret", async () => {
    const out = join(folder, "exported.yaml");
    expect(await run(["sso", "export", "-o", out], env)).toMatchObject({ exitCode: 0 });
    const yaml = readFileSync(out, "utf8");
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=https:/);
    expect(parse(yaml)).toMatchObject({
      okta: {
        app: { label: "Akto", assignments: ["Everyone"], initiateLogin: true },
        groupsClaim: { filter: "STARTS_WITH" },
      },
      mapping: { "Akto Admins": "ADMIN" },
    });
    expect(yaml).not.toContain(sandbox.okta.token);
    const plan = await run(["sso", "plan", "-f", out, "--json", "--detailed-exitcode"], env);
    expect(JSON.parse(plan.stdout)).toMatchObject({ changed: false, changes: [] });
    expect(plan.exitCode).toBe(0);
  });

  it("shows each difference and exits with 6 when asked to", async () => {
    const changed = join(folder, "changed.yaml");
    writeFileSync(
      changed,
      readFileSync(file, "utf8").replace("MEMBER", "GUEST").replace("  Akto Developers: DEVELOPER\n", ""),
    );
    const plan = await run(["sso", "plan", "-f", changed, "--json", "--detailed-exitcode"], env);
    expect(plan.exitCode).toBe(6);
    expect(plan.stderr).toContain(`✗ The SSO differs from ${changed}.\n`);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      summary: { add: 0, change: 1, remove: 1 },
      changes: [
        { system: "akto", kind: "remove", address: 'mapping["Akto Developers"]' },
        {
          system: "akto",
          kind: "change",
          address: 'mapping["Akto Security"]',
          fields: [{ from: "MEMBER", to: "GUEST" }],
        },
      ],
    });
    const dry = await run(["sso", "apply", "-f", changed, "--dry-run"], env);
    expect(dry).toMatchObject({ exitCode: 0 });
    expect(dry.stdout).toContain("2 differences: 0 to add, 1 to change, 1 to remove.");
  });

  it("says what it could not compare, and claims nothing about it", async () => {
    const oktaOnly = { ...env, AKTO_API_KEY: "", AKTO_OKTA_CONFIG_DIR: join(folder, "empty") };
    const plan = await run(["sso", "plan", "-f", file, "--detailed-exitcode"], oktaOnly);
    expect(plan).toMatchObject({ exitCode: 0, stdout: "No differences: Okta matches the file." });
    expect(plan.stderr).toContain("Akto was not compared: there is no API key for it (AKTO_API_KEY)");
    const json = JSON.parse((await run(["sso", "plan", "-f", file, "--json"], oktaOnly)).stdout);
    expect(json).toMatchObject({ changed: false, compared: ["okta"], warnings: [expect.stringContaining("Akto")] });
  });

  it("is applied on a terminal once the person agrees, and nowhere without that", async () => {
    const changed = join(folder, "asked.yaml");
    writeFileSync(changed, readFileSync(file, "utf8").replace("MEMBER", "GUEST"));
    const left = await run(["sso", "apply", "-f", changed], env);
    expect(left).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Add --yes to confirm.") });
    const refused = start(["sso", "apply", "-f", changed], env);
    await refused.shows('mapping["Akto Security"]  MEMBER → GUEST');
    await refused.answer("? Apply 1 change?", `n${enter}`);
    await refused.shows("Nothing was changed.");
    expect(await refused.ended).toBe(0);
    const agreed = start(["sso", "apply", "-f", changed], env);
    await agreed.answer("? Apply 1 change?", `y${enter}`);
    await agreed.shows("Done: 1 change. Okta and Akto match the file.");
    expect(await agreed.ended).toBe(0);
    expect(await run(["sso", "apply", "-f", file, "--yes"], env)).toMatchObject({ exitCode: 0 });
  });

  it("is refused with line, column and the fix", async () => {
    const wrong = join(folder, "wrong.yaml");
    writeFileSync(wrong, readFileSync(file, "utf8").replace("MEMBER", "ADMIN").replace("domain:", "domian:"));
    const { exitCode, stderr } = await run(["sso", "plan", "-f", wrong, "--json"], env);
    expect(exitCode).toBe(2);
    const { error } = JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
    expect(error).toMatchObject({ code: "file.invalid", message: expect.stringMatching(/wrong\.yaml:7:3: /) });
    expect(error.hint).toMatch(/Did you mean “domain”\?[\s\S]*wrong\.yaml:16:18: “Admin” is given to both/);
  });

  it("sends no credential to another system than the settings name", async () => {
    const elsewhere = join(folder, "elsewhere.yaml");
    writeFileSync(elsewhere, readFileSync(file, "utf8").replace(/domain: .*/, "domain: evil.example"));
    const { exitCode, stderr } = await run(["sso", "plan", "-f", elsewhere], env);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("for a different Okta domain from the settings")]);
  });

  it("is removed, and with --okta all that this tool made, as often as asked", async () => {
    const listed = await run(["sso", "remove", "--okta", "--dry-run", "--json"], env);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      akto: { sso: true, mapped: 3 },
      okta: [{ kind: "rule" }, { kind: "policy" }, { kind: "claim" }, { kind: "app", name: "Akto" }],
    });
    expect(await run(["sso", "remove", "--okta", "--yes"], env)).toMatchObject({ exitCode: 0, stdout: "Removed." });
    expect(await run(["sso", "remove", "--okta", "--yes"], env)).toMatchObject({
      exitCode: 0,
      stdout: "There is nothing to remove.",
    });
    const plan = await run(["sso", "plan", "-f", file, "--json"], env);
    expect(JSON.parse(plan.stdout).changes.map(({ address }: { address: string }) => address)).toContain("okta.app");
  });
});
