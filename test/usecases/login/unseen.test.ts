/** What an API token of limited rights may not be shown: never a reason to say that it isn't there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { temporaryFolder } from "../../program.ts";
import { command, signInToAkto, tokensOf } from "./world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.faults.set([]));

/** The explanation of a user while these faults hold. */
async function explain(faults: readonly string[], login: string = logins.developer) {
  sandbox.faults.set(faults);
  const { failure, stdout } = await command(sandbox, ["--json", "login", "explain", "--user", login]);
  return { failure, report: JSON.parse(stdout || "null") };
}

const server = "/api/v1/authorizationServers/default";
const idOf = (login: string) => sandbox.users.find((user) => user.login === login)?.id ?? "";

describe("login explain --user, with an answer that doesn't say what it seems to", () => {
  it.each([
    ["no claim at all", () => `empty,path=${server}/claims`, /no claim of the authorization server/],
    [
      "no access policy, although Okta lets the request through",
      () => `empty,path=${server}/policies`,
      /no access policy/,
    ],
    [
      "no group of the user",
      () => `empty,path=/api/v1/users/${idOf(logins.developer)}/groups`,
      /no group of the user, and everybody is in the group Everyone/,
    ],
    [
      "no assignment, although a group of the user's is assigned",
      () => `404,path=/api/v1/apps/${sandbox.okta.clientId}/users/${idOf(logins.developer)}`,
      /no assignment of the user to the app, though the app is assigned to “/,
    ],
    [
      "no assignment of anybody",
      () => `404,path=/api/v1/apps/${sandbox.okta.clientId}/users`,
      /no assignment of the user to the app, nor any other/,
    ],
  ])("is not certain: %s", async (_, fault, because) => {
    const { failure, report } = await explain([fault()]);
    expect(failure).toBeUndefined();
    expect(report).toMatchObject({ admitted: true, turnedAwayBy: null, certain: false });
    expect(report.uncertainBecause).toContainEqual(expect.stringMatching(because));
  });

  it("goes on without the team and the custom roles that Akto doesn't tell", async () => {
    const { failure, report } = await explain([
      "500,path=/api/getTeamData,on=akto",
      "500,path=/api/getCustomRoles,on=akto",
    ]);
    expect(failure).toBeUndefined();
    expect(report).toMatchObject({ admitted: true, role: { id: "DEVELOPER" } });
    expect(report.notes).toContainEqual(expect.stringMatching(/^What Akto has for the user isn't known: /));
  });
});

describe("login explain --user, of what no setting tells", () => {
  async function on(scenario: string, before: (own: Sandbox) => Promise<unknown> = async () => {}) {
    const own = await startSandbox({ scenario });
    try {
      await before(own);
      const { failure, stdout } = await command(own, ["--json", "login", "explain", "--user", logins.developer]);
      return { failure, report: JSON.parse(stdout || "null") };
    } finally {
      await own.close();
    }
  }

  it("is not certain where Akto finds no SSO for the user's own email domain, be they in its team or not", async () => {
    const { failure, report } = await on("email-domain-differs");
    expect(failure).toBeUndefined();
    expect(report).toMatchObject({ admitted: true, certain: false });
    expect(report.uncertainBecause).toEqual([expect.stringMatching(/^Akto finds no SSO for the email domain “/)]);
  });

  it("is not certain once a sign-in ended by Akto's copy of the client secret", async () => {
    expect((await on("client-secret-wrong")).report).toMatchObject({ certain: true });
    const { report } = await on("client-secret-wrong", (own) => signInToAkto(own, [], logins.developer));
    expect(report).toMatchObject({ admitted: true, certain: false });
    expect(report.uncertainBecause).toEqual([expect.stringMatching(/did not accept the client secret/)]);
  });
});

describe("login explain --token", () => {
  async function explainToken(login: string, faults: readonly string[], over: Record<string, string> = {}) {
    const { accessToken } = await tokensOf(sandbox, login);
    sandbox.faults.set(faults);
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, accessToken);
    const { stdout } = await command(sandbox, ["--json", "login", "explain", "--token", file], over);
    return JSON.parse(stdout || "null");
  }

  it("doesn't take what our own API token is refused for what Akto gets with its own", async () => {
    const report = await explainToken(logins.contractor, [`403,path=/api/v1/users/${idOf(logins.contractor)}/groups`]);
    expect(report).toMatchObject({ admitted: true, certain: false, groups: { source: "none" } });
    expect(report.uncertainBecause).toEqual([expect.stringMatching(/^What the Okta API gives Akto can't be told: /)]);
  });

  it("is certain of a token that is Akto's, and not of one that is another's or whose keys can't be had", async () => {
    expect(await explainToken(logins.developer, [])).toMatchObject({ certain: true, uncertainBecause: [] });
    const unchecked = await explainToken(logins.developer, ["500,path=/oauth2/default/v1/keys"]);
    expect(unchecked).toMatchObject({ admitted: true, certain: false });
    expect(unchecked.uncertainBecause).toEqual([expect.stringMatching(/^The signature is not checked: /)]);
  });

  it("meets no expectation with a role that stands for what isn't known", async () => {
    sandbox.faults.set([]);
    const args = ["login", "explain", "--group", "Akto Admins", "--expect-role", "member"];
    const { failure, stdout } = await command(sandbox, args, { AKTO_API_KEY: "" });
    expect(failure).toMatchObject({ kind: "negative", code: "login.role_unknown" });
    expect(stdout).toMatch(/Groups {4}1 group, as they were given/);
    expect(stdout).toMatch(/Matched {3}not known here/);
  });

  it("says that the mapping isn't known where nobody tells it", async () => {
    const report = await explainToken(logins.developer, [], { AKTO_API_KEY: "" });
    expect(report.certain).toBe(false);
    expect(report.uncertainBecause).toContainEqual(expect.stringMatching(/^The mapping isn't known here/));
  });
});
