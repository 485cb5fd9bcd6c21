/** A secret goes to the org, the app and the account that it was given for. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { listening } from "../http/server.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { nothingYet } from "../usecases/provision/world.ts";
import { codeOf, configOf, messageOf } from "./config-folder.ts";

let sandbox: Sandbox;
let other: Sandbox;
beforeAll(async () => {
  [sandbox, other] = await Promise.all([startSandbox(), startSandbox({ seed: nothingYet })]);
});
afterAll(() => Promise.all([sandbox.close(), other.close()]));

/** A server that notes what it is sent, as an attacker's would. */
async function collector() {
  const heard: string[] = [];
  const port = await listening(
    createServer((request, response) => {
      heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
      response.writeHead(404, { "content-type": "application/json" }).end("{}");
    }),
  );
  return { heard, origin: `http://127.0.0.1:${port}` };
}

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = temporaryFolder();
  env = environment(folder);
  mkdirSync(join(folder, ".okta"));
});

const oktaYaml = (client: object) => JSON.stringify({ okta: { client } });
/** The program runs in its home, which is the folder of somebody's repository here as well. */
const inFolder = (client: object) => writeFileSync(join(folder, "okta.yaml"), oktaYaml(client));
const atHome = (client: object) => writeFileSync(join(folder, ".okta", "okta.yaml"), oktaYaml(client));
const { readConfig, writeConfig } = configOf(() => env);

describe("an okta.yaml in the working folder", () => {
  const groups = ["groups", "list", "--limit", "1", "--json"];

  it.each([
    ["the environment", () => Object.assign(env, { OKTA_CLIENT_TOKEN: "00planted-token-of-the-environment" })],
    ["the home file", () => atHome({ token: "00planted-token-of-the-home-file" })],
    ["the home file, for its own org", () => atHome({ orgUrl: sandbox.okta.url, token: sandbox.okta.token })],
    ["the store", () => writeConfig("secrets/default.json", { oktaToken: "00planted-token-of-the-store" })],
    [
      "the store, for its own org",
      () =>
        writeConfig("secrets/default.json", {
          oktaToken: { value: sandbox.okta.token, owner: { at: sandbox.okta.url } },
        }),
    ],
  ])("gets no token from %s for the org that it names", async (_, give) => {
    const { heard, origin } = await collector();
    inFolder({ orgUrl: origin });
    give();
    const outcome = await run(groups, env);
    expect(outcome.exitCode).toBe(2);
    expect(["secret.other_place", "secret.other_owner", "input.missing"]).toContain(codeOf(outcome));
    expect(outcome.stderr).not.toContain("planted");
    expect(heard).toEqual([]);
  });

  it("gets no key of a service app, and no client secret, for the org that it names", async () => {
    const { heard, origin } = await collector();
    inFolder({ orgUrl: origin });
    const machine = {
      OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
      OKTA_CLIENT_CLIENTID: "0oaservice",
      OKTA_CLIENT_SCOPES: "okta.groups.read",
      OKTA_CLIENT_PRIVATEKEY: "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----",
    };
    expect(codeOf(await run(groups, { ...env, ...machine }))).toBe("secret.other_place");
    const app = {
      AKTO_OKTA_CLIENT_ID: "0oa1",
      AKTO_OKTA_AUTH_SERVER_ID: "default",
      AKTO_OKTA_CLIENT_SECRET: "planted-client-secret",
    };
    const setup = await run(["sso", "setup", "--no-input", "--json"], { ...env, ...app });
    expect(codeOf(setup)).toBe("secret.other_place");
    expect(messageOf(setup)).toMatch(
      /^The client secret is not sent to 127\.0\.0\.1:\d+: only okta\.yaml in this folder/,
    );
    expect(heard).toEqual([]);
  });

  it("names no file of this machine as the key to sign with", async () => {
    const { heard, origin } = await collector();
    writeFileSync(join(folder, "key.pem"), "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----");
    const client = { authorizationMode: "PrivateKey", clientId: "0oaservice", scopes: "okta.groups.read" };
    inFolder({ orgUrl: origin, ...client, privateKey: join(folder, "key.pem") });
    expect(codeOf(await run(groups, env))).toBe("okta.private_key_invalid");
    expect(heard).toEqual([]);
  });

  it("is taken with the token that is in it, and an org that somebody named comes before it", async () => {
    inFolder({ orgUrl: sandbox.okta.url, token: sandbox.okta.token });
    expect(await run(groups, env)).toMatchObject({ exitCode: 0 });
    const { heard, origin } = await collector();
    inFolder({ orgUrl: origin });
    const named = { ...env, OKTA_CLIENT_TOKEN: sandbox.okta.token };
    expect(await run([...groups, "--domain", sandbox.okta.url], named)).toMatchObject({ exitCode: 0 });
    expect(heard).toEqual([]);
  });

  it("is named as the place of a setting, by status and in what --debug tells", async () => {
    inFolder({ orgUrl: sandbox.okta.url, token: sandbox.okta.token });
    const given = { ...env, AKTO_URL: sandbox.akto.url };
    const { settings } = JSON.parse((await run(["sso", "status", "--json"], given)).stdout);
    expect(settings).toMatchObject({
      domain: { value: new URL(sandbox.okta.url).host, origin: "folder_file" },
      oktaToken: { value: "set", origin: "folder_file" },
      aktoUrl: { value: sandbox.akto.url, origin: "environment" },
      clientId: { value: null, origin: null },
    });
    expect((await run(["sso", "status"], given)).stdout).toMatch(/Okta domain +127\S+ \(okta\.yaml in this folder\)/);
    const { stderr } = await run([...groups, "--debug"], given);
    expect(stderr).toContain("setting: Okta domain, from okta.yaml in this folder\n");
    expect(stderr).toContain("setting: Okta API token, from okta.yaml in this folder\n");
    atHome({ orgUrl: sandbox.okta.url, token: sandbox.okta.token });
    writeFileSync(join(folder, "okta.yaml"), "");
    expect((await run(["sso", "status"], given)).stdout).toMatch(/Okta API token +set \(~\/\.okta\/okta\.yaml\)/);
  });

  it("leaves a token at home that is for the org named beside it, and not for another one", async () => {
    const { heard, origin } = await collector();
    atHome({ orgUrl: sandbox.okta.url, token: sandbox.okta.token });
    expect(await run(groups, env)).toMatchObject({ exitCode: 0 });
    expect(codeOf(await run(groups, { ...env, OKTA_CLIENT_ORGURL: origin }))).toBe("input.missing");
    expect(heard).toEqual([]);
  });
});

