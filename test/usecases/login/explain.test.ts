import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Check } from "../../../src/core/login/report.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/types.ts";
import { temporaryFolder } from "../../program.ts";
import { command, type Run, tokensOf } from "./world.ts";

/** Another authorization server beside the default one. */
const servers = [
  { id: "default", name: "default", claims: [{ name: "groups", groupFilterType: "STARTS_WITH", value: "Akto" }] },
  { id: "ausother000000000001", name: "other", audiences: ["https://other.example"], claims: [] },
] as const;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy", seed: { okta: { authorizationServers: servers } } });
});
afterAll(() => sandbox.close());

/** Explains a token from a file, and makes sure that none of it is told. */
async function explainToken(
  token: string,
  args: readonly string[] = [],
  on = sandbox,
): Promise<Run & { report: Report }> {
  const file = join(temporaryFolder(), "token");
  writeFileSync(file, `${token}\n`);
  const ended = await command(on, ["--json", "login", "explain", "--token", file, ...args]);
  for (const part of token.split(".")) {
    if (part.length > 20) expect(ended.stdout + ended.stderr).not.toContain(part.slice(0, 20));
  }
  return { ...ended, report: reportOf(ended) };
}

interface Report {
  readonly user: { readonly email: string } | null;
  readonly role: { readonly id: string };
  readonly groups: { readonly source: string; readonly names: readonly string[] };
  readonly admitted: boolean;
  readonly inAkto?: unknown;
  readonly notes: readonly string[];
  readonly checks: readonly Check[];
}
const reportOf = ({ stdout }: Run): Report => JSON.parse(stdout || "null");
const said = ({ checks }: Report, id: string) => checks.find((check) => check.id === id);

