import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { gateBefore } from "../gate.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { ctrlC, down, enter, type Screen, start } from "../pty.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** A profile of its own that knows the org, or what stands before it, and no Akto. */
function withOrg(origin: string = sandbox.okta.url): Record<string, string> {
  return { ...environment(temporaryFolder()), OKTA_CLIENT_ORGURL: origin, OKTA_CLIENT_TOKEN: sandbox.okta.token };
}

const mappingOf = async (env: Record<string, string>) =>
  JSON.parse((await run(["mapping", "list", "--json"], env)).stdout).mapping.map(
    ({ group, role }: { group: string; role: string }) => [group, role],
  );

const question = "? Okta group:";

describe("the search for a group", () => {
  it("takes a name that is pasted with its line end, never the row that was there before", async () => {
    const env = withOrg();
    const screen = start(["mapping", "add"], env);
    await screen.shows("❯ Everyone");
    screen.type(`Akto Developers${enter}`);
    await screen.answer("❯ Admin", enter);
    expect(await screen.ended).toBe(0);
    expect(await mappingOf(env)).toEqual([["Akto Developers", "ADMIN"]]);
  });

  it("waits with Enter for the results of what was typed", async () => {
    const gate = await gateBefore(sandbox.okta.url, (_, path) => path.includes("search="));
    const env = withOrg(gate.origin);
    const screen = start(["mapping", "add"], env);
    await screen.shows("❯ Everyone");
    screen.type(`Akto Guests${enter}`);
    await gate.reached;
    expect(screen.text()).not.toContain("Akto role");
    gate.open();
    await screen.answer("❯ Admin", enter);
    expect(await screen.ended).toBe(0);
    expect(await mappingOf(env)).toEqual([["Akto Guests", "ADMIN"]]);
  });

  it("takes nothing when the pasted name is not exactly a group's", async () => {
    const screen = start(["mapping", "add"], withOrg());
    await screen.shows("❯ Everyone");
    screen.type(`Akto${enter}`);
    await screen.shows("No name is exactly that. Choose one, or keep typing.");
    expect(screen.text()).not.toContain("Akto role");
    screen.type(ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("takes the row that a person has gone to, whatever is typed above it", async () => {
    const env = withOrg();
    const screen = start(["mapping", "add"], env);
    await screen.answer(question, "Akto");
    await screen.answer("❯ Akto Admins", down);
    await screen.answer("❯ Akto Security", enter);
    await screen.answer("❯ Admin", enter);
    expect(await screen.ended).toBe(0);
    expect(await mappingOf(env)).toEqual([["Akto Security", "ADMIN"]]);
  });
});

describe("a role of high rank for most of the org", () => {
  async function everyoneAdmin(env: Record<string, string>): Promise<Screen> {
    const screen = start(["mapping", "add", "Everyone", "admin"], env);
    await screen.shows("“Everyone” is the whole org (8 people), and this gives Admin to each of them.");
    return screen;
  }

  it("is confirmed by typing the group's name", async () => {
    const env = withOrg();
    const screen = await everyoneAdmin(env);
    await screen.answer("? Type the group's name to confirm", `yes${enter}`);
    await screen.shows("That is not “Everyone”.");
    screen.type(`\u0015Everyone${enter}`);
    expect(await screen.ended).toBe(0);
    expect(await mappingOf(env)).toEqual([["Everyone", "ADMIN"]]);
  });

  it("is left by Enter", async () => {
    const env = withOrg();
    const screen = await everyoneAdmin(env);
    await screen.answer("? Type the group's name to confirm", enter);
    await screen.shows("Nothing was changed.");
    expect(await screen.ended).toBe(0);
    expect(await mappingOf(env)).toEqual([]);
  });

  it("needs --yes where nobody can be asked, in every command that maps", async () => {
    const env = { ...withOrg(), AKTO_OKTA_AUTH_SERVER_ID: "default", AKTO_OKTA_CLIENT_ID: sandbox.okta.clientId };
    const file = "mapping:\n  Everyone: MEMBER\n";
    for (const [args, input] of [
      [["mapping", "add", "Everyone", "admin"], ""],
      [["mapping", "import", "-"], file],
      [["sso", "setup", "--mapping", "-"], file],
    ] as const) {
      const refused = await run([...args, "--json"], env, input);
      expect(refused.exitCode).toBe(2);
      expect(JSON.parse(refused.stderr.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
        error: { code: "input.confirmation_needed", hint: "Add --yes to confirm." },
      });
    }
    expect(await mappingOf(env)).toEqual([]);
    expect((await run(["mapping", "import", "-", "--yes"], env, file)).exitCode).toBe(0);
    expect(await mappingOf(env)).toEqual([["Everyone", "MEMBER"]]);
  });

  it("is told of a group that most people are in, and not of one that few are in or of a low role", async () => {
    const own = await startSandbox({
      seed: {
        okta: {
          users: [1, 2, 3].map((n) => ({ login: `u${n}@brightwell.example`, name: `U ${n}` })),
          groups: [
            { name: "Staff", members: ["u1@brightwell.example", "u2@brightwell.example", "u3@brightwell.example"] },
            { name: "Few", members: ["u1@brightwell.example"] },
          ],
        },
      },
    });
    try {
      const env = { ...withOrg(own.okta.url), OKTA_CLIENT_TOKEN: own.okta.token };
      const refused = await run(["mapping", "add", "Staff", "admin"], env);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toMatch(/“Staff” has 3 of the org's \d people, and this gives Admin to each of them\./);
      expect((await run(["mapping", "add", "Staff", "guest"], env)).exitCode).toBe(0);
      expect((await run(["mapping", "add", "Few", "admin"], env)).exitCode).toBe(0);
      expect((await run(["mapping", "add", "Everyone", "threat-viewer"], env)).exitCode).toBe(0);
    } finally {
      await own.close();
    }
  });

  it("is Everyone's without any token, too", async () => {
    const refused = await run(["mapping", "add", "Everyone", "admin"], environment(temporaryFolder()));
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("“Everyone” is the whole org, and this gives Admin to each of them.");
  });
});
