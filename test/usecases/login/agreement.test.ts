import { afterEach, describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/types.ts";
import { explainLogin } from "../../../src/usecases/login/explain.ts";
import { previewLogins } from "../../../src/usecases/preview/preview.ts";
import { createWorld } from "../../../src/usecases/world/world.ts";
import { connectedTo, signInToAkto } from "./world.ts";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** What a sign-in gives everyone, what the preview says of them, and what the explanation says of one. */
async function told(options: SandboxOptions) {
  const lines: string[] = [];
  // Where the team does not tell it, the person has to.
  const domain = options.scenario === "email-domain-differs" ? "brightwell-freight.example" : undefined;
  sandbox = await startSandbox({ ...options, log: (line) => lines.push(line) });
  const context = connectedTo(sandbox);
  const settings = await context.settings({});
  const world = createWorld(context, settings, domain);
  const { rows, blocked } = await previewLogins(world, { against: undefined }, () => {});
  const previewed = new Map(
    rows.map(({ person, role }) => [person.login, blocked === null ? (role?.id ?? null) : null]),
  );
  const real = new Map<string, string | null>();
  const foretold = new Map<string, string | null>();
  for (const { login } of sandbox.users) {
    foretold.set(login, previewed.get(login) ?? null);
    real.set(login, await signInToAkto(sandbox, lines, login));
  }
  // The preview's rows and the explanation are told by the same rules: one person shows that they are.
  const login = logins.contractor;
  const report = await explainLogin(world, { kind: "user", login });
  return { real, foretold, explained: report.admitted ? report.role.id : null };
}

describe("what is told of everyone", () => {
  it.each([
    "healthy",
    "claim-bound-to-scope",
    "filter-misses-group",
    "too-many-groups",
    "no-api-access-management",
    "only-default-server",
    "imported-group",
    "imported-group-hidden",
    "imported-group-by-expression",
    "policy-excludes-some",
    "federation-broker-mode",
    "token-restricted-to-zone",
    "token-missing",
    "token-sees-less",
    "policy-lacks-scope",
    "server-inactive",
    "dpop-required",
    "no-assignment",
    "mapped-group-unassigned",
    "duplicate-group-name",
    "user-without-email",
    "custom-role-threat-engineer",
    "email-domain-differs",
    "sign-on-policy-denies",
    "group-taken-away",
  ])("is what a real sign-in gives: %s", async (scenario) => {
    const { real, foretold, explained } = await told({ scenario });
    expect(foretold).toEqual(real);
    expect(explained).toBe(real.get(logins.contractor));
  });
});