/** The token with its payload changed and its signature as it was. */
function forged(token: string, change: object): string {
  const [head = "", payload = "", signature = ""] = token.split(".");
  const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...change };
  return `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
}

describe("a captured access token", () => {
  it("gives the role that a sign-in with it gives, its signature verified and its user looked up", async () => {
    const { accessToken } = await tokensOf(sandbox, logins.developer);
    const { report, failure } = await explainToken(`Bearer ${accessToken}`, ["--expect-role", "developer"]);
    expect(failure).toBeUndefined();
    expect(report).toMatchObject({
      user: { email: logins.developer },
      role: { id: "DEVELOPER" },
      groups: { source: "access_token", names: ["Akto Developers"] },
      admitted: true,
      inAkto: { role: "DEVELOPER", label: "Developer", productScoped: false },
    });
    expect(report.checks.filter(({ id }) => id.startsWith("token."))).toEqual([
      { id: "token.user", status: "pass", message: `The token is “${logins.developer}”'s.`, evidence: "told" },
      { id: "token.signature", status: "pass", message: "The signature is the issuer's.", evidence: "seen" },
      { id: "token.expiry", status: "pass", message: expect.stringMatching(/expires 20.*Z\.$/), evidence: "seen" },
    ]);
  });

  it("tells the user's last sign-in that Okta recorded, and what was changed since", async () => {
    const { accessToken } = await tokensOf(sandbox, logins.developer);
    const { report } = await explainToken(accessToken);
    expect(said(report, "okta.recorded")).toEqual({
      id: "okta.recorded",
      status: "pass",
      message: expect.stringMatching(/^Okta signed the user in to Akto .*\.$/),
      evidence: "recorded",
    });
    expect(report).toMatchObject({ recorded: { outcome: "success" } });
  });

  it("falls back to the API where the token has no groups, as Akto does", async () => {
    const { accessToken } = await tokensOf(sandbox, logins.contractor);
    const { report } = await explainToken(accessToken);
    expect(report).toMatchObject({ role: { id: "GUEST" }, groups: { source: "management_api" } });
  });

  it("tells a forged signature, and a missing one, from a verified one", async () => {
    const { accessToken } = await tokensOf(sandbox, logins.developer);
    const signature = { status: "warn", message: expect.stringMatching(/not the issuer's: the token was changed/) };
    const changed = await explainToken(forged(accessToken, { groups: ["Akto Admins"] }));
    expect(changed.report.role.id).toBe("ADMIN");
    expect(said(changed.report, "token.signature")).toMatchObject(signature);
    const [, payload = ""] = accessToken.split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    expect(said((await explainToken(`${none}.${payload}.`)).report, "token.signature")).toMatchObject(signature);
  });

  it("says that a token has expired", async () => {
    sandbox.faults.set(["clock-skew=-7200"]);
    const { accessToken } = await tokensOf(sandbox, logins.developer);
    sandbox.faults.set([]);
    expect(said((await explainToken(accessToken)).report, "token.expiry")).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/expired 20/),
    });
  });

  it("says that a token is another authorization server's, another client's, or asked for with other scopes", async () => {
    const { accessToken } = await tokensOf(sandbox, logins.developer, { server: "ausother000000000001" });
    const { report } = await explainToken(accessToken);
    expect(said(report, "token.signature")?.message).toMatch(/ausother000000000001”, not from .*default/);
    expect(said(report, "token.audience")?.message).toMatch(/“https:\/\/other.example”.*“api:\/\/default”/);
    const other = await explainToken(forged(accessToken, { cid: "0oaother", scp: ["openid", "groups"] }));
    expect(said(other.report, "token.client")?.message).toContain("“0oaother”");
    expect(said(other.report, "token.scopes")?.message).toMatch(/“openid” and “groups”; Akto asks for openid, email/);
  });

  it("says that a token is another org's", async () => {
    const users = [{ id: "00uofanotherorg00001", login: "ada@other.example" }];
    const other = await startSandbox({ seed: { okta: { users } } });
    try {
      const { accessToken } = await tokensOf(other, "ada@other.example");
      const { report, failure } = await explainToken(accessToken);
      expect(failure).toBeUndefined();
      expect(report.user).toBeNull();
      expect(said(report, "token.user")).toMatchObject({
        status: "warn",
        message: expect.stringMatching(/no such user/),
      });
      expect(said(report, "token.signature")?.message).toContain(other.okta.url);
    } finally {
      await other.close();
    }
  });

  it("warns where the user can't be looked up, and tells the rest", async () => {
    const weak = await startSandbox({ scenario: "own-token-powerless" });
    try {
      const { accessToken } = await tokensOf(weak, logins.developer);
      const { report, failure } = await explainToken(accessToken, [], weak);
      expect(failure).toBeUndefined();
      expect(report).toMatchObject({ user: null, role: { id: "DEVELOPER" }, admitted: true });
      expect(said(report, "token.user")).toMatchObject({ status: "warn", message: expect.stringMatching(/looked up/) });
    } finally {
      await weak.close();
    }
  });

  it("reads an opaque token as Akto does: not at all", async () => {
    const { report } = await explainToken("00opaqueAbCdEf_123-xyz~9");
    expect(report.groups).toEqual({ source: "none", names: [] });
    expect(said(report, "groups.claim")).toMatchObject({ status: "fail", message: expect.stringMatching(/opaque/) });
    expect(said(report, "groups.api")?.message).toMatch(/does not say whose it is/);
  });

  it.each([
    ["a sentence", "this is no token", "login.no_token"],
    ["JSON", '{"access_token":"eyJ"}', "login.no_token"],
    ["nothing", "", "input.secret_file"],
  ])("takes %s for a wrong file", async (_, content, code) => {
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, content);
    const { failure, stdout } = await command(sandbox, ["login", "explain", "--token", file]);
    expect(failure).toMatchObject({ kind: "usage", code });
    expect(stdout).toBe("");
  });

  it("takes no ID token for an access token", async () => {
    const { idToken } = await tokensOf(sandbox, logins.developer);
    expect((await explainToken(idToken)).failure).toMatchObject({ kind: "usage", code: "login.id_token" });
  });
});

/** The explanation of a user on a sandbox of its own. */
async function explainUser(
  options: SandboxOptions,
  login: string,
  args: readonly string[] = [],
): Promise<Run & { report: Report }> {
  const own = await startSandbox(options);
  try {
    const ended = await command(own, ["--json", "login", "explain", "--user", login, ...args]);
    return { ...ended, report: reportOf(ended) };
  } finally {
    await own.close();
  }
}

