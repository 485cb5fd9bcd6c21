import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCustomRoles, readGroupNames, readSso, readTeam } from "../../src/akto/answers.ts";

const recorded: { case: string; action: string; answer: Record<string, unknown> }[] = JSON.parse(
  readFileSync("test/fixtures/akto-recorded-answers.json", "utf8"),
);
const answerOf = (name: string) => recorded.find((each) => each.case === name)?.answer ?? {};
const without = (answer: Record<string, unknown>, name: string) => ({ ...answer, [name]: undefined });

describe("an answer of Akto's that leaves out what it always has", () => {
  it.each([
    "clientId",
    "oktaDomain",
    "authorisationServerId",
    "redirectUri",
    "oktaGroupToAktoUserRoleMap",
    "syncGroupsToUserTags",
    "managementApiToken",
  ])("is not read as if there were nothing: fetchOktaSso's %s", (name) => {
    const answer = answerOf("SSO with a token");
    expect(readSso(answer)).toMatchObject({ hasManagementApiToken: true });
    expect(() => readSso(without(answer, name))).toThrow(`fetchOktaSso is not what was expected: ${name} is missing`);
  });

  it("is told from one that says that there is nothing", () => {
    expect(readSso(answerOf("no SSO yet"))).toBeNull();
    expect(() => readSso({})).toThrow("clientId is missing");
    expect(readGroupNames(answerOf("groups with a token that Okta refuses"))).toEqual([]);
    expect(() => readGroupNames({})).toThrow("oktaGroupNames is missing");
    expect(() => readCustomRoles({ customRoles: "SUCCESS" })).toThrow("roles is missing");
    expect(() => readTeam([{ id: 1, login: "ada@acme.com", name: "Ada" }])).toThrow("[0].role is missing");
  });
});
