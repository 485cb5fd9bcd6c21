/**
 * What a report says where it can't see, where it only supposes, and where what it reads contradicts what it has just seen.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Check, LoginReport } from "../../src/core/login/report.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/types.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";
import { testLogin } from "../../src/usecases/login/login-test.ts";
import { createWorld } from "../../src/usecases/world/world.ts";
import { freePort } from "../program.ts";
import { diagnose, faults } from "./doctor/diagnose.ts";
import { command, connectedTo, type Run } from "./login/world.ts";

const reportOf = ({ stdout }: Run): LoginReport & { readonly failure?: unknown } => JSON.parse(stdout || "null");
const said = (checks: readonly Check[], id: string) => checks.find((check) => check.id === id);

/** A real sign-in, in which a visitor plays the browser. */
async function signIn(sandbox: Sandbox, login: string, over: Record<string, string> = {}): Promise<LoginReport> {
  const context = connectedTo(sandbox, over);
  // The app gets the loopback redirect URI for the time of the test.
  const globals = { ...context.globals, yes: true };
  const browsing = {
    ...context,
    globals,
    where: { kind: "here" } as const,
    openBrowser: async (url: string) => Boolean(new Visitor().signIn(url, login)),
  };
  const world = createWorld(browsing, await browsing.settings({}));
  const options = { port: await freePort(), timeoutSeconds: 60, browser: true, paste: false };
  return (await testLogin(world, { ...options, onFailure: async () => {} })).report;
}

async function explain(sandbox: Sandbox, login: string, over: Record<string, string> = {}, ...args: string[]) {
  const ended = await command(sandbox, ["--json", "login", "explain", "--user", login, ...args], over);
  return { ...ended, report: reportOf(ended) };
}

/** Does `work` on a sandbox of its own. */
async function on<Result>(options: SandboxOptions, work: (sandbox: Sandbox) => Promise<Result>): Promise<Result> {
  const own = await startSandbox(options);
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.faults.set([]));

/** The beginning of the address at which Akto's own request, asked without a user, arrives. */
const aktosRequest = () => {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: sandbox.okta.clientId,
    redirect_uri: `${sandbox.akto.url}/authorization-code/callback`,
  });
  return `/oauth2/default/v1/authorize?${query}`;
};

describe("a sign-in that has just succeeded", () => {
  it("is not overruled by an authorization server that the token can't see", async () => {
    sandbox.faults.set(["404,path=/api/v1/authorizationServers"]);
    const report = await signIn(sandbox, logins.developer);
    expect(report).toMatchObject({ admitted: true, turnedAwayBy: null, role: { id: "DEVELOPER" } });
    expect(said(report.checks, "okta.server")).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/sign-in succeeded.*can't see the authorization server “default”/),
    });
  });

  it.each([
    ["a firewall's 403", "403", /403/],
    ["a failing server", "503", /503/],
    ["a page of a proxy", "page", /200/],
  ])("is not overruled by Akto's own request, which got %s", async (_, fault, status) => {
    sandbox.faults.set([`${fault},path=${aktosRequest()}`]);
    const report = await signIn(sandbox, logins.developer);
    expect(report).toMatchObject({ admitted: true, certain: false, role: { id: "DEVELOPER" } });
    const request = said(report.checks, "okta.request");
    expect(request).toMatchObject({ status: "warn", message: expect.stringMatching(status) });
    expect(request?.message).toContain("/oauth2/default/v1/authorize");
    expect(report.uncertainBecause).toEqual([request?.message]);
  });
});

