/** What a preview makes of an API token that isn't shown everything: never a role or a no that is certain. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { command } from "../login/world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.faults.set([]));

interface Row {
  readonly login: string;
  readonly role: string | null;
  readonly certain: boolean;
}

async function preview(fault: string, over: Record<string, string> = {}) {
  sandbox.faults.set(fault === "" ? [] : [fault]);
  const { failure, stdout } = await command(sandbox, ["--json", "login", "preview"], over);
  return { failure, document: JSON.parse(stdout || "null") };
}
const idOf = (login: string) => sandbox.users.find((user) => user.login === login)?.id ?? "";
const roleOf = (document: { people: readonly Row[] }, login: string) =>
  document.people.find((row) => row.login === login);

describe("login preview", () => {
  it("ends where the token shows no group at all", async () => {
    const { failure } = await preview("empty,path=/api/v1/groups");
    expect(failure).toMatchObject({ kind: "auth", code: "okta.groups_unseen" });
  });

  it("ends where the token can't see who is assigned, and warns where it shows nobody", async () => {
    const path = `path=/api/v1/apps/${sandbox.okta.clientId}/users`;
    expect((await preview(`404,${path}`)).failure).toMatchObject({ kind: "auth", code: "okta.app_unseen" });
    const { document } = await preview(`empty,${path}`);
    expect(document).toMatchObject({ people: [], leftInAkto: null });
    expect(document.warnings).toContainEqual(expect.stringMatching(/nobody is, or its owner may not see them/));
  });

  it("is certain of nobody's role where the members that Okta counts aren't shown", async () => {
    const headers = { authorization: `SSWS ${sandbox.okta.token}` };
    const groups: unknown = await (
      await fetch(`${sandbox.okta.url}/api/v1/groups?q=Akto%20Admins`, { headers })
    ).json();
    const [admins] = Array.isArray(groups) ? groups : [];
    const { document } = await preview(`empty,path=/api/v1/groups/${admins.id}/users`);
    expect(roleOf(document, logins.developer)).toMatchObject({ certain: false });
    expect(document.warnings).toContainEqual(expect.stringMatching(/Okta counts 1 member of the group “Akto Admins”/));
  });

  it("is not certain of a role for which the user's own groups aren't shown", async () => {
    const { document } = await preview(`empty,path=/api/v1/users/${idOf(logins.contractor)}/groups`);
    expect(roleOf(document, logins.contractor)).toMatchObject({ certain: false });
    expect(roleOf(document, logins.developer)).toMatchObject({ role: "DEVELOPER", certain: true });
  });

  it("is certain of no role where the mapping isn't known, and goes on without Akto's team", async () => {
    const { okta } = sandbox;
    const env = { AKTO_API_KEY: "", AKTO_OKTA_CLIENT_ID: okta.clientId, AKTO_OKTA_AUTH_SERVER_ID: okta.authServerId };
    const { document } = await preview("", env);
    expect(document.people.filter((row: Row) => row.role !== null && row.certain)).toEqual([]);
    expect(document.warnings).toContainEqual(expect.stringMatching(/^The mapping isn't known here/));
    const untold = await preview("500,path=/api/getTeamData,on=akto");
    expect(untold.document.leftInAkto).toBeNull();
    expect(untold.document.warnings).toContainEqual(expect.stringMatching(/^Akto's team isn't known: /));
  });
});
