import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { serve } from "../http/server.ts";
import { clientId, clientSecret, type Provider, startProvider } from "../oidc/provider.ts";
import { environment, type Outcome, run, runLoginTest, temporaryFolder } from "../program.ts";

/** Secrets as they look, each with a mark of its own. */
const planted = {
  oktaToken: "00pLanTed1OktaTokenNobodyMaySeeThisOneX7aq",
  clientSecret: "pLanTed2ClientSecretNobodyMaySeeThisOneEverInItsLifeAtAllOkX7bq0",
  aktoKey: "pLanTed3AktoKeyNobodyMaySeeThisOneAtX7cq",
  password: "pLanTed4-proxy-password",
} as const;

let sandbox: Sandbox;
let provider: Provider;
beforeAll(async () => {
  [sandbox, provider] = await Promise.all([startSandbox(), startProvider()]);
});
afterAll(async () => {
  provider.close();
  await sandbox.close();
});

/** What one run of the test made the program write: to its streams, to the browser, and to files. */
function listenIn(change: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const env = { ...environment(folder, sandbox), ...change };
  let said = "";
  const heard = ({ stdout, stderr, ...outcome }: Outcome) => {
    said += `${stdout}\n${stderr}\n`;
    return { stdout, stderr, ...outcome };
  };
  return {
    env,
    folder,
    run: async (...args: string[]) => heard(await run(["--debug", ...args], env)),
    answer: async (input: string, ...args: string[]) => heard(await run(["--debug", ...args], env, input)),
    login: async (args: readonly string[], visit: (url: string) => Promise<unknown>) =>
      heard(await runLoginTest(["--debug", ...args], env, visit)),
    hear: (text: string) => {
      said += text;
    },
    /** Everything, but for the file that secrets are kept in. */
    all: () => {
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => !path.startsWith(join("config", "secrets")))
        .map((path) => join(folder, path))
        .filter((path) => statSync(path).isFile());
      return [said, ...files.map((path) => readFileSync(path, "utf8"))].join("\n");
    },
  };
}

/** Looks for secrets in any form; their last four characters may be seen. */
function expectNone(said: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(11);
    const start = secret.slice(0, -4);
    for (const form of [...encoded(start).map((form) => form.slice(0, -4)), encodeURIComponent(start)])
      expect(said).not.toContain(form);
    expect(said).not.toContain(secret.slice(4));
  }
}

/** A text in the forms in which servers quote one. */
const encoded = (text: string) => [
  text,
  Buffer.from(text).toString("base64"),
  Buffer.from(text).toString("base64url"),
  Buffer.from(text).toString("hex"),
  Array.from(text, (character) => `&#${character.charCodeAt(0)};`).join(""),
  Array.from(text, (character) => `%${character.charCodeAt(0).toString(16)}`).join(""),
  Array.from(text, (character) => `\\u00${character.charCodeAt(0).toString(16)}`).join(""),
];

