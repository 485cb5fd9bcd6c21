import { describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { environment, runLoginTest, temporaryFolder } from "../program.ts";

describe("a sign-in whose refusal does not name its cause", () => {
  it.each([
    ["policy-lacks-scope", "oidc.no_policy", "no rule allows the scopes openid, email, profile."],
    ["policy-lacks-grant", "oidc.no_policy", "no rule allows the authorization code grant."],
    [
      "wrong-client-auth",
      "oidc.timeout",
      "The app authenticates with “private_key_jwt”, and Akto sends a client secret.",
    ],
  ])("has it looked for among doctor's checks (%s)", async (scenario, code, cause) => {
    const sandbox = await startSandbox({ scenario, aktoConfigured: true });
    onTestFinished(() => sandbox.close());
    const { stderr } = await runLoginTest(
      ["--json", "--timeout", "1"],
      environment(temporaryFolder(), sandbox),
      "priya.raman@brightwell.example",
    );
    const { error } = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "");
    expect(error.code).toBe(code);
    expect(error.hint).toMatch(/^Looked for the cause in Okta, and found:\n✗ /);
    expect(error.hint).toContain(cause);
    expect(error.hint).toContain("\n  → ");
  });

  it("keeps its own advice where they find nothing, and the log can't be read", async () => {
    const sandbox = await startSandbox({
      scenario: "sign-on-policy-denies",
      aktoConfigured: true,
      faults: ["403,path=/api/v1/logs"],
    });
    onTestFinished(() => sandbox.close());
    const { stderr } = await runLoginTest(
      ["--json"],
      environment(temporaryFolder(), sandbox),
      "priya.raman@brightwell.example",
    );
    expect(JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
      error: { code: "oidc.access_denied", hint: expect.stringMatching(/^Did the user decline consent\?/) },
    });
  });
});