describe("a file of the SSO that nobody named", () => {
  it("gets no token and no key for the systems that it names; one that is named does", async () => {
    const { heard, origin } = await collector();
    const content = (okta: string, akto: string) =>
      JSON.stringify({ akto: { url: akto }, okta: { domain: okta, authorizationServerId: "default" }, mapping: {} });
    const file = join(folder, "akto-okta.yaml");
    const token = { ...env, OKTA_CLIENT_TOKEN: sandbox.okta.token };
    const key = { ...env, AKTO_API_KEY: sandbox.akto.apiKey };
    writeFileSync(file, content(origin, origin));
    for (const given of [token, key]) {
      expect(codeOf(await run(["sso", "plan", "--json"], given))).toBe("file.system_unnamed");
    }
    inFolder({ orgUrl: origin });
    expect(codeOf(await run(["sso", "apply", "--yes", "--json"], token))).toBe("file.system_unnamed");
    expect(heard).toEqual([]);
    writeFileSync(file, content(sandbox.okta.url, sandbox.akto.url));
    const planned = await run(["sso", "plan", "-f", file, "--json"], { ...token, ...key });
    expect(planned, planned.stderr).toMatchObject({ exitCode: 0 });
    // The folder's own file names another org all the while.
    expect(heard).toEqual([]);
  });
});

