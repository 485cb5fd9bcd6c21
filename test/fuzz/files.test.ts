import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSpec } from "../../src/core/plan/spec-read.ts";
import { oktaSettingsFrom } from "../../src/okta/settings.ts";
import { loadSeedFile } from "../../src/sandbox/seed-file.ts";
import { openProfileStore } from "../../src/store/profiles.ts";
import { openSecretStore } from "../../src/store/secrets.ts";
import { readMappingFile } from "../../src/usecases/mapping/file.ts";
import { parseSpecTree } from "../../src/usecases/provision/file.ts";
import { hostileText } from "../hostile.ts";
import { anyJson, effort, spoiled, spoiledText, survivesLater } from "./fuzz.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "akto-okta-fuzz-"));
  mkdirSync(join(folder, ".okta"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a file. Half a surrogate pair can't be written; it becomes what UTF-8 has for it. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const yamlPieces = [
  "&a ",
  "*a",
  "? ",
  "- ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "|\n",
  ">-\n",
  "!!binary ",
  "!x ",
  "<<: *a\n",
  "%YAML 1.1\n---\n",
  "...\n",
  "'",
  '"',
  "\t",
  "\n",
  "#",
];
const deep = ["[", "{a: ", "- ", "? "].map((piece) => piece.repeat(5000));
// Each line nine times the one before: as a tree it would not fit into any machine.
const bomb = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ..."bcdefghij".split("").map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`)}]`),
].join("\n");

const spec = `akto:
  url: https://app.akto.io
  accountId: 1712345678
  syncGroupsToUserTags: false
okta:
  domain: acme.okta.com
  authorizationServerId: aus1abcd2EFGHIJKL3m4
  app: { label: Akto, clientId: 0oa1abcd2EFGHIJKL3m4, assignments: [Everyone], initiateLogin: true }
  groupsClaim: { filter: STARTS_WITH, value: Akto }
mapping:
  Akto Admins: ADMIN
  Akto Security: MEMBER
`;
const mappingYaml = "mapping:\n  Akto Admins: ADMIN\n  'Akto: Security': Member\n";
const mappingJson = { mapping: [{ group: "Akto Admins", role: "ADMIN" }] };
const csv = 'group,role\nAkto Admins,ADMIN\n"Akto, ""Security""",MEMBER\n';
const settings =
  "okta:\n  client:\n    orgUrl: https://acme.okta.com\n    token: 00token\n    scopes: [a, b]\n    privateKey: { kty: RSA }\n";
const seed = `company: Acme
users:
  - login: ana@acme.example
    roles: [SUPER_ADMIN]
groups:
  - name: Akto Admins
    members: [ana@acme.example]
  - name: Team {n}
    count: 3
mapping: { Akto Admins: ADMIN }
`;

const yamlOf = (valid: string) =>
  fc.oneof(
    { weight: 8, arbitrary: spoiledText(valid, yamlPieces) },
    fc.constantFrom(...deep, bomb, `mapping:\n${bomb}`, `okta:\n${bomb}`, ""),
    hostileText,
  );
const jsonOf = (valid: unknown) => fc.oneof(spoiled(valid), anyJson()).map((value) => JSON.stringify(value) ?? "");

