import { describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { scenarios } from "../../src/sandbox/scenarios/table.ts";
import { diagnose, faults } from "./diagnose.ts";

/** What `doctor` finds in each scenario; `?` marks a warning. */
const findings = new Map<string, string[]>([
  ["healthy", []],
  ["token-expired", ["akto-token"]],
  ["token-restricted-to-zone", ["akto-token"]],
  ["token-powerless", ["akto-token"]],
  ["token-missing", ["claim-filter"]],
  ["domain-is-url", ["profile?", "okta-domain", "okta-initiated-login", "akto-token"]],
  ["domain-is-admin", ["profile?", "okta-domain", "akto-token"]],
  ["server-id-is-issuer", ["profile?", "auth-server-id", "auth-server"]],
  ["server-id-is-audience", ["profile?", "auth-server-id", "auth-server"]],
  ["server-id-empty", ["profile?", "auth-server-id", "okta-initiated-login", "auth-server"]],
  ["client-secret-wrong", ["client-secret"]],
  ["mapping-covers-nobody", ["mapping-groups", "mapping-reach"]],
  ["name-case-differs", ["mapping-groups"]],
  ["name-looks-alike", ["mapping-groups"]],
  ["custom-role-threat-engineer", ["mapping-roles"]],
  ["custom-role-deleted", ["mapping-roles"]],
  ["email-domain-differs", ["email-domain"]],
  // No fault of the setup: a first session, and a name that decides.
  ["first-sign-in", []],
  ["convention-name", []],
  ["product-scoped-user", ["product-access?"]],
  ["other-sso-active", ["akto-sso", "okta-initiated-login", "mapping-reach"]],
  ["key-owner-not-admin", ["akto-key", "mapping-reach"]],
  ["plan-without-sso", ["akto-key", "mapping-reach"]],
  ["claim-on-id-token", ["groups-claim"]],
  ["claim-bound-to-scope", ["groups-claim"]],
  ["claim-other-name", ["groups-claim"]],
  ["claim-inactive", ["groups-claim"]],
  ["legacy-app-filter", ["groups-claim"]],
  ["filter-misses-group", ["claim-filter"]],
  ["too-many-groups", ["claim-limit"]],
  ["no-api-access-management", ["api-access-management?"]],
  ["server-inactive", ["issuer", "client-id", "client-secret", "auth-server"]],
  ["issuer-on-other-host", ["issuer?"]],
  ["no-policy", ["access-policy"]],
  ["policy-denies", ["access-policy"]],
  ["policy-lacks-grant", ["access-policy"]],
  ["policy-lacks-scope", ["access-policy"]],
  ["pkce-required", ["pkce"]],
  ["dpop-required", ["dpop"]],
  ["wrong-client-auth", ["client-secret", "client-auth"]],
  ["grant-missing", ["scopes", "client-secret", "grant-type"]],
  ["redirect-uri-missing", ["redirect-uri"]],
  ["redirect-uri-slash", ["redirect-uri"]],
  ["initiate-login-wrong-account", ["initiate-login-uri"]],
  ["no-assignment", ["assignments"]],
  ["app-inactive", ["client-id", "client-secret", "app"]],
  ["group-renamed", ["mapping-groups"]],
  ["group-deleted", ["mapping-groups"]],
  ["duplicate-group-name", ["mapping-duplicates"]],
  ["name-space-differs", ["mapping-groups"]],
  ["user-without-email", ["user-email"]],
]);

/** What the person says beside it, where the sandbox's own settings hide the fault. */
const said: Record<string, Parameters<typeof diagnose>[1]> = {
  "client-secret-wrong": { change: { AKTO_OKTA_CLIENT_SECRET: "sandbox-client-secret-before-rotation" } },
  // Akto tells nobody which domain it lets in.
  "email-domain-differs": { organisationDomain: "brightwell-freight.example" },
};

describe("doctor, in every scenario of the sandbox", () => {
  it("knows every scenario", () => {
    expect([...findings.keys()].sort()).toEqual(scenarios.map(({ name }) => name).sort());
  });

  it.each([...findings])("%s: %j", async (scenario, expected) => {
    const sandbox = await startSandbox({ scenario });
    try {
      const outcomes = await diagnose(sandbox, said[scenario]);
      expect(faults(outcomes)).toEqual(expected);
      if (scenario === "healthy") expect(outcomes.map(({ check }) => check.status)).not.toContain("skip");
    } finally {
      await sandbox.close();
    }
  });

  it("tells most of what there is to tell without any token, and says what the rest needs", async () => {
    const sandbox = await startSandbox({ scenario: "redirect-uri-slash" });
    try {
      const outcomes = await diagnose(sandbox, {
        change: { OKTA_CLIENT_TOKEN: "", AKTO_API_KEY: "", AKTO_OKTA_CLIENT_SECRET: "" },
      });
      expect(faults(outcomes)).toEqual(["redirect-uri", "mapping-reach"]);
      expect(outcomes.find(({ check }) => check.id === "app")?.check).toEqual({
        id: "app",
        status: "skip",
        message: "There is no Okta API token (OKTA_CLIENT_TOKEN or --okta-token-file <path>).",
      });
    } finally {
      await sandbox.close();
    }
  });
});
