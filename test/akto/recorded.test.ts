import { describe, expect, test } from "vitest";
import { createAktoDashboard } from "../../src/akto/dashboard.ts";
import type { AktoDashboard } from "../../src/akto/types.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { isPage, type RecordedAnswer, recordedAnswers } from "../akto-answers.ts";
import { serve } from "../http/server.ts";

const http = createHttpClient({ sleep: async () => {} });
const planted = "planted-access-token";

/** A dashboard that answers what the real one did: a page stands for one, with a token in it as the real ones have. */
const answering = async (recorded: RecordedAnswer): Promise<AktoDashboard> => {
  const body = isPage(recorded) ? `<html><script>token="${planted}"</script></html>` : JSON.stringify(recorded.answer);
  const url = await serve((_, response) =>
    response.writeHead(recorded.status, { "content-type": recorded.contentType }).end(body),
  );
  return createAktoDashboard({ url, apiKey: "key", http });
};

const newSso = { clientId: "c", clientSecret: "s", authorisationServerId: "a", oktaDomain: "d", redirectUri: "r" };
const ask = new Map<string, (akto: AktoDashboard) => Promise<unknown>>([
  ["fetchOktaSso", (akto) => akto.fetchSso()],
  ["addOktaSso", (akto) => akto.addSso(newSso)],
  ["deleteOktaSso", (akto) => akto.deleteSso()],
  ["fetchOktaGroups", (akto) => akto.fetchGroups()],
  ["saveOktaGroupRoleMapping", (akto) => akto.saveMapping({ mapping: new Map(), syncGroupsToUserTags: false })],
  ["getCustomRoles", (akto) => akto.customRoles()],
  ["getTeamData", (akto) => akto.team()],
  // An action that an older Akto doesn't have.
  ["noSuchAction", (akto) => akto.team()],
]);

const sso = {
  clientId: "0oasandboxakto000001",
  oktaDomain: "127.0.0.1:38443",
  authorisationServerId: "default",
  redirectUri: "https://app.akto.io/authorization-code/callback",
  mapping: new Map(),
  syncGroupsToUserTags: false,
  hasManagementApiToken: false,
};
const admins = new Map([["Akto Admins", "ADMIN"]]);
const groups = expect.arrayContaining(["Everyone", "Akto Prüfer – Zürich", "Akto.Team.v2 $x"]);

/** What each answer to a question is read as. */
const answers = new Map<string, unknown>([
  ["no SSO yet", null],
  ["the same, with the product named", null],
  ["SSO, no token", sso],
  [
    "read back: in an order of its own",
    {
      ...sso,
      mapping: new Map([
        ["Akto Admins", "ADMIN"],
        ["Akto Guests", "GUEST"],
        ["Akto Pentest", "Pentester"],
        ["Akto Security", "MEMBER"],
        ["Akto Zürich $.x", "THREAT_VIEWER"],
      ]),
    },
  ],
  ["SSO with a token", { ...sso, mapping: admins, syncGroupsToUserTags: true, hasManagementApiToken: true }],
  ["token gone", { ...sso, mapping: admins }],
  ["state after that", { ...sso, clientId: "" }],
  ["groups with a token that Okta refuses", []],
  ["groups", groups],
  ["still there", groups],
  [
    "custom roles",
    [
      { name: "Pentester", baseRole: "DEVELOPER" },
      { name: "SOC-Lead", baseRole: "THREAT ENGINEER" },
      { name: "Auditor", baseRole: "GUEST" },
    ],
  ],
]);

