import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAktoDashboard } from "../../src/akto/dashboard.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";

async function sandboxWith(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; env: Record<string, string> }> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return { sandbox, env: environment(temporaryFolder(), sandbox) };
}

const aktoOf = ({ akto }: Sandbox) =>
  createAktoDashboard({ url: akto.url, apiKey: akto.apiKey, http: createHttpClient() });
const unattended = ["sso", "setup", "--no-input", "--json"];
const failureOf = (stderr: string) => JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error;

describe("an Okta API token, in a setup that asks nothing", () => {
  it("is given to Akto only where it was given for that, and what became of it is said", async () => {
    const { sandbox, env } = await sandboxWith();
    const without = await run(unattended, env);
    expect(without, without.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(without.stdout)).toMatchObject({ akto: { submitted: "created", managementToken: "none" } });
    expect(without.stderr).toContain("Akto stores no Okta API token: it takes the groups only from the access token");
    expect(await aktoOf(sandbox).fetchSso()).toMatchObject({ hasManagementApiToken: false });

    const given = await run(unattended, { ...env, AKTO_OKTA_MANAGEMENT_TOKEN: sandbox.okta.tokenForAkto });
    expect(JSON.parse(given.stdout)).toMatchObject({ akto: { submitted: "unchanged", managementToken: "stored" } });
    expect(given.stderr).toContain("Akto stores the Okta API token that was given for it");
    expect(await aktoOf(sandbox).fetchGroups()).toContain("Akto Admins");

    const again = await run(unattended, env);
    expect(JSON.parse(again.stdout)).toMatchObject({ akto: { managementToken: "kept" } });
    const removed = await run([...unattended, "--remove-management-token"], env);
    expect(JSON.parse(removed.stdout)).toMatchObject({ akto: { managementToken: "removed" } });
    expect(await aktoOf(sandbox).fetchSso()).toMatchObject({ hasManagementApiToken: false });
  });

  it("is stored from its file, with a warning when Akto gets no groups with it", async () => {
    const { env } = await sandboxWith();
    const file = join(env.HOME ?? "", "token");
    writeFileSync(file, "00a-token-that-okta-does-not-know-0000001\n");
    const outcome = await run([...unattended, "--management-token-file", file], env);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Akto gets no groups from Okta") });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ akto: { managementToken: "stored" } });
    expect(outcome.stderr + outcome.stdout).not.toContain("00a-token");
  });
});

describe("a setup that asks nothing", () => {
  it.each(["+", "%"])("refuses a client secret with a %s, which Akto would not get through to Okta", async (odd) => {
    const secret = `a-client-secret-with-${odd}41-in-it`;
    const { env } = await sandboxWith({ seed: { okta: { apps: [{ label: "Akto", clientSecret: secret }] } } });
    const outcome = await run(unattended, env);
    expect(outcome.exitCode).toBe(3);
    expect(failureOf(outcome.stderr)).toMatchObject({
      code: "akto.secret_unsendable",
      message: expect.stringContaining(`has a “${odd}” in it`),
      hint: expect.stringContaining("Generate a new client secret"),
    });
    expect(outcome.stderr).not.toContain(secret);
  });

  it("reads a secret from standard input once, however often it is needed, and never for two flags", async () => {
    const { sandbox, env } = await sandboxWith();
    const { AKTO_API_KEY: key = "", AKTO_OKTA_CLIENT_SECRET: _, ...less } = env;
    const both = ["--akto-key-file", "-", "--client-secret-file", "-"];
    for (const args of [both, [...both.slice(0, 2), "--management-token-file", "-"]]) {
      const refused = await run([...unattended, ...args], less, `${key}\n`);
      expect([refused.exitCode, failureOf(refused.stderr)]).toEqual([
        2,
        {
          code: "input.secret_file",
          message: "Standard input was given for two secrets.",
          hint: expect.stringMatching(/^Give one of them in a file: --\S+ and --\S+ both name it\.$/),
        },
      ]);
    }
    expect(await aktoOf(sandbox).fetchSso()).toBeNull();
    const { AKTO_API_KEY: __, ...keyless } = env;
    const done = await run([...unattended, ...both.slice(0, 2)], keyless, `${key}\n`);
    expect(done, done.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(done.stdout)).toMatchObject({ akto: { submitted: "created" }, source: "akto" });
  });

  it("adds the missing redirect URI to the app where it is told to, and says how where it is not", async () => {
    const seed = { okta: { apps: [{ label: "Akto", redirectUris: ["https://app.example/callback"] }] } } as const;
    const { sandbox, env } = await sandboxWith({ seed });
    const refused = await run(unattended, env);
    expect(failureOf(refused.stderr)).toMatchObject({
      code: "oidc.wrong_redirect_uri",
      hint: expect.stringMatching(/Or have it added: --add-redirect-uri\.$/),
    });
    const tokenless = await run(unattended, { ...env, OKTA_CLIENT_TOKEN: "" });
    expect(failureOf(tokenless.stderr).hint).toContain("with an Okta API token (OKTA_CLIENT_TOKEN)");

    const added = await run([...unattended, "--add-redirect-uri"], env);
    const uri = `${sandbox.akto.url}/authorization-code/callback`;
    expect(added).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`to the app “Akto” in Okta: ${uri}`) });
    const apps = await fetch(`${sandbox.okta.url}/api/v1/apps`, {
      headers: { authorization: `SSWS ${sandbox.okta.token}` },
    });
    expect(await apps.json()).toEqual([
      expect.objectContaining({
        settings: expect.objectContaining({
          oauthClient: expect.objectContaining({ redirect_uris: ["https://app.example/callback", uri] }),
        }),
      }),
    ]);
  });
});

describe("the SSO as a file, on an org that speaks https on this machine", () => {
  it("is compared by the environment's scheme where the file has the bare host", async () => {
    const { sandbox, env: plain } = await sandboxWith({ tls: true, aktoConfigured: true });
    const certificate = join(plain.HOME ?? "", "certificate.pem");
    writeFileSync(certificate, sandbox.certificate ?? "");
    const env = { ...plain, NODE_EXTRA_CA_CERTS: certificate };
    const exported = await run(["sso", "export"], env);
    const file = join(plain.HOME ?? "", "sso.yaml");
    const host = new URL(sandbox.okta.url).host;
    writeFileSync(file, exported.stdout.replace(`https://${host}`, host));
    expect(exported.stdout).toContain(host);
    const planned = await run(["sso", "plan", "-f", file, "--json", "--detailed-exitcode"], env);
    expect(planned, planned.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(planned.stdout)).toMatchObject({ compared: ["okta", "akto"], changes: [] });
  });
});
