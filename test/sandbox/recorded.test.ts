import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AktoSeed, type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { isPage, type RecordedAnswer, recordedAnswers } from "../akto-answers.ts";

const domain = "brightwell.example";
const akto: AktoSeed = {
  customRoles: [
    { name: "Pentester", baseRole: "DEVELOPER" },
    { name: "SOC-Lead", baseRole: "THREAT ENGINEER" },
    { name: "Auditor", baseRole: "GUEST" },
  ],
  members: [
    { login: `ines.duarte@${domain}`, name: "Ines Duarte", role: "ADMIN" },
    { login: `tomas.berg@${domain}`, role: "MEMBER" },
    { login: `omar.haddad@${domain}`, role: "DEVELOPER" },
    { login: `scoped.admin@${domain}`, scopeRoleMapping: { AGENTIC: "ADMIN", API: "ADMIN" } },
    { login: `agentic.admin@${domain}`, scopeRoleMapping: { AGENTIC: "ADMIN", ENDPOINT: "ADMIN" } },
    { login: `norole@${domain}` },
  ],
  invitations: [],
};
const groupNames = recordedAnswers.flatMap(({ answer }) => namesIn(answer)).filter((name) => name !== "Everyone");
const okta = {
  users: [{ login: `ines.duarte@${domain}`, roles: ["SUPER_ADMIN" as const] }],
  groups: [...new Set(groupNames)].map((name) => ({ name })),
};

function namesIn(answer: unknown): string[] {
  if (typeof answer !== "object" || answer === null || !("oktaGroupNames" in answer)) return [];
  return answer.oktaGroupNames as string[];
}

// Whose key another case was recorded with.
const otherKeys = new Map<string, AktoSeed>([
  ["key of a member", { keyOwnerRole: "MEMBER" }],
  ["key of an admin of other products", { keyOwner: `agentic.admin@${domain}` }],
  ["the same, with the product named", { keyOwner: `agentic.admin@${domain}` }],
]);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: { okta, akto: { ...akto, keyOwner: `ines.duarte@${domain}` } } });
});
afterAll(() => sandbox.close());

// What a custom role has of these depends on how it was made, which no seed says.
const roleDetails = new Map([
  ["allowedFeaturesForUser", []],
  ["threatProtectionEnabled", null],
]);

/** The recorded answer as bytes, with this sandbox's address, and the ids that its dashboard gives out. */
function asHere({ answer }: RecordedAnswer): string {
  let id = 0;
  return JSON.stringify(answer, (key, value) =>
    key === "id" ? ++id : roleDetails.has(key) ? roleDetails.get(key) : value,
  ).replaceAll("127.0.0.1:38443", new URL(sandbox.okta.url).host);
}

async function call({ action, request, headers }: RecordedAnswer, { akto }: Sandbox, key = akto.apiKey) {
  const response = await fetch(`${akto.url}/api/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key, ...headers },
    body: JSON.stringify(request).replaceAll("127.0.0.1:38443", new URL(sandbox.okta.url).host),
  });
  return {
    status: response.status,
    contentType: response.headers.get("content-type"),
    body: await response.text(),
  };
}

describe("the sandbox's dashboard answers what the real one did", () => {
  // In their order: each finds what those before it left.
  test.each(recordedAnswers)("$action, $case", async (recorded) => {
    const other = otherKeys.get(recorded.case);
    const own = other && (await startSandbox({ seed: { okta, akto: { ...akto, ...other } } }));
    const key = recorded.case === "a wrong key" ? "wrong" : sandbox.akto.apiKey;
    const { body, ...answered } = await call(recorded, own ?? sandbox, key);
    await own?.close();
    expect(answered).toEqual({ status: recorded.status, contentType: recorded.contentType });
    if (isPage(recorded)) expect(body).toMatch(/^<(!doctype )?html>/);
    else expect(body).toBe(asHere(recorded));
  });
});
