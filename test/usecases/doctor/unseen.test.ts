/** Answers that don't name their cause, or show less than there is: doctor finds no fault in them, and praises nothing. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { command } from "../login/world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.faults.set([]));

const users = () => `path=/api/v1/apps/${sandbox.okta.clientId}/users`;

it.each<[what: string, fault: () => string, said: Readonly<Record<string, string>>]>([
  [
    "a proxy's page in place of the discovery document, which Akto never asks for",
    () => "page,path=/oauth2/default/.well-known",
    { issuer: "skip", "client-id": "pass", "redirect-uri": "pass", "client-secret": "pass" },
  ],
  ["discovery that fails", () => "503,path=/oauth2/default/.well-known", { issuer: "skip", "client-id": "pass" }],
  [
    "a token that may not see its own owner, as a service app's",
    () => "403,path=/api/v1/users/me",
    { "okta-token": "pass", "okta-token-rights": "pass", "okta-token-expiry": "skip" },
  ],
  ["a failure of Okta's", () => "500,path=/api/v1/users/me", { "okta-token": "skip", app: "pass" }],
  ["a failure of Akto's", () => "500,path=/api/fetchOktaSso,on=akto", { "akto-key": "skip", "akto-sso": "skip" }],
  ["an answer of Akto's that can't be read", () => "empty,path=/api/fetchOktaSso,on=akto", { "akto-key": "skip" }],
  [
    "nobody who is assigned, though a group with members is",
    () => `empty,${users()}`,
    { assignments: "skip", "user-email": "skip", "email-domain": "skip" },
  ],
])("doctor fails for nothing: %s", async (_, fault, said) => {
  sandbox.faults.set([fault()]);
  const { failure, stdout } = await command(sandbox, ["--json", "doctor"]);
  const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; message: string }[] };
  expect(checks.filter(({ status }) => status === "fail")).toEqual([]);
  expect(failure).toBeUndefined();
  const statuses = new Map(checks.map(({ id, status }) => [id, status]));
  expect(Object.fromEntries(Object.keys(said).map((id) => [id, statuses.get(id)]))).toEqual(said);
});

it("says that a token is none where Okta says so", async () => {
  const { stdout } = await command(sandbox, ["--json", "doctor", "--only", "okta-token,akto-key"], {
    OKTA_CLIENT_TOKEN: "00wrong",
    AKTO_API_KEY: "wrong",
  });
  const { checks } = JSON.parse(stdout) as { checks: { status: string; evidence: string }[] };
  expect(checks.map(({ status }) => status)).toEqual(["fail", "fail"]);
});