/** What each refusal is told as. */
const refusals = new Map<string, { kind: string; code: string; message: string | RegExp; hint: RegExp }>([
  [
    "groups without an SSO",
    { kind: "rule", code: "akto.no_sso", message: "Akto refused: “Okta SSO is not configured”.", hint: /sso setup/ },
  ],
  [
    "mapping without an SSO",
    { kind: "rule", code: "akto.no_sso", message: "Akto refused: “Okta SSO is not configured”.", hint: /sso setup/ },
  ],
  [
    "key of a member",
    {
      kind: "auth",
      code: "akto.not_allowed",
      message:
        "Akto does not allow fetchOktaSso with this API key: “The role 'SECURITY ENGINEER' does not have access”.",
      hint: /must be an Admin/,
    },
  ],
  [
    "key of an admin of other products",
    {
      kind: "auth",
      code: "akto.other_product",
      message: /: “You do not have access to this product\. Please .* accessible product”\.$/,
      hint: /--akto-product or AKTO_PRODUCT/,
    },
  ],
  [
    "a wrong key",
    { kind: "auth", code: "akto.key_invalid", message: /did not accept the API key\.$/, hint: /AKTO_API_KEY/ },
  ],
  [
    "an action that this Akto does not have",
    {
      kind: "unavailable",
      code: "akto.unexpected_answer",
      message: /^Akto at http:\S+ answers getTeamData with something other than JSON\.$/,
      hint: /doesn't have that action.*proxy/,
    },
  ],
  [
    "add again",
    {
      kind: "rule",
      code: "akto.sso_exists",
      message: "Akto refused: “A SSO Integration already exists”.",
      hint: /sso remove/,
    },
  ],
  [
    "groups without a stored token",
    {
      kind: "rule",
      code: "akto.no_token",
      message: "Akto refused: “Management API token is not configured. Configure it in Edit to fetch Okta groups”.",
      hint: /token of its own/,
    },
  ],
  [
    "tag sync without a token",
    {
      kind: "rule",
      code: "akto.no_token",
      message: "Akto refused: “Set a Management API token before enabling group sync”.",
      hint: /syncGroupsToUserTags/,
    },
  ],
  [
    "a role twice",
    {
      kind: "rule",
      code: "akto.role_twice",
      message: /Role ADMIN is mapped more than once”\.$/,
      hint: /one group only/,
    },
  ],
  [
    "a role that is none",
    {
      kind: "rule",
      code: "akto.unknown_role",
      message: /^Akto refused: “Invalid Akto role: NOPE\. /,
      hint: /built-in/,
    },
  ],
]);

const writes = new Set(["addOktaSso", "deleteOktaSso", "saveOktaGroupRoleMapping"]);

describe("what the real dashboard answered", () => {
  test.each(recordedAnswers)("$action, $case", async (recorded) => {
    const akto = await answering(recorded);
    const read = ask.get(recorded.action);
    const refused = refusals.get(recorded.case);
    if (refused) {
      const failure = await read?.(akto).then(
        () => null,
        (error: unknown) => error,
      );
      const { message, hint, ...rest } = refused;
      expect(failure).toMatchObject({
        ...rest,
        message: typeof message === "string" ? message : expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
      expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toMatch(/planted|html>/);
    } else if (writes.has(recorded.action)) {
      await expect(read?.(akto)).resolves.toBeUndefined();
    } else if (recorded.action !== "getTeamData") {
      expect(answers.has(recorded.case)).toBe(true);
      await expect(read?.(akto)).resolves.toEqual(answers.get(recorded.case));
    }
  });

  test("of its team: who has a role, who has none stored yet, and who has access per product", async () => {
    const recorded = recordedAnswers.filter(({ action }) => action === "getTeamData");
    const team = await Promise.all(recorded.map(async (each) => (await answering(each)).team()));
    const member = (name: string, storedRole: string | null, scoped: Record<string, string> = {}) => ({
      login: `${name}@brightwell.example`,
      name: name === "ines.duarte" ? "Ines Duarte" : `${name}@brightwell.example`,
      storedRole,
      scopedRoles: new Map(Object.entries(scoped)),
      invited: false,
    });
    expect(team).toEqual([
      [
        member("ines.duarte", "ADMIN"),
        member("tomas.berg", "MEMBER"),
        member("omar.haddad", "DEVELOPER"),
        member("scoped.admin", null, { AGENTIC: "ADMIN", API: "ADMIN" }),
        member("agentic.admin", null, { AGENTIC: "ADMIN", ENDPOINT: "ADMIN" }),
        member("norole", null),
      ],
    ]);
  });
});
