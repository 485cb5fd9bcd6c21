import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Failure } from "../../src/core/failure.ts";
import { loadSeedFile } from "../../src/sandbox/seed-file.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "seed-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function load(content: string | Buffer, name = "org.yaml") {
  const path = join(directory, name);
  await writeFile(path, content);
  return loadSeedFile(path);
}

/** The message without the folder before it. */
async function failure(content: string | Buffer, name = "org.yaml"): Promise<string> {
  const error: Failure = await load(content, name).then(
    () => {
      throw new Error("it was read");
    },
    (reason) => reason,
  );
  expect(error.code).toBe("sandbox.seed_invalid");
  return error.message.replace(`${directory}/`, "");
}

describe("a seed file", () => {
  test("gives users, groups, apps, servers, mapping and account, with names such as __proto__ as they are", async () => {
    const seed = await load(`
company: Acme
users:
  - { login: ana@acme.example, firstName: Ana, lastName: Sol, roles: [SUPER_ADMIN] }
groups:
  - { name: __proto__, members: [ana@acme.example] }
  - { name: "Team {n}", count: 3 }
apps: [{ label: Akto, pkceRequired: true }]
authorizationServers:
  - { id: default, name: default, claims: [{ name: groups, groupFilterType: REGEX, value: ".*" }] }
mapping: { __proto__: ADMIN, "Team 1": GUEST }
akto:
  members: [{ login: ana@acme.example, products: { API: GUEST } }]
`);
    expect(seed.okta?.companyName).toBe("Acme");
    expect(seed.okta?.groups?.map(({ name }) => name)).toEqual(["__proto__", "Team 1", "Team 2", "Team 3"]);
    expect(seed.okta?.apps).toEqual([{ label: "Akto", pkceRequired: true }]);
    expect([...(seed.akto?.mapping ?? [])]).toEqual([
      ["__proto__", "ADMIN"],
      ["Team 1", "GUEST"],
    ]);
    expect(seed.akto?.members).toEqual([{ login: "ana@acme.example", scopeRoleMapping: { API: "GUEST" } }]);
  });

  test("may be JSON, and holds a hundred thousand groups", async () => {
    const groups = Array.from({ length: 100_000 }, (_, index) => ({ name: `Group ${index}` }));
    const seed = await load(JSON.stringify({ groups }), "org.json");
    expect(seed.okta?.groups).toHaveLength(100_000);
    expect(
      await failure(
        JSON.stringify({
          groups: [
            { name: "G{n}", count: 60_000 },
            { name: "H{n}", count: 60_000 },
          ],
        }),
        "org.json",
      ),
    ).toBe("org.json:1:42: At most 100,000 entries.");
  });

  test.each([
    [
      "users:\n  - login: ana@acme.example\n    fristName: Ana\n",
      /^org\.yaml:3:16: “fristName” is not known here; known are login, id, email/,
    ],
    ["users:\n  - firstName: Ana\n", /^org\.yaml:2:5: “login” is missing\.$/],
    [
      "groups:\n  - name: A\n    members: [nobody@acme.example]\n",
      /^org\.yaml:3:15: No user has the login “nobody@acme\.example”/,
    ],
    ["users:\n  - login: a@b.example\n  - login: a@b.example\n", /^org\.yaml:3:12: There are two users/],
    ["users:\n  - login: a@b.example\n  - login: A@B.example\n", /^org\.yaml:3:12: There are two users/],
    [Buffer.from("groups:\n  - name: M\u00fcller\n", "latin1"), /^org\.yaml:2:1: This line is not in UTF-8\.$/],
    ["groups:\n  - name: Team\n    count: 2\n", /^org\.yaml:2:11: With “count”, “name” must hold \{n\}/],
    [
      "apps:\n  - label: Akto\n    pkceRequired: yes please\n",
      /^org\.yaml:3:19: “pkceRequired” must be true or false\.$/,
    ],
    ["groups: Akto\n", /^org\.yaml:1:9: “groups” must be a list\.$/],
    ["- a\n- b\n", /^org\.yaml:1:1: The file must be an object\.$/],
    ["groups:\n  - name: 'Akto\n", /^org\.yaml:3:1: /],
    [`groups: ${"[".repeat(20_000)}`, /^org\.yaml:1:\d+: It is nested too deeply\.$/],
    ["groups:\n  - name: !!js/function Akto\n", /^org\.yaml:2:11: The tag “!!js\/function” means nothing here\.$/],
  ])("that is wrong is refused with line and column: %j", async (content, expected) => {
    expect(await failure(content)).toMatch(expected);
  });

  test("whose aliases grow without end is refused", async () => {
    const lines = Array.from(
      { length: 9 },
      (_, level) =>
        `a${level}: &a${level} [${level === 0 ? "x" : `*a${level - 1}`.repeat(1)}${level === 0 ? "" : `, *a${level - 1}`.repeat(9)}]`,
    );
    expect(await failure(`${lines.join("\n")}\n`)).toMatch(/Excessive alias count/);
  });

  test("that can't be read is named", async () => {
    await expect(loadSeedFile(join(directory, "none.yaml"))).rejects.toMatchObject({ code: "sandbox.seed_unreadable" });
  });
});