describe("a file is read or refused, whatever is in it:", () => {
  test(
    "an SSO's",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(yamlOf(spec), jsonOf({ akto: { url: "x" }, okta: { domain: "y" }, mapping: {} })),
          (text) =>
            survivesLater("the SSO's file", text, async () =>
              readSpec(await parseSpecTree(text, "f.yaml"), "f.yaml", null),
            ).then(() => {}),
        ),
        effort(2).runs,
      );
    },
    effort().timeout,
  );

  test.each([
    ["YAML", "mapping.yaml", fc.oneof(yamlOf(mappingYaml), yamlOf(spec))],
    ["JSON", "mapping.json", jsonOf(mappingJson)],
    ["CSV", "mapping.csv", fc.oneof(spoiledText(csv, ['"', ",", "\n", "\r", ";", "\t", "group", "'="]), hostileText)],
  ])(
    "a mapping's in %s",
    async (kind, name, content) => {
      const { mapping } = {
        mapping: await readMappingFile(file("valid.yaml", mappingYaml), { customRoles: [], trustUnknown: false }),
      };
      expect(mapping.size).toBe(2);
      await fc.assert(
        fc.asyncProperty(content, fc.boolean(), async (text, trustUnknown) => {
          const path = file(name, text);
          await survivesLater(`the mapping in ${kind}`, text, () =>
            readMappingFile(path, { customRoles: null, trustUnknown }),
          );
        }),
        effort(2).runs,
      );
    },
    effort().timeout,
  );

  test(
    "Okta's own settings",
    async () => {
      await fc.assert(
        fc.asyncProperty(yamlOf(settings), async (text) => {
          file("okta.yaml", text);
          await survivesLater("okta.yaml", text, () => oktaSettingsFrom({}, folder, folder));
        }),
        effort(2).runs,
      );
    },
    effort().timeout,
  );

  test(
    "a sandbox's seed",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(yamlOf(seed), jsonOf({ users: [{ login: "a" }], groups: [] })),
          fc.constantFrom("seed.yaml", "seed.json"),
          async (text, name) => {
            const path = file(name, text);
            await survivesLater("the seed", text, () => loadSeedFile(path));
          },
        ),
        effort(2).runs,
      );
    },
    effort().timeout,
  );
});

test("a file that is full of mistakes is refused for its first one", async () => {
  // Whoever looks through the whole file for each of them is busy for minutes.
  const text = `a: ${"*a ".repeat(100_000)}`;
  const roles = { customRoles: null, trustUnknown: false };
  await expect(readMappingFile(file("mistakes.yaml", text), roles)).rejects.toMatchObject({ code: "file.invalid" });
  file("okta.yaml", text);
  await expect(oktaSettingsFrom({}, folder, folder)).rejects.toMatchObject({ code: "okta.settings_unreadable" });
});

const profile = {
  domain: "acme.okta.com",
  aktoAccountId: 7,
  mapping: [["__proto__", "ADMIN"]],
  customRoles: [{ name: "a", baseRole: "GUEST" }],
  created: [{ kind: "app", id: "0oa1", name: "Akto" }],
  setup: { done: ["okta"], domain: "acme.okta.com" },
  temporaryRedirectUris: [
    {
      domain: "d",
      clientId: "0oa1",
      uri: "http://127.0.0.1:1/callback",
      by: "1~1~h~u",
      at: "2030-01-01T00:00:00.000Z",
    },
  ],
};

describe("what is kept between two runs", () => {
  const keys = Object.keys(profile);
  const contents = fc.oneof(
    jsonOf(profile),
    fc.oneof(spoiled(profile, keys), anyJson(keys)).map((value) => JSON.stringify(value) ?? ""),
    spoiledText(JSON.stringify(profile), ["{", "}", '"', ",", "\u0000"]),
    fc.constantFrom("", "[]", "null", "[".repeat(20_000), `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`),
  );

  test.each(["profile", "secrets"])(
    "the %s: what is written is read again, and what can't be read is set aside, byte by byte",
    async (what) => {
      const directory = join(folder, what);
      const place = what === "profile" ? directory : join(directory, "secrets");
      const env = { AKTO_OKTA_CONFIG_DIR: directory };
      const read: () => Promise<unknown> =
        what === "profile"
          ? () => openProfileStore({ env, name: "p" }).read()
          : () => openSecretStore({ env, profile: "p", kind: "file" }).get("oktaToken");
      await fc.assert(
        fc.asyncProperty(contents, async (text) => {
          rmSync(directory, { recursive: true, force: true });
          mkdirSync(place, { recursive: true, mode: 0o700 });
          writeFileSync(join(place, "p.json"), text, { mode: 0o600 });
          await survivesLater(`the ${what}`, text, read);
          const kept = readdirSync(place).map((name) => readFileSync(join(place, name)));
          expect(kept).toEqual([Buffer.from(text)]);
        }),
        effort(2).runs,
      );
    },
    effort().timeout,
  );
});
