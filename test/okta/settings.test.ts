import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { oktaSettingsFrom } from "../../src/okta/settings.ts";

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
const settings = (env: NodeJS.ProcessEnv = {}) => oktaSettingsFrom(env, home, cwd);

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
  expect((await settings()).serviceApp).toEqual({
    clientId: "0oaservice",
    scopes,
    privateKey: '{"kty":"RSA","n":"abc"}',
  });
  const env = { OKTA_CLIENT_PRIVATEKEY: "-----BEGIN", OKTA_CLIENT_KEYID: "k1", OKTA_CLIENT_SCOPES: scopes.join(" ") };
  expect((await settings(env)).serviceApp).toEqual({
    clientId: "0oaservice",
    scopes,
    privateKey: "-----BEGIN",
    keyId: "k1",
  });
  await rm(join(home, ".okta", "okta.yaml"));
  await expect(settings({ OKTA_CLIENT_AUTHORIZATIONMODE: "PrivateKey" })).rejects.toMatchObject({
    kind: "usage",
    code: "okta.service_app_incomplete",
  });
});

test("a file that is no YAML is named, whatever is in it, and one that holds something else is passed over", async () => {
  await inProject("okta: [");
  await expect(settings()).rejects.toMatchObject({
    code: "okta.settings_unreadable",
    message: expect.stringContaining(join(cwd, "okta.yaml")),
  });
  for (const text of ["", "- a", "okta: 7", "okta: { client: text }", "okta: { client: { token: 7, orgUrl: } }"]) {
    await inProject(text);
    expect(await settings()).toEqual({});
  }
});
