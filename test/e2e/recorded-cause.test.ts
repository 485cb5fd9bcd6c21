/**
 * What Okta recorded, as `login explain` and `login test` tell it: in each case the cause that the sandbox was made with, and
 * no other.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/types.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { environment, run, runLoginTest, temporaryFolder } from "../program.ts";

interface Case {
  /** What stands in the way by Okta's settings, as the check that fails in `login explain`; `null` where they tell nothing. */
  readonly check: string | null;
  /** What the log says of a sign-in. */
  readonly recorded: RegExp;
  /** How `login test` ends; well where only Akto itself is turned away. */
  readonly code: string | null;
}

const cases: Record<string, Case> = {
  "sign-on-policy-denies": {
    check: "okta.sign_in_policy",
    recorded: /The app's authentication policy denied the user, by its rule “No developers”/,
    code: "oidc.access_denied",
  },
  "policy-for-some": {
    check: "okta.policy",
    recorded: /No access policy of the authorization server lets this sign-in through/,
    code: "oidc.no_policy",
  },
  "no-assignment": {
    check: "okta.assignment",
    recorded: /The user isn't assigned to the app/,
    code: "oidc.not_assigned",
  },
  "group-taken-away": {
    check: "okta.assignment",
    recorded: /The user isn't assigned to the app/,
    code: "oidc.not_assigned",
  },
  "claim-not-evaluated": {
    check: "groups.claim",
    recorded: /A claim could not be evaluated for this user/,
    code: "oidc.claim_failed",
  },
  "client-secret-wrong": { check: null, recorded: /Okta did not accept the client secret/, code: null },
};
const causes = Object.entries(cases);
const others = (own: RegExp) =>
  causes.map(([, { recorded }]) => recorded).filter(({ source }) => source !== own.source);

/** Each word of another cause that a text has. */
const strangers = (text: string, own: RegExp) => others(own).filter((cause) => cause.test(text));

async function start(options: SandboxOptions): Promise<{ sandbox: Sandbox; env: Record<string, string> }> {
  const sandbox = await startSandbox({ aktoConfigured: true, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, env: environment(temporaryFolder(), sandbox) };
}

const visit = ({ akto }: Sandbox, login: string = logins.developer) =>
  new Visitor().signIn(`${akto.url}/okta-initiate-login?accountId=${akto.accountId}`, login);

interface Check {
  readonly id: string;
  readonly status: string;
  readonly message: string;
}

async function explained(env: Record<string, string>) {
  const { stdout, exitCode } = await run(["login", "explain", "--user", logins.developer, "--json"], env);
  const report = JSON.parse(stdout);
  const checks: Check[] = report.checks;
  return {
    report,
    exitCode,
    failed: checks.filter(({ status }) => status === "fail").map(({ id }) => id),
    recorded: checks.find(({ id }) => id === "okta.recorded"),
  };
}

/** The last line of what `login test` says with `--json`. */
const errorIn = (stderr: string) => JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "").error;