describe("a user, without a sign-in", () => {
  it("compares with what Akto has: nobody yet, access per product, a role given by hand since", async () => {
    const first = await explainUser({ scenario: "first-sign-in" }, logins.developer);
    expect(first.report).toMatchObject({ inAkto: null, role: { id: "DEVELOPER" } });
    expect(first.report.notes).toContainEqual(
      expect.stringMatching(/new to this Akto account: the first session runs as Security Eng/),
    );

    const scoped = await explainUser({ scenario: "product-scoped-user" }, logins.developer);
    expect(scoped.report).toMatchObject({ inAkto: { productScoped: true } });
    expect(scoped.report.notes).toContainEqual(
      expect.stringMatching(/per product \(API: Guest, AGENTIC: No Access\): that outranks Developer/),
    );

    const members = [{ login: logins.developer, role: "GUEST" }];
    const mapping = new Map([["Akto Developers", "DEVELOPER"]]);
    const byHand = await explainUser({ seed: { akto: { mapping, members } } }, logins.developer);
    expect(byHand.report).toMatchObject({ inAkto: { role: "GUEST", label: "Guest" } });
    expect(byHand.report.notes).toContainEqual(
      expect.stringMatching(/stores “Guest” for the user now: it was given by hand/),
    );
  });

  it("ends with no for a user who is not assigned, or who is denied", async () => {
    const away = async (scenario: string, login: string) => {
      const { failure, report } = await explainUser({ scenario }, login);
      expect(report).toMatchObject({ admitted: false, turnedAwayBy: "okta" });
      expect(failure).toMatchObject({
        kind: "negative",
        code: "login.turned_away",
        message: expect.stringMatching(/Okta/),
      });
      return report.checks.filter(({ status }) => status === "fail").map(({ id }) => id);
    };
    expect(await away("mapped-group-unassigned", logins.contractor)).toEqual(["okta.assignment"]);
    expect(await away("policy-denies", logins.developer)).toEqual(["okta.policy"]);
    expect(await away("healthy", "hanna.lind@brightwell.example")).toEqual(["okta.status"]);
  });

  it("says that Akto's own token is refused, and finds no such user", async () => {
    const { report } = await explainUser({ scenario: "token-expired" }, logins.contractor);
    expect(report).toMatchObject({ role: { id: "MEMBER" }, groups: { source: "none" } });
    expect(said(report, "groups.api")?.message).toContain("Okta refuses the API token that Akto stores");
    const nobody = await explainUser({}, "nobody@brightwell.example");
    expect(nobody.failure).toMatchObject({ kind: "usage", code: "okta.user_not_found" });
  });

  it("says of a role that it is only likely, and what is at fault, where an address keeps the claims out of sight", async () => {
    const { report } = await explainUser({ scenario: "server-id-is-issuer" }, logins.developer);
    expect(report).toMatchObject({
      summary: "Priya Raman would be turned away by Okta. The role would probably be Developer.",
      standing: { kind: "turned_away", by: "okta" },
    });
    expect(said(report, "groups.claim")).toMatchObject({ status: "warn", hint: "Use “default”." });
  });

  it("writes the report as a page, and tells it to people", async () => {
    const file = join(temporaryFolder(), "report.html");
    const { stdout } = await command(sandbox, ["login", "explain", "--user", logins.accountant, "--report", file]);
    expect(stdout).toMatch(
      /^! Sofia Rossi <.*> gets the role Security Engineer by default, as now: no group decides\.\n/,
    );
    expect(stdout).toMatch(/In Akto {3}Security Engineer now/);
    expect(readFileSync(file, "utf8")).toMatch(/Security Engineer.*Okta&#39;s settings, without a sign-in/s);
  });
});

describe("groups, what if", () => {
  it("gives their role, by entry, by name or by default, and takes exactly one kind of subject", async () => {
    const roleOf = async (...names: string[]) => {
      const { role } = reportOf(await command(sandbox, ["--json", "login", "explain", "--group", ...names]));
      return role.id;
    };
    expect(await roleOf("Finance", "AppSec Contractors")).toBe("GUEST");
    expect(await roleOf("akto_threat_viewer")).toBe("THREAT_VIEWER");
    expect(await roleOf("Finance")).toBe("MEMBER");
    const wrong = await command(sandbox, ["login", "explain", "--group", "Finance", "--expect-role", "guest"]);
    expect(wrong.failure).toMatchObject({ kind: "negative", code: "login.unexpected_role" });
    const nobodys = await command(sandbox, ["login", "explain", "--group", "Finance", "--expect-role", "nobodys"]);
    expect(nobodys.failure).toMatchObject({ kind: "usage", code: "mapping.unknown_role" });
    for (const args of [[], ["--user", "a@b.example", "--group", "x"]]) {
      expect((await command(sandbox, ["login", "explain", ...args])).failure).toMatchObject({ kind: "usage" });
    }
  });
});
