/**
 * The cases that people bring: for each, what `doctor` finds, what `login explain` and a real sign-in say of the person
 * who has it, and that all of it is what the sandbox's Akto then does.
 */
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { LoginReport } from "../../../src/core/login/report.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { AktoSeed, Sandbox } from "../../../src/sandbox/types.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { explainLogin } from "../../../src/usecases/login/explain.ts";
import { testLogin } from "../../../src/usecases/login/login-test.ts";
import { createWorld } from "../../../src/usecases/world/world.ts";
import { freePort } from "../../program.ts";
import { diagnose, faults, visiting } from "./diagnose.ts";

type Person = "developer" | "contractor" | "accountant";

interface Case {
  readonly scenario: string;
  readonly person?: Person;
  readonly akto?: AktoSeed;
  readonly organizationDomain?: string;
  /** The checks of `doctor` that fail; `?` marks a warning. */
  readonly doctor: readonly string[];
  /** The role that `login explain` tells, and where the groups come from. */
  readonly role: string;
  readonly source: LoginReport["groups"]["source"];
  /** What Akto would call that, if it is another. */
  readonly sourceInAkto?: LoginReport["groups"]["source"];
  /** Which of its checks are no pass; those that fail first. */
  readonly checks: readonly string[];
  /** Those of a real sign-in, if they are others. */
  readonly signInChecks?: readonly string[];
  /** Who turns the user away; nobody unless it is said. */
  readonly turnedAwayBy?: "okta" | "akto";
  /** The code with which a real sign-in ends, where it does not come to a report. */
  readonly signInFails?: string;
  /** What the notes must speak of. */
  readonly note?: RegExp;
}

const withoutToken: AktoSeed = { sso: { managementApiToken: null } };

