/** `login history` as people and scripts run it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { environment, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "group-taken-away" });
  const { akto } = sandbox;
  const start = `${akto.url}/okta-initiate-login?accountId=${akto.accountId}`;
  for (const login of [logins.developer, logins.contractor]) await new Visitor().signIn(start, login);
});
afterAll(() => sandbox.close());

const history = (...args: string[]) =>
  run(["login", "history", ...args], { ...environment(temporaryFolder(), sandbox), TZ: "UTC" });

describe("login history", () => {
  test("prints one line a sign-in, the newest first, with Okta's own word", async () => {
    const { stdout, exitCode } = await history();
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n").map((line) => line.split("\t"));
    expect(lines.map(([, user, result, , word]) => [user, result, word])).toEqual([
      [logins.contractor, "✓ signed in", ""],
      [logins.developer, "✗ not assigned", "app.generic.unauth_app_access_attempt"],
      [logins.developer, "✗ not assigned", "app.generic.unauth_app_access_attempt"],
      [logins.developer, "✓ signed in", ""],
    ]);
    for (const [when] of lines) expect(when).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test("prints a document, with what was changed before", async () => {
    const { stdout } = await history("--user", logins.developer, "--json");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      complete: true,
      withoutUser: 0,
      signIns: [
        {
          at: expect.stringMatching(/Z$/),
          user: { id: expect.stringMatching(/^00u/), login: logins.developer },
          outcome: "failure",
          stage: "assignment",
          reason: "app.generic.unauth_app_access_attempt",
          message: "The user isn't assigned to the app.",
          hint: expect.any(String),
          transaction: expect.any(String),
          events: expect.arrayContaining([
            expect.objectContaining({ type: "app.oauth2.as.authorize", result: "FAILURE" }),
          ]),
        },
        { outcome: "failure", stage: "assignment" },
        { outcome: "success", stage: "done", reason: null },
      ],
      changes: [
        { message: "Okta unassigned the app from Priya Raman." },
        { message: "Ines Duarte removed Priya Raman from the group “Akto Developers”.", by: { login: logins.admin } },
      ],
    });
    expect(document.notes).toEqual([expect.stringContaining("minutes late")]);
  });

  test("has the newest, too, where this machine's clock is behind, unless an end is named", async () => {
    const behind = `const right = Date;
      globalThis.Date = class extends right {
        constructor(...given) { super(...(given.length > 0 ? given : [Date.now()])); }
        static now() { return right.now() - 600_000; }
      };`;
    const env = {
      ...environment(temporaryFolder(), sandbox),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(behind)}`,
    };
    const late = async (...args: string[]) => {
      const { stdout } = await run(["login", "history", "--user", logins.developer, "--json", ...args], env);
      return JSON.parse(stdout);
    };
    const document = await late();
    expect(document.signIns).toHaveLength(3);
    expect(document.changes).toHaveLength(2);
    expect((await late("--until", "1m")).signIns.length).toBeLessThan(3);
  });

  test("prints JSON Lines and CSV, filtered and cut", async () => {
    const lines = (await history("--failed", "--output", "jsonl")).stdout.split("\n").map((line) => JSON.parse(line));
    const refused = expect.objectContaining({ login: logins.developer, outcome: "failure", stage: "assignment" });
    expect(lines).toEqual([refused, refused]);
    const csv = (await history("--limit", "1", "--output", "csv")).stdout.split("\n");
    expect(csv[0]).toBe("at,login,userId,outcome,stage,reason,message,hint,transaction");
    expect(csv.filter((line) => line !== "")).toHaveLength(2);
    const limited = JSON.parse((await history("--limit", "1", "--json")).stdout);
    expect(limited).toMatchObject({ complete: false, signIns: [{ user: { login: logins.contractor } }] });
    const before = JSON.parse((await history("--since", "4h", "--until", "2h", "--json")).stdout);
    expect(before).toMatchObject({ complete: true, signIns: [{ outcome: "success" }], notes: [] });
  });

  test("says that Okta's log does not reach so far back", async () => {
    const { complete, notes } = JSON.parse((await history("--since", "200d", "--json")).stdout);
    expect([complete, notes[0]]).toEqual([false, "Okta keeps its log for 90 days, so nothing older can be shown."]);
  });

  test.each([
    [["--since", "yesterday"], 2, "“yesterday” is not a time that --since accepts."],
    [["--since", "1h", "--until", "2h"], 2, "The log has nothing for the time"],
    [["--user", "nobody@brightwell.example"], 2, "Okta has no user “nobody@brightwell.example”."],
    [["--limit", "0"], 2, "whole number"],
  ])("%j ends with %i", async (args, code, said) => {
    const { stderr, exitCode } = await history(...args);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)]);
  });

  test("says who may see the log where the token may not", async () => {
    const unseen = await startSandbox({ scenario: "log-unreadable" });
    try {
      const { stderr, exitCode } = await run(["login", "history"], environment(temporaryFolder(), unseen));
      expect(exitCode).toBe(4);
      expect(stderr).toContain("Okta's System Log can't be read.");
      expect(stderr).toContain("okta.logs.read");
    } finally {
      await unseen.close();
    }
  });
});