/** A server that answers with all that it was sent, in as many places as an error has, and in as many forms. */
const parrot = (status: number) =>
  serve(async (request, response) => {
    const heard = `${request.url} ${JSON.stringify(request.headers)} ${await text(request)}`;
    const credentials = [request.headers.authorization, request.headers["x-api-key"]].flatMap((value = "") =>
      encoded(String(value).split(" ").at(-1) ?? ""),
    );
    const body = {
      errorCode: "E0000001",
      errorSummary: heard,
      errorCauses: [{ errorSummary: heard }, ...credentials.map((errorSummary) => ({ errorSummary }))],
      actionErrors: [heard],
      error: "invalid_request",
      error_description: heard,
    };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

describe("no secret is in anything that the program writes", () => {
  it("when all is well", async () => {
    const { env, folder, run, all } = listenIn();
    const file = join(folder, "sso.yaml");
    for (const command of [
      ["sso", "setup", "--no-input"],
      ["mapping", "add", "Akto Admins", "admin"],
      ["sso", "export", "--output", file],
      ["sso", "apply", "-f", file, "--yes"],
      ["secrets", "list", "--json"],
    ])
      expect(await run(...command)).toMatchObject({ exitCode: 0 });
    const others = ["sso status", "groups list --limit 2", "doctor"];
    await Promise.all(others.map((command) => run(...command.split(" "), "--json")));
    const said = all();
    expect(said).toContain("→ POST");
    expectNone(said, [env.OKTA_CLIENT_TOKEN ?? "", env.AKTO_OKTA_CLIENT_SECRET ?? "", env.AKTO_API_KEY ?? ""]);
  });

  it("when each secret is wrong, and when nothing answers", async () => {
    const wrong = {
      OKTA_CLIENT_TOKEN: planted.oktaToken,
      AKTO_OKTA_CLIENT_SECRET: planted.clientSecret,
      AKTO_API_KEY: planted.aktoKey,
    };
    const { run, all } = listenIn(wrong);
    const away = listenIn({ ...wrong, OKTA_CLIENT_ORGURL: "http://127.0.0.1:1", AKTO_URL: "http://127.0.0.1:1" });
    const commands = ["sso setup --no-input", "mapping list --json", "groups list --offline"];
    await Promise.all(commands.map((command) => run(...command.split(" "))));
    await away.run("doctor");
    const said = all() + away.all();
    expect(said).toContain("Okta did not accept the API token");
    expect(said).toContain("did not accept the API key");
    expectNone(said, Object.values(planted));
  });

  it("when Akto answers a page, which holds an access token of the key's owner", async () => {
    const page = `<!doctype html><html><script>window.ACCESS_TOKEN="${planted.aktoKey}-of-the-owner"</script></html>`;
    const shell = await serve((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(page));
    const { run, all } = listenIn({ AKTO_URL: shell });
    for (const command of ["mapping list", "mapping list --json", "sso status", "login preview", "doctor --json"]) {
      const outcome = await run(...command.split(" "));
      expect(outcome.exitCode).not.toBe(0);
    }
    const said = all();
    expect(said).toContain("with something other than JSON");
    expectNone(said, [planted.aktoKey]);
    expect(said).not.toMatch(/ACCESS_TOKEN|doctype/);
  });

  it("when Okta or Akto quotes in its error what it was sent", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const change = { OKTA_CLIENT_TOKEN: planted.oktaToken, OKTA_CLIENT_ORGURL: await parrot(400) };
    const okta = listenIn(change);
    const service = listenIn({
      ...change,
      OKTA_CLIENT_TOKEN: "",
      OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
      OKTA_CLIENT_CLIENTID: "0oaservice",
      OKTA_CLIENT_SCOPES: "okta.groups.read",
      OKTA_CLIENT_PRIVATEKEY: privateKey,
    });
    const akto = listenIn({ AKTO_API_KEY: planted.aktoKey, AKTO_URL: await parrot(422) });
    const outcomes = await Promise.all([
      okta.run("groups", "list", "--offline", "--json"),
      service.run("groups", "list", "--offline"),
      akto.run("mapping", "list"),
      akto.run("sso", "setup", "--no-input"),
    ]);
    // Each did quote, as far as it may: the end of what it was sent.
    for (const { stderr } of outcomes.slice(0, 3)) expect(stderr).toMatch(/(?:SSWS|dpop|x-api-key).*…\S{4}/);
    const said = [okta, service, akto].map(({ all }) => all()).join("\n");
    const { clientSecret, token } = sandbox.okta;
    expectNone(said, [planted.oktaToken, planted.aktoKey, clientSecret, token, ...privateKey.split("\n").slice(1, -2)]);
    // A proof that Okta would take for a minute.
    expect(said).not.toMatch(/eyJ[\w-]{20,}/);
  });

  it("of a sign-in that went well, or was refused at any point by whoever quotes all it knows", async () => {
    // The sandbox has no part in it, so a record of a refusal would be waited for in vain.
    sandbox.faults.set(["403,path=/api/v1/logs"]);
    onTestFinished(() => sandbox.faults.set([]));
    const { env, folder, login, hear, all } = listenIn({
      AKTO_OKTA_ISSUER: provider.issuer,
      AKTO_OKTA_CLIENT_ID: clientId,
      AKTO_OKTA_CLIENT_SECRET: clientSecret,
    });
    const tokens: string[][] = [];
    const keep = (body: Record<string, unknown>) => {
      tokens.push([String(body.access_token), String(body.id_token)]);
      return body;
    };
    const forms = provider.exchanges;
    /** All that the provider knows of the sign-in under way. */
    const known = () => [...(tokens.at(-1) ?? []), ...(forms.at(-1)?.values() ?? [])].join(" ");
    const rounds: Provider["misbehavior"][] = [
      { token: keep, userinfo: (claims) => ({ ...claims, name: `Ada ${known()}` }) },
      { token: (body) => keep({ ...body, id_token: `${body.id_token}x` }) },
      {
        route: new Map([
          [
            "/v1/token",
            async (request, response) => {
              const form = new URLSearchParams(await text(request));
              forms.push(form);
              tokens.push([]);
              const body = { error: "invalid_grant", error_description: `Sent: ${known()}` };
              response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(body));
            },
          ],
        ]),
      },
      {
        token: keep,
        route: new Map([
          [
            "/v1/userinfo",
            (_, response) => {
              const challenge = `Bearer error="invalid_token", error_description="${known()}"`;
              response.writeHead(401, { "www-authenticate": challenge }).end();
            },
          ],
        ]),
      },
    ];
    const reported: boolean[] = [];
    for (const [index, misbehavior] of rounds.entries()) {
      provider.misbehavior = misbehavior;
      const report = join(folder, `report-${index}.html`);
      const { stdout } = await login(["--report", report, "--claims", "--json"], async (url) =>
        hear(await (await fetch(url)).text()),
      );
      reported.push(stdout.includes('"role"'));
    }
    provider.misbehavior = {};
    expect(reported).toEqual([true, false, false, false]);
    const said = all();
    expect(said).toContain("Sent: ");
    expect(said.match(/Made by akto-okta/g)?.length).toBeGreaterThan(rounds.length);
    expectNone(said, [
      ...tokens.flat(),
      ...forms.flatMap((form) => [form.get("code") ?? "", form.get("code_verifier") ?? ""]),
      clientSecret,
      env.OKTA_CLIENT_TOKEN ?? "",
    ]);
  });

  it("that was given in a wrong place", async () => {
    const { run, answer, all } = listenIn({
      HTTPS_PROXY: `http://user:${planted.password}@127.0.0.1:1`,
      AKTO_API_KEY: "",
    });
    const { oktaToken, clientSecret, aktoKey, password } = planted;
    const notes = join(temporaryFolder(), "notes");
    writeFileSync(notes, `${clientSecret}\n${oktaToken}\n`);
    const wrong: [args: string[], code: string][] = [
      [["--client-id", clientSecret], "okta.client_id_invalid"],
      [["--auth-server-id", oktaToken], "okta.auth_server_invalid"],
      [["--domain", oktaToken], "okta.domain_invalid"],
      [["--domain", `https://ada:${password}@acme.okta.com`], "okta.domain_invalid"],
      [["--domain", `https://ada:${password} @acme.okta.com`], "okta.domain_invalid"],
      [["--akto-url", aktoKey], "akto.url_invalid"],
      [["--akto-url", `https://ada:${password}@akto.example`], "akto.url_invalid"],
      [["--akto-account-id", aktoKey], "akto.account_invalid"],
      [["--issuer", `https://ada:${password}@acme.okta.com/oauth2/default`], "oidc.issuer_invalid"],
      ...[`/${oktaToken}`, `#${oktaToken}`, `:${oktaToken}`, `/?token=${oktaToken}`, `.${oktaToken}`].map(
        (after): [string[], string] => [["--domain", `https://acme.okta.com${after}`], "okta.domain_invalid"],
      ),
      [["--domain", `https://acme.okta.com:${password}`], "okta.domain_invalid"],
      [["--domain", `https://acme.okta.com/${password}`], "okta.domain_has_path"],
      [["--akto-url", `https://akto.example:${password}`], "akto.url_invalid"],
      [["--okta-token-file", oktaToken], "input.secret_file"],
      [["--okta-token-file", `./${oktaToken}`], "input.secret_file"],
      [["--akto-key-file", password], "input.secret_file"],
      [[`-${oktaToken}`], "usage.unknownOption"],
      [[`--${oktaToken}`], "usage.unknownOption"],
      [[`--${password}`], "usage.unknownOption"],
      [[`-f${oktaToken}`], "usage.unknownOption"],
      [[oktaToken], "usage.excessArguments"],
      [[password], "usage.excessArguments"],
      [["--client-secret-file", notes], "input.secret_file"],
      [[`--okta-token=${oktaToken}`], "usage.unknownOption"],
      [[`--client-secret=short-${password}`], "usage.unknownOption"],
      [["--secrets", aktoKey], "usage.invalidArgument"],
      [["--domain", "acme.okta.invalid"], "http.proxy_unreachable"],
    ];
    const outcomes = await Promise.all(wrong.map(([args]) => run("sso", "setup", "--no-input", "--json", ...args)));
    const codes = outcomes.map(({ stderr }) => JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error.code);
    expect(codes).toEqual(wrong.map(([, code]) => code));
    const code = "pLanTed5-authorization-code";
    const pasted = `https://elsewhere.example/callback?code=${code}&state=x`;
    expect(await answer(pasted, "login", "test", "--paste", "--yes")).toMatchObject({ exitCode: 2 });
    expectNone(all(), [oktaToken, clientSecret, aktoKey, password, code]);
  });

  it("but data stays exact, also where a group is named as a secret is", async () => {
    const { env, folder, run } = listenIn();
    const key = env.AKTO_API_KEY ?? "";
    const file = join(folder, "mapping.json");
    writeFileSync(file, JSON.stringify({ mapping: [{ group: key, role: "GUEST" }] }));
    expect(await run("sso", "setup", "--no-input")).toMatchObject({ exitCode: 0 });
    const imported = await run("mapping", "import", file, "--force", "--yes");
    expect(imported).toMatchObject({ exitCode: 0 });
    expectNone(`${imported.stdout}${imported.stderr}`, [key]);
    const list = await run("mapping", "list", "--json");
    expect(JSON.parse(list.stdout).mapping).toMatchObject([{ group: key, role: "GUEST" }]);
    for (const output of ["yaml", "csv", "json"]) {
      expect((await run("mapping", "export", "--output", output)).stdout).toContain(key);
    }
    expect((await run("sso", "export")).stdout).toContain(key);
  });

  it("when Node itself tells of its requests", async () => {
    const { run, all } = listenIn({
      AKTO_API_KEY: planted.aktoKey,
      OKTA_CLIENT_TOKEN: planted.oktaToken,
      NODE_DEBUG: "http,net,stream",
    });
    await Promise.all([run("mapping", "list"), run("groups", "list")]);
    expect(all()).toContain("HTTP ");
    expectNone(all(), [planted.aktoKey, planted.oktaToken]);
  });

  it("when the program crashes over it", async () => {
    const broken = `AbortSignal.timeout = () => { throw new Error("Bad key: " + process.env.AKTO_API_KEY); };`;
    const { run, all } = listenIn({
      AKTO_API_KEY: planted.aktoKey,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(broken)}`,
    });
    const outcomes = await Promise.all([run("mapping", "list", "--json"), run("mapping", "list")]);
    for (const { exitCode, stderr } of outcomes) {
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/Something unexpected happened: Bad key: …X7cq\n.*\n(?:.*\n)*? {4}at /);
    }
    expectNone(all(), [planted.aktoKey]);
  });
});
