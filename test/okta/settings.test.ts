import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { oktaSettingsFrom, serviceAppIn } from "../../src/okta/settings.ts";

let home: string;
let cwd: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "akto-okta-home-"));
  cwd = join(home, "project");
  await mkdir(join(home, ".okta"));
  await mkdir(cwd);
});
afterEach(() => rm(home, { recursive: true }));

const atHome = (text: string) => writeFile(join(home, ".okta", "okta.yaml"), text);
const inProject = (text: string) => writeFile(join(cwd, "okta.yaml"), text);
const found = (env: NodeJS.ProcessEnv = {}) => oktaSettingsFrom(env, home, cwd);
/** What was found, without where. */
const settings = async (env: NodeJS.ProcessEnv = {}) =>
  Object.fromEntries(Object.entries(await found(env)).map(([name, { text }]) => [name, text]));
const serviceApp = async (env: NodeJS.ProcessEnv = {}) => serviceAppIn(await found(env));

test("Okta's own settings are found nowhere, at home, in the project and in the environment, the later winning one by one", async () => {
  expect(await settings()).toEqual({});
  await atHome("okta:\n  client:\n    orgUrl: https://home.okta.com\n    token: 00home\n");
  expect(await settings()).toEqual({ orgUrl: "https://home.okta.com", token: "00home" });
  await inProject("okta:\n  client:\n    orgUrl: https://project.okta.com\n");
  expect(await settings()).toEqual({ orgUrl: "https://project.okta.com", token: "00home" });
  expect(await settings({ OKTA_CLIENT_TOKEN: "00env", OKTA_CLIENT_ORGURL: "" })).toEqual({
    orgUrl: "https://project.okta.com",
    token: "00env",
  });
});

test("a service app's key is taken as PEM, as JSON, or as YAML of a JWK, and its scopes as a list or a line", async () => {
  await atHome(`okta:
  client:
    authorizationMode: PrivateKey
    clientId: 0oaservice
    scopes: [okta.groups.read, okta.users.read]
    privateKey: { kty: RSA, n: abc }
`);
  const scopes = ["okta.groups.read", "okta.users.read"];
  expect(await serviceApp()).toEqual({ clientId: "0oaservice", scopes, privateKey: '{"kty":"RSA","n":"abc"}' });
  const env = { OKTA_CLIENT_PRIVATEKEY: "-----BEGIN", OKTA_CLIENT_KEYID: "k1", OKTA_CLIENT_SCOPES: scopes.join(" ") };
  expect(await serviceApp(env)).toEqual({ clientId: "0oaservice", scopes, privateKey: "-----BEGIN", keyId: "k1" });
});

test("an unfinished service app is refused only where it is to sign in, and what it lacks is named", async () => {
  await atHome("okta:\n  client:\n    authorizationMode: PrivateKey\n    clientId: 0oaservice\n");
  expect(await settings({ OKTA_CLIENT_TOKEN: "00env" })).toMatchObject({ token: "00env" });
  await expect(serviceApp()).rejects.toMatchObject({
    kind: "usage",
    code: "okta.service_app_incomplete",
    message: expect.stringMatching(/without OKTA_CLIENT_SCOPES and OKTA_CLIENT_PRIVATEKEY\.$/),
  });
  expect(await serviceApp({ OKTA_CLIENT_AUTHORIZATIONMODE: "SSWS" })).toBeUndefined();
});

describe("the private key in a variable", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const jwk = JSON.stringify(privateKey.export({ format: "jwk" }));
  const key = async (given: string) =>
    (
      await serviceApp({
        OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey",
        OKTA_CLIENT_CLIENTID: "0oaservice",
        OKTA_CLIENT_SCOPES: "okta.groups.read",
        OKTA_CLIENT_PRIVATEKEY: given,
      })
    )?.privateKey;

  it.each([
    ["as it is", (text: string) => text],
    ["with line ends of two characters", (text: string) => text.replaceAll("\n", "\\n")],
    ["with those of Windows", (text: string) => text.replaceAll("\n", "\\r\\n")],
    ["with spaces for line ends", (text: string) => text.replaceAll("\n", " ")],
    ["with none", (text: string) => text.replaceAll("\n", "")],
    ["in quotes", (text: string) => `"${text.replaceAll("\n", "\\n")}"`],
  ])("is taken as a PEM %s", async (_, mangle) => {
    expect(await key(mangle(pem))).toBe(pem);
  });

  it("is taken as a PEM of the older kinds, and as a JWK", async () => {
    const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    expect(await key(pkcs1.replaceAll("\n", "\\n"))).toBe(pkcs1);
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const sec1 = ec.export({ type: "sec1", format: "pem" }).toString();
    expect(await key(sec1.replaceAll("\n", "\\n"))).toBe(sec1);
    expect(await key(jwk)).toBe(jwk);
  });

  it("is taken as the path of a file with a PEM or a JWK", async () => {
    const path = join(home, "key.pem");
    for (const [text, read] of [
      [pem, pem],
      [`\uFEFF${pem.replaceAll("\n", "\r\n")}`, pem],
      [jwk, jwk],
    ] as const) {
      await writeFile(path, text);
      expect(await key(path)).toBe(read);
    }
  });

  it("is refused as anything else, without being repeated", async () => {
    const path = join(home, "key.pem");
    await writeFile(path, "no key at all");
    const large = join(home, "large.pem");
    await writeFile(large, pem.repeat(100));
    const body = pem.split("\n").slice(1, -2).join("");
    for (const [given, sentence] of [
      [path, /holds neither a PEM nor a JWK/],
      [large, /too large/],
      [home, /can't be read as the path of a file: it is a folder/],
      [join(home, "none.pem"), /can't be read as the path of a file: there is no such file/],
      [body, /neither a PEM nor a JWK/],
    ] as const) {
      const failure = await key(given).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "okta.private_key_invalid", message: expect.stringMatching(sentence) });
      expect(String(failure)).not.toContain(given);
    }
  });
});

test("a file that is no YAML is named, whatever is in it, and one that holds something else is passed over", async () => {
  await inProject("okta: [");
  await expect(settings()).rejects.toMatchObject({
    code: "okta.settings_unreadable",
    message: expect.stringContaining(join(cwd, "okta.yaml")),
  });
  for (const text of [
    "",
    "# okta:\n#   client:\n",
    "---\n",
    "- a",
    "okta: 7",
    "okta: { client: text }",
    "okta: { client: { token: 7, orgUrl: } }",
  ]) {
    await inProject(text);
    expect(await settings()).toEqual({});
  }
});

test("a file that is nested without end, or holds a program, is refused at its place, and nothing of it is shown", async () => {
  for (const [text, place] of [
    [`okta:\n  client: ${"[".repeat(20_000)}`, ":2:"],
    ["okta:\n  client:\n    token: !!js/function '00secret'\n", ":3:12"],
    ["okta:\n  client: { token: 00secret: [", ":2:"],
  ] as const) {
    await inProject(text);
    const failure = await settings().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "okta.settings_unreadable",
      message: expect.stringContaining(`${join(cwd, "okta.yaml")}${place}`),
    });
    expect(String(failure)).not.toContain("00secret");
  }
});