describe("what the token can't see", () => {
  it("is not absent: the app, while Okta knows its client id", async () => {
    sandbox.faults.set(["404,path=/api/v1/apps/", "empty,path=/api/v1/apps"]);
    const { report, failure } = await explain(sandbox, logins.developer);
    expect(failure).toBeUndefined();
    expect(report).toMatchObject({ admitted: true, certain: false, role: { id: "DEVELOPER" } });
    const app = said(report.checks, "okta.assignment");
    expect(app).toMatchObject({ status: "skip", message: expect.stringMatching(/can't see the app: Okta knows/) });
    expect(report.uncertainBecause).toContain(app?.message);
    const preview = await command(sandbox, ["--json", "login", "preview"]);
    expect(preview.failure).toMatchObject({
      kind: "auth",
      code: "okta.app_unseen",
      message: expect.stringMatching(/can't see the app/),
    });
  });

  it("is not absent: groups, of which every org has at least one", async () => {
    sandbox.faults.set(["empty,path=/api/v1/groups"]);
    const listed = await command(sandbox, ["groups", "list"]);
    expect(listed).toMatchObject({ failure: { kind: "auth", code: "okta.groups_unseen" }, stdout: "" });
    const found = await diagnose(sandbox);
    const checks = found.map(({ check }) => check);
    expect(said(checks, "mapping-groups")).toMatchObject({
      status: "skip",
      message: expect.stringMatching(/can't see groups/),
    });
    expect(said(checks, "okta-token-rights")).toMatchObject({ status: "fail" });
    expect(JSON.stringify(checks)).not.toMatch(/renamed or deleted|everyone becomes/);
  });

  it.each(["404", "403"])("is not absent: the claims, at which Okta answers %s", async (status) => {
    sandbox.faults.set([`${status},path=/api/v1/authorizationServers/default/claims`]);
    const { report, failure } = await explain(sandbox, logins.developer);
    expect(failure).toBeUndefined();
    expect(report).toMatchObject({ admitted: true, certain: false });
    expect(said(report.checks, "groups.claim")).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/claims .* can't be seen/),
    });
    expect(
      said(
        (await diagnose(sandbox)).map(({ check }) => check),
        "groups-claim",
      )?.status,
    ).toBe("skip");
  });

  it("does not hide what Okta itself says: that its access policies deny Akto's request", async () => {
    await on({ scenario: "no-policy" }, async (own) => {
      own.faults.set(["403,path=/api/v1/authorizationServers/default/policies"]);
      const { report, failure } = await explain(own, logins.developer);
      expect(report).toMatchObject({ admitted: false, turnedAwayBy: "okta", certain: true });
      expect(said(report.checks, "okta.policy")).toMatchObject({ status: "fail", evidence: "seen" });
      expect(failure).toMatchObject({ kind: "negative", code: "login.turned_away" });
    });
  });
});

describe("what is only guessed", () => {
  it("turns nobody away: the email domain that most of the team have", async () => {
    const users = [{ login: "ada@acme.example" }, { login: "bob@other.example" }, { login: "cy@other.example" }];
    const members = [{ login: "ada@acme.example" }, { login: "dee@acme.example" }, { login: "bob@other.example" }];
    await on({ seed: { okta: { users }, akto: { members } } }, async (own) => {
      const member = await explain(own, "bob@other.example");
      expect(member.failure).toBeUndefined();
      expect(said(member.report.checks, "email.domain")).toMatchObject({ status: "pass", evidence: "told" });
      const stranger = await explain(own, "cy@other.example");
      expect(stranger.failure).toBeUndefined();
      expect(stranger.report).toMatchObject({ admitted: true, certain: false });
      expect(said(stranger.report.checks, "email.domain")).toMatchObject({ status: "warn", evidence: "guessed" });
      const named = await explain(own, "cy@other.example", {}, "--organization-domain", "acme.example");
      expect(named.failure).toMatchObject({ code: "login.turned_away" });
      expect(said(named.report.checks, "email.domain")).toMatchObject({ status: "fail", evidence: "told" });
    });
  });
});

describe("a rule of the access policy", () => {
  const server = (rule: object) =>
    ({
      okta: {
        authorizationServers: [
          {
            id: "default",
            name: "default",
            claims: [{ name: "groups", groupFilterType: "STARTS_WITH", value: "Akto" }],
            policies: [{ rules: [rule] }],
          },
        ],
      },
    }) as SandboxOptions["seed"];

  it("that calls a token inline hook makes the role uncertain, and the hook is named", async () => {
    await on({ seed: server({ inlineHook: "cal1hook" }) }, async (own) => {
      const { report } = await explain(own, logins.developer);
      expect(report).toMatchObject({ admitted: true, certain: false });
      expect(report.uncertainBecause).toContainEqual(expect.stringContaining("cal1hook"));
    });
  });

  it("does not cover whom it excludes, by name or by a group", async () => {
    await on({ seed: server({ exceptUsers: [logins.developer], exceptGroups: ["Finance"] }) }, async (own) => {
      for (const login of [logins.developer, logins.accountant]) {
        const { report } = await explain(own, login);
        expect(report).toMatchObject({ admitted: false, turnedAwayBy: "okta" });
        expect(said(report.checks, "okta.policy")?.status).toBe("fail");
      }
      expect((await explain(own, logins.contractor)).report.admitted).toBe(true);
    });
  });
});

describe("facts that belong together", () => {
  it("stay together: the secret of one client is never sent with another", async () => {
    const over = { AKTO_OKTA_CLIENT_ID: "0oaofanotherapp00001" };
    const context = { change: over };
    const checks = (await diagnose(sandbox, context)).map(({ check }) => check);
    expect(said(checks, "client-secret")).toMatchObject({
      status: "skip",
      message: expect.stringMatching(/belongs to the client “0oaof/),
    });
    expect(said(checks, "profile")).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/the client id “0oaofanotherapp00001”/),
    });
    const preview = await command(sandbox, ["--json", "login", "preview"], over);
    expect(JSON.parse(preview.stdout).warnings).toContainEqual(
      expect.stringMatching(/“0oaofanotherapp00001”, in Akto/),
    );
  });
});

describe("doctor", () => {
  it("does not say of an admin with two tokens that they may not see them", async () => {
    const apiTokens = [
      { token: "first", user: logins.admin },
      { token: "second", user: logins.admin },
    ];
    await on({ seed: { okta: { apiTokens } } }, async (own) => {
      const found = await diagnose(own, { change: { OKTA_CLIENT_TOKEN: "first" } });
      const expiry = said(
        found.map(({ check }) => check),
        "okta-token-expiry",
      );
      expect(expiry).toMatchObject({
        status: "skip",
        message: expect.stringMatching(/has several tokens, and there is no telling/),
      });
    });
  });

  it.each([
    ["the admin console's host", "https://acme-admin.okta.com"],
    ["an address with a path", "https://acme.okta.com/admin/dashboard"],
  ])("says first of all that the domain is %s, and what to use", async (_, domain) => {
    const found = await diagnose(sandbox, { change: { OKTA_CLIENT_ORGURL: domain, AKTO_API_KEY: "" } });
    const first = found.find(({ check }) => check.status === "fail")?.check;
    expect(first).toMatchObject({ id: "okta-domain", hint: expect.stringContaining("acme.okta.com") });
    expect(faults(found)).toEqual(["okta-domain"]);
  });

  it("never says that there is no problem where most was not looked at", async () => {
    sandbox.faults.set(["403,path=/api/"]);
    const { stdout, failure } = await command(sandbox, ["doctor", "--skip", "okta-token,okta-token-rights,akto-token"]);
    expect(failure).toBeUndefined();
    expect(stdout).not.toContain("No problems");
    expect(stdout).toMatch(/Found nothing wrong in what could be checked \(\d+ of \d+\)/);
    sandbox.faults.set([]);
    expect((await command(sandbox, ["doctor"])).stdout).toContain("No problems");
  });
});
