import { describe, expect, it, onTestFinished } from "vitest";
import { selfHostedAccountId } from "../../../src/core/address.ts";
import { catalog } from "../../../src/core/doctor/catalog.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { scenarios } from "../../../src/sandbox/scenarios/table.ts";
import type { SandboxOptions } from "../../../src/sandbox/types.ts";
import { diagnose, faults } from "./diagnose.ts";
import { documentedCases, lineOf } from "./troubleshooting.ts";

/** What `doctor` finds in each scenario; `?` marks a warning. */
const findings = new Map<string, string[]>([
  ["healthy", []],
  ["token-expired", ["akto-token"]],
  ["token-restricted-to-zone", ["akto-token"]],
  ["token-powerless", ["akto-token"]],
  ["token-sees-less", ["akto-token?"]],
  ["token-missing", ["claim-filter"]],
  ["domain-is-url", ["profile?", "okta-domain"]],
  ["domain-is-admin", ["profile?", "okta-domain"]],
  ["server-id-is-issuer", ["profile?", "auth-server-id"]],
  ["server-id-is-audience", ["profile?", "auth-server-id"]],
  ["server-id-empty", ["profile?", "auth-server-id"]],
  ["akto-moved", ["akto-redirect-uri", "redirect-uri"]],
  ["client-id-wrong", ["profile?", "client-id"]],
  ["client-secret-wrong", ["client-secret"]],
  ["mapping-covers-nobody", ["mapping-groups", "mapping-reach"]],
  ["name-case-differs", ["mapping-groups"]],
  ["name-looks-alike", ["mapping-groups"]],
  ["custom-role-threat-engineer", ["mapping-roles"]],
  ["custom-role-deleted", ["mapping-roles"]],
  ["email-domain-differs", ["email-domain"]],
  ["email-domain-in-capitals", ["start-by-email?"]],
  ["team-role-gone", ["team-roles?"]],
  // No fault of the setup.
  ["first-sign-in", []],
  ["convention-name", ["convention-names?"]],
  ["product-scoped-user", ["product-access?"]],
  ["other-sso-active", ["akto-sso", "okta-initiated-login"]],
  ["key-owner-not-admin", ["akto-key"]],
  ["plan-without-sso", ["akto-key"]],
  ["claim-on-id-token", ["groups-claim"]],
  ["claim-bound-to-scope", ["groups-claim"]],
  ["claim-other-name", ["groups-claim"]],
  ["claim-inactive", ["groups-claim"]],
  ["legacy-app-filter", ["groups-claim"]],
  ["filter-misses-group", ["claim-filter"]],
  ["too-many-groups", ["claim-limit?"]],
  ["many-groups-cut", ["claim-limit?"]],
  ["many-groups-refused", ["claim-limit?"]],
  ["imported-group", ["claim-filter?"]],
  ["imported-group-hidden", ["claim-filter"]],
  ["imported-group-by-expression", []],
  ["policy-excludes-some", ["access-policy?"]],
  ["token-inline-hook", ["access-policy?"]],
  ["starts-with-id-token", ["initiate-login-uri"]],
  ["tile-without-start", ["initiate-login-uri"]],
  ["federation-broker-mode", ["initiate-login-uri?"]],
  ["no-api-access-management", ["api-access-management"]],
  ["only-default-server", ["api-access-management?"]],
  ["server-inactive", ["issuer", "auth-server"]],
  ["issuer-on-other-host", ["issuer?"]],
  ["no-policy", ["access-policy"]],
  ["policy-denies", ["access-policy"]],
  ["policy-lacks-grant", ["access-policy"]],
  ["policy-lacks-scope", ["scopes"]],
  ["policy-for-some", ["access-policy?"]],
  ["pkce-required", ["pkce"]],
  ["dpop-required", ["dpop"]],
  ["wrong-client-auth", ["client-auth"]],
  ["grant-missing", ["grant-type"]],
  ["redirect-uri-missing", ["redirect-uri"]],
  ["redirect-uri-slash", ["redirect-uri"]],
  ["initiate-login-wrong-account", ["initiate-login-uri"]],
  ["no-assignment", ["assignments"]],
  ["mapped-group-unassigned", ["group-assignments"]],
  ["app-inactive", ["app"]],
  ["group-renamed", ["mapping-groups"]],
  ["group-deleted", ["mapping-groups"]],
  ["duplicate-group-name", ["claim-filter?", "mapping-duplicates"]],
  ["name-space-differs", ["mapping-groups"]],
  ["user-without-email", ["user-email"]],
  ["own-token-revoked", ["okta-token"]],
  ["own-token-powerless", ["okta-token-rights"]],
  ["own-token-ends-soon", ["okta-token-expiry?"]],
  ["own-token-in-zone", ["okta-token-network?"]],
  ["sign-on-policy-denies", ["authentication-policy?"]],
  ["claim-not-evaluated", ["groups-claim"]],
  ["group-taken-away", ["recorded-sign-ins?"]],
  ["log-unreadable", []],
]);