describe.each(causes)("what Okta recorded of %s", (scenario, { check, recorded, code }) => {
  it("is the cause that login explain names", async () => {
    const { sandbox, env } = await start({ scenario });
    await visit(sandbox);
    const after = await explained(env);
    expect(after.recorded?.message).toMatch(/^Okta refused the user's last sign-in to Akto just now: /);
    expect(after.recorded?.message).toMatch(recorded);
    expect(strangers(JSON.stringify(after.report), recorded)).toEqual([]);
    expect(after.failed.filter((id) => id !== "okta.recorded")).toEqual(check === null ? [] : [check]);
    expect(after.report).toMatchObject(check === null ? { admitted: true } : { admitted: false, turnedAwayBy: "okta" });
    expect(after.report.recorded).toMatchObject({ outcome: "failure", message: expect.stringMatching(recorded) });
  });

  it("is the cause that login test names", async () => {
    const { sandbox, env } = await start({ scenario });
    if (code === null) await visit(sandbox);
    const { stdout, stderr, exitCode } = await runLoginTest(["--json"], env, logins.developer);
    if (code === null) {
      expect(JSON.parse(stdout).notes).toContainEqual(
        expect.stringMatching(
          new RegExp(`^Okta refused the user's sign-in to Akto before this one, just now: ${recorded.source}`),
        ),
      );
      return;
    }
    const error = errorIn(stderr);
    expect([exitCode, error.code]).toEqual([6, code]);
    expect(strangers(stderr, recorded)).toEqual([]);
    expect(`${error.message}\n${error.hint}`).not.toContain("Did the user decline consent?");
    // Where Okta told the cause itself, the log's word is not put beside it.
    if (code === "oidc.access_denied") expect(error.message).toMatch(recorded);
    else expect(error.message).not.toContain("log says why");
  });
});

describe("a user who was taken out of a group", () => {
  it("is told who did it, and when, before and after a sign-in", async () => {
    const { env } = await start({ scenario: "group-taken-away" });
    const change = expect.stringMatching(
      /^Changed in Okta 60 minutes ago: Ines Duarte removed Priya Raman from the group “Akto Developers”\./,
    );
    const { report, failed } = await explained(env);
    expect(report).toMatchObject({
      recorded: { outcome: "failure", stage: "assignment" },
      changes: [
        { message: "Okta unassigned the app from Priya Raman." },
        { by: { login: logins.admin }, message: "Ines Duarte removed Priya Raman from the group “Akto Developers”." },
      ],
    });
    expect(report.notes).toContainEqual(change);
    expect(failed).toEqual(["okta.assignment", "okta.recorded"]);
    const { stderr } = await runLoginTest(["--json"], env, logins.developer);
    expect(errorIn(stderr).hint.split("\n")).toContainEqual(change);
    // What the test itself has changed for its time is no cause.
    expect(errorIn(stderr).hint).not.toContain("changed the app");
  });
});

describe("a sign-in from which nobody came back", () => {
  it("is looked up as well", async () => {
    const { sandbox, env } = await start({ scenario: "no-assignment" });
    const { stderr } = await runLoginTest(["--json", "--timeout", "2"], env, () => visit(sandbox));
    expect(errorIn(stderr)).toMatchObject({
      code: "oidc.timeout",
      message: expect.stringMatching(
        /Okta's log says why priya.raman@.* was refused: The user isn't assigned to the app/,
      ),
    });
  });

  it("is not laid to anybody where several were refused", async () => {
    const { sandbox, env } = await start({ scenario: "no-assignment" });
    const { stderr } = await runLoginTest(["--json", "--timeout", "3"], env, async () => {
      for (const login of [logins.developer, logins.contractor]) await visit(sandbox, login);
    });
    expect(errorIn(stderr)).toMatchObject({
      code: "oidc.timeout",
      message: expect.not.stringContaining("log"),
      hint: expect.stringContaining("Okta refused several people at this time"),
    });
  });
});

describe("a log that can't be read", () => {
  it("takes nothing from the rest", async () => {
    const { env } = await start({ scenario: "no-assignment", faults: ["403,path=/api/v1/logs"] });
    const { report, failed, recorded } = await explained(env);
    expect(failed).toEqual(["okta.assignment"]);
    expect(report).toMatchObject({ recorded: null, changes: [] });
    expect(recorded).toMatchObject({ status: "skip", message: expect.stringContaining("System Log") });
    const { stderr } = await runLoginTest(["--json"], env, logins.developer);
    expect(errorIn(stderr)).toMatchObject({
      code: "oidc.not_assigned",
      hint: expect.stringContaining("Assignments tab"),
    });
  });
});

describe("the app's authentication policy", () => {
  const policy = async (options: SandboxOptions) => {
    const { env } = await start({ scenario: "sign-on-policy-denies", ...options });
    const { report } = await explained(env);
    return report.checks.find(({ id }: Check) => id === "okta.sign_in_policy");
  };

  it("is told as it is read from its rules", async () => {
    expect(await policy({})).toEqual({
      id: "okta.sign_in_policy",
      status: "fail",
      message: "The app's authentication policy denies the user, by its rule “No developers”.",
      hint: expect.any(String),
      evidence: "predicted",
    });
  });

  it("is told by Okta's own simulation where the org offers it", async () => {
    expect(await policy({ seed: { okta: { policySimulation: true } } })).toMatchObject({
      status: "fail",
      message: "The app's authentication policy denies the user, by its rule “No developers”.",
      evidence: "told",
    });
  });

  it("is out of sight where the token may not see it, and no more than that", async () => {
    expect(await policy({ faults: ["403,path=/api/v1/policies"] })).toMatchObject({
      status: "skip",
      message: expect.stringContaining("can't be seen with this API token"),
    });
  });
});