describe("a stored secret", () => {
  const setUp = async () => {
    expect(await run(["sso", "setup", "--no-input"], environment(folder, sandbox))).toMatchObject({ exitCode: 0 });
  };
  const groups = ["groups", "list", "--limit", "1", "--json"];

  it("is kept with whose it is, and goes nowhere else, wherever the other one is named", async () => {
    const { heard, origin } = await collector();
    await setUp();
    expect(readConfig("secrets/default.json")).toMatchObject({
      oktaToken: { owner: { at: sandbox.okta.url } },
      clientSecret: { owner: { at: sandbox.okta.url, as: sandbox.okta.clientId } },
      aktoKey: { owner: { at: sandbox.akto.url, as: String(sandbox.akto.accountId) } },
    });
    expect(await run(groups, env)).toMatchObject({ exitCode: 0 });
    const elsewhere: [args: string[], env: Record<string, string>, whose: string][] = [
      [groups, { OKTA_CLIENT_ORGURL: origin }, sandbox.okta.url],
      [[...groups, "--domain", origin], {}, sandbox.okta.url],
      [["mapping", "list", "--json"], { AKTO_URL: origin }, `the account ${sandbox.akto.accountId} at `],
      [["mapping", "list", "--json"], { AKTO_ACCOUNT_ID: "7" }, `the account ${sandbox.akto.accountId} at `],
      [
        ["sso", "setup", "--no-input", "--json"],
        { AKTO_OKTA_CLIENT_ID: "0oaother" },
        `the app ${sandbox.okta.clientId} at `,
      ],
      [["sso", "setup", "--no-input", "--json"], { AKTO_OKTA_ISSUER: `${origin}/oauth2/default` }, `the app `],
    ];
    for (const [args, more, whose] of elsewhere) {
      const outcome = await run(args, { ...env, ...more });
      expect([codeOf(outcome), outcome.exitCode]).toEqual(["secret.other_owner", 2]);
      expect(messageOf(outcome)).toContain(`is for ${whose}`);
    }
    expect(heard).toEqual([]);
    const status = await run(["sso", "status", "--json"], { ...env, OKTA_CLIENT_ORGURL: origin, AKTO_URL: origin });
    expect(JSON.parse(status.stdout)).toMatchObject({
      settings: { oktaToken: { value: "set", origin: "profile", for: sandbox.okta.url } },
      akto: { connected: false },
    });
    expect(heard).toEqual([]);
  });

  it.each(["domain", "issuer", "aktoUrl"] as const)("does not follow a profile whose %s was changed", async (field) => {
    const { heard, origin } = await collector();
    await setUp();
    const { origin: _, ...profile } = readConfig("default.json");
    writeConfig("default.json", { ...profile, [field]: field === "domain" ? new URL(origin).host : origin });
    const args = {
      domain: groups,
      issuer: ["login", "test", "--no-browser", "--yes", "--json"],
      aktoUrl: ["mapping", "list", "--json"],
    }[field];
    expect(codeOf(await run(args, env))).toBe("secret.other_owner");
    expect(heard.join()).not.toMatch(/authorization|x-api-key/i);
  });

  it("of version 0.1.0 goes to the profile's own systems, is bound to them then, and goes to no others", async () => {
    const { heard, origin } = await collector();
    await setUp();
    const unbound = Object.fromEntries(
      Object.entries<{ value: string }>(readConfig("secrets/default.json")).map(([name, { value }]) => [name, value]),
    );
    writeConfig("secrets/default.json", unbound);
    expect(codeOf(await run(groups, { ...env, OKTA_CLIENT_ORGURL: origin }))).toBe("secret.other_owner");
    expect(readConfig("secrets/default.json")).toEqual(unbound);
    expect(await run(groups, env)).toMatchObject({ exitCode: 0 });
    expect(await run(["mapping", "list"], env)).toMatchObject({ exitCode: 0 });
    expect(readConfig("secrets/default.json")).toEqual({
      ...unbound,
      oktaToken: { value: unbound.oktaToken, owner: { at: sandbox.okta.url } },
      aktoKey: {
        value: unbound.aktoKey,
        owner: { at: sandbox.akto.url, as: String(sandbox.akto.accountId) },
      },
    });
    expect(heard).toEqual([]);
  });

  it("goes when the profile becomes another SSO's, which is said", async () => {
    await setUp();
    const file = join(folder, "other.yaml");
    const app = { label: "Akto", assignments: ["Everyone"] };
    writeFileSync(
      file,
      JSON.stringify({
        akto: { url: other.akto.url, accountId: other.akto.accountId },
        okta: { domain: other.okta.url, authorizationServerId: "default", app },
        mapping: {},
      }),
    );
    const given = {
      ...env,
      OKTA_CLIENT_ORGURL: other.okta.url,
      OKTA_CLIENT_TOKEN: other.okta.token,
      AKTO_URL: other.akto.url,
      AKTO_ACCOUNT_ID: String(other.akto.accountId),
      AKTO_API_KEY: other.akto.apiKey,
    };
    const applied = await run(["sso", "apply", "-f", file, "--yes"], given);
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    expect(applied.stderr).toContain(
      `it no longer keeps the Okta API token for ${sandbox.okta.url} and the Akto API key`,
    );
    expect(Object.keys(readConfig("secrets/default.json"))).toEqual(["clientSecret"]);
    expect(readConfig("default.json").created.map(({ org }: { org: string }) => org)).toEqual(
      readConfig("default.json").created.map(() => other.okta.url),
    );
    expect(await run(["sso", "remove", "--okta", "--yes"], given)).toMatchObject({ exitCode: 0 });
  });
});