/** What the person says beside it, where the sandbox's own settings hide the fault. */
const said: Record<string, Parameters<typeof diagnose>[1]> = {
  "client-secret-wrong": { change: { AKTO_OKTA_CLIENT_SECRET: "sandbox-client-secret-before-rotation" } },
  // Akto tells nobody which domain it lets in.
  "email-domain-differs": { organizationDomain: "brightwell-freight.example" },
};

/** A check that fails along with many others. */
const notBeside = (id: string) => id !== "profile" && id !== "okta-initiated-login";

/** What was found in the scenarios that have run. */
const found = new Map<string, { checks: string[]; lines: string[]; fixable: boolean }>();

describe("doctor, in every scenario of the sandbox", () => {
  it("knows every scenario", () => {
    expect([...findings.keys()].sort()).toEqual(scenarios.map(({ name }) => name).sort());
  });

  it("knows a scenario in which each check finds something", () => {
    const ids = new Set([...findings.values()].flat().map((id) => id.replace("?", "")));
    expect([...ids].sort()).toEqual(catalog.map(({ id }) => id).sort());
  });

  it.each([...findings])("%s: %j", async (scenario, expected) => {
    const sandbox = await startSandbox({ scenario });
    try {
      const outcomes = await diagnose(sandbox, said[scenario]);
      expect(faults(outcomes)).toEqual(expected);
      const faulty = outcomes.filter(({ check: { status } }) => status === "fail" || status === "warn");
      found.set(scenario, {
        checks: faulty.map(({ check }) => check.id),
        lines: faulty.map((outcome) => lineOf(outcome, sandbox)),
        fixable: faulty.some(({ fix }) => fix),
      });
      // Each check passes where nothing is wrong, and none passes for want of a look.
      if (scenario === "healthy") expect(new Set(outcomes.map(({ check }) => check.status))).toEqual(new Set(["pass"]));
    } finally {
      await sandbox.close();
    }
  });

  describe("as docs/troubleshooting.md has it", () => {
    const cases = documentedCases();

    it("tells every scenario and every check", () => {
      expect(cases.flatMap(({ scenarios }) => scenarios).sort()).toEqual(
        [...findings.keys()].filter((name) => name !== "healthy").sort(),
      );
      expect([...new Set(cases.flatMap(({ checks }) => checks))].sort()).toEqual(catalog.map(({ id }) => id).sort());
    });

    it.each(cases.map((each) => [each.scenarios.join(", "), each] as const))("%s", (_, documented) => {
      const shown = documented.scenarios.map((name) => found.get(name));
      // Only a part of the scenarios was asked to run.
      if (shown.includes(undefined)) return;
      const all = shown.filter((each) => each !== undefined);
      expect(documented.checks).toEqual(expect.arrayContaining(all.flatMap(({ checks }) => checks).filter(notBeside)));
      expect(all.flatMap(({ lines }) => lines)).toEqual(expect.arrayContaining([...documented.lines]));
      expect(documented.saysFix).toBe(all.some(({ fixable }) => fixable));
    });
  });

  it("calls an Akto and an Okta that can't be reached a fault, and mends nothing by what it does not know", async () => {
    const sandbox = await startSandbox({ scenario: "healthy" });
    const nowhere = "http://127.0.0.1:9";
    try {
      const withoutAkto = await diagnose(sandbox, { change: { AKTO_URL: nowhere } });
      expect(faults(withoutAkto)).toEqual(["akto-key", "redirect-uri", "initiate-login-uri"]);
      expect(withoutAkto.filter(({ fix }) => fix)).toEqual([]);
      const withoutOkta = await diagnose(sandbox, { change: { OKTA_CLIENT_ORGURL: nowhere, AKTO_API_KEY: "" } });
      expect(faults(withoutOkta)).toEqual(["issuer", "okta-initiated-login", "okta-token"]);
    } finally {
      await sandbox.close();
    }
  });

  it("holds nothing against a token when the list of tokens can't be had", async () => {
    const sandbox = await startSandbox({ scenario: "healthy", faults: ["500,path=/api/v1/api-tokens"] });
    try {
      const outcomes = await diagnose(sandbox);
      expect(faults(outcomes)).toEqual([]);
      const skipped = outcomes.map(({ check }) => check).filter(({ status }) => status === "skip");
      expect(skipped.map(({ message }) => message)).toContain("The API token does not show when it expires.");
    } finally {
      await sandbox.close();
    }
  });

  describe("without any token", () => {
    const nothing = {
      OKTA_CLIENT_TOKEN: "",
      AKTO_API_KEY: "",
      AKTO_OKTA_CLIENT_SECRET: "",
      AKTO_ACCOUNT_ID: "",
    };
    const without = async (scenario: string, change: Record<string, string>) => {
      const sandbox = await startSandbox({ scenario });
      try {
        return await diagnose(sandbox, { change });
      } finally {
        await sandbox.close();
      }
    };

    it.each([
      ["redirect-uri-slash", ["redirect-uri"]],
      ["pkce-required", ["pkce"]],
      ["grant-missing", ["grant-type"]],
      ["policy-lacks-scope", ["access-policy"]],
      ["no-policy", ["access-policy"]],
      ["app-inactive", ["client-id"]],
      ["server-inactive", ["issuer"]],
      ["healthy", []],
    ])("finds in %s: %j", async (scenario, expected) => {
      expect(faults(await without(scenario, nothing))).toEqual(expected);
    });

    it("says of each check that it skips what is missing, with its flag and its variable", async () => {
      const outcomes = await without("healthy", nothing);
      const variables = [
        "OKTA_CLIENT_TOKEN or --okta-token-file",
        "AKTO_API_KEY or --akto-key-file",
        "AKTO_OKTA_CLIENT_SECRET or --client-secret-file",
        "AKTO_ACCOUNT_ID or --akto-account-id",
      ];
      const missing = outcomes.map(({ check }) => {
        return { ...check, says: variables.some((variable) => check.message.includes(variable)) };
      });
      const skipped = missing.filter(({ status }) => status === "skip");
      expect(skipped.filter(({ says }) => !says)).toEqual([]);
      expect(missing.filter(({ status }) => status === "pass").map(({ id }) => id)).toEqual([
        "okta-domain",
        "auth-server-id",
        "issuer",
        "client-id",
        "redirect-uri",
        "pkce",
        "scopes",
        "grant-type",
        "access-policy",
      ]);
    });
  });

  it("finds whoever of a large mapped group is not assigned to the app", async () => {
    const logins = Array.from({ length: 250 }, (_, at) => `user${at}@acme.example`);
    const sandbox = await startSandbox({
      seed: {
        okta: {
          users: logins.map((login) => ({ login })),
          groups: [{ name: "Akto Developers", members: logins }],
          apps: [{ label: "Akto", groups: [], users: logins.slice(0, -1) }],
        },
        akto: { mapping: new Map([["Akto Developers", "DEVELOPER"]]) },
      },
    });
    try {
      const outcomes = await diagnose(sandbox);
      expect(outcomes.find(({ check }) => check.id === "group-assignments")?.check).toMatchObject({
        status: "fail",
        message:
          "The group “Akto Developers” is mapped but not assigned to the app: user249@acme.example can't sign in.",
      });
    } finally {
      await sandbox.close();
    }
  });

  describe("a sign-in that starts by the email address", () => {
    const started = async (options: SandboxOptions, asked: Parameters<typeof diagnose>[1] = {}) => {
      const sandbox = await startSandbox(options);
      try {
        const outcomes = await diagnose(sandbox, asked);
        return outcomes.find(({ check }) => check.id === "start-by-email")?.check;
      } finally {
        await sandbox.close();
      }
    };

    it("fails for certain where the domain is told, in whatever letters, and not where it is guessed", async () => {
      const other = await started({ aktoConfigured: true }, { organizationDomain: "Elsewhere.example" });
      expect(other).toMatchObject({
        status: "fail",
        message: expect.stringMatching(
          /of elsewhere\.example at .*\/sso-login lands back .*finds no SSO for that domain/,
        ),
        hint: expect.stringMatching(/^Let people start at http:\S+accountId=1712345678 or from Okta's tile/),
      });
      const akto = { keyOwner: "boss@elsewhere.example" };
      expect(await started({ aktoConfigured: true, seed: { akto } })).toMatchObject({
        status: "warn",
        evidence: "guessed",
      });
    });

    it("works at a self-hosted Akto whatever the domain is, and without an Akto key", async () => {
      const akto = { deployment: "self-hosted", accountId: selfHostedAccountId } as const;
      const told = { organizationDomain: "elsewhere.example", change: { AKTO_API_KEY: "" } };
      expect(await started({ aktoConfigured: true, seed: { akto } }, told)).toMatchObject({ status: "pass" });
    });

    it("is said to lead elsewhere where Akto sends it to another app than the settings name", async () => {
      const other = { change: { AKTO_API_KEY: "", AKTO_OKTA_CLIENT_ID: "0oaanother" } };
      const found = await started({ aktoConfigured: true }, { ...other, organizationDomain: "brightwell.example" });
      expect(found).toMatchObject({
        status: "fail",
        message: expect.stringMatching(/gets to http:\S+\/v1\/authorize, not to this Okta app/),
      });
    });

    it("is not looked at where Akto answers with a page of its own", async () => {
      const faults = ["page,on=akto,path=/trigger-saml-sso"];
      expect(await started({ aktoConfigured: true, faults })).toMatchObject({
        status: "skip",
        message: expect.stringContaining("Akto answers the start with an email address with a page (HTTP 200)"),
      });
    });
  });

  describe("a sign-in that starts in Okta", () => {
    const initiated = async (options: SandboxOptions, change: Record<string, string> = {}) => {
      const sandbox = await startSandbox(options);
      try {
        const outcomes = await diagnose(sandbox, { change });
        return outcomes.find(({ check }) => check.id === "okta-initiated-login")?.check;
      } finally {
        await sandbox.close();
      }
    };
    const selfHosted: SandboxOptions = {
      aktoConfigured: true,
      seed: { akto: { deployment: "self-hosted", accountId: selfHostedAccountId } },
    };

    it.each([
      ["the SaaS", { aktoConfigured: true }],
      ["a self-hosted Akto", selfHosted],
    ])("leads to the right app from %s", async (_, options) => {
      expect(await initiated(options)).toMatchObject({ status: "pass" });
    });

    it.each([
      ["the SaaS", { aktoConfigured: true }],
      ["a self-hosted Akto", selfHosted],
    ])("ends at Akto's login page with another account's id at %s", async (_, options) => {
      expect(await initiated(options, { AKTO_ACCOUNT_ID: "1700000000" })).toMatchObject({
        status: "fail",
        message: expect.stringContaining("/sso-login"),
        hint: expect.stringContaining("account id"),
      });
    });

    it.each([
      [
        "another client",
        "healthy",
        { AKTO_OKTA_CLIENT_ID: "0oaanother" },
        /has the client “0oasandbox\w+” instead of “0oaanother”/,
      ],
      [
        "another server",
        "healthy",
        { AKTO_OKTA_AUTH_SERVER_ID: "aus1" },
        /the path “\/oauth2\/default\/v1\/authorize” instead of/,
      ],
      ["another redirect URI", "akto-moved", {}, /the redirect URI “http:\/\/127.0.0.1:9\/\S+ instead of/],
      [
        "another org",
        "healthy",
        { OKTA_CLIENT_ORGURL: "http://127.0.0.1:9" },
        /has the domain “http:\S+ instead of “http:\/\/127.0.0.1:9”/,
      ],
    ])(
      "is seen to lead to %s than the profile has, without a key to ask Akto with",
      async (_, scenario, change, said) => {
        expect(await initiated({ scenario }, { AKTO_API_KEY: "", ...change })).toMatchObject({
          status: "fail",
          message: expect.stringMatching(said),
        });
      },
    );
  });
});

it("finds the one who isn't assigned to the app behind a thousand members of a mapped group who can't sign in anyway", async () => {
  const suspended = Array.from({ length: 1_050 }, (_, at) => ({
    login: `a${String(at).padStart(4, "0")}@acme.example`,
    status: "SUSPENDED" as const,
  }));
  const [admin, outside] = [{ login: "admin@acme.example" }, { login: "zoe@acme.example", firstName: "Zoe" }];
  const sandbox = await startSandbox({
    seed: {
      okta: {
        users: [admin, ...suspended, outside],
        groups: [
          { name: "Akto Admins", members: [admin.login] },
          { name: "Akto Guests", members: [...suspended, outside].map(({ login }) => login) },
        ],
        apps: [{ label: "Akto", groups: ["Akto Admins"] }],
      },
      akto: {
        mapping: new Map([
          ["Akto Admins", "ADMIN"],
          ["Akto Guests", "GUEST"],
        ]),
      },
    },
  });
  onTestFinished(() => sandbox.close());
  const outcomes = await diagnose(sandbox);
  expect(outcomes.find(({ check: { id } }) => id === "group-assignments")?.check).toMatchObject({
    status: "fail",
    message: expect.stringContaining("“Akto Guests” is mapped but not assigned to the app: Zoe"),
  });
});