const cases: [string, Case][] = [
  [
    "the claim is on the ID token only",
    {
      scenario: "claim-on-id-token",
      akto: withoutToken,
      doctor: ["groups-claim"],
      role: "MEMBER",
      source: "none",
      checks: ["groups.claim?", "mapping.match?"],
    },
  ],
  [
    "the claim is on the ID token only, and Akto's token brings the groups",
    {
      scenario: "claim-on-id-token",
      doctor: ["groups-claim"],
      role: "DEVELOPER",
      source: "management_api",
      checks: ["groups.claim?"],
    },
  ],
  [
    "the claim is bound to the scope “groups”",
    {
      scenario: "claim-bound-to-scope",
      akto: withoutToken,
      doctor: ["groups-claim"],
      role: "MEMBER",
      source: "none",
      checks: ["groups.claim?", "mapping.match?"],
    },
  ],
  [
    "a legacy group filter on the app, with a custom server",
    {
      scenario: "legacy-app-filter",
      akto: withoutToken,
      doctor: ["groups-claim"],
      role: "MEMBER",
      source: "none",
      checks: ["groups.claim?", "mapping.match?"],
    },
  ],
  [
    "the filter misses the mapped group",
    {
      scenario: "filter-misses-group",
      akto: withoutToken,
      doctor: ["claim-filter"],
      role: "MEMBER",
      source: "none",
      checks: ["groups.claim?", "mapping.match?"],
    },
  ],
  [
    "130 groups",
    {
      scenario: "too-many-groups",
      doctor: ["claim-limit?"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["groups.claim?"],
      // Okta's own sources differ on what comes of so many; the sandbox carries them.
      signInChecks: [],
    },
  ],
  [
    "no API Access Management, and no token",
    {
      scenario: "only-default-server",
      akto: withoutToken,
      doctor: ["api-access-management"],
      role: "MEMBER",
      source: "none",
      checks: ["groups.claim?", "mapping.match?"],
    },
  ],
  [
    "no API Access Management, with a token",
    {
      scenario: "only-default-server",
      doctor: ["api-access-management?"],
      role: "DEVELOPER",
      source: "management_api",
      checks: ["groups.claim?"],
    },
  ],
  [
    "the token is restricted to a zone",
    {
      scenario: "token-restricted-to-zone",
      person: "contractor",
      doctor: ["akto-token"],
      role: "MEMBER",
      source: "none",
      // Akto asks, and takes the refusal for an answer without groups.
      sourceInAkto: "management_api",
      checks: ["groups.claim?", "groups.api?", "mapping.match?"],
    },
  ],
  [
    "a group was renamed",
    {
      scenario: "group-renamed",
      doctor: ["mapping-groups"],
      role: "MEMBER",
      source: "access_token",
      checks: ["mapping.match?"],
    },
  ],
  [
    "the same name twice, one imported",
    {
      scenario: "duplicate-group-name",
      person: "accountant",
      // The imported one is no filter's to carry.
      doctor: ["claim-filter?", "mapping-duplicates"],
      role: "ADMIN",
      source: "management_api",
      checks: ["groups.claim?"],
    },
  ],
  [
    "the name differs by case",
    {
      scenario: "name-case-differs",
      doctor: ["mapping-groups"],
      role: "MEMBER",
      source: "access_token",
      checks: ["mapping.match?", "mapping.name?"],
    },
  ],
  [
    "the name differs by a space",
    {
      scenario: "name-space-differs",
      doctor: ["mapping-groups"],
      role: "MEMBER",
      source: "access_token",
      checks: ["mapping.match?", "mapping.name?"],
    },
  ],
  [
    "PKCE is required",
    {
      scenario: "pkce-required",
      doctor: ["pkce"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["okta.request"],
      turnedAwayBy: "okta",
    },
  ],
  [
    "the redirect URI differs by a slash",
    {
      scenario: "redirect-uri-slash",
      doctor: ["redirect-uri"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["okta.request"],
      turnedAwayBy: "okta",
    },
  ],
  [
    "the domain is a URL",
    {
      scenario: "domain-is-url",
      doctor: ["profile?", "okta-domain"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["okta.request"],
      turnedAwayBy: "okta",
    },
  ],
  [
    "no assignment",
    {
      scenario: "no-assignment",
      doctor: ["assignments"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["okta.assignment"],
      turnedAwayBy: "okta",
      signInFails: "oidc.not_assigned",
    },
  ],
  [
    "the policy denies",
    {
      scenario: "policy-denies",
      doctor: ["access-policy"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["okta.policy"],
      turnedAwayBy: "okta",
      signInFails: "oidc.no_policy",
    },
  ],
  [
    "the policy is for others",
    {
      scenario: "policy-for-some",
      doctor: ["access-policy?"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["okta.policy"],
      turnedAwayBy: "okta",
      signInFails: "oidc.no_policy",
    },
  ],
  [
    "the email domain differs",
    {
      scenario: "email-domain-differs",
      organizationDomain: "brightwell-freight.example",
      doctor: ["email-domain"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["email.domain"],
      turnedAwayBy: "akto",
    },
  ],
  [
    "a user without email",
    {
      scenario: "user-without-email",
      doctor: ["user-email"],
      role: "DEVELOPER",
      source: "access_token",
      checks: ["claims.email"],
      turnedAwayBy: "akto",
    },
  ],
  [
    "a custom role on THREAT ENGINEER",
    {
      scenario: "custom-role-threat-engineer",
      doctor: ["mapping-roles"],
      role: "MEMBER",
      source: "access_token",
      checks: ["mapping.match?", "mapping.role?"],
    },
  ],
  [
    "the first sign-in",
    {
      scenario: "first-sign-in",
      doctor: [],
      role: "DEVELOPER",
      source: "access_token",
      checks: [],
      note: /first session runs as Security Engineer/,
    },
  ],
  [
    "a product-scoped user",
    {
      scenario: "product-scoped-user",
      doctor: ["product-access?"],
      role: "DEVELOPER",
      source: "access_token",
      checks: [],
      note: /set per product \(.*\): that outranks/,
    },
  ],
];

/** What became of a sign-in: the role that was resolved, and from where its groups were; or that there was none. */
interface Fate {
  readonly admitted: boolean;
  readonly role?: string;
  readonly source?: string;
}

/** Signs in to the sandbox's Akto by Okta's tile, and reads in its log what it made of it. */
async function signInToAkto({ akto }: Sandbox, login: string, log: readonly string[]): Promise<Fate> {
  await new Visitor().signIn(`${akto.url}/okta-initiate-login?accountId=${akto.accountId}`, login);
  const [, role, source] = /let .* in: (\S+) \((\w+)\)/.exec(log.join("\n")) ?? [];
  return role === undefined || source === undefined ? { admitted: false } : { admitted: true, role, source };
}

const fateOf = ({ admitted, role, groups }: LoginReport, source = groups.source): Fate =>
  admitted ? { admitted, role: role.id, source } : { admitted };

const notPassed = (report: LoginReport) =>
  report.checks.flatMap(({ id, status }) => (status === "fail" ? [id] : status === "warn" ? [`${id}?`] : []));

/** A real sign-in, in which a visitor plays the browser: the report, or the code of the failure. */
function signInForReal(sandbox: Sandbox, login: string, organizationDomain: string | undefined) {
  return visiting(sandbox, {}, async (context, settings) => {
    const browsing = {
      ...context,
      where: { kind: "here" } as const,
      openBrowser: async (url: string) => Boolean(new Visitor().signIn(url, login)),
    };
    try {
      const { report } = await testLogin(createWorld(browsing, settings, organizationDomain), {
        port: await freePort(),
        timeoutSeconds: 200,
        browser: true,
        paste: false,
        onFailure: async () => {},
      });
      return report;
    } catch (error) {
      if (isFailure(error)) return error.code;
      throw error;
    }
  });
}

describe("the cases that people bring", () => {
  it.each(cases)("%s", async (_, expected) => {
    const { scenario, person = "developer", akto, organizationDomain, turnedAwayBy = null } = expected;
    const login = logins[person];
    const log: string[] = [];
    const sandbox = await startSandbox({ scenario, seed: akto ? { akto } : {}, log: (line) => log.push(line) });
    try {
      expect(faults(await diagnose(sandbox, { organizationDomain }))).toEqual(expected.doctor);

      const explained = await visiting(sandbox, {}, (context, settings) =>
        explainLogin(createWorld(context, settings, organizationDomain), { kind: "user", login }),
      );
      expect(explained.role.id).toBe(expected.role);
      expect(explained.groups.source).toBe(expected.source);
      expect(explained.turnedAwayBy).toBe(turnedAwayBy);
      expect(notPassed(explained)).toEqual(expected.checks);
      if (expected.note) expect(explained.notes.join(" ")).toMatch(expected.note);

      const tested = await signInForReal(sandbox, login, organizationDomain);
      const fate = await signInToAkto(sandbox, login, log);
      expect(fate).toEqual(fateOf(explained, expected.sourceInAkto));
      if (typeof tested === "string") {
        expect(tested).toBe(expected.signInFails);
        expect(fate).toEqual({ admitted: false });
      } else {
        expect(expected.signInFails).toBeUndefined();
        expect(fate).toEqual(fateOf(tested, expected.sourceInAkto));
        expect(tested.turnedAwayBy).toBe(turnedAwayBy);
        expect(notPassed(tested)).toEqual(expected.signInChecks ?? expected.checks);
        expect(tested.candidates).toEqual(explained.candidates);
        if (expected.note) expect(tested.notes.join(" ")).toMatch(expected.note);
      }
    } finally {
      await sandbox.close();
    }
  });

  it("do not include a redirect URI that nobody is sure of: without a connection to Akto that is a warning", async () => {
    const sandbox = await startSandbox({ scenario: "redirect-uri-missing" });
    try {
      const explained = await visiting(sandbox, { change: { AKTO_API_KEY: "" } }, (context, settings) =>
        explainLogin(createWorld(context, settings), { kind: "user", login: logins.developer }),
      );
      expect(explained.checks[0]).toMatchObject({ id: "okta.request", status: "warn" });
      expect(explained.admitted).toBe(true);
    } finally {
      await sandbox.close();
    }
  });
});
